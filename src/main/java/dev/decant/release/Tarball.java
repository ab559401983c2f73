package dev.decant.release;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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

    private static void own(Parcel.Tar tar, Path file) throws IOException {
        tar.add(Packer.OWN + "/" + file.getFileName(), Files.readAllBytes(file));
    }
}
