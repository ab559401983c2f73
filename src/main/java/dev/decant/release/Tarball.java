package dev.decant.release;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A release as one `tar.gz` that any tar unpacks to what a host has: its files, and its own
/// description in `.decant`. The same release always makes the same bytes.
public final class Tarball {

    private Tarball() {}

    /// @param file is replaced, once it is whole
    /// @throws dev.decant.problem.Failure with [ReleaseProblem.Damaged] if the release is not as
    ///   its list says
    public static void write(Release release, Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside), 1 << 16);
            try (Parcel.Tar tar = Parcel.Tar.open(Compression.GZIP.open(out, release.size()))) {
                own(tar, release.filesFile());
                own(tar, release.manifestFile());
                own(tar, release.sbomFile());
                if (release.signed()) {
                    own(tar, release.signatureFile());
                }
                tar.add(release, release.files().entries());
            }
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /// As [#write(Path, String, Path)], in the order of their names.
    public static void write(Path folder, Path file) throws IOException {
        write(folder, "", file);
    }

    /// A folder as a `tar.gz`: everything is root's, programs are 755 and all else is 644. The same
    /// files always make the same bytes.
    ///
    /// @param last the name of the file that comes last: where it is, all are
    /// @param file is replaced, once it is whole
    public static void write(Path folder, String last, Path file) throws IOException {
        List<String> names;
        try (Stream<Path> walk = Files.walk(folder)) {
            names =
                    walk.filter(Files::isRegularFile)
                            .map(path -> folder.relativize(path).toString())
                            .sorted(
                                    Comparator.comparing((String name) -> name.equals(last))
                                            .thenComparing(name -> name))
                            .toList();
        }
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside), 1 << 16);
            try (Parcel.Tar tar = Parcel.Tar.open(Compression.GZIP.open(out, -1))) {
                for (String name : names) {
                    Path each = folder.resolve(name);
                    tar.add(name, each, Files.isExecutable(each) ? 0755 : 0644);
                }
            }
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void own(Parcel.Tar tar, Path file) throws IOException {
        tar.add(Packer.OWN + "/" + file.getFileName(), Files.readAllBytes(file));
    }
}
