package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.project.MixLock;
import dev.decant.release.Dependency;
import dev.decant.toolchain.Toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Has Mix build what is checked out in a workspace, here or on a build server.
final class MixBuild {

    /// In what is kept: the files by which dependencies were fetched, and found to be as locked.
    private static final String FETCHED = "fetched";

    private final Steps steps;
    private final Workspace workspace;
    private final Toolchain toolchain;
    private final Path project;
    private final Path kept;
    private final Commit commit;

    /// @param release its name in mix.exs
    /// @param project the folder of mix.exs, in a checkout on this machine
    /// @param prefix of that folder in the checkout
    /// @param defining the files that say what is to be fetched: the same text, the same files
    /// @param ownDeps it has files of its own where Mix puts what it fetches
    /// @param hexHome where Hex keeps what it downloads, on the machine that builds
    record Commit(
            String release,
            String mixEnv,
            Path project,
            String prefix,
            String defining,
            boolean ownDeps,
            Path hexHome) {}

    MixBuild(Steps steps, Workspace workspace, Toolchain toolchain, Commit commit)
            throws IOException {
        this.steps = steps;
        this.workspace = workspace;
        this.toolchain = toolchain;
        this.commit = commit;
        this.project = workspace.checkout().resolve(commit.prefix()).normalize();
        this.kept =
                workspace.kept(
                        List.of(
                                commit.prefix(),
                                Digest.of(commit.project().resolve(MixLock.FILE_NAME)).hex(),
                                toolchain.elixir(),
                                toolchain.otp()));
    }

    /// Leaves a release in [Workspace#out()].
    void run() throws IOException, InterruptedException {
        List<Dependency> dependencies = MixLock.read(commit.project());
        workspace.must(workspace.folder(), "mkdir", "-p", kept.resolve("_build").toString());
        if (!commit.ownDeps()) {
            workspace.must(project, "mkdir", "-p", deps().toString());
            // Assets are built with what is there.
            workspace.must(project, "ln", "-sfn", deps().toString(), "deps");
        }
        if (commit.ownDeps()
                || !workspace.lines(kept.resolve(FETCHED)).equals(List.of(commit.defining()))) {
            fetch(dependencies);
            workspace.write(kept.resolve(FETCHED), commit.defining());
        }
        if (Files.readString(commit.project().resolve("mix.exs")).contains("\"assets.deploy\"")) {
            mix("compile", "compile");
            mix("assets", "assets.deploy");
        }
        workspace.must(workspace.folder(), "rm", "-rf", workspace.out().toString());
        mix(
                "release",
                "release",
                commit.release(),
                "--overwrite",
                "--path",
                workspace.out().resolve("rel").resolve(commit.release()).toString());
        mustBeLocked();
    }

    private void fetch(List<Dependency> dependencies) throws IOException, InterruptedException {
        if (dependencies.stream().anyMatch(Dependency.Hex.class::isInstance)) {
            mix("hex", "local.hex", "--force", "--if-missing");
            mix("rebar", "local.rebar", "--force", "--if-missing");
        }
        List<String> get = new ArrayList<>(List.of("deps.get", "--only", commit.mixEnv()));
        if (toolchain.checksLock()) {
            get.add("--check-locked");
        }
        mix("dependencies", get.toArray(String[]::new));
        mustBeLocked();
        try {
            compare(dependencies);
        } catch (Failure failure) {
            // Or the next build would find the same there.
            workspace.must(workspace.folder(), "rm", "-rf", kept.toString());
            throw failure;
        }
    }

    private void compare(List<Dependency> dependencies) throws IOException, InterruptedException {
        if (toolchain.machine().name().isEmpty()) {
            compare(dependencies, deps(), commit.hexHome());
            return;
        }
        Path scratch = Files.createTempDirectory(commit.project().getParent(), ".fetched");
        try {
            steps.timed(
                    "comparison",
                    () -> {
                        workspace.fetch(
                                deps(),
                                List.of("."),
                                Files.createDirectory(scratch.resolve("deps")));
                        Path hex = Files.createDirectory(scratch.resolve("hex"));
                        workspace.fetch(
                                commit.hexHome(), FetchedDependencies.downloads(dependencies), hex);
                        compare(dependencies, scratch.resolve("deps"), hex);
                    });
        } finally {
            Trees.delete(scratch);
        }
    }

    private void compare(List<Dependency> dependencies, Path deps, Path hexHome)
            throws IOException, InterruptedException {
        List<String> byWordOnly = FetchedDependencies.mustBe(dependencies, deps, hexHome);
        if (!byWordOnly.isEmpty()) {
            steps.note(
                    "Without their downloads, these were compared with mix.lock only by what Hex"
                            + " has written of them: "
                            + String.join(", ", byWordOnly)
                            + ".");
        }
    }

    /// Mix is told, so that what is checked is what it takes.
    private Path deps() {
        return commit.ownDeps() ? project.resolve("deps") : kept.resolve("deps");
    }

    private void mix(String step, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("mix"));
        words.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>();
        environment.put("MIX_ENV", commit.mixEnv());
        environment.put("MIX_DEPS_PATH", deps().toString());
        environment.put(
                "MIX_BUILD_PATH", kept.resolve("_build").resolve(commit.mixEnv()).toString());
        environment.put("CI", "true");
        Program program = toolchain.program(workspace.known(words), project, environment);
        steps.run(step, words, program);
    }

    private void mustBeLocked() throws IOException, InterruptedException {
        List<String> locked = Files.readAllLines(commit.project().resolve(MixLock.FILE_NAME));
        List<String> now = workspace.lines(project.resolve(MixLock.FILE_NAME));
        if (now.equals(locked)) {
            return;
        }
        List<String> difference = new ArrayList<>();
        locked.stream()
                .filter(line -> !now.contains(line))
                .forEach(line -> difference.add("- " + line.strip()));
        now.stream()
                .filter(line -> !locked.contains(line))
                .forEach(line -> difference.add("+ " + line.strip()));
        throw new Failure(new BuildProblem.LockChanged(difference));
    }
}
