package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.config.PublicPort;
import dev.decant.config.SettingsSchema;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "config",
        description =
                "Check decant.toml and show what it comes to, defaults and overrides included.")
final class ConfigCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Option(
            names = "--reference",
            description = "Print every setting that there is, with what it means.")
    private boolean reference;

    @Option(
            names = "--schema",
            description =
                    "Print a JSON Schema of decant.toml, by which editors complete and check it.")
    private boolean schema;

    ConfigCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (reference) {
            wiring.out().print(ConfigReader.reference());
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
        if (schema) {
            Json.print(wiring.out(), SettingsSchema.json());
            return ExitStatus.DONE.number();
        }
        Config config = project.config(wiring);
        Json.print(
                wiring.out(),
                Json.ordered(
                        "environment", config.environment().orElse(""),
                        "app", config.names().app(),
                        "release", config.names().release(),
                        "name", config.names().unit(),
                        "migrate", config.migrate().orElse(""),
                        "seed", config.seed().orElse(""),
                        "keep_releases", config.keepReleases(),
                        "signing_key", config.signingKey().map(Path::toString).orElse(""),
                        "hosts",
                                config.hosts().stream()
                                        .map(
                                                host ->
                                                        Json.ordered(
                                                                "name",
                                                                host.name(),
                                                                "address",
                                                                host.address(),
                                                                "roles",
                                                                host.roles()))
                                        .toList(),
                        "migration_host", config.migrationHost().name(),
                        "ssh_user", config.ssh().user(),
                        "setup_user", config.ssh().setupUser(),
                        "port", config.service().port(),
                        "strategy", config.service().strategy().word(),
                        "public_ports",
                                config.service().publicPorts().stream()
                                        .map(PublicPort::toString)
                                        .toList(),
                        "drain_timeout_seconds", config.service().drainTimeout().toSeconds(),
                        "health_path", config.health().path(),
                        "health_timeout_seconds", config.health().timeout().toSeconds(),
                        "env", config.env(),
                        "secrets", config.secrets()));
        return ExitStatus.DONE.number();
    }
}
