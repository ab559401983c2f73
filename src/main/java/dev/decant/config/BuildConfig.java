package dev.decant.config;

/// `[build]`: how a release is made.
///
/// @param tests `mix test` has to pass first
/// @param warningsAsErrors a warning of the compiler ends the build
public record BuildConfig(String mixEnv, boolean tests, boolean warningsAsErrors) {

    /// Whatever the tests would say.
    public BuildConfig withoutTests() {
        return new BuildConfig(mixEnv, false, warningsAsErrors);
    }
}
