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
        line.addSubcommand(new Push(wiring));
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

    @Command(
            name = "push",
            description =
                    "Bring each host that differs the environment and secrets that are here, in the"
                            + " release that it serves, as a deploy would: checked before it is"
                            + " switched to, in batches, and taken back where it does not get"
                            + " healthy. Hosts that have all of it are left alone.")
    static final class Push extends EnvironmentPushCommand {
        Push(Wiring wiring) {
            super(wiring);
        }
    }
}
