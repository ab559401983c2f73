package dev.decant.release;

import dev.decant.io.Digest;

import java.util.List;

/// What a release says of itself: `.decant/manifest.json` in its archive, and beside the archive on
/// the shelf.
///
/// @param format 1
/// @param version as the built release says it
/// @param commit the full git commit that it was built from
/// @param dirty the tree was not as committed
/// @param lock SHA-256 of mix.lock
/// @param otp the exact version of Erlang/OTP, such as `25.2.3`
/// @param erts the version of the Erlang runtime in it, such as `13.1.5`
/// @param files sorted by path
public record Manifest(
        int format,
        ReleaseId id,
        String app,
        String release,
        String version,
        String commit,
        boolean dirty,
        Digest lock,
        String elixir,
        String otp,
        String erts,
        String mixEnv,
        Target target,
        List<Entry> files) {

    public static final int FORMAT = 1;

    public Manifest {
        files = List.copyOf(files);
    }

    /// @param path relative to the release's root, with `/`; no newline, no backslash
    /// @param mode as it will be on a host, octal: `0640` or `0750`
    /// @param size in bytes
    public record Entry(String path, Digest sha256, String mode, long size) {}

    /// Bytes of all files, unpacked.
    public long unpackedSize() {
        return files.stream().mapToLong(Entry::size).sum();
    }

    /// What `sha256sum --check` reads.
    String sha256sums() {
        StringBuilder text = new StringBuilder();
        files.forEach(
                file ->
                        text.append(file.sha256().hex())
                                .append("  ")
                                .append(file.path())
                                .append('\n'));
        return text.toString();
    }
}
