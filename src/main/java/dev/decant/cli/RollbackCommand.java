package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Rollback;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.host.HostFacts;
import dev.decant.ui.CommandLog;
import dev.decant.web.Recording;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "rollback",
        description =
                "Go back to the release that served before the present one; once more goes further"
                    + " back. With its settings of then and the secrets of now. Databases stay as"
                    + " they are.")
final class RollbackCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "RELEASE",
            description =
                    "Go to this one instead: a name that `decant releases` lists, or an unambiguous"
                            + " part of it.")
    @Nullable
    private String release;

    @Mixin private final LockOptions lock = new LockOptions();

    @Mixin private final ReportOptions reports = new ReportOptions();

    RollbackCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config all = project.config(wiring);
        Config config = hosts.of(all);
        boolean whole = HostOptions.all(all, config);
        return reports.recorded(wiring, config, recording -> goBack(config, whole, recording));
    }

    private int goBack(Config config, boolean whole, Recording recording) throws Exception {
        CommandLog log = output.log(wiring, false);
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts = fleet.lockedFacts(lock.claim(wiring));
            recording.serving(facts);
            Rollback rollback = Rollback.plan(facts, Optional.ofNullable(release));
            rollback.warnings().forEach(log::note);
            RolloutLog told = recording.beside(ResumeCommand.kept(wiring, config, facts, log));
            DeployReport report;
            try (Observers observers = Observers.of(config, wiring, told)) {
                Rollout rollout = observers.rollout(fleet, config);
                report = Main.rolling(fleet, () -> rollout.rollback(rollback, facts));
            }
            report = new Publishing(wiring, config, log).afterRollback(report, whole);
            log.clear();
            return output.print(wiring, report);
        }
    }
}
