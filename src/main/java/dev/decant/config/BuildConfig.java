package dev.decant.config;

import java.util.Optional;

/// `[build]`: how a release is made.
///
/// @param server that makes it; empty where this machine does
/// @param tests `mix test` has to pass first
/// @param warningsAsErrors a warning of the compiler ends the build
public record BuildConfig(
        String mixEnv, Optional<BuildServer> server, boolean tests, boolean warningsAsErrors) {

    /// Whatever the tests would say.
    public BuildConfig withoutTests() {
        return new BuildConfig(mixEnv, server, false, warningsAsErrors);
    }
}
