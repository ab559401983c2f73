package dev.decant.release;

import dev.decant.io.Digest;

import java.nio.file.Path;

/// A packed release: what the two halves of Decant hand to each other. Immutable once it is on the
/// shelf.
///
/// @param archive a `tar.gz` of the release's files and its `.decant/` folder
/// @param digest of the archive
/// @param size of the archive, in bytes
public record Release(Manifest manifest, Path archive, Digest digest, long size) {

    public ReleaseId id() {
        return manifest.id();
    }
}
