package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.deploy.Rollout;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.secrets.Secrets;
import dev.decant.ui.ConsoleLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

@Command(
        name = "deploy",
        description =
                "Put a release on the hosts: the current commit's, or one that is on this machine."
                        + " A host on which it does not get healthy goes back to what it served"
                        + " before.")
final class DeployCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final BuildOptions build = new BuildOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--release",
            paramLabel = "ID",
            description =
                    "A release that is on this machine, by its name or an unambiguous part of it.")
    @Nullable
    private String release;

    @Option(names = "--again", description = "Deploy even where nothing would change: restarts.")
    private boolean again;

    DeployCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        ConsoleLog log = wiring.log(build.verbose);
        List<Secret> secrets = Secrets.from(config.secrets(), wiring.environment());
        // Before a build that may take minutes: whoever cannot be reached is known now.
        try (Fleet fleet = Fleet.connect(config)) {
            Release wanted = build.release(config, wiring, release, log);
            fleet.lock(wiring.owner());
            Plan plan =
                    Planner.plan(
                            config,
                            wanted,
                            fleet.facts(wanted.manifest().target().sonames()),
                            names(secrets),
                            again);
            DeployReport report =
                    new Rollout(fleet, log, wiring.owner()).run(plan, config, wanted, secrets);
            log.clear();
            return Results.print(wiring, report, output.json);
        }
    }

    static Set<String> names(List<Secret> secrets) {
        return secrets.stream().map(Secret::name).collect(Collectors.toSet());
    }
}
