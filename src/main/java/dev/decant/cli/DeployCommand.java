package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.host.HostFacts;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.secrets.Secrets;
import dev.decant.ui.CommandLog;
import dev.decant.web.Recording;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "deploy",
        description =
                "Put a release on the hosts: the current commit's, one that is on this machine, or"
                        + " one that was made elsewhere."
                        + " A host on which it does not get healthy goes back to what it served"
                        + " before.")
final class DeployCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final DeployOptions options = new DeployOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Mixin private final ReportOptions reports = new ReportOptions();

    DeployCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        return reports.recorded(wiring, config, recording -> deploy(config, recording));
    }

    private int deploy(Config config, Recording recording) throws Exception {
        CommandLog log = output.log(wiring, options.release.build.verbose);
        List<Secret> secrets = Secrets.from(config.secrets(), wiring.environment());
        try (Fleet fleet = Fleet.begin(config)) {
            Release wanted = options.release.meanwhile(fleet, config, wiring, log);
            try (Parcels parcels = DeployOptions.parcels(config, wiring, wanted)) {
                Map<String, HostFacts> facts =
                        parcels.survey(fleet, Optional.of(lock.claim(wiring)));
                recording.serving(facts);
                Plan plan = options.plan(config, parcels, facts, secrets);
                RolloutLog told =
                        recording.beside(ResumeCommand.kept(wiring, config, facts, log));
                DeployReport report =
                        Main.rolling(
                                fleet,
                                () ->
                                        new Rollout(fleet, told, wiring.owner(), config)
                                                .run(plan, config, parcels, facts, secrets));
                log.clear();
                return output.print(wiring, report);
            }
        }
    }
}
