package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What the tar of this machine makes of archives, as the one of a host does.
final class Unpacked {

    private Unpacked() {}

    /// @param program that undoes its compression
    /// @param folder a new one
    static Path archive(Path archive, String program, Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Result tar =
                Program.of("tar", "-I", program, "-xpf", archive.toString())
                        .in(folder)
                        .env(Map.of("LC_ALL", "C"))
                        .run();
        assertThat(tar.err()).isEmpty();
        assertThat(tar.status()).isZero();
        return folder;
    }

    /// All modes of files in a tree, links left out, each once.
    static List<String> modes(Path tree) throws IOException {
        List<String> modes = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path file :
                    walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                            .toList()) {
                modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes.stream().distinct().sorted().toList();
    }

    /// Which file on disk it is.
    static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
