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
import java.util.Map;

class PackerTest {

    @TempDir private Path temp = Path.of("");

    private Release pack(MixTarball tarball) throws IOException {
        Path folder = Files.createTempDirectory(temp, "pack");
        Path file = tarball.write(folder.resolve("from-mix.tar.gz"));
        return Packer.pack(
                file,
                MixTarball.about(
                        Samples.NEW, "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567", false, "prod"),
                Files.createDirectory(folder.resolve("draft")));
    }

    /// As a host does it.
    private Path unpack(Release release) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(temp, "unpacked");
        Result tar =
                Program.of("tar", "-xpzf", release.archive().toString())
                        .in(folder)
                        .env(Map.of("LC_ALL", "C"))
                        .run();
        assertThat(tar.err()).isEmpty();
        assertThat(tar.status()).isZero();
        return folder;
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
        assertThat(second.archive()).hasSameBinaryContentAs(first.archive());
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
    void another_file_makes_other_bytes() throws IOException {
        Release first = pack(MixTarball.ordinary());
        Release second = pack(MixTarball.ordinary().file("lib/a.beam", 0644, "x"));

        assertThat(second.digest()).isNotEqualTo(first.digest());
    }

    @Test
    void what_it_says_of_the_archive_is_so() throws IOException {
        Release release = pack(MixTarball.ordinary());

        assertThat(release.size()).isEqualTo(Files.size(release.archive()));
        assertThat(release.digest()).isEqualTo(Digest.of(release.archive()));
        assertThat(release.manifest().erts()).isEqualTo("13.1.5");
        assertThat(release.manifest().target().os()).isEqualTo("Linux");
        assertThat(release.archive().getParent())
                .isDirectoryNotContaining(path -> path.getFileName().toString().equals("tree"));
    }

    @Test
    void sha256sum_and_tar_agree_with_it() throws Exception {
        Release release = pack(MixTarball.ordinary());

        Path folder = unpack(release);

        Result check = Program.of("sha256sum", "-c", Packer.SUMS).in(folder).run();
        assertThat(check.err()).isEmpty();
        assertThat(check.status()).isZero();
        assertThat(check.out())
                .hasSameSizeAs(release.manifest().files())
                .contains("bin/shop_web: OK", "lib/shop_web-0.2.0/priv/static/größe 1.txt: OK");
        assertThat(folder.resolve(Packer.MANIFEST))
                .hasSameBinaryContentAs(release.archive().resolveSibling(ReleaseShelf.MANIFEST));
    }

    @Test
    void the_cookie_is_nowhere_in_it() throws Exception {
        Path folder = unpack(pack(MixTarball.ordinary()));

        assertThat(folder.resolve("releases/start_erl.data")).exists();
        assertThat(folder.resolve("releases/COOKIE")).doesNotExist();
        assertThat(Files.readString(folder.resolve(Packer.MANIFEST))).doesNotContain("COOKIE");
        assertThat(Files.readString(folder.resolve(Packer.SUMS))).doesNotContain("COOKIE");
    }

    @Test
    void files_have_one_of_two_modes() throws Exception {
        Path folder = unpack(pack(MixTarball.ordinary()));

        assertThat(mode(folder.resolve("bin/shop_web"))).isEqualTo("rwxr-x---");
        assertThat(mode(folder.resolve("lib/shop_web-0.2.0/priv/static/größe 1.txt")))
                .isEqualTo("rw-r-----");
        assertThat(mode(folder.resolve(Packer.MANIFEST))).isEqualTo("rw-r-----");
        assertThat(mode(folder.resolve("lib/shop_web-0.2.0/priv/uploads"))).isEqualTo("rwxr-x---");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void empty_folders_are_kept() throws Exception {
        Path folder = unpack(pack(MixTarball.ordinary()));

        assertThat(folder.resolve("lib/shop_web-0.2.0/priv/uploads")).isEmptyDirectory();
    }

    @Test
    void very_long_names_are_kept() throws Exception {
        String name = "lib/" + "deep/".repeat(60) + "x".repeat(120) + ".js";

        Path folder = unpack(pack(MixTarball.ordinary().file(name, 0644, "long")));

        assertThat(folder.resolve(name)).hasContent("long");
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
    @ValueSource(
            bytes = {
                TarConstants.LF_SYMLINK,
                TarConstants.LF_LINK,
                TarConstants.LF_CHR,
                TarConstants.LF_BLK,
                TarConstants.LF_FIFO
            })
    void what_is_no_plain_file_is_refused(byte type) throws IOException {
        assertOdd(
                MixTarball.ordinary().odd("lib/shop_web-0.2.0/priv/static", type),
                "not a plain file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "lib/../../evil", "lib/../../tree-evil"})
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
    @ValueSource(strings = {".decant/manifest.json", ".decant/mine"})
    void a_name_of_decants_own_is_refused(String name) throws IOException {
        assertOdd(MixTarball.ordinary().file(name, 0644, "x"), "Decant's own");
    }
}
