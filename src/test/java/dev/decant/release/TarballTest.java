package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.Samples;
import dev.decant.exec.Program;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class TarballTest {

    @TempDir private Path temp = Path.of("");

    private Release pack(MixTarball tarball) throws IOException {
        Path folder = Files.createTempDirectory(temp, "release");
        return Packer.pack(
                tarball.write(folder.resolve("from-mix.tar.gz")),
                MixTarball.about(Samples.NEW, "1f3a9c2d4e5f60718293", false, "prod"),
                Files.createDirectory(folder.resolve("draft")),
                Earlier.NONE);
    }

    /// @return the folder, and its list without what is Decant's own
    private FileList unpack(Path file, Path folder) throws IOException, InterruptedException {
        Unpacked.archive(file, "gzip", folder);
        Files.move(
                folder.resolve(Packer.OWN), folder.resolveSibling(folder.getFileName() + "-own"));
        return FileList.of(folder);
    }

    @Test
    void the_same_release_makes_the_same_bytes() throws IOException {
        Path first = temp.resolve("first.tar.gz");
        Path second = temp.resolve("second.tar.gz");

        Tarball.write(pack(MixTarball.ordinary()), first);
        Tarball.write(pack(MixTarball.ordinary()), second);

        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void it_is_the_same_whoever_makes_it() throws IOException {
        Release release = pack(MixTarball.ordinary());
        Path first = temp.resolve("first.tar.gz");
        Path second = temp.resolve("second.tar.gz");
        Tarball.write(release, first);

        String me = System.getProperty("user.name");
        try {
            System.setProperty("user.name", "somebody");
            Tarball.write(release, second);
        } finally {
            System.setProperty("user.name", me);
        }

        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void any_tar_unpacks_it_to_what_is_listed() throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            Release release = new RandomTrees(seed).tree().pack(temp, Samples.NEW);
            Path file = temp.resolve(seed + ".tar.gz");

            Tarball.write(release, file);

            assertThat(unpack(file, temp.resolve("unpacked" + seed)))
                    .as("seed " + seed)
                    .isEqualTo(release.files());
        }
    }

    @Test
    void files_have_one_of_two_modes() throws Exception {
        Path file = temp.resolve("release.tar.gz");
        Path folder = temp.resolve("unpacked");
        Tarball.write(pack(MixTarball.ordinary()), file);

        Unpacked.archive(file, "gzip", folder);

        assertThat(Unpacked.modes(folder)).containsExactly("rw-r-----", "rwxr-x---");
        assertThat(Unpacked.modes(folder.resolve("bin"))).containsExactly("rwxr-x---");
        assertThat(Unpacked.modes(folder.resolve("lib"))).containsExactly("rw-r-----");
        assertThat(Unpacked.modes(folder.resolve(Packer.OWN))).containsExactly("rw-r-----");
    }

    @Test
    void its_description_is_in_it_as_on_a_host() throws Exception {
        Release release = pack(MixTarball.ordinary());
        Files.writeString(release.signatureFile(), "signed");
        Path file = temp.resolve("release.tar.gz");

        Tarball.write(release, file);
        Path own = Unpacked.archive(file, "gzip", temp.resolve("unpacked")).resolve(Packer.OWN);

        assertThat(own.resolve("files")).hasContent(release.files().text());
        assertThat(own.resolve("manifest.json")).hasSameBinaryContentAs(release.manifestFile());
        assertThat(own.resolve("manifest.json.sig")).hasContent("signed");
    }

    @Test
    void it_takes_the_place_of_an_older_one() throws Exception {
        Release release = pack(MixTarball.ordinary());
        Path file = Files.writeString(temp.resolve("release.tar.gz"), "older");

        Tarball.write(release, file);

        assertThat(unpack(file, temp.resolve("unpacked"))).isEqualTo(release.files());
    }

    @Test
    void a_damaged_release_leaves_the_older_one() throws IOException {
        Release release = pack(MixTarball.ordinary());
        Trees.delete(release.tree().resolve("bin"));
        Path folder = Files.createDirectory(temp.resolve("out"));
        Path file = Files.writeString(folder.resolve("release.tar.gz"), "older");

        assertThatThrownBy(() -> Tarball.write(release, file))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems().getFirst())
                                        .isInstanceOf(ReleaseProblem.Damaged.class));
        assertThat(file).hasContent("older");
        assertThat(folder.toFile().list()).containsExactly("release.tar.gz");
    }

    @Test
    void a_folder_becomes_an_archive_of_roots_with_two_modes() throws Exception {
        Path folder = temp.resolve("folder");
        Files.createDirectories(folder.resolve("hooks"));
        Files.writeString(folder.resolve("appspec.yml"), "version: 0.0\n");
        Files.setPosixFilePermissions(
                folder.resolve("appspec.yml"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("hooks/setup"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(
                folder.resolve("hooks/setup"), PosixFilePermissions.fromString("rwx------"));
        Path first = temp.resolve("first.tgz");
        Path second = temp.resolve("second.tgz");

        Tarball.write(folder, first);
        Tarball.write(folder, second);

        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Program.of("tar", "--numeric-owner", "-tvzf", first.toString()).run().out())
                .map(line -> line.replaceAll(" +", " ").replaceFirst("1970.* ", ""))
                .containsExactly("-rw-r--r-- 0/0 13 appspec.yml", "-rwxr-xr-x 0/0 10 hooks/setup");
    }
}
