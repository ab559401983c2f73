package dev.decant.cli;

import dev.decant.deploy.EnvironmentDiff;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Each of its commands is a class in here.
@Command(
        name = "secrets",
        description = "Secrets of the app, here and on hosts. No value of one is ever shown.",
        synopsisSubcommandLabel = "COMMAND")
final class SecretsCommand extends CommandGroup {

    private SecretsCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new SecretsCommand());
        line.addSubcommand(new Diff(wiring));
        return line;
    }

    @Command(
            name = "diff",
            description =
                    "Show how the secrets that each host has differ from those that the sources"
                            + " have, and hosts from each other: names, and digests that are others"
                            + " each time.")
    static final class Diff extends EnvironmentDiffCommand {
        Diff(Wiring wiring) {
            super(wiring, EnvironmentDiff::secretsOnly);
        }
    }
}
