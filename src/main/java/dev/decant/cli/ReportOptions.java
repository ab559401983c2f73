package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseDiff;
import dev.decant.release.ReleaseShelf;
import dev.decant.web.Changes;
import dev.decant.web.Pages;
import dev.decant.web.Recorded;
import dev.decant.web.Recording;
import dev.decant.web.Recordings;
import dev.decant.web.Rollup;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// Where it is written down what a rollout did.
final class ReportOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Write an HTML page there of what was done, when and how it ended; also where"
                            + " it fails.")
    @Nullable
    private Path file;

    /// Something that is worth to be written down.
    interface Work {
        int run(Recording recording) throws Exception;
    }

    /// Does it, and keeps what it tells, whatever becomes of it.
    ///
    /// @return its exit status
    int recorded(Wiring wiring, Config config, Work work) throws Exception {
        Optional<Path> page = Optional.ofNullable(file).map(wiring.folder()::resolve);
        page.ifPresent(this::check);
        Recording recording =
                recordings(config, wiring)
                        .begin(
                                config.names().unit(),
                                config.environment(),
                                command.name(),
                                wiring.owner());
        try (recording) {
            return run(work, recording);
        } finally {
            page.ifPresent(it -> write(it, recording.recorded(), config, wiring));
        }
    }

    private static int run(Work work, Recording recording) throws Exception {
        try {
            return work.run(recording);
        } catch (Failure failure) {
            recording.stopped(failure);
            throw failure;
        }
    }

    /// Not after all was done.
    private void check(Path page) {
        Path folder = page.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(page)) {
            throw new ParameterException(
                    command.commandLine(), "No file can be at --report " + page + ".");
        }
    }

    private static void write(Path page, Recorded recorded, Config config, Wiring wiring) {
        try {
            ReleaseShelf shelf = BuildOptions.shelf(config, wiring);
            Pages.report(
                    Rollup.of(
                            recorded,
                            Instant.now(),
                            false,
                            recorded.releases().flatMap(pair -> changes(shelf, pair))),
                    page);
        } catch (IOException e) {
            wiring.err().println("decant: The report was not written: " + e);
        }
    }

    static Recordings recordings(Config config, Wiring wiring) {
        return new Recordings(wiring.rollouts().resolve(config.names().unit()));
    }

    /// @return empty where one of the releases is not on this machine
    static Optional<Changes> changes(ReleaseShelf shelf, Recorded.Pair releases) {
        try {
            return Optional.of(
                    Changes.of(
                            ReleaseDiff.of(
                                    shelf.open(releases.from()), shelf.open(releases.to()))));
        } catch (IOException | Failure e) {
            return Optional.empty();
        }
    }
}
