package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Release;
import dev.decant.secrets.Secrets;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.PlanPrinter;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

@Command(
        name = "plan",
        description = "Show what deploy would do on each host. Builds if it must; changes no host.")
final class PlanCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final BuildOptions build = new BuildOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(names = "--release", paramLabel = "ID", description = "As for deploy.")
    @Nullable
    private String release;

    @Option(names = "--again", description = "As for deploy.")
    private boolean again;

    PlanCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        ConsoleLog log = wiring.log(build.verbose);
        try (Fleet fleet = Fleet.connect(config)) {
            Release wanted = build.release(config, wiring, release, log);
            Plan plan =
                    Planner.plan(
                            config,
                            wanted,
                            fleet.facts(wanted.manifest().target().sonames()),
                            DeployCommand.names(
                                    Secrets.from(config.secrets(), wiring.environment())),
                            again);
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
