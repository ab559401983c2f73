package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.HostChanges;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Planner;
import dev.decant.host.HostFacts;
import dev.decant.io.Digest;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.ui.PlanJson;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is to be deployed: the same words for `deploy` and for `plan`, which stops before it.
final class DeployOptions {

    @Mixin final ReleaseOptions release = new ReleaseOptions();

    @Option(names = "--again", description = "Deploy even where nothing would change: restarts.")
    boolean again;

    /// What is to be sent of it; to be closed.
    static Parcels parcels(Config config, Wiring wiring, Release wanted) throws IOException {
        return Parcels.of(
                wanted,
                BuildOptions.shelf(config, wiring),
                wiring.xdg("XDG_CACHE_HOME", ".cache").resolve("parcels"),
                config.store(),
                config.names().unit());
    }

    /// Decides.
    static Plan plan(
            Config config,
            Parcels parcels,
            Map<String, HostFacts> facts,
            List<Secret> secrets,
            boolean again) {
        return Planner.plan(
                config, parcels.release(), facts, parcels.deltas(facts), secrets, again);
    }

    /// For programs.
    static Map<String, Object> json(
            Plan plan,
            Map<String, HostChanges> changes,
            Config config,
            Release wanted,
            boolean again)
            throws IOException {
        return PlanJson.of(
                plan,
                changes,
                new PlanJson.Basis(
                        config.environment(),
                        Optional.of(wanted.digest()),
                        Digest.of(config.file()),
                        again));
    }
}
