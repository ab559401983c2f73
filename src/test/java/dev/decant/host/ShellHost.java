package dev.decant.host;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.release.HostLayout;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The contract on this machine, in a folder that stands for `/`, by one of the shells that may be
/// `/bin/sh` on a host. Runs as whoever runs the tests: what sudo and systemd do is not in it.
abstract class ShellHost implements HostContract {

    private final List<String> shell;

    @TempDir private Path folder = Path.of("");

    ShellHost(String... shell) {
        this.shell = List.of(shell);
    }

    /// A session of the host program by a shell of this machine.
    ///
    /// @param root where its paths begin
    private record ByShell(List<String> shell, Path program, String unit, Path root)
            implements Transport {

        @Override
        public Program session(Entry entry) {
            List<String> words = new ArrayList<>(shell);
            words.addAll(List.of(program.toString(), "session", unit, root.toString()));
            return Program.of(words);
        }

        @Override
        public Program console() {
            throw new UnsupportedOperationException("Nothing runs here.");
        }

        @Override
        public HostProblem explain(Entry entry, int exit, List<String> said) {
            return new HostProblem.Refused("here", "begin a session", exit, said);
        }
    }

    @BeforeEach
    void furnish() throws IOException {
        Assumptions.assumeTrue(
                Program.find(shell.getFirst()).isPresent() || "true".equals(System.getenv("CI")),
                "This machine has no " + shell.getFirst() + "; bin/test installs it.");
        HostLayout layout = new HostLayout(UNIT);
        for (String place : List.of(layout.releases(), layout.home() + "/incoming")) {
            Files.createDirectories(below(place));
        }
        Files.write(folder.resolve("decant-host"), HostProgram.bytes());
    }

    private Path root() {
        return folder.resolve("root of a host");
    }

    private Path below(String place) {
        return root().resolve(place.substring(1));
    }

    @Override
    public Transport transport() {
        return named(UNIT);
    }

    @Override
    public Transport named(String unit) {
        return new ByShell(shell, folder.resolve("decant-host"), unit, root());
    }

    @Override
    public Result look(String script) throws IOException, InterruptedException {
        return Program.of("sh", "-c", script)
                .env(Map.of("R", root().toString(), "LC_ALL", "C"))
                .run();
    }
}
