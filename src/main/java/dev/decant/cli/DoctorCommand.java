package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.Hardening;
import dev.decant.config.HealthConfig;
import dev.decant.config.Kind;
import dev.decant.deploy.AppEnvironment;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Planner;
import dev.decant.host.HostFacts;
import dev.decant.lint.HostSettings;
import dev.decant.lint.Lint;
import dev.decant.lint.Severity;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.MixProject;
import dev.decant.project.RebarProject;
import dev.decant.secrets.Secret;
import dev.decant.source.Sources;
import dev.decant.ui.Diagnosis;
import dev.decant.ui.DiagnosisPrinter;
import dev.decant.ui.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// Here the two halves meet: what the project's files say is held against what hosts have.
@Command(
        name = "doctor",
        description =
                "Look for what will go wrong some night: in the project, whose files are read and"
                        + " never run, and on the hosts. Changes nothing.")
final class DoctorCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(names = "--no-hosts", description = "Look at the project only; connect to nobody.")
    private boolean noHosts;

    @Option(names = "--strict", description = "End with status 3 for warnings as well.")
    private boolean strict;

    DoctorCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        switch (config.kind()) {
            case MIX -> MixProject.read(config.project());
            case REBAR3 -> {
                RebarProject.read(config.project(), config.build().mixEnv());
                wiring.log(false)
                        .note(
                                "The rules of docs/reference/doctor.md are for projects of Mix; of"
                                        + " this one it was only seen that rebar.config makes a"
                                        + " release.");
            }
            case GENERIC ->
                    wiring.log(false)
                            .note(
                                    "The rules of docs/reference/doctor.md are for projects of Mix;"
                                        + " a generic one is not looked at, only its hosts are.");
        }
        Asked asked = noHosts ? new Asked(List.of(), Optional.empty()) : ask(config);
        Diagnosis diagnosis =
                Diagnosis.of(
                        config.kind() == Kind.MIX
                                ? Lint.check(config.project(), settings(config, asked.variables()))
                                : List.of(),
                        config.acknowledged(),
                        asked.problems(),
                        !noHosts);
        ExitStatus status =
                diagnosis.count(Severity.ERROR) > 0
                                || (strict && diagnosis.count(Severity.WARNING) > 0)
                        ? ExitStatus.REFUSED
                        : ExitStatus.DONE;
        if (output.json) {
            Json.print(wiring.out(), Json.of(status, diagnosis));
        } else {
            DiagnosisPrinter.print(wiring.out(), diagnosis);
        }
        return status.number();
    }

    /// @param variables that the app has on every host; empty where that is not known
    private record Asked(List<Problem> problems, Optional<Set<String>> variables) {}

    /// A host that cannot be reached is a finding like others.
    private Asked ask(Config settings) throws InterruptedException {
        try (Fleet fleet = Fleet.connect(settings)) {
            Sources.Found found = Sources.find(settings, wiring.environment());
            Config config = found.config();
            Set<String> given =
                    found.secrets().stream().map(Secret::name).collect(Collectors.toSet());
            Map<String, HostFacts> facts = fleet.facts();
            List<Problem> problems = Planner.problems(config, facts, given);
            boolean deployed =
                    facts.values().stream().allMatch(host -> host.liveDeployment().isPresent());
            return new Asked(
                    problems,
                    problems.isEmpty() && deployed
                            ? Optional.of(onAll(AppEnvironment.of(fleet, config, false)))
                            : Optional.empty());
        } catch (Failure failure) {
            return new Asked(failure.problems(), Optional.empty());
        }
    }

    private static Set<String> onAll(List<AppEnvironment> hosts) {
        List<Set<String>> names = new ArrayList<>();
        for (AppEnvironment host : hosts) {
            names.add(
                    host.variables().stream()
                            .map(AppEnvironment.Variable::name)
                            .collect(Collectors.toSet()));
        }
        Set<String> common = new HashSet<>(names.getFirst());
        names.forEach(common::retainAll);
        return common;
    }

    private static HostSettings settings(Config config, Optional<Set<String>> machines) {
        Set<String> variables = new HashSet<>(AppEnvironment.names(config));
        machines.ifPresent(variables::addAll);
        return new HostSettings(
                config.names().release(),
                config.build().mixEnv(),
                variables,
                machines.isPresent(),
                config.health().check() == HealthConfig.Check.HTTP
                        ? Optional.of(config.health().path())
                        : Optional.empty(),
                config.service().drainTimeout(),
                config.unit().limits().files(),
                config.unit().limits().tasks(),
                config.unit().hardening() == Hardening.STRICT
                        && !config.unit().except().containsKey("ProcSubset"),
                config.service().distribution().isPresent());
    }
}
