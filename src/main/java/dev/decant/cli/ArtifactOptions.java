package dev.decant.cli;

import dev.decant.build.BuildLog;
import dev.decant.build.Builder;
import dev.decant.build.Git;
import dev.decant.config.Config;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.project.LockFile;
import dev.decant.project.MixLock;
import dev.decant.project.RebarLock;
import dev.decant.release.Artifact;
import dev.decant.release.Dependency;
import dev.decant.release.Earlier;
import dev.decant.release.Manifest;
import dev.decant.release.Packer;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseProblem;
import dev.decant.release.ReleaseShelf;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A release that was made elsewhere: how it gets onto this machine's shelf, where it is one like
/// any other.
class ArtifactOptions {

    /// In which CI says what it builds: GitHub's, GitLab's, CodeBuild's.
    private static final List<String> COMMITS =
            List.of("GITHUB_SHA", "CI_COMMIT_SHA", "CODEBUILD_RESOLVED_SOURCE_VERSION");

    private static final String COMMIT = "[0-9a-f]{40}|[0-9a-f]{64}";

    @Option(
            names = "--commit",
            paramLabel = "SHA",
            description =
                    "Of which commit the artifact was made. Default: what is in it, if Decant made"
                            + " it, or else what CI says (GITHUB_SHA, CI_COMMIT_SHA,"
                            + " CODEBUILD_RESOLVED_SOURCE_VERSION).")
    @Nullable
    private String commit;

    private record Origin(String commit, String source) {}

    /// What was locked when it was made, as far as that is known here.
    private record Locked(Optional<Digest> lock, List<Dependency> dependencies) {}

    /// Takes it in; one that is there already stays what it is.
    ///
    /// @param file as it was typed
    final Release takeIn(Config config, Wiring wiring, Path file, BuildLog log)
            throws IOException, InterruptedException {
        boolean erlang = config.kind().hasErlang();
        Artifact artifact = Artifact.read(wiring.folder().resolve(file).normalize(), erlang);
        String wanted = config.names().release();
        if (erlang == artifact.erts().isEmpty()) {
            throw bad(
                    artifact,
                    "There is an Erlang in it, and decant.toml says that kind is \"generic\".");
        }
        if ((erlang && !artifact.programs().contains(wanted))
                || !artifact.manifest()
                        .map(Manifest::app)
                        .orElse(config.names().app())
                        .equals(config.names().app())) {
            throw bad(
                    artifact,
                    "decant.toml says that the release is "
                            + wanted
                            + "; in it there is bin/"
                            + String.join(", bin/", artifact.programs())
                            + ".");
        }
        Origin origin = origin(artifact, wiring);
        ReleaseShelf shelf = BuildOptions.shelf(config, wiring);
        String version = version(config, artifact, origin.commit());
        boolean dirty = artifact.manifest().map(Manifest::dirty).orElse(false);
        ReleaseId id =
                shelf.free(
                        made(config, artifact, origin.commit()), version, origin.commit(), dirty);
        Path draft = shelf.draft(id);
        try {
            Release packed =
                    artifact.manifest().isPresent()
                            ? Packer.restore(artifact, id, draft)
                            : pack(config, artifact, id, version, origin, draft, shelf.newest());
            Optional<Release> there =
                    shelf.like(packed).stream()
                            .filter(it -> artifact.manifest().isEmpty() || isSame(it, packed))
                            .findFirst();
            if (there.isPresent()) {
                log.note(file + " is here already: " + there.get().id() + ".");
                return there.get();
            }
            Files.copy(config.file(), packed.settingsFile());
            Release kept = shelf.keep(packed);
            log.note(said(file, kept, origin));
            return kept;
        } finally {
            shelf.discard(draft);
        }
    }

    /// Where the release does not say it, by what its commit says here.
    private static String version(Config config, Artifact artifact, String commit)
            throws IOException, InterruptedException {
        return artifact.version().isEmpty()
                ? Builder.version(config.generic().orElseThrow(), config.project(), commit)
                : artifact.version();
    }

    /// The same for each machine that can tell, so that the release has the same name there.
    private static Instant made(Config config, Artifact artifact, String commit)
            throws IOException, InterruptedException {
        Optional<Instant> made = artifact.made();
        if (made.isEmpty() && Git.isOne(config.project())) {
            made = Git.at(config.project()).time(commit);
        }
        return made.orElseGet(Instant::now);
    }

    /// Of one that Decant made, to the last letter: it may have been signed.
    private static boolean isSame(Release there, Release packed) {
        return there.digest().equals(packed.digest()) && (there.signed() || !packed.signed());
    }

    private static String said(Path file, Release kept, Origin origin) {
        return file
                + " is now "
                + kept.id()
                + ", of commit "
                + kept.manifest().commit().substring(0, 7)
                + " as "
                + origin.source()
                + " says"
                + (kept.manifest().lock().isPresent() || kept.manifest().erts().isEmpty()
                        ? "."
                        : "; its lock is not known here, so the bill of materials has only what"
                                + " its files say.");
    }

    private Origin origin(Artifact artifact, Wiring wiring) {
        if (artifact.manifest().isPresent()) {
            String made = artifact.manifest().get().commit();
            if (commit != null && !made.equals(commit)) {
                throw bad(
                        artifact, "It was made of " + made + ", and --commit says " + commit + ".");
            }
            return new Origin(made, "its manifest");
        }
        if (commit != null) {
            return known(artifact, new Origin(commit, "--commit"));
        }
        return COMMITS.stream()
                .filter(name -> wiring.environment().containsKey(name))
                .map(name -> new Origin(wiring.environment().getOrDefault(name, ""), name))
                .findFirst()
                .map(origin -> known(artifact, origin))
                .orElseThrow(
                        () ->
                                unknown(
                                        artifact,
                                        "It has no manifest of Decant's, there is no --commit, and"
                                                + " no CI has set "
                                                + String.join(", ", COMMITS)
                                                + "."));
    }

    private static Origin known(Artifact artifact, Origin origin) {
        if (!origin.commit().matches(COMMIT)) {
            throw unknown(
                    artifact,
                    origin.source()
                            + " says '"
                            + origin.commit().replaceAll("\\p{Cntrl}", "?")
                            + "', which is not a commit in full: 40 digits, or 64.");
        }
        return origin;
    }

    private static Failure unknown(Artifact artifact, String reason) {
        return new Failure(new ReleaseProblem.CommitUnknown(artifact.file(), reason));
    }

    private static Failure bad(Artifact artifact, String reason) {
        return new Failure(new ReleaseProblem.BadArtifact(artifact.file(), reason));
    }

    private static Release pack(
            Config config,
            Artifact artifact,
            ReleaseId id,
            String version,
            Origin origin,
            Path draft,
            Earlier earlier)
            throws IOException, InterruptedException {
        Locked locked = locked(config, origin.commit(), draft.resolve("lock"));
        return Packer.pack(
                artifact.file(),
                new Packer.About(
                        id,
                        config.names().app(),
                        config.names().release(),
                        version,
                        origin.commit(),
                        false,
                        locked.lock(),
                        locked.dependencies(),
                        artifact.elixir(),
                        artifact.otp(),
                        config.build().mixEnv(),
                        BuildOptions.program(config)),
                draft,
                earlier);
    }

    /// The lock of that very commit, if this machine has it; what is in the working tree may be any
    /// other.
    private static Locked locked(Config config, String commit, Path scratch)
            throws IOException, InterruptedException {
        Optional<LockFile> lock = LockFile.of(config.kind());
        try {
            return lock.isPresent()
                            && Git.isOne(config.project())
                            && Git.at(config.project())
                                    .write(commit, lock.get().fileName(), scratch)
                    ? new Locked(
                            Optional.of(Digest.of(scratch)),
                            parsed(lock.get(), Files.readString(scratch)))
                    : new Locked(Optional.empty(), List.of());
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    private static List<Dependency> parsed(LockFile kind, String lock) {
        return switch (kind) {
            case MIX -> MixLock.parse(lock);
            case REBAR3 -> RebarLock.parse(lock);
        };
    }
}
