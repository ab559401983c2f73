package dev.decant.release;

import dev.decant.io.Digest;

import java.nio.file.Files;
import java.nio.file.Path;

/// A packed release: what the two halves of Decant hand to each other. Immutable once it is on the
/// shelf.
///
/// @param id the name that it was given when it was made
/// @param digest of its manifest, and so of everything in it: two releases with the same digest are
///   the same, whatever they are called
/// @param folder where its `tree`, `manifest.json` and `files` are
public record Release(ReleaseId id, Digest digest, Manifest manifest, FileList files, Path folder) {

    static final String TREE = "tree";
    static final String MANIFEST = "manifest.json";
    static final String FILES = "files";
    static final String SBOM = "sbom.cdx.json";
    static final String SETTINGS = "decant.toml";
    static final String SIGNATURE = "manifest.json.sig";

    /// What it has on a host, without `.decant`. Executable files are; no other mode means
    /// anything.
    public Path tree() {
        return folder.resolve(TREE);
    }

    public Path manifestFile() {
        return folder.resolve(MANIFEST);
    }

    public Path filesFile() {
        return folder.resolve(FILES);
    }

    /// CycloneDX; it stays on this machine, and goes along in an exported tarball.
    public Path sbomFile() {
        return folder.resolve(SBOM);
    }

    /// The decant.toml of the time when it was built, for comparing; not part of the release.
    public Path settingsFile() {
        return folder.resolve(SETTINGS);
    }

    /// By `ssh-keygen -Y sign`; there only where it was signed.
    public Path signatureFile() {
        return folder.resolve(SIGNATURE);
    }

    public boolean signed() {
        return Files.isRegularFile(signatureFile());
    }

    /// Bytes of all files, unpacked.
    public long size() {
        return manifest.filesBytes();
    }
}
