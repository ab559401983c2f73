package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.AppEnvironment;
import dev.decant.deploy.Fleet;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.EnvironmentPrinter;
import dev.decant.ui.Json;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/// Each of its commands is a class in here, or one beside it.
@Command(
        name = "env",
        description = "What the app finds in its environment, and how that gets there.",
        synopsisSubcommandLabel = "COMMAND")
final class EnvCommand extends CommandGroup {

    private EnvCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new EnvCommand());
        line.addSubcommand(new Show(wiring));
        line.addSubcommand(new Diff(wiring));
        line.addSubcommand(new Push(wiring));
        line.addSubcommand("rollback", new EnvironmentRollbackCommand(wiring));
        return line;
    }

    @Command(
            name = "show",
            description =
                    "Show the variables that the app has on each host, but for what systemd and the"
                            + " release's start script add. Values of secrets are not shown.")
    static final class Show implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final HostOptions hosts = new HostOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        @Option(
                names = "--explain",
                description = "Name the file that each has its value from, and those it is over.")
        private boolean explain;

        @Option(
                names = "--values",
                description = "Show the values of the machines' own files as well.")
        private boolean values;

        Show(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config config = hosts.of(project.config(wiring));
            try (Fleet fleet = Fleet.connect(config)) {
                List<AppEnvironment> all = AppEnvironment.of(fleet, config, values);
                if (output.json) {
                    Json.print(
                            wiring.out(),
                            Json.ordered("hosts", all.stream().map(Json::of).toList()));
                } else {
                    EnvironmentPrinter.print(wiring.out(), all, explain);
                }
                return ExitStatus.DONE.number();
            }
        }
    }

    @Command(
            name = "diff",
            description =
                    "Show how what each host has differs from what decant.toml and the sources say,"
                            + " and hosts from each other. Of secrets there are names and digests"
                            + " that are others each time.")
    static final class Diff extends EnvironmentDiffCommand {
        Diff(Wiring wiring) {
            super(wiring, UnaryOperator.identity());
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
