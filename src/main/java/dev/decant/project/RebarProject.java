package dev.decant.project;

import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a project of rebar3's says of itself. Its files are read and never run.
///
/// As with [MixProject], this is a good guess: rebar.config.script, which is code, may change
/// anything of it.
///
/// @param apps that are the project's own, by their `.app.src`, sorted
/// @param releases names that relx has, in the order of the file; several versions of one are one
/// @param deps apps that rebar.config names for all profiles
/// @param profileDeps likewise, for the profile that is built: rebar3 does not lock these
/// @param plugins which rebar3 does not lock either
/// @param healthPath a path with `health` in it that some module names
public record RebarProject(
        List<String> apps,
        List<String> releases,
        List<String> deps,
        List<String> profileDeps,
        List<String> plugins,
        Optional<String> healthPath) {

    public static final String FILE_NAME = "rebar.config";

    private static final Pattern HEALTH = Pattern.compile("\"(/[a-z/_-]*health[a-z]*)\"");
    private static final Pattern SOURCE =
            Pattern.compile("(?:(?:apps|lib)/[^/]+/)?src/(?:.*/)?[^/]+");
    private static final String APP_SRC = ".app.src";

    /// @param profile that is built
    /// @throws Failure with a [ProjectProblem]
    public static RebarProject read(Path folder, String profile) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        Path absolute = folder.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new Failure(new ProjectProblem.NoRebarConfig(absolute));
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        RebarConfig config = RebarConfig.of(text);
        if (!RebarConfig.hasRelx(text) && !Files.exists(folder.resolve(FILE_NAME + ".script"))) {
            throw new Failure(new ProjectProblem.NoRelx(absolute));
        }
        List<Path> sources = sources(folder);
        return new RebarProject(
                sources.stream()
                        .map(path -> String.valueOf(path.getFileName()))
                        .filter(name -> name.endsWith(APP_SRC))
                        .map(name -> name.substring(0, name.length() - APP_SRC.length()))
                        .sorted()
                        .toList(),
                config.releases(),
                config.deps(),
                config.deps(profile),
                config.plugins(),
                healthPath(sources));
    }

    /// The release that is meant where nobody says which, and the app's name then.
    public Optional<String> release() {
        return releases.stream().findFirst().or(() -> apps.stream().findFirst());
    }

    private static List<Path> sources(Path folder) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String below : List.of("src", "apps", "lib")) {
            if (Files.isDirectory(folder.resolve(below))) {
                try (Stream<Path> files = Files.walk(folder.resolve(below))) {
                    files.filter(Files::isRegularFile)
                            .filter(
                                    file ->
                                            SOURCE.matcher(folder.relativize(file).toString())
                                                    .matches())
                            .sorted()
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static Optional<String> healthPath(List<Path> sources) throws IOException {
        for (Path file : sources) {
            if (file.toString().endsWith(".erl")) {
                String code = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                Matcher health = HEALTH.matcher(code.replaceAll("(?m)^\\s*%.*$", ""));
                if (health.find()) {
                    return Optional.of(health.group(1));
                }
            }
        }
        return Optional.empty();
    }
}
