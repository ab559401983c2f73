package dev.decant.config;

import java.util.Optional;

/// Where Erlang and Elixir come from.
///
/// @param mirror a URL under which there is the layout of builds.hex.pm, without a `/` at its end
/// @param platform for which Ubuntu Erlang is to have been built; empty for this machine's own
/// @param install a build installs what is missing
public record ToolchainConfig(String mirror, Optional<String> platform, boolean install) {

    public static final ToolchainConfig DEFAULT =
            new ToolchainConfig("https://builds.hex.pm", Optional.empty(), false);

    /// What may be a mirror.
    public static final String MIRROR =
            "https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?";

    public ToolchainConfig {
        mirror = mirror.replaceFirst("/+$", "");
    }

    /// With another mirror.
    public ToolchainConfig from(String other) {
        return new ToolchainConfig(other, platform, install);
    }

    /// So that a build installs what is missing.
    public ToolchainConfig installing() {
        return new ToolchainConfig(mirror, platform, true);
    }
}
