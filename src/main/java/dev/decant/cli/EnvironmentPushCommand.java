package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.GeneratedSecrets;
import dev.decant.deploy.HostChanges;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.deploy.Rollout;
import dev.decant.host.HostFacts;
import dev.decant.io.Digest;
import dev.decant.problem.ExitStatus;
import dev.decant.secrets.Secret;
import dev.decant.source.Sources;
import dev.decant.ui.CommandLog;
import dev.decant.ui.Json;
import dev.decant.ui.PlanJson;
import dev.decant.ui.PlanPrinter;
import dev.decant.web.Recording;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Brings hosts what decant.toml and the sources say, in the release that they serve.
abstract class EnvironmentPushCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Mixin private final ReportOptions reports = new ReportOptions();

    @Option(
            names = "--dry-run",
            description = "Show what would be done, as decant plan does. Nothing is changed.")
    private boolean rehearse;

    EnvironmentPushCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public final Integer call() throws Exception {
        Config all = project.config(wiring);
        Config config = hosts.of(all);
        boolean whole = HostOptions.all(all, config);
        if (rehearse) {
            return rehearse(Sources.find(config, wiring.environment()), whole);
        }
        return reports.recorded(wiring, config, recording -> push(config, whole, recording));
    }

    private int rehearse(Sources.Found found, boolean whole)
            throws IOException, InterruptedException {
        Config config = found.config();
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts = fleet.comparedFacts(Optional.empty(), true);
            List<Secret> secrets = GeneratedSecrets.with(config, whole, found.secrets(), facts);
            Plan plan = Planner.push(config, facts, secrets);
            Map<String, HostChanges> changes = HostChanges.ofPush(plan, config, secrets, facts);
            if (output.json) {
                Json.print(
                        wiring.out(),
                        PlanJson.of(
                                plan,
                                changes,
                                new PlanJson.Basis(
                                        config.environment(),
                                        first(config, facts).manifest(),
                                        Digest.of(config.file()),
                                        false)));
            } else {
                PlanPrinter.print(wiring.out(), plan, changes, false);
            }
            return ExitStatus.DONE.number();
        }
    }

    private static HostFacts first(Config config, Map<String, HostFacts> facts) {
        return Objects.requireNonNull(facts.get(config.hosts().getFirst().name()));
    }

    private int push(Config chosen, boolean whole, Recording recording) throws Exception {
        CommandLog log = output.log(wiring, false);
        Sources.Found found = Sources.find(chosen, wiring.environment());
        Config config = found.config();
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts =
                    fleet.comparedFacts(Optional.of(lock.claim(wiring)), true);
            recording.serving(facts);
            List<Secret> secrets = GeneratedSecrets.with(config, whole, found.secrets(), facts);
            Plan plan = Planner.push(config, facts, secrets);
            Map<String, HostChanges> changes = HostChanges.ofPush(plan, config, secrets, facts);
            PlanPrinter.summary(changes).forEach(line -> log.note("plan", line));
            DeployReport report;
            try (Observers observers = Observers.of(config, wiring, recording.beside(log))) {
                Rollout rollout = observers.rollout(fleet, config);
                report = Main.rolling(fleet, () -> rollout.push(plan, config, facts, secrets));
            }
            report = new Publishing(wiring, config, log).after(report, whole);
            log.clear();
            return output.print(wiring, report);
        }
    }
}
