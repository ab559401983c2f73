package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.secrets.Secrets;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.PlanPrinter;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "plan",
        description = "Show what deploy would do on each host. Builds if it must; changes no host.")
final class PlanCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final DeployOptions options = new DeployOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    PlanCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        ConsoleLog log = wiring.log(options.release.build.verbose);
        List<Secret> secrets = Secrets.from(config.secrets(), wiring.environment());
        try (Fleet fleet = Fleet.connect(config)) {
            Release wanted = options.release.release(config, wiring, log);
            try (Parcels parcels = DeployOptions.parcels(config, wiring, wanted)) {
                Plan plan =
                        options.plan(
                                config, parcels, parcels.survey(fleet, Optional.empty()), secrets);
                log.clear();
                if (output.json) {
                    Json.print(wiring.out(), Json.of(plan));
                } else {
                    PlanPrinter.print(wiring.out(), plan);
                }
                return ExitStatus.DONE.number();
            }
        }
    }
}
