package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.io.Digest;
import dev.decant.release.MixTarball;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Releases that were made elsewhere.
class ArtifactTest {

    private static final String COMMIT = "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567";
    private static final String OTHER = "0000000d4e5f60718293a4b5c6d7e8f901234567";
    private static final String ID = "20261123T191500Z-0.2.0-1f3a9c2";
    private static final String LOCK =
            """
            %{
              "jason": {:hex, :jason, "1.4.1", "af1504e35f629ddcdd6addb3513c3853991f694921b1b9368b0bd32beb9f1b63", [:mix], [], "hexpm", "fbb01ecdfd565b56261302f7e1fcc27c4fb8f32d56eab74db621fc154604a7a1"},
            }
            """;

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void a_project() throws IOException {
        Files.writeString(folder.resolve("decant.toml"), "app = \"shop_web\"\n[hosts.web1]\n");
    }

    private Path shelf() {
        return folder.resolve(".local/share/decant/releases/shop-web");
    }

    private List<String> shelved() throws IOException {
        if (!Files.isDirectory(shelf())) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(shelf())) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private Decant take(String... more) {
        String[] words =
                Stream.concat(Stream.of("release", "import"), Stream.of(more))
                        .toArray(String[]::new);
        return Decant.run(folder, words);
    }

    private void fromMix() throws IOException {
        elixir(MixTarball.ordinary()).write(folder.resolve("ci.tar.gz"));
    }

    private static MixTarball elixir(MixTarball tarball) {
        return tarball.file("lib/elixir-1.17.3/ebin/elixir.app", 0644, "{application, elixir}.")
                .file("lib/jason-1.4.1/ebin/jason.app", 0644, "{application, jason}.")
                // An exported tarball has it as a hard link.
                .file("lib/jason-1.4.1/priv/same", 0644, "{application, jason}.");
    }

    private String manifest(String id) throws IOException {
        return Files.readString(shelf().resolve(id).resolve("manifest.json"));
    }

    @Test
    void what_mix_has_made_becomes_a_release_of_the_commit_that_is_said() throws IOException {
        fromMix();

        Decant ran = take("ci.tar.gz", "--commit", COMMIT);

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith(ID + "  ");
        assertThat(ran.err())
                .contains("of commit 1f3a9c2 as --commit says", "its lock is not known");
        assertThat(shelved()).containsExactly(ID);
        assertThat(manifest(ID))
                .contains(
                        "\"app\" : \"shop_web\"",
                        "\"version\" : \"0.2.0\"",
                        "\"commit\" : \"" + COMMIT + "\"",
                        "\"dirty\" : false",
                        "\"lock\" : null",
                        "\"elixir\" : \"1.17.3\"",
                        "\"otp\" : \"25\"",
                        "\"erts\" : \"13.1.5\"",
                        "\"mix_env\" : \"prod\"");
        assertThat(Decant.run(folder, "release", "verify").status()).isZero();
        assertThat(Decant.run(folder, "release", "show", COMMIT).out()).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GITHUB_SHA", "CI_COMMIT_SHA", "CODEBUILD_RESOLVED_SOURCE_VERSION"})
    void otherwise_ci_says_the_commit(String name) throws IOException {
        fromMix();

        Decant ran = Decant.run(folder, Map.of(name, COMMIT), "release", "import", "ci.tar.gz");

        assertThat(ran.out()).startsWith(ID);
        assertThat(ran.err()).contains("as " + name + " says");
    }

    @Test
    void a_commit_that_nobody_says_is_not_guessed() throws Exception {
        fromMix();
        git("init", "-q");
        commit(LOCK);

        Decant unsaid = take("ci.tar.gz");
        Decant part = take("ci.tar.gz", "--commit", "1f3a9c2");
        Decant odd =
                Decant.run(folder, Map.of("GITHUB_SHA", "main"), "release", "import", "ci.tar.gz");

        assertThat(unsaid.status()).isEqualTo(3);
        assertThat(unsaid.err()).contains("Nothing says of which commit", "--commit");
        assertThat(part.err()).contains("--commit says '1f3a9c2', which is not a commit in full");
        assertThat(odd.err()).contains("GITHUB_SHA says 'main'");
        assertThat(shelved()).isEmpty();
    }

    private void git(String... words) throws Exception {
        String[] all =
                Stream.concat(
                                Stream.of("git", "-c", "user.name=a", "-c", "user.email=a@b"),
                                Stream.of(words))
                        .toArray(String[]::new);
        assertThat(Program.of(all).in(folder).run().status()).isZero();
    }

    private String commit(String lock) throws Exception {
        Files.writeString(folder.resolve("mix.lock"), lock);
        git("add", "mix.lock");
        git("commit", "-q", "--no-gpg-sign", "-m", "lock");
        return Program.of("git", "rev-parse", "HEAD").in(folder).run().text();
    }

    @Test
    void the_lock_is_that_of_the_commit_whatever_is_checked_out() throws Exception {
        fromMix();
        git("init", "-q");
        String commit = commit(LOCK);
        commit("%{\n}\n");

        Decant ran = take("ci.tar.gz", "--commit", commit);

        String id = ran.out().split(" ")[0];
        assertThat(manifest(id)).contains("\"lock\" : \"" + Digest.of(LOCK).hex() + "\"");
        assertThat(Files.readString(shelf().resolve(id).resolve("sbom.cdx.json")))
                .contains("pkg:hex/jason@1.4.1");
        assertThat(shelf().resolve(id).resolve("mix.lock")).doesNotExist();
        assertThat(ran.err()).doesNotContain("not known");
    }

    @Test
    void the_same_file_is_the_same_release() throws IOException {
        fromMix();
        Decant first = take("ci.tar.gz", "--commit", COMMIT);
        Files.copy(folder.resolve("ci.tar.gz"), folder.resolve("again.tar.gz"));

        Decant second = take("again.tar.gz", "--commit", COMMIT);

        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err()).contains("is here already");
        assertThat(shelved()).containsExactly(ID);
    }

    @Test
    void other_files_of_the_same_second_are_another_release() throws IOException {
        fromMix();
        take("ci.tar.gz", "--commit", COMMIT);
        elixir(MixTarball.ordinary())
                .file("lib/more", 0644, "x")
                .write(folder.resolve("other.tar.gz"));

        take("other.tar.gz", "--commit", COMMIT);

        assertThat(shelved()).containsExactly(ID, "20261123T191501Z-0.2.0-1f3a9c2");
    }

    @Test
    void a_time_that_cannot_be_is_not_believed() throws IOException {
        MixTarball.ordinary().at(Instant.EPOCH).write(folder.resolve("old.tar.gz"));

        String id = take("old.tar.gz", "--commit", COMMIT).out().split(" ")[0];

        assertThat(id.substring(0, 4))
                .isEqualTo(
                        Integer.toString(java.time.Year.now(java.time.ZoneOffset.UTC).getValue()));
    }

    // ---- what Decant has exported

    private Path exported() throws IOException {
        fromMix();
        take("ci.tar.gz", "--commit", COMMIT);
        Files.writeString(shelf().resolve(ID).resolve("manifest.json.sig"), "a signature");
        assertThat(Decant.run(folder, "release", "export", ID, "out.tar.gz").status()).isZero();
        return folder.resolve("out.tar.gz");
    }

    private Decant elsewhere(String... words) {
        return on("elsewhere", words);
    }

    /// A machine with another shelf.
    private Decant on(String machine, String... words) {
        return Decant.run(
                folder, Map.of("XDG_DATA_HOME", folder.resolve(machine).toString()), words);
    }

    @Test
    void what_was_exported_comes_in_as_the_very_same_with_its_signature() throws IOException {
        exported();

        Decant ran = elsewhere("release", "import", "out.tar.gz");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("as its manifest says");
        String id = ran.out().split(" ")[0];
        Path there = folder.resolve("elsewhere/decant/releases/shop-web").resolve(id);
        for (String name :
                List.of("manifest.json", "manifest.json.sig", "files", "sbom.cdx.json")) {
            assertThat(there.resolve(name))
                    .hasSameBinaryContentAs(shelf().resolve(ID).resolve(name));
        }
        assertThat(there.resolve("tree/.decant")).doesNotExist();
        assertThat(elsewhere("release", "import", "out.tar.gz").err()).contains("is here already");
        assertThat(elsewhere("release", "export", id, "again.tar.gz").status()).isZero();
        assertThat(folder.resolve("again.tar.gz"))
                .hasSameBinaryContentAs(folder.resolve("out.tar.gz"));
    }

    @Test
    void machines_that_know_the_commit_call_what_was_exported_the_same() throws Exception {
        fromMix();
        git("init", "-q");
        String commit = commit(LOCK);
        take("ci.tar.gz", "--commit", commit);
        Decant.run(folder, "release", "export", commit, "out.tar.gz");

        Decant one = on("one", "release", "import", "out.tar.gz");
        Decant other = on("other", "release", "import", "out.tar.gz");

        assertThat(one.out()).matches("20[0-9]{6}T[0-9]{6}Z-0\\.2\\.0-[0-9a-f]{7}  .*\n");
        assertThat(other.out()).isEqualTo(one.out());
        assertThat(one.out().substring(0, 16))
                .isEqualTo(
                        Program.of(
                                        "git",
                                        "show",
                                        "-s",
                                        "--date=format-local:%Y%m%dT%H%M%SZ",
                                        "--format=%cd",
                                        commit)
                                .in(folder)
                                .env(Map.of("TZ", "UTC"))
                                .run()
                                .text());
    }

    @Test
    void it_is_of_the_commit_that_it_was_made_of_and_of_no_other() throws IOException {
        exported();

        Decant ran = elsewhere("release", "import", "out.tar.gz", "--commit", OTHER);

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err()).contains("It was made of " + COMMIT);
    }

    @Test
    void one_that_was_changed_after_it_was_made_is_refused() throws IOException {
        byte[] tar;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(exported()))) {
            tar = in.readAllBytes();
        }
        String text = new String(tar, StandardCharsets.ISO_8859_1);
        byte[] changed =
                text.replace("{application, jason}.", "{application, jasom}.")
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(changed).hasSameSizeAs(tar).isNotEqualTo(tar);
        try (GZIPOutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("changed.tar.gz")))) {
            out.write(changed);
        }

        Decant ran = elsewhere("release", "import", "changed.tar.gz");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err()).contains("it was changed after it was made");
        assertThat(folder.resolve("elsewhere/decant/releases/shop-web")).isEmptyDirectory();
    }

    // ---- what is no release

    private void refused(String file, String reason) throws IOException {
        Decant ran = take(file, "--commit", COMMIT);

        assertThat(ran.status()).as(ran.err()).isEqualTo(3);
        assertThat(ran.err()).contains(reason);
        assertThat(ran.out()).isEmpty();
        assertThat(shelved()).isEmpty();
    }

    private void refused(MixTarball tarball, String reason) throws IOException {
        tarball.write(folder.resolve("bad.tar.gz"));
        refused("bad.tar.gz", reason);
    }

    @Test
    void what_is_no_release_is_refused_and_leaves_nothing() throws IOException {
        refused("nowhere.tar.gz", "There is no such file.");
        Files.writeString(folder.resolve("text.tar.gz"), "no archive");
        refused("text.tar.gz", "It cannot be read to its end as a tar.gz");
        refused(
                MixTarball.empty().file("README", 0644, "x"),
                "releases/start_erl.data is not in it");
        refused(
                MixTarball.empty().file("shop_web/releases/start_erl.data", 0644, "13.1.5 0.2.0"),
                "is not at its top, but below shop_web/");
        refused(
                MixTarball.ordinary()
                        .without("releases/start_erl.data")
                        .file("releases/start_erl.data", 0644, "../../etc"),
                "does not say which versions");
        refused(
                MixTarball.ordinary().without("bin/shop_web").file("bin/blog", 0755, "#!"),
                "decant.toml says that the release is shop_web; in it there is bin/blog.");
        refused(
                MixTarball.ordinary().without("erts-13.1.5/bin/beam.smp"),
                "The release shop_web has no Erlang in it.");
    }

    @Test
    void what_leads_out_of_it_is_refused_and_leaves_nothing() throws IOException {
        refused(
                MixTarball.ordinary().file("../evil", 0644, "x"),
                "It lies outside of the release.");
        refused(
                MixTarball.ordinary().link("lib/evil", "../../../etc/passwd"),
                "not within the release");
        refused(
                MixTarball.ordinary().link("lib/in", "../bin").file("lib/in/evil", 0644, "x"),
                "It is a link or a file and a folder at once.");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void a_manifest_of_nobodys_is_refused() throws IOException {
        refused(
                MixTarball.ordinary().file(".decant/manifest.json", 0644, "{}"),
                "It cannot be read to its end as a tar.gz: .decant/manifest.json is none.");
        refused(
                MixTarball.ordinary().file(".decant/files", 0644, ""),
                "The folder .decant in a release is Decant's own.");
    }

    @Test
    void wherever_it_is_cut_off_it_is_refused() throws IOException {
        fromMix();
        byte[] whole = Files.readAllBytes(folder.resolve("ci.tar.gz"));

        for (int left = whole.length - 1; left > 0; left -= 1 + left / 3) {
            Files.write(folder.resolve("cut.tar.gz"), Arrays.copyOf(whole, left));
            refused("cut.tar.gz", "It cannot be read to its end");
        }
    }
}
