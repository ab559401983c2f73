package dev.decant.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a generic app says besides: how its release is made, and what is started in it.
///
/// @param build a program and its arguments, run in the project's folder; empty where the commit
///   has the release as it is
/// @param output the folder that is the release, below the project's; `.` for all of it
/// @param versionFile whose first line is the version, below the project's folder; empty where
///   git's tags say it
/// @param start a program and its arguments, in which `$NAME` and `${NAME}` are variables and `$$`
///   is a dollar
/// @param preflight what is run in a release that does not serve yet, as [#line]
public record GenericConfig(
        List<String> build,
        String output,
        Optional<String> versionFile,
        List<String> start,
        Optional<String> preflight) {

    /// A path in the release, or one of the host's.
    static final String PROGRAM = "/?(?!\\.\\./)[A-Za-z0-9_.@+-]+(/(?!\\.\\.?/)[A-Za-z0-9_.@+-]+)*";

    /// A word with variables in it.
    static final String WORD =
            "([^$\\p{Cntrl}]|\\$\\$|\\$[A-Za-z_][A-Za-z0-9_]*|\\$\\{[A-Za-z_][A-Za-z0-9_]*})*";

    public GenericConfig {
        build = List.copyOf(build);
        start = List.copyOf(start);
    }

    /// A program and its arguments as one line, which systemd takes apart again: words with a blank
    /// between them, quoted where need be.
    public static String line(List<String> words) {
        return words.stream()
                .map(
                        word ->
                                word.matches("[A-Za-z0-9_./:=@,+%-]+")
                                        ? word
                                        : '"'
                                                + word.replace("\\", "\\\\").replace("\"", "\\\"")
                                                + '"')
                .collect(Collectors.joining(" "));
    }

    /// What is started, as a path in the release; empty where it is a program of the host's.
    public Optional<String> program() {
        String first = start.getFirst();
        return first.startsWith("/")
                ? Optional.empty()
                : Optional.of(first.replaceFirst("^\\./", ""));
    }
}
