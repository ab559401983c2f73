package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.deploy.Rollout;
import dev.decant.host.HostFacts;
import dev.decant.release.Release;
import dev.decant.ui.CommandLog;
import dev.decant.web.Recording;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;

@Command(
        name = "upload",
        description =
                "Put a release beside the one that serves, and stop there: a deploy of it has"
                        + " nothing more to send.")
final class UploadCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final ReleaseOptions release = new ReleaseOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Mixin private final ReportOptions reports = new ReportOptions();

    UploadCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        return reports.recorded(wiring, config, recording -> upload(config, recording));
    }

    private int upload(Config config, Recording recording) throws Exception {
        CommandLog log = output.log(wiring, release.build.verbose);
        try (Fleet fleet = Fleet.begin(config)) {
            Release wanted = release.meanwhile(fleet, config, wiring, log);
            try (Parcels parcels = DeployOptions.parcels(config, wiring, wanted)) {
                Map<String, HostFacts> facts = parcels.surveyForUpload(fleet, lock.claim(wiring));
                recording.serving(facts);
                Plan plan = Planner.upload(config, wanted, facts, parcels.deltas(facts));
                var report =
                        Main.rolling(
                                fleet,
                                () ->
                                        new Rollout(
                                                        fleet,
                                                        recording.beside(log),
                                                        wiring.owner(),
                                                        config)
                                                .upload(plan, parcels, facts));
                log.clear();
                return output.print(wiring, report);
            }
        }
    }
}
