package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Rollback;
import dev.decant.deploy.Rollout;
import dev.decant.host.HostFacts;
import dev.decant.ui.CommandLog;
import dev.decant.web.Recording;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

@Command(
        name = "rollback",
        description =
                "Go back to the environment and secrets that were there before the present ones, in"
                        + " the release that serves; once more goes further back. They are those of"
                        + " deployments that hosts keep.")
final class EnvironmentRollbackCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "DEPLOYMENT",
            description =
                    "Take those of this one instead: its number, which `decant history` has. Each"
                            + " host counts by itself.")
    @Nullable
    private Integer deployment;

    @Mixin private final LockOptions lock = new LockOptions();

    @Mixin private final ReportOptions reports = new ReportOptions();

    EnvironmentRollbackCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        return reports.recorded(wiring, config, recording -> goBack(config, recording));
    }

    private int goBack(Config config, Recording recording) throws Exception {
        CommandLog log = output.log(wiring, false);
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts =
                    fleet.comparedFacts(Optional.of(lock.claim(wiring)), false);
            recording.serving(facts);
            Rollback rollback =
                    Rollback.environment(
                            facts,
                            deployment == null ? OptionalInt.empty() : OptionalInt.of(deployment));
            rollback.warnings().forEach(line -> log.note("", line));
            DeployReport report;
            try (Observers observers = Observers.of(config, wiring, recording.beside(log))) {
                Rollout rollout = observers.rollout(fleet, config);
                report = Main.rolling(fleet, () -> rollout.rollback(rollback, facts));
            }
            log.clear();
            return output.print(wiring, report);
        }
    }
}
