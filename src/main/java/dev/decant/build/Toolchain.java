package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.project.ToolVersions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The Erlang and Elixir that a build runs with.
///
/// @param elixir exact, such as `1.14.0`
/// @param otp exact, such as `25.2.3`; only the major number where the installation does not say
///   more
record Toolchain(String elixir, String otp) {

    private static final String ASK =
            "otp = List.to_string(:erlang.system_info(:otp_release)); file ="
                + " Path.join([:code.root_dir(), \"releases\", otp, \"OTP_VERSION\"]); exact = case"
                + " File.read(file) do {:ok, text} -> String.trim(text); _ -> otp end;"
                + " IO.puts(System.version() <> \" \" <> exact)";

    /// Asks in the checkout, so that a version manager chooses by the commit's own files.
    static Toolchain in(Path checkout) throws IOException, InterruptedException {
        if (Program.find("elixir").isEmpty()) {
            throw new Failure(
                    new BuildProblem.NoTool(
                            "elixir", "asdf install, or apt-get install elixir erlang-dev"));
        }
        Result said = Program.of("elixir", "-e", ASK).in(checkout).run();
        String[] words = said.text().split(" ");
        if (!said.ok() || words.length != 2) {
            throw new IOException(
                    "elixir does not say its version: " + String.join(" ", said.lastWords(3)));
        }
        return new Toolchain(words[0], words[1]);
    }

    /// @throws Failure with [BuildProblem.OtherVersion]
    void mustBe(Optional<ToolVersions> wanted, BuildLog log) {
        if (wanted.isEmpty()) {
            log.note(
                    "No .tool-versions: built with what this machine has, Elixir "
                            + elixir
                            + " on Erlang/OTP "
                            + otp
                            + ".");
            return;
        }
        check("elixir", wanted.get().elixir(), elixir, log);
        check("erlang", wanted.get().erlang(), otp, log);
    }

    private static void check(String tool, Optional<String> wanted, String found, BuildLog log) {
        if (wanted.isEmpty() || wanted.get().equals(ToolVersions.SYSTEM)) {
            log.note(
                    "This machine's own "
                            + tool
                            + " "
                            + found
                            + " is used: .tool-versions "
                            + (wanted.isEmpty() ? "does not name one." : "says system."));
        } else if (!wanted.get().equals(found)) {
            throw new Failure(List.of(new BuildProblem.OtherVersion(tool, wanted.get(), found)));
        }
    }

    /// Elixir 1.15 and newer check the lock themselves when asked to.
    boolean checksLock() {
        String[] parts = elixir.split("[.]");
        int major = Integer.parseInt(parts[0]);
        return major > 1 || Integer.parseInt(parts[1]) >= 15;
    }
}
