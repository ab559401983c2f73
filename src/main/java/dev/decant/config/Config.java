package dev.decant.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What `decant.toml` says for one environment, checked and with defaults filled in.
/// `reference.toml` says what each setting means.
///
/// @param file the file that was read, absolute
/// @param environment the name that was chosen; empty where the file has no environments
/// @param migrate an expression for `eval`
/// @param keep releases to keep on a host, 2 to 100
/// @param hosts at least one, in the order of the file
/// @param env variables that are no secrets, in the order of their names
/// @param secrets names only
public record Config(
        Path file,
        Optional<String> environment,
        AppNames names,
        Optional<String> migrate,
        int keep,
        List<HostConfig> hosts,
        SshConfig ssh,
        String mixEnv,
        ServiceConfig service,
        Map<String, String> env,
        List<String> secrets) {

    public Config {
        hosts = List.copyOf(hosts);
        secrets = List.copyOf(secrets);
    }

    /// The folder of the Mix project.
    public Path project() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /// The host on which migrations run.
    public HostConfig migrationHost() {
        return hosts.stream()
                .filter(host -> host.roles().contains("migrate"))
                .findFirst()
                .orElse(hosts.getFirst());
    }
}
