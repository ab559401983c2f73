package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.EnvironmentDiff;
import dev.decant.problem.ExitStatus;
import dev.decant.source.Sources;
import dev.decant.ui.Json;
import dev.decant.ui.Table;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here, or of its own.
@Command(
        name = "secrets",
        description = "Secrets of the app, here and on hosts. No value of one is ever shown.",
        synopsisSubcommandLabel = "COMMAND")
final class SecretsCommand extends CommandGroup {

    private SecretsCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new SecretsCommand());
        line.addSubcommand(new SecretsEditCommand(wiring));
        line.addSubcommand(new SecretsSetCommand(wiring));
        line.addSubcommand(new SecretsRotateCommand(wiring));
        line.addSubcommand(new SecretsLsCommand(wiring));
        line.addSubcommand(new Diff(wiring));
        line.addSubcommand(new Push(wiring));
        line.addSubcommand(new Pull(wiring));
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

    @Command(
            name = "pull",
            description =
                    "Ask the sources and show which names each has, and which of decant.toml none"
                            + " has. Nothing is written and no value is shown.")
    static final class Pull implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        Pull(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config config = project.config(wiring);
            Map<String, List<String>> sources = Sources.names(config, wiring.environment());
            Set<String> missing = new TreeSet<>(config.secrets());
            sources.values().forEach(missing::removeAll);
            if (output.json) {
                Json.print(wiring.out(), json(config, sources, missing));
                return ExitStatus.DONE.number();
            }
            Table table = new Table().row("NAME", "SOURCE", "IN DECANT.TOML");
            sources.forEach(
                    (source, names) ->
                            names.forEach(
                                    name ->
                                            table.row(
                                                    name,
                                                    source,
                                                    config.secrets().contains(name)
                                                            ? "yes"
                                                            : "no")));
            missing.forEach(name -> table.row(name, "none", "yes"));
            table.print(wiring.out());
            return ExitStatus.DONE.number();
        }

        private static Map<String, Object> json(
                Config config, Map<String, List<String>> sources, Set<String> missing) {
            Set<String> found = new TreeSet<>();
            sources.values().forEach(found::addAll);
            return Json.ordered(
                    "sources",
                            sources.entrySet().stream()
                                    .map(
                                            each ->
                                                    Json.ordered(
                                                            "source", each.getKey(),
                                                            "names", each.getValue()))
                                    .toList(),
                    "listed", found.stream().filter(config.secrets()::contains).toList(),
                    "more",
                            found.stream()
                                    .filter(name -> !config.secrets().contains(name))
                                    .toList(),
                    "missing", missing);
        }
    }
}
