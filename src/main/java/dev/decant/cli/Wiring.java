package dev.decant.cli;

import dev.decant.ui.CommandLog;
import dev.decant.ui.ConsoleLog;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// What a command has from the outside world; a test hands in its own.
///
/// @param out for results
/// @param err for progress and problems
/// @param environment variables of this process
/// @param terminal a person watches [#err()]
/// @param folder where the command was given
/// @param telling who tells at [#err()] what is done
record Wiring(
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        boolean terminal,
        Path folder,
        AtomicReference<CommandLog> telling) {

    Wiring(
            PrintWriter out,
            PrintWriter err,
            Map<String, String> environment,
            boolean terminal,
            Path folder) {
        this(out, err, environment, terminal, folder, new AtomicReference<>(CommandLog.quiet()));
    }

    ConsoleLog log(boolean verbose) {
        ConsoleLog log = new ConsoleLog(err, terminal, environment, verbose);
        telling.set(log);
        return log;
    }

    /// Who is at work, for the record that hosts keep: `user@machine`.
    String owner() {
        String user = environment.getOrDefault("USER", System.getProperty("user.name", "someone"));
        String machine = environment.getOrDefault("HOSTNAME", Hostname.read());
        return (user + "@" + machine).replaceAll("[^A-Za-z0-9@._+:-]", "_");
    }

    /// A folder of the user's, after the XDG base directory specification.
    Path xdg(String variable, String otherwise) {
        return folder(variable, otherwise).resolve("decant");
    }

    /// Where it is kept what rollouts that were begun here have done, and have yet to do.
    Path rollouts() {
        return xdg("XDG_STATE_HOME", ".local/state").resolve("rollouts");
    }

    /// Where Hex keeps what it downloads.
    Path hexHome() {
        return folder("HEX_HOME", ".hex");
    }

    private Path folder(String variable, String otherwise) {
        String named = environment.getOrDefault(variable, "");
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
        return named.isEmpty() ? home.resolve(otherwise) : Path.of(named);
    }
}
