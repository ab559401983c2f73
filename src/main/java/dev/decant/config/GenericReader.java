package dev.decant.config;

import org.tomlj.TomlArray;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Reads what only a generic app has, and says which settings an app of some kind has no use for.
final class GenericReader {

    /// With what to do instead.
    private static final Map<String, String> OF_ERLANG =
            Map.ofEntries(
                    Map.entry("release", "Take it out: its release has the app's name."),
                    Map.entry("build.mix_env", "Take it out: build.command says all of it."),
                    Map.entry(
                            "build.tests",
                            "Have build.command run them first, such as a target of make that needs"
                                    + " another."),
                    Map.entry(
                            "build.warnings_as_errors",
                            "Have the compiler do so, where build.command calls it."),
                    Map.entry("toolchain", "Take it out: no Erlang or Elixir takes part."),
                    Map.entry("deps", "Take it out: Decant reads no lock of this kind."),
                    Map.entry("service.distribution", "Take it out: there is no Erlang node."),
                    Map.entry("service.distribution_port", "Take it out: there is no Erlang node."),
                    Map.entry("limits.crash_dump", "Take it out: only an Erlang VM writes one."));

    private static final List<String> OF_GENERIC =
            List.of(
                    "preflight",
                    "build.command",
                    "build.output",
                    "build.version_file",
                    "service.start");

    private static final String BELOW =
            "(?!\\.\\.?/)[A-Za-z0-9_.@+-]+(/(?!\\.\\.?(/|$))[A-Za-z0-9_.@+-]+)*";

    private final ConfigReader values;
    private final Kind kind;

    GenericReader(ConfigReader values, Kind kind) {
        this.values = values;
        this.kind = kind;
    }

    /// @return empty where the app is of another kind
    Optional<GenericConfig> generic() {
        if (kind != Kind.GENERIC) {
            refuse(
                    OF_GENERIC,
                    "is for apps of the kind \"generic\"",
                    "Take it out, or say  kind = \"generic\"");
            return Optional.empty();
        }
        OF_ERLANG.keySet().stream()
                .sorted()
                .forEach(
                        key ->
                                refuse(
                                        List.of(key),
                                        "is for Mix and rebar3, and kind is \"generic\"",
                                        Objects.requireNonNull(OF_ERLANG.get(key))));
        List<String> start =
                program(
                        "service.start",
                        GenericConfig.WORD,
                        "words in which $NAME is a" + " variable and $$ a dollar");
        if (start.isEmpty()) {
            values.wrong(
                    values.find("service.start").or(() -> values.find("kind")).orElseThrow().at(),
                    "kind is \"generic\", and there is nothing to start",
                    "Say what, for example:  service.start = [\"bin/shop\", \"--port\","
                            + " \"$PORT\"]");
            start = List.of("bin/app");
        }
        List<String> build =
                values.words("build.command", "[^\\p{Cntrl}]*", "a program and its arguments");
        if (values.find("build.command").isPresent()
                && (build.isEmpty() || build.getFirst().isBlank())) {
            values.wrong(
                    values.find("build.command").orElseThrow().at(),
                    "'build.command' has no program",
                    "For example:  command = [\"make\", \"release\"]");
        }
        return Optional.of(
                new GenericConfig(
                        build,
                        values.text(
                                "build.output",
                                ".",
                                "\\.|" + BELOW,
                                "a folder below the project's, such as \"out\""),
                        values.some(
                                "build.version_file",
                                BELOW,
                                "a file below the project's folder, such as \"VERSION\""),
                        start,
                        command("preflight")));
    }

    private void refuse(List<String> keys, String why, String hint) {
        for (String key : keys) {
            values.find(key)
                    .ifPresent(found -> values.wrong(found.at(), "'" + key + "' " + why, hint));
        }
    }

    /// Checks a list whose first word is a program.
    List<String> program(String key, String word, String expected) {
        return program(key, values.words(key, word, expected));
    }

    private List<String> program(String key, List<String> words) {
        if (!words.isEmpty() && !words.getFirst().matches(GenericConfig.PROGRAM)) {
            values.wrong(
                    values.find(key).orElseThrow().at(),
                    "'" + key + "' begins with \"" + words.getFirst() + "\"",
                    "First comes a program: its path in the release, such as \"bin/shop\", or in"
                            + " full, such as \"/usr/bin/python3\".");
            return List.of();
        }
        return words;
    }

    /// What runs in a release now and then, such as a migration: an expression where there is an
    /// Erlang to run it, or else a program with its arguments.
    Optional<String> command(String key) {
        Optional<ConfigReader.Found> found = values.find(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        boolean list = found.get().value() instanceof TomlArray;
        if (list == kind.hasErlang()) {
            values.wrong(
                    found.get().at(),
                    list
                            ? "'"
                                    + key
                                    + "' is a list, and an app of this kind has an expression there"
                            : "'" + key + "' is an expression, and kind is \"generic\"",
                    list
                            ? "For example:  " + key + " = \"Shop.Release." + key + "()\""
                            : "Give a program of the release and its arguments:  "
                                    + key
                                    + " = [\"bin/shop\", \""
                                    + key
                                    + "\"]");
            return Optional.empty();
        }
        if (!list) {
            return values.some(key, "[^\\p{Cntrl}]+", "an expression on one line");
        }
        List<String> words =
                new ArrayList<>(
                        program(
                                key,
                                values.words(
                                        key,
                                        "[^$\\p{Cntrl}]*",
                                        "words without variables, which are read by the program")));
        if (words.isEmpty()) {
            return Optional.empty();
        }
        if (!words.getFirst().contains("/")) {
            words.set(0, "./" + words.getFirst());
        }
        return Optional.of(GenericConfig.line(words));
    }
}
