package dev.decant.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// `[ssh]`. All that is not said here is as the user's own ssh_config has it.
///
/// @param user whom deploys connect as
/// @param setupUser whom `setup` connects as
/// @param port 1 to 65535; empty leaves it to ssh_config
/// @param config a file for `ssh -F`; empty leaves it to ssh
/// @param reconnectTimeout how long a host may say nothing at all, and how long a rollout then
///   looks for it
public record SshConfig(
        String user,
        String setupUser,
        OptionalInt port,
        Optional<Path> config,
        Duration connectTimeout,
        Duration reconnectTimeout) {

    /// With the port of one host, if it has its own.
    public SshConfig at(OptionalInt own) {
        return own.isEmpty()
                ? this
                : new SshConfig(user, setupUser, own, config, connectTimeout, reconnectTimeout);
    }
}
