package dev.decant.project;

import dev.decant.config.Kind;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a project is built with, as `.tool-versions` and mise.toml name it. Tools that are not here
/// are left to whoever manages them.
public enum Tool {
    ERLANG("[0-9]{1,4}([.][0-9]{1,4})+(-rc[0-9]+)?", "27.1.2"),
    ELIXIR("[0-9]{1,4}([.][0-9]{1,4}){2}(-[a-z]+[.][0-9]+)?(-otp-[0-9]{1,4})?", "1.17.3-otp-27");

    private final Pattern exact;
    private final String example;

    Tool(String exact, String example) {
        this.exact = Pattern.compile(exact);
        this.example = example;
    }

    /// As it stands in files and is typed.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Tool> of(String word) {
        return Arrays.stream(values()).filter(tool -> tool.word().equals(word)).findFirst();
    }

    /// What a project is built with.
    public static Set<Tool> neededBy(Kind kind) {
        return switch (kind) {
            case MIX -> EnumSet.of(ERLANG, ELIXIR);
            case REBAR3 -> EnumSet.of(ERLANG);
            case GENERIC -> EnumSet.noneOf(Tool.class);
        };
    }

    /// Whether a version names one and always the same.
    public boolean isExact(String version) {
        return exact.matcher(version).matches();
    }

    String example() {
        return example;
    }
}
