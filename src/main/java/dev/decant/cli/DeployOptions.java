package dev.decant.cli;

import dev.decant.build.BuildLog;
import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.host.HostFacts;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.ui.ConsoleLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.Map;
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

    /// Finds or builds it while hosts are being connected.
    Release meanwhile(Fleet fleet, Config config, Wiring wiring, ConsoleLog log)
            throws IOException, InterruptedException {
        return build.meanwhile(fleet, config, wiring, release, log);
    }

    Release release(Config config, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        return build.release(config, wiring, release, log);
    }

    /// What is to be sent of it; to be closed.
    static Parcels parcels(Config config, Wiring wiring, Release wanted) throws IOException {
        return Parcels.of(
                wanted,
                BuildOptions.shelf(config, wiring),
                wiring.xdg("XDG_CACHE_HOME", ".cache").resolve("parcels"));
    }

    /// Decides.
    Plan plan(Config config, Parcels parcels, Map<String, HostFacts> facts, List<Secret> secrets) {
        return Planner.plan(
                config,
                parcels.release(),
                facts,
                parcels.deltas(facts),
                secrets.stream().map(Secret::name).collect(Collectors.toSet()),
                again);
    }
}
