package dev.decant.project;

import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a Mix project says of itself. Its files are read as text and never run: a mix.exs can do
/// anything.
///
/// So this is a good guess and no more: the app's and the release's real names and versions are
/// taken from what `mix release` has built.
///
/// @param app after `app:`; empty where it is not a plain atom
/// @param version after `version:`, or the `@version` it names
/// @param releases names under `releases:`, in the order of the file
/// @param makesTarball `:tar` stands in it
/// @param migrator the module, such as `Shop.Release`, if a `release.ex` in `lib` defines one with
///   a `migrate`
/// @param secrets variables that `config/runtime.exs` will not start without, `PORT` and the like
///   left out
/// @param healthPath a path with `health` in it that some module of `lib` names
public record MixProject(
        Path folder,
        Optional<String> app,
        Optional<String> version,
        List<String> releases,
        boolean makesTarball,
        Optional<String> migrator,
        List<String> secrets,
        Optional<String> healthPath) {

    private static final Pattern APP = Pattern.compile("\\bapp:\\s*:(\\w+)");
    private static final Pattern VERSION =
            Pattern.compile("(?:\\bversion:|@version)\\s*\"([^\"]+)\"");
    private static final Pattern OTHER_LOCK = Pattern.compile("\\blockfile:(?!\\s*\"mix\\.lock\")");
    private static final Pattern RELEASES =
            Pattern.compile(
                    "(?:\\breleases:\\s*\\[|\\bdefp?\\s+releases(?:\\(\\))?,?\\s+do:?\\s*\\[)");
    private static final Pattern NAME = Pattern.compile("\\G[\\s,]*(\\w+):\\s*\\[");
    private static final Pattern MIGRATOR =
            Pattern.compile(
                    "defmodule\\s+([A-Z][\\w.]*Release)\\s+do\\b(?s:.*)\\bdef\\s+migrate\\b");
    private static final Pattern REQUIRED =
            Pattern.compile(
                    "System\\.fetch_env!\\(\"([A-Z][A-Z0-9_]*)\"\\)|System\\.get_env\\(\"([A-Z][A-Z0-9_]*)\"\\)\\s*\\|\\|\\s*raise");
    private static final Set<String> NOT_SECRET =
            Set.of("PORT", "PHX_HOST", "PHX_SERVER", "POOL_SIZE");
    private static final Pattern HEALTH = Pattern.compile("\"(/[a-z/_-]*health[a-z]*)\"");

    /// @throws Failure with a [ProjectProblem]
    public static MixProject read(Path folder) throws IOException {
        Path mixExs = folder.resolve("mix.exs");
        if (!Files.isRegularFile(mixExs)) {
            throw new Failure(new ProjectProblem.NoMixExs(folder.toAbsolutePath().normalize()));
        }
        String text = withoutComments(Files.readString(mixExs));
        return new MixProject(
                folder,
                first(APP, text),
                first(VERSION, text),
                releases(text),
                text.matches("(?s).*:tar\\b.*"),
                searchLib(folder, "release.ex", MIGRATOR),
                secrets(folder),
                searchLib(folder, ".ex", HEALTH));
    }

    /// @throws Failure with a [ProjectProblem] where mix.exs names another lock
    static void mustUseItsOwnLock(Path folder) throws IOException {
        Path mixExs = folder.resolve("mix.exs");
        if (Files.isRegularFile(mixExs)) {
            String code = ElixirCode.withoutComments(Files.readString(mixExs));
            Matcher other = OTHER_LOCK.matcher(code);
            if (other.find()) {
                throw new Failure(
                        new ProjectProblem.OtherLockFile(ElixirCode.line(code, other.start())));
            }
        }
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static List<String> releases(String text) {
        List<String> names = new ArrayList<>();
        Matcher start = RELEASES.matcher(text);
        if (start.find()) {
            Matcher name = NAME.matcher(text);
            int at = start.end();
            while (name.find(at)) {
                names.add(name.group(1));
                at = afterBracket(text, name.end());
            }
        }
        return names;
    }

    /// @param at just behind an opening bracket
    /// @return just behind the one that closes it
    private static int afterBracket(String text, int at) {
        int depth = 1;
        int i = at;
        while (i < text.length() && depth > 0) {
            char c = text.charAt(i++);
            if (c == '[' || c == '(' || c == '{') {
                depth++;
            } else if (c == ']' || c == ')' || c == '}') {
                depth--;
            }
        }
        return i;
    }

    private static Optional<String> searchLib(Path folder, String nameEnd, Pattern pattern)
            throws IOException {
        Path lib = folder.resolve("lib");
        if (!Files.isDirectory(lib)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(lib)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(nameEnd)).sorted().toList()) {
                Optional<String> found = first(pattern, withoutComments(Files.readString(file)));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> secrets(Path folder) throws IOException {
        Path runtime = folder.resolve("config/runtime.exs");
        if (!Files.isRegularFile(runtime)) {
            return List.of();
        }
        Matcher matcher = REQUIRED.matcher(withoutComments(Files.readString(runtime)));
        return matcher.results()
                .map(result -> result.group(1) != null ? result.group(1) : result.group(2))
                .filter(name -> !NOT_SECRET.contains(name))
                .distinct()
                .sorted()
                .toList();
    }

    private static String withoutComments(String elixir) {
        return elixir.replaceAll("(?m)^\\s*#.*$", "").replaceAll("(?m)\\s#\\s.*$", "");
    }
}
