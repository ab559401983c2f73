package dev.decant.toolchain;

import dev.decant.Golden;
import dev.decant.problem.Problem;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;
import dev.decant.project.ToolVersionProblem;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class ToolchainProblemGoldenTest {

    private static final ToolVersion ERLANG =
            ToolVersion.parse(Tool.ERLANG, "27.1.2", ".tool-versions:1:8");
    private static final ToolVersion ELIXIR =
            ToolVersion.parse(Tool.ELIXIR, "1.17.3-otp-27", "mise.toml:3:1");
    private static final URI LIST =
            URI.create("https://builds.hex.pm/builds/otp/amd64/ubuntu-22.04/builds.txt");
    private static final List<String> LOOKED =
            List.of("/home/alice/.local/share/decant/toolchains", "/home/alice/.asdf/installs");

    private static final List<Problem> ALL =
            List.of(
                    new ToolVersionProblem.NotExact(Tool.ERLANG, "27", ".tool-versions:1:8"),
                    new ToolVersionProblem.NotExact(Tool.ERLANG, "latest", ".tool-versions:1:8"),
                    new ToolVersionProblem.NotExact(
                            Tool.ELIXIR, "v1.17.3", "../.tool-versions:2:8"),
                    new ToolVersionProblem.NotExact(
                            Tool.ELIXIR, "path:./elixir", ".tool-versions:2:8"),
                    new ToolVersionProblem.Tab(Tool.ERLANG, ".tool-versions:1:7"),
                    new ToolVersionProblem.Contradiction(
                            ERLANG, ToolVersion.parse(Tool.ERLANG, "27.1", "mise.toml:2:1")),
                    new ToolchainProblem.Missing(
                            ERLANG, Optional.empty(), Optional.of("25.2.3"), LOOKED),
                    new ToolchainProblem.Missing(
                            ELIXIR, Optional.empty(), Optional.empty(), LOOKED),
                    new ToolchainProblem.Missing(
                            ELIXIR, Optional.of("build1"), Optional.empty(), LOOKED),
                    new ToolchainProblem.NoTool(Tool.ELIXIR, Optional.empty(), List.of()),
                    new ToolchainProblem.OtherVersion(ERLANG, "26.0", Path.of("/opt/erlang")),
                    new ToolchainProblem.OutsideTable(
                            "1.17.3",
                            "28.1",
                            Optional.of("Erlang/OTP 25 to 27"),
                            Optional.of("1.18.4 to 1.20.x")),
                    new ToolchainProblem.OutsideTable(
                            "1.8.2", "21.0", Optional.empty(), Optional.of("1.9.0 to 1.11.x")),
                    new ToolchainProblem.BuiltForNewerOtp(ELIXIR, "26.2.5"),
                    new ToolchainProblem.NoBuilds("Debian GNU/Linux 12 (bookworm) on amd64", true),
                    new ToolchainProblem.NoBuilds("Mac OS X on aarch64", false),
                    new ToolchainProblem.Unknown(
                            Tool.ERLANG, "27.1.3", LIST, List.of("27.1.2", "27.1.1")),
                    new ToolchainProblem.Unknown(Tool.ERLANG, "99.1", LIST, List.of()),
                    new ToolchainProblem.NoChecksum(Tool.ERLANG, "21.0", LIST),
                    new ToolchainProblem.WrongChecksum(
                            LIST.resolve("OTP-27.1.2.tar.gz"), "1f".repeat(32), "2e".repeat(32)),
                    new ToolchainProblem.NoMirror("builds.hex.pm"),
                    new ToolchainProblem.MirrorFailed(LIST, "Connection refused"),
                    new ToolchainProblem.NotInstallable(
                            Tool.ERLANG,
                            "27.1.2",
                            "it does not run on this machine",
                            List.of("beam.smp: /lib/libc.so.6: version `GLIBC_2.38' not found")));

    @Test
    void each_problem_says_what_happened_why_and_what_to_do() {
        StringWriter printed = new StringWriter();
        ProblemPrinter.print(new PrintWriter(printed), ALL);

        Golden.check(Golden.folder("toolchain").resolve("problems.txt"), printed.toString());
    }
}
