package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.problem.Nearest;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// On which of an environment's hosts.
final class HostOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--hosts",
            paramLabel = "HOST",
            split = ",",
            description = "Only on these of decant.toml, such as web1,web2.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description = "Only on hosts that have one of these roles.")
    private List<String> roles = new ArrayList<>();

    @Option(
            names = "--without",
            paramLabel = "HOST",
            split = ",",
            description = "Leave these out, such as one that is dead: it keeps what it has.")
    private List<String> without = new ArrayList<>();

    /// All that were asked for; all there are where none was.
    Config of(Config config) {
        return given() ? config.on(chosen(config)) : config;
    }

    /// As [#of(Config)]; where none was asked for, the one on which migrations run.
    Config one(Config config) {
        return given() ? of(config) : config.on(List.of(config.migrationHost()));
    }

    /// Whether those that are left are all that there are.
    static boolean all(Config all, Config chosen) {
        return chosen.hosts().size() == all.hosts().size();
    }

    private boolean given() {
        return !hosts.isEmpty() || !roles.isEmpty() || !without.isEmpty();
    }

    private List<HostConfig> chosen(Config config) {
        List<String> names = config.hosts().stream().map(HostConfig::name).toList();
        Set<String> known = new TreeSet<>();
        config.hosts().forEach(host -> known.addAll(host.roles()));
        check("host", hosts, names);
        check("role", roles, List.copyOf(known));
        check("host", without, names);
        boolean all = hosts.isEmpty() && roles.isEmpty();
        List<HostConfig> chosen =
                config.hosts().stream()
                        .filter(
                                host ->
                                        all
                                                || hosts.contains(host.name())
                                                || host.roles().stream().anyMatch(roles::contains))
                        .filter(host -> !without.contains(host.name()))
                        .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(command.commandLine(), "No host is left.");
        }
        return chosen;
    }

    private void check(String kind, List<String> given, List<String> known) {
        for (String name : given) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        command.commandLine(),
                        "There is no "
                                + kind
                                + " '"
                                + name
                                + "' here. "
                                + (known.isEmpty()
                                        ? "No host has any."
                                        : Nearest.hint(name, known)));
            }
        }
    }
}
