package dev.decant.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.project.MixLock;
import dev.decant.release.Dependency;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// hex.pm cannot be reached from everywhere where tests run, so folders of packages are made here,
/// in the shape that Hex 2 leaves them in; git repositories are fetched by Mix itself.
class FetchedDependenciesTest {

    private static final Digest INNER = Digest.of("inner");

    @TempDir private Path folder = Path.of("");

    private Path deps;
    private Path jason;
    private Path download;
    private Dependency.Hex locked;

    private interface Change {
        void make() throws IOException, InterruptedException;
    }

    @BeforeEach
    void fetch() throws IOException {
        deps = folder.resolve("deps");
        jason = deps.resolve("jason");
        download = folder.resolve("hex/packages/hexpm/jason-1.4.1.tar");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("mix.exs", "# mix.exs");
        files.put("lib/jason.ex", "# jason.ex");
        Files.createDirectories(download.getParent());
        Files.write(
                download,
                tar(Map.of("VERSION", bytes("3"), "contents.tar.gz", gzip(tar(texts(files))))));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = jason.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.writeString(jason.resolve("hex_metadata.config"), "{<<\"app\">>,<<\"jason\">>}.\n");
        Files.writeString(jason.resolve(".fetch"), "");
        Digest outer = Digest.of(download);
        Files.write(
                jason.resolve(".hex"),
                manifest("jason", "1.4.1", "hexpm", INNER.hex(), outer.hex()));
        locked = locked(Optional.of(outer));
    }

    private static Dependency.Hex locked(Optional<Digest> outer) {
        return new Dependency.Hex(
                "jason", "jason", "1.4.1", "hexpm", Optional.of(INNER), outer, List.of());
    }

    private List<String> check(Dependency dependency) throws IOException, InterruptedException {
        return FetchedDependencies.mustBe(List.of(dependency), deps, folder.resolve("hex"));
    }

    /// @return what is said of it
    private List<String> refusal(Dependency dependency) {
        Failure failure = catchThrowableOfType(Failure.class, () -> check(dependency));
        assertThat(failure).isNotNull();
        assertThat(failure.problems()).singleElement().isInstanceOf(BuildProblem.NotAsLocked.class);
        assertThat(failure.problems().getFirst().what())
                .isEqualTo("deps/" + dependency.app() + " is not what mix.lock names.");
        return failure.problems().getFirst().why();
    }

    private List<String> refusalAfter(Change change) throws IOException, InterruptedException {
        change.make();
        return refusal(locked);
    }

    // ---- packages of Hex

    @Test
    void a_package_that_was_fetched_as_it_is_locked_will_do() throws Exception {
        assertThat(check(locked)).isEmpty();
    }

    @Test
    void one_that_this_environment_does_not_need_is_not_missed() throws Exception {
        Trees.delete(jason);

        assertThat(check(locked)).isEmpty();
    }

    @Test
    void what_can_be_compared_by_its_own_word_only_is_named() throws Exception {
        assertThat(check(locked(Optional.empty()))).containsExactly("jason");

        Files.delete(download);

        assertThat(check(locked)).containsExactly("jason");
    }

    @Test
    void a_file_that_is_another_one_than_was_downloaded_is_found() throws Exception {
        assertThat(refusalAfter(() -> Files.writeString(jason.resolve("lib/jason.ex"), "# other")))
                .containsExactly("Its lib/jason.ex is not the package's.");
    }

    @Test
    void a_file_that_somebody_has_added_is_found() throws Exception {
        assertThat(refusalAfter(() -> Files.writeString(jason.resolve("lib/evil.ex"), "#")))
                .containsExactly("It has lib/evil.ex, which the package has not.");
    }

    @Test
    void a_file_that_is_not_there_is_found() throws Exception {
        assertThat(refusalAfter(() -> Files.delete(jason.resolve("mix.exs"))))
                .containsExactly("It lacks mix.exs.");
    }

    @Test
    void a_download_that_is_another_one_is_found() throws Exception {
        assertThat(refusalAfter(() -> Files.write(download, gzip(bytes("x")))))
                .singleElement()
                .asString()
                .startsWith("Its download is ")
                .contains("; mix.lock has " + locked.outer().orElseThrow().hex());
    }

    @Test
    void each_thing_that_the_manifest_says_otherwise_is_told() throws Exception {
        byte[] other = manifest("jayson", "1.4.0", "hexpm:acme", "00", null);

        assertThat(refusalAfter(() -> Files.write(jason.resolve(".hex"), other)))
                .containsExactly(
                        "Its package is jayson; mix.lock has jason.",
                        "Its version is 1.4.0; mix.lock has 1.4.1.",
                        "Its repository is hexpm:acme; mix.lock has hexpm.",
                        "Its inner checksum is 00; mix.lock has " + INNER.hex() + ".",
                        "Its outer checksum is not there; mix.lock has "
                                + locked.outer().orElseThrow().hex()
                                + ".");
    }

    @Test
    void a_folder_that_hex_has_not_made_is_found() throws Exception {
        byte[] good = Files.readAllBytes(jason.resolve(".hex"));
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);

            assertThat(refusalAfter(() -> Files.write(jason.resolve(".hex"), cut)))
                    .containsExactly("It has no .hex that Hex could have written.");
        }
        assertThat(refusalAfter(() -> Files.delete(jason.resolve(".hex"))))
                .containsExactly("It has no .hex that Hex could have written.");
    }

    @Test
    void a_link_in_place_of_the_folder_is_not_followed() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(jason, elsewhere);

        assertThat(refusalAfter(() -> Files.createSymbolicLink(jason, elsewhere)))
                .containsExactly("It is no folder.");
    }

    @Test
    void a_manifest_is_read_as_erlang_writes_it() throws Exception {
        assumeTrue(Program.find("elixir").isPresent(), "no Elixir here");
        Result erlang =
                Program.of(
                                "elixir",
                                "-e",
                                """
                                map = %{name: "jason", version: "1.4.1", inner_checksum: "aa", outer_checksum: nil, repo: "hexpm", managers: [:mix, :rebar3]}
                                for minor <- [0, 1000] do
                                  IO.puts(Base.encode64(:erlang.term_to_binary({{:hex, 2, minor}, map})))
                                end
                                IO.puts(Base.encode64(:erlang.term_to_binary({{:hex, 3, 0}, map})))
                                """)
                        .run();

        assertThat(
                        erlang.out().stream()
                                .map(text -> HexManifest.parse(Base64.getDecoder().decode(text))))
                .containsExactly(
                        Optional.of(read("jason")), Optional.of(read("jason")), Optional.empty());
    }

    private static HexManifest read(String name) {
        return new HexManifest(name, "1.4.1", "hexpm", Optional.of("aa"), Optional.empty());
    }

    // ---- git repositories

    @Test
    void a_repository_that_mix_has_fetched_is_held_against_its_revision() throws Exception {
        assumeTrue(Program.find("mix").isPresent(), "no Elixir here");
        List<Dependency> all = fetchedByMix();
        Dependency dep = all.getFirst();
        Path there = deps.resolve("dep");

        assertThat(check(dep)).isEmpty();
        assertThat(check(all.getLast())).isEmpty();
        assertThat(deps.resolve("part/lib/.fetch")).exists();

        Files.writeString(there.resolve("lib/dep.ex"), "# other");
        assertThat(refusal(dep)).containsExactly("git status:  M lib/dep.ex");
        git(there, "checkout", "-q", "lib/dep.ex");

        Files.writeString(there.resolve("lib/evil.ex"), "#");
        assertThat(refusal(dep)).containsExactly("git status: ?? lib/evil.ex");
        Files.move(there.resolve("lib/evil.ex"), there.resolve("lib/evil.ignored.ex"));
        assertThat(refusal(dep)).containsExactly("git status: !! lib/evil.ignored.ex");
        Files.delete(there.resolve("lib/evil.ignored.ex"));
        assertThat(check(dep)).isEmpty();

        String before = git(there, "rev-parse", "HEAD^").text();
        git(there, "checkout", "-q", "HEAD^");
        assertThat(refusal(dep))
                .containsExactly(
                        "Its commit is "
                                + before
                                + "; mix.lock has "
                                + dep.locked().orElseThrow()
                                + ".");

        Trees.delete(there.resolve(".git"));
        assertThat(refusal(dep)).containsExactly("It is no git repository.");
    }

    /// A bare repository with two commits, and a project that locks the second, and a part of it
    /// once more, in a repository of its own.
    private List<Dependency> fetchedByMix() throws IOException, InterruptedException {
        Path work = folder.resolve("work");
        Files.createDirectories(work.resolve("lib"));
        git(work, "init", "-q");
        Files.writeString(work.resolve("mix.exs"), mixExs("dep", ""));
        Files.writeString(work.resolve(".gitignore"), "*.ignored.ex\n");
        Files.writeString(work.resolve("lib/dep.ex"), "defmodule Dep do\nend\n");
        for (String commit : List.of("First", "Second")) {
            git(work, "add", "-A");
            git(work, "commit", "-q", "--allow-empty", "-m", commit);
        }
        git(folder, "clone", "-q", "--bare", work.toString(), "dep.git");
        Files.writeString(
                folder.resolve("mix.exs"),
                mixExs(
                        "shop",
                        "{:dep, git: @}, {:part, git: @, sparse: \"lib\", app: false, compile: false}"
                                .replace("@", "\"file://" + folder.resolve("dep.git") + "\"")));
        git(folder, "init", "-q");
        git(folder, "add", "mix.exs");
        git(folder, "commit", "-q", "-m", "Begin");
        Result mix = Program.of("mix", "deps.get").in(folder).env(Map.of("MIX_ENV", "prod")).run();
        assertThat(mix.status()).as(String.join("\n", mix.lastWords(10))).isZero();
        return MixLock.read(folder);
    }

    private static String mixExs(String app, String dep) {
        return """
        defmodule %s.MixProject do
          use Mix.Project
          def project, do: [app: :%s, version: "1.0.0", deps: [%s]]
        end
        """
                .formatted(app.equals("dep") ? "Dep" : "Shop", app, dep);
    }

    private static Result git(Path where, String... words)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("git"));
        all.addAll(List.of("-c", "user.name=Tester", "-c", "user.email=tester@example.org"));
        all.addAll(List.of(words));
        Result result = Program.of(all).in(where).run();
        assertThat(result.status()).as(String.join("\n", result.lastWords(5))).isZero();
        return result;
    }

    // ---- as Hex has it

    private static Map<String, byte[]> texts(Map<String, String> files) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        files.forEach((name, text) -> all.put(name, bytes(text)));
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /// `{{:hex, 2, 0}, map}` in Erlang's external term format.
    private static byte[] manifest(
            String name, String version, String repo, String inner, @Nullable String outer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 131, 104, 2, 104, 3});
        atom(out, "hex");
        out.writeBytes(new byte[] {97, 2, 97, 0, 116, 0, 0, 0, 6});
        atom(out, "name");
        binary(out, name);
        atom(out, "version");
        binary(out, version);
        atom(out, "repo");
        binary(out, repo);
        atom(out, "inner_checksum");
        binary(out, inner);
        atom(out, "outer_checksum");
        if (outer == null) {
            atom(out, "nil");
        } else {
            binary(out, outer);
        }
        atom(out, "managers");
        out.writeBytes(new byte[] {108, 0, 0, 0, 1});
        atom(out, "mix");
        out.write(106);
        return out.toByteArray();
    }

    private static void atom(ByteArrayOutputStream out, String name) {
        out.write(119);
        out.write(name.length());
        out.writeBytes(bytes(name));
    }

    private static void binary(ByteArrayOutputStream out, String text) {
        out.writeBytes(new byte[] {109, 0, 0, 0, (byte) text.length()});
        out.writeBytes(bytes(text));
    }
}
