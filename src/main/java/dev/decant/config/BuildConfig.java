package dev.decant.config;

import java.util.Optional;

/// `[build]`: how a release is made.
///
/// @param mixEnv or the profile of rebar3's
/// @param server that makes it; empty where this machine does
/// @param tests `mix test` has to pass first
/// @param warningsAsErrors a warning of the compiler ends the build
public record BuildConfig(
        String mixEnv, Optional<BuildServer> server, boolean tests, boolean warningsAsErrors) {

    /// Where nobody says another; likewise the profile of rebar3's.
    public static final String MIX_ENV = "prod";

    /// Whatever the tests would say.
    public BuildConfig withoutTests() {
        return new BuildConfig(mixEnv, server, false, warningsAsErrors);
    }
}
