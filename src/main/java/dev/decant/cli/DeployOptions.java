package dev.decant.cli;

import dev.decant.build.BuildLog;
import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/// What is to be deployed: the same words for `deploy` and for `plan`, which stops before it.
final class DeployOptions {

    @Mixin final BuildOptions build = new BuildOptions();

    @Option(
            names = "--release",
            paramLabel = "ID",
            description =
                    "A release that is on this machine, by its name or an unambiguous part of it."
                            + " Default: the current commit's.")
    @Nullable
    private String release;

    @Option(names = "--again", description = "Deploy even where nothing would change: restarts.")
    private boolean again;

    Release release(Config config, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        return build.release(config, wiring, release, log);
    }

    /// Asks all hosts and decides.
    Plan plan(Config config, Release wanted, Fleet fleet, List<Secret> secrets)
            throws InterruptedException {
        return Planner.plan(
                config,
                wanted,
                fleet.facts(wanted.manifest().target().sonames()),
                secrets.stream().map(Secret::name).collect(Collectors.toSet()),
                again);
    }
}
