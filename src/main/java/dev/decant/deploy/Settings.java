package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.io.Digest;
import dev.decant.systemd.EnvironmentFile;
import dev.decant.systemd.Units;

import java.util.Map;
import java.util.TreeMap;

/// What decant.toml comes to on a host: the texts that are compared with what is there and, where
/// they differ, written.
///
/// @param environment the environment file of the deployment
/// @param settings what the host program is to know of it: port, health path and deadline
record Settings(String environment, String settings) {

    static Settings of(Config config) {
        Map<String, String> variables =
                new TreeMap<>(
                        Map.of(
                                "PORT", Integer.toString(config.service().port()),
                                "PHX_SERVER", "true",
                                "MIX_ENV", config.mixEnv()));
        variables.putAll(config.env());
        return new Settings(
                EnvironmentFile.text(variables),
                "port="
                        + config.service().port()
                        + "\nhealth_path="
                        + config.service().healthPath()
                        + "\nhealth_seconds="
                        + config.service().healthTimeout().toSeconds()
                        + "\n"
                        + config.migrate()
                                .map(expression -> "migrate=" + expression + "\n")
                                .orElse(""));
    }

    static Units units(Config config, int systemd) {
        return new Units(config.names(), config.service().stopTimeout(), systemd);
    }

    Digest environmentDigest() {
        return Digest.of(environment);
    }

    Digest settingsDigest() {
        return Digest.of(settings);
    }
}
