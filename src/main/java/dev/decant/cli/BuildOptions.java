package dev.decant.cli;

import dev.decant.build.BuildLog;
import dev.decant.build.Builder;
import dev.decant.build.BuiltRelease;
import dev.decant.build.Git;
import dev.decant.config.Config;
import dev.decant.release.Packer;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseShelf;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Which release: one that is on this machine, or one that is built now. Here the two halves meet:
/// what [Builder] made is handed to [Packer].
final class BuildOptions {

    @Option(
            names = "--dirty",
            description = "Build what is there, committed or not; the release's name says so.")
    boolean dirty;

    @Option(
            names = "--rebuild",
            description = "Build even if this machine has a release of the commit already.")
    boolean rebuild;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show what the build prints.")
    boolean verbose;

    private static ReleaseShelf shelf(Config config, Wiring wiring) {
        Path releases = wiring.xdg("XDG_DATA_HOME", ".local/share").resolve("releases");
        return new ReleaseShelf(releases.resolve(config.names().unit()), config.names().app());
    }

    /// @param given what `--release` said; null to build
    Release release(Config config, Wiring wiring, @Nullable String given, BuildLog log)
            throws IOException, InterruptedException {
        ReleaseShelf shelf = shelf(config, wiring);
        if (given != null) {
            return shelf.get(given);
        }
        if (!rebuild) {
            Optional<Release> there = ofCommit(config, shelf);
            if (there.isPresent()) {
                log.note(
                        "The commit has been built already: "
                                + there.get().id()
                                + " (--rebuild builds it again).");
                return there.get();
            }
        }
        Path work = wiring.xdg("XDG_CACHE_HOME", ".cache").resolve("build");
        Builder.Request request =
                new Builder.Request(
                        config.project(), config.names().release(), config.mixEnv(), dirty, work);
        try (BuiltRelease built = Builder.build(request, log)) {
            return pack(config, shelf, built);
        }
    }

    private static Optional<Release> ofCommit(Config config, ReleaseShelf shelf)
            throws IOException, InterruptedException {
        Git git = Git.at(config.project());
        return git.changes().isEmpty()
                ? shelf.ofCommit(git.commit(), config.mixEnv())
                : Optional.empty();
    }

    private static Release pack(Config config, ReleaseShelf shelf, BuiltRelease built)
            throws IOException {
        ReleaseId id = ReleaseId.of(built.began(), built.version(), built.commit(), built.dirty());
        Path draft = shelf.draft(id);
        try {
            return shelf.keep(
                    Packer.pack(
                            built.tarball(),
                            new Packer.About(
                                    id,
                                    config.names().app(),
                                    config.names().release(),
                                    built.version(),
                                    built.commit(),
                                    built.dirty(),
                                    built.lock(),
                                    built.elixir(),
                                    built.otp(),
                                    config.mixEnv()),
                            draft));
        } finally {
            shelf.discard(draft);
        }
    }
}
