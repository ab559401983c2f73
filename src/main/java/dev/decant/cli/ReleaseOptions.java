package dev.decant.cli;

import dev.decant.build.BuildLog;
import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.release.Release;
import dev.decant.ui.ConsoleLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;

/// Which release is to get to hosts: one that is on this machine, or the current commit's.
final class ReleaseOptions {

    @Mixin final BuildOptions build = new BuildOptions();

    @Option(
            names = "--release",
            paramLabel = "ID",
            description =
                    "A release that is on this machine, by its name or an unambiguous part of it."
                            + " Default: the current commit's.")
    @Nullable
    private String release;

    /// Finds or builds it while hosts are being connected.
    Release meanwhile(Fleet fleet, Config config, Wiring wiring, ConsoleLog log)
            throws IOException, InterruptedException {
        return build.meanwhile(fleet, config, wiring, release, log);
    }

    Release release(Config config, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        return build.release(config, wiring, release, log);
    }
}
