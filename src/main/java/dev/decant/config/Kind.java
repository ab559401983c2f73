package dev.decant.config;

import java.nio.file.Files;
import java.nio.file.Path;

/// What builds a project's releases; their scripts differ, and so does what runs them.
public enum Kind {
    /// `mix release`, of an Elixir project.
    MIX("start"),
    /// `rebar3 tar` with relx, of an Erlang project.
    REBAR3("foreground"),
    /// Any program: its release is a folder with something in it that is started. Never guessed.
    GENERIC("");

    private final String start;

    Kind(String start) {
        this.start = start;
    }

    /// What a release's script is run with to have the app run; empty where there is no such
    /// script.
    public String start() {
        return start;
    }

    /// Whether a release has an Erlang in it, which can run expressions and be a node.
    public boolean hasErlang() {
        return this != GENERIC;
    }

    /// By its files; where both could, mix.exs counts.
    public static Kind of(Path folder) {
        return Files.isRegularFile(folder.resolve("rebar.config"))
                        && !Files.isRegularFile(folder.resolve("mix.exs"))
                ? REBAR3
                : MIX;
    }
}
