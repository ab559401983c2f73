package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.GenericConfig;
import dev.decant.config.HealthConfig;
import dev.decant.config.HostConfig;
import dev.decant.config.Kind;
import dev.decant.config.Privilege;
import dev.decant.config.PublicPort;
import dev.decant.config.ServiceConfig;
import dev.decant.config.Strategy;
import dev.decant.host.HostFiles;
import dev.decant.io.Digest;
import dev.decant.release.HostLayout;
import dev.decant.systemd.CaddySite;
import dev.decant.systemd.EnvironmentFile;
import dev.decant.systemd.NginxSite;
import dev.decant.systemd.Units;

import java.util.Map;
import java.util.TreeMap;

/// What decant.toml comes to on a host: the texts that are compared with what is there and, where
/// they differ, written.
///
/// @param environment the environment file of the deployment
/// @param settings what the host program is to know of it: port, health path and deadline
public record Settings(String environment, String settings) {

    public static Settings of(Config config) {
        ServiceConfig service = config.service();
        Map<String, String> variables =
                new TreeMap<>(
                        Map.of(
                                "PORT", Integer.toString(service.port()),
                                "DRAIN_FILE", new HostLayout(config.names().unit()).draining(),
                                "DRAIN_MS", Long.toString(service.drainTimeout().toMillis())));
        if (config.kind() == Kind.MIX) {
            variables.put("PHX_SERVER", "true");
            variables.put("MIX_ENV", config.build().mixEnv());
        }
        for (PublicPort port : service.publicPorts()) {
            variables.put(port.variable(), Integer.toString(port.to()));
        }
        variables.putAll(config.env());
        return new Settings(EnvironmentFile.text(variables), settings(config));
    }

    private static String settings(Config config) {
        HealthConfig health = config.health();
        StringBuilder text = new StringBuilder();
        line(text, "port", config.service().port());
        line(text, "health", health.check().word());
        line(text, "health_path", health.path());
        line(text, "health_status", health.least() + "-" + health.most());
        line(text, "health_match", health.match());
        line(text, "health_host", health.host().orElse(""));
        health.headers().forEach(header -> line(text, "health_header", header));
        line(text, "health_tls", health.tls() ? "yes" : "");
        line(text, "health_command", health.command());
        line(
                text,
                "health_interval",
                "%d.%03d"
                        .formatted(
                                health.interval().toSeconds(), health.interval().toMillisPart()));
        line(text, "health_attempts", health.attempts());
        line(text, "health_successes", health.successes());
        line(text, "health_seconds", health.timeout().toSeconds());
        if (!config.balancer().drainWait().isZero()) {
            line(text, "drain_wait", config.balancer().drainWait().toSeconds());
        }
        line(text, "migrate", config.migrate().orElse(""));
        line(text, "seed", config.seed().orElse(""));
        config.generic()
                .flatMap(GenericConfig::preflight)
                .ifPresent(command -> line(text, "preflight", command));
        return text.toString();
    }

    private static void line(StringBuilder text, String key, Object value) {
        if (!value.toString().isEmpty()) {
            text.append(key).append('=').append(value).append('\n');
        }
    }

    /// What setup brings a host to have.
    ///
    /// @param host its name
    /// @param systemd the host's version
    /// @param signers lines for its allowed_signers
    static HostFiles files(Config config, String host, int systemd, String signers) {
        return files(config, config.host(host), systemd, signers);
    }

    /// As [#files(Config, String, int, String)], for a host that need not be among the config's.
    public static HostFiles files(Config config, HostConfig host, int systemd, String signers) {
        ServiceConfig service = config.service();
        Units units = Units.of(config, host, systemd);
        boolean byFiles = config.privilege() == Privilege.NONE;
        return new HostFiles(
                service.beside() ? "" : units.service(),
                service.beside() ? units.slot() : "",
                units.eval(),
                units.recover(),
                byFiles ? units.watch() : "",
                byFiles ? units.requests() : "",
                signers,
                ports(service, host),
                service.redirects() ? units.keeper() : "",
                service.strategy() == Strategy.SOCKET ? units.socket() : "",
                switch (service.strategy()) {
                    case NGINX -> NginxSite.text(config.names(), service, config.nginx());
                    case CADDY -> CaddySite.text(config.names(), service, config.caddy());
                    case SLOTS, SOCKET, RESTART -> "";
                },
                units.more());
    }

    /// What only root may decide: which ports are the app's, and how it is switched.
    private static String ports(ServiceConfig service, HostConfig host) {
        StringBuilder text = new StringBuilder();
        text.append("strategy=").append(service.strategy().word()).append('\n');
        text.append("port=").append(service.port()).append('\n');
        if (service.beside()) {
            text.append("offset=").append(service.slotOffset()).append('\n');
            text.append("warm=").append(service.keepWarm().toSeconds()).append('\n');
        }
        for (PublicPort port : service.publicPorts()) {
            text.append(how(service)).append('=').append(port).append('\n');
        }
        service.distribution()
                .ifPresent(port -> text.append("distribution=").append(port).append('\n'));
        if (host.clustered()) {
            text.append("node_address=").append(host.nodeAddress()).append('\n');
        }
        if (service.redirects()) {
            text.append("maintenance=").append(service.maintenancePort()).append('\n');
        }
        if (service.besideFirewall()) {
            text.append("firewall=beside\n");
        }
        return text.toString();
    }

    private static String how(ServiceConfig service) {
        return switch (service.strategy()) {
            case SLOTS, RESTART -> "public";
            case SOCKET -> "listen";
            case NGINX, CADDY -> "proxied";
        };
    }

    Digest environmentDigest() {
        return Digest.of(environment);
    }

    Digest settingsDigest() {
        return Digest.of(settings);
    }
}
