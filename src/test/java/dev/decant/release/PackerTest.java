package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.Samples;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;

import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class PackerTest {

    @TempDir private Path temp = Path.of("");

    private Release pack(MixTarball tarball) throws IOException {
        Path folder = Files.createTempDirectory(temp, "pack");
        Path file = tarball.write(folder.resolve("from-mix.tar.gz"));
        return Packer.pack(
                file,
                MixTarball.about(
                        Samples.NEW, "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567", false, "prod"),
                Files.createDirectory(folder.resolve("draft")),
                Earlier.NONE);
    }

    private void assertOdd(MixTarball tarball, String reason) {
        assertThatThrownBy(() -> pack(tarball))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .singleElement()
                                        .isInstanceOfSatisfying(
                                                ReleaseProblem.OddFile.class,
                                                odd -> assertThat(odd.reason()).contains(reason)));
    }

    @Test
    void the_same_files_make_the_same_bytes() throws IOException {
        Release first = pack(MixTarball.ordinary());
        Release second = pack(MixTarball.ordinary());

        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.files()).isEqualTo(first.files());
        assertThat(second.manifestFile()).hasSameBinaryContentAs(first.manifestFile());
    }

    @Test
    void neither_time_nor_order_nor_cookie_of_the_tarball_matters() throws IOException {
        Release first = pack(MixTarball.ordinary());
        Release second =
                pack(
                        MixTarball.ordinary()
                                .without("releases/COOKIE")
                                .file("releases/COOKIE", 0644, "another secret")
                                .backwards()
                                .at(Instant.EPOCH));

        assertThat(second.digest()).isEqualTo(first.digest());
    }

    @Test
    void another_file_makes_another_release() throws IOException {
        Release first = pack(MixTarball.ordinary());
        Release second = pack(MixTarball.ordinary().file("lib/a.beam", 0644, "x"));

        assertThat(second.digest()).isNotEqualTo(first.digest());
    }

    @Test
    void another_mode_makes_another_release() throws IOException {
        Release first = pack(MixTarball.ordinary().file("lib/a", 0644, "x"));
        Release second = pack(MixTarball.ordinary().file("lib/a", 0744, "x"));

        assertThat(second.digest()).isNotEqualTo(first.digest());
    }

    @Test
    void what_it_says_of_itself_is_so() throws IOException {
        Release release = pack(MixTarball.ordinary());

        Manifest manifest = release.manifest();
        assertThat(release.digest()).isEqualTo(Digest.of(release.manifestFile()));
        assertThat(release.filesFile()).hasContent(release.files().text());
        assertThat(manifest.filesSha256()).isEqualTo(Digest.of(release.filesFile()));
        assertThat(manifest.filesCount()).isEqualTo(4).isEqualTo(release.files().files().size());
        assertThat(manifest.filesBytes())
                .isEqualTo(release.files().size())
                .isEqualTo(release.size())
                .isEqualTo(Files.size(Path.of("/bin/ls")) + "13.1.5 0.2.0#!/bin/sh\na\n".length());
        assertThat(manifest.erts()).isEqualTo("13.1.5");
        assertThat(manifest.target().os()).isEqualTo("Linux");
    }

    @Test
    void it_says_which_file_is_the_first_to_need_what() throws IOException {
        byte[] program = Files.readAllBytes(Path.of("/bin/ls"));
        Target target =
                pack(MixTarball.ordinary()
                                .file("lib/a-1.0/priv/a.so", 0755, program)
                                .file("bin/zzz", 0755, "no program"))
                        .manifest()
                        .target();

        assertThat(target.sonames()).isNotEmpty();
        assertThat(target.neededBy())
                .containsOnlyKeys(
                        Stream.concat(target.sonames().stream(), Stream.of("glibc")).toList())
                .containsValue("erts-13.1.5/bin/beam.smp")
                .doesNotContainValue("lib/a-1.0/priv/a.so");
    }

    @Test
    void what_only_native_code_of_a_library_needs_counts() throws IOException {
        Path library = Path.of(System.getProperty("java.home"), "lib/libnet.so");
        Target plain = pack(MixTarball.ordinary()).manifest().target();

        Target target =
                pack(MixTarball.ordinary()
                                .file("lib/a-1.0/priv/a.so", 0644, Files.readAllBytes(library)))
                        .manifest()
                        .target();

        assertThat(target.sonames()).contains("libjvm.so").isNotEqualTo(plain.sonames());
        assertThat(target.neededBy()).containsEntry("libjvm.so", "lib/a-1.0/priv/a.so");
    }

    @Test
    void sha256sum_agrees_with_it() throws Exception {
        Release release = pack(MixTarball.ordinary());

        String sums =
                release.files().files().stream()
                        .map(file -> file.sha256().hex() + "  " + file.path() + "\n")
                        .collect(Collectors.joining());
        Result check = Program.of("sha256sum", "-c").in(release.tree()).input(sums).run();

        assertThat(check.err()).isEmpty();
        assertThat(check.status()).isZero();
        assertThat(check.out())
                .hasSameSizeAs(release.files().files())
                .contains("bin/shop_web: OK", "lib/shop_web-0.2.0/priv/static/größe 1.txt: OK");
    }

    @Test
    void its_list_is_that_of_its_tree() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            RandomTrees.Tree tree = new RandomTrees(seed).tree();

            Release release = tree.pack(temp, Samples.NEW);

            assertThat(release.files()).as("seed " + seed).isEqualTo(tree.list());
            assertThat(FileList.of(release.tree())).as("seed " + seed).isEqualTo(tree.list());
        }
    }

    @Test
    void the_cookie_is_nowhere_in_it() throws IOException {
        Release release = pack(MixTarball.ordinary());

        assertThat(release.tree().resolve("releases/start_erl.data")).exists();
        assertThat(release.tree().resolve("releases/COOKIE")).doesNotExist();
        assertThat(Files.readString(release.manifestFile())).doesNotContain("COOKIE");
        assertThat(Files.readString(release.filesFile())).doesNotContain("COOKIE");
    }

    /// Hosts and hard links share its files.
    @Test
    void nobody_can_write_to_its_files() throws IOException {
        Path tree = pack(MixTarball.ordinary()).tree();

        assertThat(mode(tree.resolve("bin/shop_web"))).isEqualTo("r-xr-x---");
        assertThat(mode(tree.resolve("lib/shop_web-0.2.0/priv/static/größe 1.txt")))
                .isEqualTo("r--r-----");
    }

    @Test
    void files_have_one_of_two_modes() throws IOException {
        FileList files = pack(MixTarball.ordinary()).files();

        assertThat(files.text())
                .contains("bin/shop_web\t750\t")
                .contains("lib/shop_web-0.2.0/priv/static/größe 1.txt\t640\t");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void empty_folders_are_kept() throws IOException {
        Release release = pack(MixTarball.ordinary());

        String folder = "lib/shop_web-0.2.0/priv/uploads";
        assertThat(release.tree().resolve(folder)).isEmptyDirectory();
        assertThat(release.files().entries()).contains(new FileList.Folder(folder));
    }

    @Test
    void very_long_names_are_kept() throws IOException {
        String name = "lib/" + "deep/".repeat(60) + "x".repeat(120) + ".js";

        Release release = pack(MixTarball.ordinary().file(name, 0644, "long"));

        assertThat(release.tree().resolve(name)).hasContent("long");
        assertThat(release.files().files()).extracting(FileList.File::path).contains(name);
    }

    @Test
    void a_point_and_a_slash_before_a_name_mean_nothing() throws IOException {
        Release plain = pack(MixTarball.ordinary().file("lib/a", 0644, "x"));
        Release pointed =
                pack(
                        MixTarball.ordinary()
                                .folder("./")
                                .file("./lib/a", 0644, "x")
                                .folder("./lib/"));

        assertThat(pointed.files()).isEqualTo(plain.files());
    }

    @Test
    void links_within_the_release_are_kept() throws IOException {
        Release release =
                pack(
                        MixTarball.ordinary()
                                .link("lib/current", "shop_web-0.2.0")
                                .link("lib/shop_web-0.2.0/run", "../../bin/shop_web")
                                .link("lib/dangling", "not/there"));

        assertThat(release.tree().resolve("lib/shop_web-0.2.0/run")).hasContent("#!/bin/sh");
        assertThat(release.files().entries())
                .contains(
                        new FileList.Link("lib/current", "shop_web-0.2.0"),
                        new FileList.Link("lib/shop_web-0.2.0/run", "../../bin/shop_web"),
                        new FileList.Link("lib/dangling", "not/there"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../..", "../../etc/passwd", "x/../../..", "", "a\tb"})
    void links_out_of_the_release_are_refused(String target) throws IOException {
        assertOdd(
                MixTarball.ordinary().link("lib/link", target), "which is not within the release");
    }

    @Test
    void nothing_is_written_through_a_link() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));

        assertOdd(
                MixTarball.ordinary()
                        .link("lib/link", "shop_web-0.2.0")
                        .file("lib/link/x", 0644, "x"),
                "a folder at once");
        assertOdd(
                MixTarball.ordinary().link("lib/link", "shop_web-0.2.0").folder("lib/link/x/"),
                "a folder at once");
        assertOdd(
                MixTarball.ordinary().link("lib/link", "shop_web-0.2.0").folder("lib/link/"),
                "a folder at once");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void one_name_for_two_things_is_refused() throws IOException {
        assertOdd(MixTarball.ordinary().file("bin/shop_web", 0755, "other"), "twice");
        assertOdd(MixTarball.ordinary().link("bin/shop_web", "other"), "twice");
        assertOdd(MixTarball.ordinary().link("l", "bin").file("l", 0644, "x"), "twice");
        assertOdd(MixTarball.ordinary().file("bin", 0644, "a file"), "twice");
        assertOdd(MixTarball.ordinary().file("bin/shop_web/x", 0644, "x"), "a folder at once");
    }

    @Test
    void of_two_erlangs_always_the_same_is_meant() throws IOException {
        byte[] program = Files.readAllBytes(Path.of("/bin/true"));

        for (String other : List.of("erts-13.0/bin/beam.smp", "erts-14.0/bin/beam.smp")) {
            Release one = pack(MixTarball.ordinary().file(other, 0755, program));
            Release backwards = pack(MixTarball.ordinary().file(other, 0755, program).backwards());

            assertThat(backwards.digest()).isEqualTo(one.digest());
        }
    }

    @Test
    void a_release_without_erlang_is_refused() {
        assertThatThrownBy(
                        () ->
                                pack(
                                        MixTarball.ordinary()
                                                .without("erts-13.1.5/bin/beam.smp")
                                                .folder("erts-13.1.5/")))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .containsExactly(new ReleaseProblem.NoRuntime("shop_web")));
    }

    @Test
    void an_emulator_that_is_no_program_is_refused() {
        assertThatThrownBy(
                        () ->
                                pack(
                                        MixTarball.ordinary()
                                                .without("erts-13.1.5/bin/beam.smp")
                                                .file(
                                                        "erts-13.1.5/bin/beam.smp",
                                                        0755,
                                                        "#!/bin/sh\n")))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems().getFirst().id())
                                        .isEqualTo("odd-file"));
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
    void what_is_no_plain_file_is_refused(byte type) throws IOException {
        assertOdd(
                MixTarball.ordinary().odd("lib/shop_web-0.2.0/priv/static", type),
                "not a plain file");
    }

    @Test
    void a_hard_link_out_of_the_release_is_refused() throws IOException {
        assertOdd(MixTarball.ordinary().odd("lib/hard", TarConstants.LF_LINK), "not a plain file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "lib/../../evil", "lib/../../tree-evil", "lib/../evil"})
    void what_lies_outside_is_refused(String name) throws IOException {
        assertOdd(MixTarball.ordinary().file(name, 0644, "x"), "outside of the release");

        assertThat(everythingBelow(temp)).noneMatch(path -> path.toString().contains("evil"));
    }

    private static List<Path> everythingBelow(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lib/two\nlines", "lib/back\\slash", "lib/bell\u0007"})
    void a_name_that_sha256sum_would_escape_is_refused(String name) throws IOException {
        assertOdd(MixTarball.ordinary().file(name, 0644, "x"), "control character");
        assertOdd(MixTarball.ordinary().folder(name + "/"), "control character");
    }

    @ParameterizedTest
    @ValueSource(strings = {".decant/manifest.json", ".decant/mine", "./.decant", ".decant"})
    void a_name_of_decants_own_is_refused(String name) throws IOException {
        assertOdd(MixTarball.ordinary().file(name, 0644, "x"), "Decant's own");
    }
}
