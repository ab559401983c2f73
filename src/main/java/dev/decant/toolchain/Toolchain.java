package dev.decant.toolchain;

import dev.decant.exec.Machine;
import dev.decant.exec.Program;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Erlang and Elixir that a build runs with.
///
/// @param machine that has them
/// @param elixir exact, such as `1.14.0`; empty where none was asked for
/// @param otp exact, such as `25.2.3`; only the major number where the installation does not say
///   more
/// @param bins folders that go before `PATH`; none where it has both
/// @param mixHome where Mix keeps its own archives, if not where it does anyway
public record Toolchain(
        Machine machine, String elixir, String otp, List<Path> bins, Optional<Path> mixHome) {

    /// Runs with these, and nothing else does.
    ///
    /// @param words the program and its arguments
    /// @param more variables for it
    public Program program(List<String> words, Path folder, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        if (!bins.isEmpty()) {
            environment.put("PATH", path(bins, machine));
        }
        mixHome.ifPresent(home -> environment.put("MIX_HOME", home.toString()));
        return machine.program(words, folder, environment);
    }

    /// Where a program is on this machine that is named without a folder.
    public Optional<Path> find(String program) {
        return program.contains("/")
                ? Optional.empty()
                : Program.find(program, path(bins, machine));
    }

    static String path(List<Path> bins, Machine machine) {
        StringBuilder path = new StringBuilder();
        bins.forEach(bin -> path.append(bin).append(File.pathSeparator));
        return path.append(machine.path()).toString();
    }

    /// Elixir 1.15 and newer check the lock themselves when asked to.
    public boolean checksLock() {
        return Compatibility.BY_NUMBERS.compare(elixir, "1.15") >= 0;
    }
}
