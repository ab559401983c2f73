package dev.decant.build;

import dev.decant.config.BuildConfig;
import dev.decant.exec.Machine;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.project.LockFile;
import dev.decant.project.ProjectProblem;
import dev.decant.project.RebarLock;
import dev.decant.project.RebarProject;
import dev.decant.release.Dependency;
import dev.decant.toolchain.Toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Has rebar3 build what is checked out in a workspace, here or on a build server.
final class RebarBuild {

    private final Steps steps;
    private final Workspace workspace;
    private final Workspace.Checkout checkout;
    private final Toolchain toolchain;
    private final Path project;
    private final Path kept;
    private final Commit commit;

    /// Before rebar3 is run: what is built here is the same file.
    private final List<String> locked;

    /// @param release its name in rebar.config
    /// @param project the folder of rebar.config, in a checkout on this machine
    /// @param prefix of that folder in the checkout
    /// @param ownRebar it has a `rebar3` of its own
    record Commit(
            String release, BuildConfig build, Path project, String prefix, boolean ownRebar) {}

    RebarBuild(
            Steps steps,
            Workspace workspace,
            Workspace.Checkout checkout,
            Toolchain toolchain,
            Commit commit)
            throws IOException {
        this.steps = steps;
        this.workspace = workspace;
        this.checkout = checkout;
        this.toolchain = toolchain;
        this.commit = commit;
        this.project = workspace.checkout().resolve(commit.prefix()).normalize();
        this.locked = LockFile.REBAR3.text(commit.project()).lines().toList();
        this.kept =
                workspace.kept(
                        List.of(
                                commit.prefix(),
                                LockFile.REBAR3.digest(commit.project()).hex(),
                                toolchain.otp()));
    }

    /// Leaves a release in [Workspace#out()].
    void run() throws IOException, InterruptedException {
        RebarProject rebarConfig = RebarProject.read(commit.project(), commit.build().mixEnv());
        if (!rebarConfig.plugins().isEmpty()) {
            steps.note(
                    "rebar3 locks no plugins, and takes these in whatever version rebar.config lets"
                            + " it: "
                            + String.join(", ", rebarConfig.plugins())
                            + ".");
        }
        steps.note("Built with " + version() + ".");
        workspace.must(workspace.folder(), "mkdir", "-p", kept.resolve("_build").toString());
        // It locks in its default profile only: in another it fetches whatever the lock lacks.
        rebar("dependencies", "get-deps");
        mustBeLocked();
        if (commit.build().tests()) {
            rebar("tests", "do", "eunit,", "ct");
            // What they have written is not committed.
            workspace.restore(checkout);
        }
        workspace.must(workspace.folder(), "rm", "-rf", workspace.out().toString());
        rebar(
                "release",
                "as",
                commit.build().mixEnv(),
                "tar",
                "--relname",
                commit.release(),
                "--output-dir",
                workspace.out().resolve("rel").toString());
        mustBeLocked();
    }

    /// @throws Failure with a problem where there is no rebar3 that runs
    private String version() throws IOException, InterruptedException {
        Machine machine = toolchain.machine();
        Result said;
        try {
            said = program("version").run();
        } catch (IOException notThere) {
            throw new Failure(new BuildProblem.NoTool("rebar3", "apt-get install rebar3"));
        }
        if (!said.ok() && machine.name().isPresent()) {
            throw new Failure(
                    new BuildProblem.ServerLacks(
                            machine.name().get(), "rebar3", said.lastWords(2)));
        }
        return said.text();
    }

    private void rebar(String step, String... arguments) throws IOException, InterruptedException {
        List<String> shown = new ArrayList<>(List.of("rebar3"));
        shown.addAll(List.of(arguments));
        steps.run(step, shown, program(arguments));
    }

    private Program program(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(commit.ownRebar() ? project.resolve("rebar3").toString() : "rebar3");
        words.addAll(List.of(arguments));
        return toolchain.program(
                workspace.known(words),
                project,
                Map.of(
                        "REBAR_BASE_DIR", kept.resolve("_build").toString(),
                        // It would print them in colours.
                        "TERM", "dumb",
                        "CI", "true"));
    }

    private void mustBeLocked() throws IOException, InterruptedException {
        List<String> now = workspace.lines(project.resolve(RebarLock.FILE_NAME));
        if (plain(now).equals(plain(locked))) {
            return;
        }
        if (locked.isEmpty()) {
            throw new Failure(
                    new ProjectProblem.NoRebarLock(
                            commit.project(),
                            RebarLock.parse(String.join("\n", now)).stream()
                                    .map(Dependency::app)
                                    .toList()));
        }
        throw new Failure(
                BuildProblem.LockChanged.of(RebarLock.FILE_NAME, "rebar3 get-deps", locked, now));
    }

    /// Where lines end is not always the same, and where nothing is locked, rebar3 may write a lock
    /// that says so, or none.
    private static String plain(List<String> lines) {
        String text = String.join("", lines).replaceAll("\\s+", "");
        return text.isEmpty() ? "[]." : text;
    }
}
