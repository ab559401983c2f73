package dev.decant.release;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Files of a folder as one `tar.gz`, whose bytes depend on nothing but their names and contents.
public final class Archive {

    private Archive() {}

    /// @param names files and folders in it; of folders all that is in them
    /// @param file is made
    public static void write(Path folder, List<String> names, Path file) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        try (Parcel.Tar tar = Parcel.Tar.open(Compression.GZIP.open(out, 0))) {
            for (String name : names) {
                try (Stream<Path> walk = Files.walk(folder.resolve(name))) {
                    for (Path each : walk.filter(Files::isRegularFile).sorted().toList()) {
                        tar.add(folder.relativize(each).toString(), Files.readAllBytes(each));
                    }
                }
            }
        }
    }
}
