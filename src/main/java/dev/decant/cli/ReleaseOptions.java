package dev.decant.cli;

import dev.decant.build.BuildLog;
import dev.decant.config.Config;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.PlanFile;
import dev.decant.problem.Failure;
import dev.decant.release.Compression;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.ui.CommandLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;

/// Which release is to get to hosts: one that is on this machine, one that was made elsewhere, or
/// the current commit's.
final class ReleaseOptions {

    @Mixin final BuildOptions build = new BuildOptions();

    @ArgGroup private final Which which = new Which();

    /// One of them at most.
    static final class Which {
        @Option(
                names = "--release",
                paramLabel = "ID",
                description =
                        "A release that is on this machine, by its name or an unambiguous part of"
                                + " it. Default: the current commit's.")
        @Nullable
        private String release;

        @ArgGroup(exclusive = false)
        @Nullable
        private Made made;
    }

    /// Elsewhere.
    static final class Made extends ArtifactOptions {
        @Option(
                names = "--artifact",
                paramLabel = "FILE",
                required = true,
                description =
                        "A tar.gz that was made elsewhere, by mix release with its step :tar or by"
                                + " decant release export.")
        private Path file = Path.of("");
    }

    /// Finds or builds it while hosts are being connected.
    Release meanwhile(Fleet fleet, Config config, Wiring wiring, CommandLog log)
            throws IOException, InterruptedException {
        if (which.made != null) {
            Thread.ofPlatform().daemon().start(Compression::warmUp);
            return BuildOptions.signed(
                    config, which.made.takeIn(config, wiring, which.made.file, log), log);
        }
        return build.meanwhile(fleet, config, wiring, which.release, log);
    }

    /// The one that a plan names.
    ///
    /// @throws Failure with [DeployProblem.PlannedReleaseMissing]
    Release meanwhile(Fleet fleet, Config config, Wiring wiring, PlanFile planned, CommandLog log)
            throws IOException, InterruptedException {
        ReleaseId id = planned.release();
        if (!BuildOptions.shelf(config, wiring).all().contains(id)) {
            throw new Failure(new DeployProblem.PlannedReleaseMissing(planned.name(), id.value()));
        }
        return build.meanwhile(fleet, config, wiring, id.value(), log);
    }

    Release release(Config config, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        return which.made != null
                ? which.made.takeIn(config, wiring, which.made.file, log)
                : build.release(config, wiring, which.release, log);
    }
}
