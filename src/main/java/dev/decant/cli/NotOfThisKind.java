package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import java.util.List;

/// Something was asked for that needs an Erlang, of an app that has none.
///
/// @param command as it is typed
/// @param reason what it would have needed
record NotOfThisKind(String command, String reason, List<String> next) implements Problem {

    /// What there is in place of an expression or a console.
    static final String EXEC =
            "decant exec -- bin/PROGRAM ARGUMENTS        runs a program of the release that serves";

    NotOfThisKind {
        next = List.copyOf(next);
    }

    /// @throws Failure with this where there is no Erlang
    static void needsErlang(Config config, String command, String reason, String... next) {
        if (!config.kind().hasErlang()) {
            throw new Failure(new NotOfThisKind(command, reason, List.of(next)));
        }
    }

    @Override
    public String id() {
        return "not-of-this-kind";
    }

    @Override
    public String what() {
        return "There is no  decant " + command + "  for a generic app.";
    }

    @Override
    public List<String> why() {
        return List.of(reason, "decant.toml says: kind = \"generic\"");
    }

    @Override
    public ExitStatus status() {
        return ExitStatus.REFUSED;
    }
}
