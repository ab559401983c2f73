package dev.decant.build;

import dev.decant.build.Workspace.Checkout;
import dev.decant.config.BuildConfig;
import dev.decant.exec.Program;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.project.Assets;
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

    private static final String TEST = "test";

    /// Two branches with locks of their own, and a toolchain that is being tried.
    private static final int MOST_KEPT = 3;

    private final Steps steps;
    private final Workspace workspace;
    private final Checkout checkout;
    private final Toolchain toolchain;
    private final Path project;
    private final Path kept;
    private final Commit commit;
    private final BuildConfig build;
    private final NpmPackages npm;

    /// Before Mix is run: what is built here is the same file.
    private final List<String> locked;

    /// @param release its name in mix.exs
    /// @param project the folder of mix.exs, in a checkout on this machine
    /// @param prefix of that folder in the checkout
    /// @param defining the files that say what is to be fetched: the same text, the same files
    /// @param ownDeps it has files of its own where Mix puts what it fetches
    /// @param npm what it says of npm's packages
    /// @param hexHome where Hex keeps what it downloads, on the machine that builds
    record Commit(
            String release,
            BuildConfig build,
            Path project,
            String prefix,
            String defining,
            boolean ownDeps,
            NpmPackages.Wanted npm,
            Path hexHome) {}

    MixBuild(
            Steps steps, Workspace workspace, Checkout checkout, Toolchain toolchain, Commit commit)
            throws IOException {
        this.steps = steps;
        this.workspace = workspace;
        this.checkout = checkout;
        this.toolchain = toolchain;
        this.commit = commit;
        this.build = commit.build();
        this.project = workspace.checkout().resolve(commit.prefix()).normalize();
        this.locked = Files.readAllLines(commit.project().resolve(MixLock.FILE_NAME));
        this.kept =
                workspace.kept(
                        List.of(
                                commit.prefix(),
                                Digest.of(commit.project().resolve(MixLock.FILE_NAME)).hex(),
                                toolchain.elixir(),
                                toolchain.otp()));
        this.npm = new NpmPackages(steps, workspace, toolchain, commit.npm(), project);
    }

    /// Leaves a release in [Workspace#out()].
    void run() throws IOException, InterruptedException {
        npm.check();
        workspace.must(workspace.folder(), "mkdir", "-p", kept.resolve("_build").toString());
        List<Dependency> dependencies = MixLock.read(commit.project());
        prepare(dependencies);
        if (build.tests()) {
            mix(project, TEST, "tests", "test");
            // What they have written is not committed.
            workspace.restore(checkout);
            prepare(dependencies);
        }
        npm.install();
        compile();
        for (Path app : assets()) {
            mix(project.resolve(app), build.mixEnv(), "assets", Assets.ALIAS);
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
        workspace.prune(kept, MOST_KEPT);
    }

    private List<Path> assets() {
        return commit.npm().assets().deploys();
    }

    /// Has the dependencies be there.
    private void prepare(List<Dependency> dependencies) throws IOException, InterruptedException {
        if (!commit.ownDeps()) {
            workspace.must(project, "mkdir", "-p", deps().toString());
            // Assets are built with what is there.
            workspace.must(project, "ln", "-sfn", deps().toString(), "deps");
        }
        String fetched = commit.defining() + (build.tests() ? " for tests" : "");
        if (commit.ownDeps() || !workspace.lines(kept.resolve(FETCHED)).equals(List.of(fetched))) {
            fetch(dependencies);
            workspace.write(kept.resolve(FETCHED), fetched);
        }
    }

    /// Else it is a part of `mix release`.
    private void compile() throws IOException, InterruptedException {
        if (build.warningsAsErrors()) {
            // Of what an earlier build has compiled as well.
            mix("compile", "compile", "--warnings-as-errors", "--all-warnings");
        } else if (!assets().isEmpty()) {
            mix("compile", "compile");
        }
    }

    private void fetch(List<Dependency> dependencies) throws IOException, InterruptedException {
        if (dependencies.stream().anyMatch(Dependency.Hex.class::isInstance)) {
            mix("hex", "local.hex", "--force", "--if-missing");
            mix("rebar", "local.rebar", "--force", "--if-missing");
        }
        get(build.mixEnv());
        if (build.tests()) {
            get(TEST);
        }
        mustBeLocked();
        try {
            compare(dependencies);
        } catch (Failure failure) {
            // Or the next build would find the same there.
            workspace.must(workspace.folder(), "rm", "-rf", kept.toString());
            throw failure;
        }
    }

    private void get(String mixEnv) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("deps.get", "--only", mixEnv));
        if (toolchain.checksLock()) {
            words.add("--check-locked");
        }
        mix(project, mixEnv, "dependencies", words.toArray(String[]::new));
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
        mix(project, build.mixEnv(), step, arguments);
    }

    /// @param folder that of mix.exs, or of an app of the umbrella
    private void mix(Path folder, String mixEnv, String step, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("mix"));
        words.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>();
        environment.put("MIX_ENV", mixEnv);
        environment.put("MIX_DEPS_PATH", deps().toString());
        environment.put("MIX_BUILD_PATH", kept.resolve("_build").resolve(mixEnv).toString());
        environment.put("CI", "true");
        Program program = toolchain.program(workspace.known(words), folder, environment);
        steps.run(step, words, program);
    }

    private void mustBeLocked() throws IOException, InterruptedException {
        List<String> now = workspace.lines(project.resolve(MixLock.FILE_NAME));
        if (now.equals(locked)) {
            return;
        }
        throw new Failure(
                BuildProblem.LockChanged.of(MixLock.FILE_NAME, "mix deps.get", locked, now));
    }
}
