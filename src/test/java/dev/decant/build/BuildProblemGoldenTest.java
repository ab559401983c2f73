package dev.decant.build;

import dev.decant.Golden;
import dev.decant.problem.Problem;
import dev.decant.project.NodePin;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class BuildProblemGoldenTest {

    private static final Optional<String> SERVER = Optional.of("build1");

    private static final List<Problem> ALL =
            List.of(
                    new BuildProblem.NotInGit(
                            Path.of("/home/alice/shop"),
                            List.of("fatal: not a git repository (or any parent): .git")),
                    new BuildProblem.DirtyTree(List.of(" M lib/shop.ex", "?? lib/new.ex")),
                    new BuildProblem.LockNotCommitted("mix.lock", "git does not track it."),
                    new BuildProblem.VersionsUnknown("erlang", ""),
                    new BuildProblem.VersionsUnknown("elixir", "system"),
                    BuildProblem.LockChanged.of(
                            "mix.lock",
                            "mix deps.get",
                            List.of("%{", "}"),
                            List.of("%{", "  \"jason\": {:hex, …},", "}")),
                    new BuildProblem.NotAsLocked("jason", List.of("It lacks lib/jason.ex.")),
                    new BuildProblem.NoTool("rebar3", "apt-get install rebar3"),
                    new BuildProblem.ServerUnreachable(
                            "build1",
                            List.of("ssh: connect to host build1 port 22: No route to host"),
                            "ssh ci@build1"),
                    new BuildProblem.ServerLacks(
                            "build1", "flock", List.of("env: 'flock': No such file or directory")),
                    new BuildProblem.NpmNotLocked(List.of(Path.of("assets/package.json"))),
                    new BuildProblem.NoNode(
                            "npm", SERVER, List.of("env: 'npm': No such file or directory")),
                    new BuildProblem.OtherNode(
                            new NodePin("20.11.1", ".tool-versions"), "18.20.4", Optional.empty()),
                    new BuildProblem.WorkspaceFailed(
                            SERVER,
                            "git push",
                            List.of("error: unable to write file: No space left on device")),
                    new BuildProblem.StepFailed(
                            "tests",
                            2,
                            List.of("1 test, 1 failure"),
                            Path.of("/home/alice/.cache/decant/build/shop/prod/build.log")),
                    new BuildProblem.NoTarball("shop", List.of("bin", "lib", "releases")));

    @Test
    void each_problem_says_what_happened_why_and_what_to_do() {
        StringWriter printed = new StringWriter();
        ProblemPrinter.print(new PrintWriter(printed), ALL);

        Golden.check(Golden.folder("build").resolve("problems.txt"), printed.toString());
    }
}
