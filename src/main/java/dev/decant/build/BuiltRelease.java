package dev.decant.build;

import dev.decant.io.Digest;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What `mix release`, or another builder, has made, in a folder that goes when this is closed.
///
/// @param tarball as Mix wrote it
/// @param version as the release says it
/// @param commit in full
/// @param lock SHA-256 of the mix.lock that it was built by; empty where there is no lock that
///   Decant reads
/// @param dependencies that stand in it
/// @param began when the build began
/// @param cleaning removes the checkout
public record BuiltRelease(
        Path tarball,
        String version,
        String commit,
        boolean dirty,
        Optional<Digest> lock,
        List<Dependency> dependencies,
        String elixir,
        String otp,
        Instant began,
        Cleaning cleaning)
        implements AutoCloseable {

    /// Removes what the build left behind.
    public interface Cleaning {
        void run() throws IOException, InterruptedException;
    }

    @Override
    public void close() throws IOException {
        try {
            cleaning.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
