package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.project.MixLock;
import dev.decant.project.MixProject;
import dev.decant.project.ToolVersions;
import dev.decant.release.Dependency;
import dev.decant.toolchain.Toolchain;
import dev.decant.toolchain.ToolchainLog;
import dev.decant.toolchain.Toolchains;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs `mix release` on a commit, in a checkout of its own: what is not committed cannot get into
/// a release.
public final class Builder {

    private final Request request;
    private final BuildLog log;
    private final Path logFile;

    private Builder(Request request, BuildLog log, Path logFile) {
        this.request = request;
        this.log = log;
        this.logFile = logFile;
    }

    /// @param project the folder of mix.exs
    /// @param release its name in mix.exs
    /// @param dirty build the working tree as it is
    /// @param work a folder for checkouts and logs; made if it is not there
    /// @param toolchains from which the commit's Erlang and Elixir are chosen
    /// @param hexHome where Hex keeps what it downloads
    public record Request(
            Path project,
            String release,
            String mixEnv,
            boolean dirty,
            Path work,
            Toolchains toolchains,
            Path hexHome) {}

    /// Builds. The caller closes what it gets when it has packed it.
    ///
    /// @throws Failure with a [BuildProblem] or a problem of the project
    public static BuiltRelease build(Request request, BuildLog log)
            throws IOException, InterruptedException {
        MixProject.read(request.project());
        // Before Mix sees it: Mix would run what stands there.
        MixLock.read(request.project());
        Git git = Git.at(request.project());
        List<String> changes = git.changes();
        if (!changes.isEmpty() && !request.dirty()) {
            throw new Failure(new BuildProblem.DirtyTree(changes));
        }
        if (!git.tracks("mix.lock")) {
            throw new Failure(
                    new BuildProblem.LockNotCommitted(
                            "git does not track mix.lock; perhaps .gitignore names it."));
        }
        Files.createDirectories(request.work());
        Path place = Files.createTempDirectory(request.work(), request.release() + ".");
        Path logFile = request.work().resolve(request.release() + ".log");
        Path checkout = place.resolve("checkout");
        try {
            return new Builder(request, log, logFile)
                    .build(git, !changes.isEmpty(), place, checkout);
        } catch (Throwable e) {
            // Ctrl-C too must not leave a worktree registered in the user's repository.
            boolean interrupted = Thread.interrupted();
            git.removeCheckout(checkout);
            Trees.delete(place);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    private BuiltRelease build(Git git, boolean dirty, Path place, Path checkout)
            throws IOException, InterruptedException {
        Instant began = Instant.now();
        Files.deleteIfExists(logFile);
        timed(
                "checkout",
                () -> {
                    git.checkout(checkout);
                    if (dirty) {
                        git.overlayWorkingTree(checkout);
                    }
                });
        Path top = checkout.normalize();
        Path project = top.resolve(git.prefix()).normalize();
        mustBeInside(checkout, project.resolve(MixLock.FILE_NAME));
        List<Dependency> dependencies = MixLock.read(project);
        Digest lock = Digest.of(project.resolve(MixLock.FILE_NAME));
        List<String> locked = Files.readAllLines(project.resolve("mix.lock"));
        Toolchain toolchain =
                request.toolchains().choose(ToolVersions.read(project, top), project, recorded());

        if (dependencies.stream().anyMatch(Dependency.Hex.class::isInstance)) {
            mix(toolchain, project, "hex", "local.hex", "--force", "--if-missing");
            mix(toolchain, project, "rebar", "local.rebar", "--force", "--if-missing");
        }
        List<String> get = new ArrayList<>(List.of("deps.get", "--only", request.mixEnv()));
        if (toolchain.checksLock()) {
            get.add("--check-locked");
        }
        mix(toolchain, project, "dependencies", get.toArray(String[]::new));
        mustBeLocked(project, lock, locked);
        List<String> byWordOnly =
                FetchedDependencies.mustBe(dependencies, deps(project), request.hexHome());
        if (!byWordOnly.isEmpty()) {
            log.note(
                    "Without their downloads, these were compared with mix.lock only by what Hex"
                            + " has written of them: "
                            + String.join(", ", byWordOnly)
                            + ".");
        }
        mix(toolchain, project, "compile", "compile");
        if (Files.readString(project.resolve("mix.exs")).contains("\"assets.deploy\"")) {
            mix(toolchain, project, "assets", "assets.deploy");
        }
        Path out = place.resolve("out");
        mix(
                toolchain,
                project,
                "release",
                "release",
                request.release(),
                "--overwrite",
                "--path",
                out.toString());
        mustBeLocked(project, lock, locked);
        return new BuiltRelease(
                tarball(out),
                version(out),
                git.commit(),
                dirty,
                lock,
                dependencies,
                toolchain.elixir(),
                toolchain.otp(),
                began,
                () -> {
                    git.removeCheckout(checkout);
                    Trees.delete(place);
                });
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void timed(String step, Work work) throws IOException, InterruptedException {
        log.step(step);
        Instant began = Instant.now();
        work.run();
        log.done(step, Duration.between(began, Instant.now()));
    }

    private void mix(Toolchain toolchain, Path project, String step, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mix"));
        command.addAll(List.of(words));
        timed(
                step,
                () -> {
                    Program program =
                            toolchain
                                    .program(command)
                                    .in(project)
                                    .env(
                                            Map.of(
                                                    "MIX_ENV",
                                                    request.mixEnv(),
                                                    "MIX_DEPS_PATH",
                                                    deps(project).toString(),
                                                    "CI",
                                                    "true"));
                    Result result = loggedRun(program);
                    if (!result.ok()) {
                        throw new Failure(
                                new BuildProblem.StepFailed(
                                        step, result.status(), result.lastWords(20), logFile));
                    }
                });
    }

    /// What is said of the toolchain stands in the build's log too: it is what cannot be seen from
    /// the commit.
    private ToolchainLog recorded() {
        return new ToolchainLog() {
            @Override
            public void note(String text) {
                log.note(text);
                record(text);
            }

            @Override
            public void downloading(String what, long bytes, long all) {
                log.downloading(what, bytes, all);
            }

            @Override
            public void installed(String what, Duration took) {
                log.installed(what, took);
                record(what + " was installed.");
            }
        };
    }

    private void record(String line) {
        try {
            Files.writeString(
                    logFile,
                    "# " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Mix is told, so that what is checked is what it takes.
    private static Path deps(Path project) {
        return project.resolve("deps");
    }

    private Result loggedRun(Program program) throws IOException, InterruptedException {
        try (BufferedWriter file =
                Files.newBufferedWriter(
                        logFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            file.write("$ " + program.shown() + "\n");
            return program.run(
                    line -> {
                        log.line(line);
                        try {
                            file.write(line + "\n");
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    /// What a link leads to outside of the checkout has not been committed.
    private static void mustBeInside(Path checkout, Path lock) throws IOException {
        if (Files.exists(lock) && !lock.toRealPath().startsWith(checkout.toRealPath())) {
            throw new Failure(
                    new BuildProblem.LockNotCommitted(
                            "It is a link that leads to " + lock.toRealPath() + "."));
        }
    }

    private static void mustBeLocked(Path project, Digest lock, List<String> locked)
            throws IOException {
        if (Digest.of(project.resolve("mix.lock")).equals(lock)) {
            return;
        }
        List<String> now = Files.readAllLines(project.resolve("mix.lock"));
        List<String> difference = new ArrayList<>();
        locked.stream()
                .filter(line -> !now.contains(line))
                .forEach(line -> difference.add("- " + line.strip()));
        now.stream()
                .filter(line -> !locked.contains(line))
                .forEach(line -> difference.add("+ " + line.strip()));
        throw new Failure(new BuildProblem.LockChanged(difference));
    }

    private Path tarball(Path out) throws IOException {
        try (Stream<Path> list = Files.list(out)) {
            List<Path> files = list.sorted().toList();
            return files.stream()
                    .filter(file -> file.getFileName().toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new Failure(
                                            new BuildProblem.NoTarball(
                                                    request.release(),
                                                    files.stream()
                                                            .map(
                                                                    file ->
                                                                            file.getFileName()
                                                                                    .toString())
                                                            .toList())));
        }
    }

    /// `releases/start_erl.data` says `ERTS VERSION`.
    private static String version(Path out) throws IOException {
        String[] words =
                Files.readString(out.resolve("releases/start_erl.data")).strip().split(" ");
        return words[words.length - 1];
    }
}
