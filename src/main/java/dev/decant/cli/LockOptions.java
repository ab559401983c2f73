package dev.decant.cli;

import dev.decant.config.ConfigReader;
import dev.decant.deploy.Fleet;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;

/// What to do where somebody else is at work on a host.
final class LockOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description =
                    "Wait so long, such as 10m, where somebody else is at work on a host. Default:"
                            + " do not wait.")
    @Nullable
    private String patience;

    Fleet.Claim claim(Wiring wiring) {
        Duration wait = Duration.ZERO;
        if (patience != null) {
            String given = patience;
            wait =
                    ConfigReader.duration(given)
                            .orElseThrow(
                                    () ->
                                            new ParameterException(
                                                    command.commandLine(),
                                                    "Not a time for --wait: '"
                                                            + given
                                                            + "'. For example: 90s, 10m, 1h."));
        }
        return new Fleet.Claim(wiring.owner(), command.name(), wait);
    }
}
