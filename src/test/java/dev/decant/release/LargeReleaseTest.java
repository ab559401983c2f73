package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/// Memory does not grow with a release: one of two gigabytes is packed and made ready to be sent by
/// a JVM with a heap of 256 MB.
@Tag("lab")
class LargeReleaseTest {

    private static final int MIB = 1 << 20;
    private static final int LARGE_MIB = 512;

    @TempDir private Path temp = Path.of("");

    @Test
    void two_gigabytes_go_through_a_quarter_of_one() throws Exception {
        Result result =
                Program.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LargeReleaseTest.class.getName(),
                                temp.toString())
                        .run();

        assertThat(result.ok()).as("%s", result.lastWords(10)).isTrue();
        System.out.println("LargeReleaseTest: " + result.text());
    }

    /// The part that runs with little memory.
    public static void main(String[] words) throws IOException {
        Path folder = Path.of(words[0]);
        Path tarball = folder.resolve("mix.tar.gz");
        write(tarball);
        Release release =
                Packer.pack(
                        tarball,
                        MixTarball.about(Samples.NEW, "1f3a9c2d4e5f6071", false, "prod"),
                        Files.createDirectory(folder.resolve("draft")),
                        Earlier.NONE);
        Files.delete(tarball);
        Delta all = Delta.of(release.files(), Map.of(), Set.of());
        for (Compression compression : Compression.values()) {
            Parcel parcel = Parcel.write(release, all, compression, Dictionary.NONE, folder);
            System.out.printf(
                    "%s %,d bytes of %,d; ", compression.word(), parcel.size(), release.size());
            Files.delete(parcel.file());
        }
        System.out.printf("heap of %,d at most%n", Runtime.getRuntime().maxMemory());
    }

    /// Four files of 512 MiB, the first of which nothing makes smaller.
    private static void write(Path file) throws IOException {
        byte[] block = new byte[MIB];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(
                                new GZIPOutputStream(out) {
                                    {
                                        def.setLevel(1);
                                    }
                                })) {
            byte[] program = Files.readAllBytes(Path.of("/bin/true"));
            entry(tar, "erts-1.0/bin/beam.smp", program.length);
            tar.write(program);
            tar.closeArchiveEntry();
            for (int i = 0; i < 4; i++) {
                entry(tar, "lib/app-0.1.0/priv/" + i, (long) LARGE_MIB * MIB);
                for (int j = 0; j < LARGE_MIB; j++) {
                    if (i == 0) {
                        random.nextBytes(block);
                    } else {
                        java.util.Arrays.fill(block, (byte) (i + j));
                    }
                    tar.write(block);
                }
                tar.closeArchiveEntry();
            }
        }
    }

    private static void entry(TarArchiveOutputStream tar, String name, long size)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(0755);
        tar.putArchiveEntry(entry);
    }
}
