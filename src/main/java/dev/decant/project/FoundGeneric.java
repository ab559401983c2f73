package dev.decant.project;

import dev.decant.config.Kind;
import dev.decant.project.FoundProject.Edit;
import dev.decant.project.FoundProject.Program;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks at what is no project of Erlang's or Elixir's. What comes of it is a starting point: how
/// such a project makes something that needs nothing of a host is mostly its own affair.
final class FoundGeneric {

    private static final Pattern MODULE = Pattern.compile("(?m)^module\\s+\"?([^\\s\"]+)");
    private static final Pattern ARTIFACT =
            Pattern.compile("(?s)<artifactId>\\s*([^<\\s]+)\\s*</artifactId>");
    private static final Pattern ROOT_NAME =
            Pattern.compile("rootProject\\.name\\s*=\\s*['\"]([^'\"]+)['\"]");

    private static final String NO_JIT =
            """
            [hardening]
            # A JIT writes code and runs it.
            except = ["MemoryDenyWriteExecute: the JIT writes code"]
            """;

    private final Path folder;

    private FoundGeneric(Path folder) {
        this.folder = folder;
    }

    /// @return empty where there is nothing of the kind
    static Optional<FoundProject> in(Path folder) throws IOException {
        return new FoundGeneric(folder.toAbsolutePath().normalize()).read();
    }

    private Optional<FoundProject> read() throws IOException {
        if (has("go.mod")) {
            return Optional.of(go());
        }
        if (has("pom.xml")) {
            return Optional.of(maven());
        }
        if (has("build.gradle") || has("build.gradle.kts")) {
            return Optional.of(gradle());
        }
        if (has("package.json")) {
            return Optional.of(node());
        }
        return Optional.empty();
    }

    private boolean has(String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    private String text(String file) throws IOException {
        return has(file) ? Files.readString(folder.resolve(file)) : "";
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private FoundProject go() throws IOException {
        // The last part, or the one before where that is a version.
        String module = first(MODULE, text("go.mod")).orElse("").replaceFirst("/v[0-9]+$", "");
        String name = module.replaceFirst("^.*/", "");
        List<String> commands = commands();
        List<String> assumed = new ArrayList<>();
        String main = ".";
        if (!commands.isEmpty()) {
            String chosen = commands.contains(name) ? name : commands.getFirst();
            main = "./cmd/" + chosen;
            name = chosen;
            if (commands.size() > 1) {
                assumed.add(
                        "cmd/"
                                + chosen
                                + " is what serves; there are also cmd/"
                                + String.join(
                                        ", cmd/",
                                        commands.stream()
                                                .filter(other -> !other.equals(chosen))
                                                .toList()));
            }
        }
        assumed.add("it needs no C library (CGO_ENABLED=0), so that it runs on any Linux");
        return found(
                name,
                "a module of Go, " + module,
                assumed,
                new Program(
                        """
                        # A checkout of the commit is built, so what it fetches has to be pinned by go.sum.
                        command = ["env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-o", "out/bin/", "%s"]
                        output = "out"
                        """
                                .formatted(main),
                        """
                        # It finds PORT in its environment; a program that wants to be told is:  ["bin/%1$s", "--port", "$PORT"]
                        start = ["bin/%1$s"]
                        """
                                .formatted(name),
                        ""));
    }

    /// Folders of `cmd` with a program, where there is none in the project's own folder.
    private List<String> commands() throws IOException {
        Path cmd = folder.resolve("cmd");
        if (isMain(folder) || !Files.isDirectory(cmd)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> list = Files.list(cmd)) {
            for (Path each : list.filter(Files::isDirectory).sorted().toList()) {
                if (isMain(each)) {
                    names.add(String.valueOf(each.getFileName()));
                }
            }
        }
        return names;
    }

    private static boolean isMain(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            for (Path file : list.filter(path -> path.toString().endsWith(".go")).toList()) {
                if (Pattern.compile("(?m)^package main\\b")
                        .matcher(Files.readString(file))
                        .find()) {
                    return true;
                }
            }
        }
        return false;
    }

    private FoundProject maven() throws IOException {
        String pom = text("pom.xml").replaceAll("(?s)<parent>.*?</parent>", "");
        String name = first(ARTIFACT, pom).orElse("");
        return found(
                name,
                "a project of Maven, " + name,
                List.of("it makes one jar with all that it needs, target/" + name + ".jar"),
                java(
                        """
                        command = ["make", "release"]
                        # which is a Makefile of yours with, for example:
                        #   release:
                        #           %s -B -q package
                        #           rm -rf out && jlink --add-modules java.base,java.logging --strip-debug --output out
                        #           cp target/%s.jar out/app.jar
                        output = "out"
                        """
                                .formatted(has("mvnw") ? "./mvnw" : "mvn", name),
                        "[\"bin/java\", \"-jar\", \"app.jar\"]"));
    }

    private FoundProject gradle() throws IOException {
        String name =
                first(ROOT_NAME, text("settings.gradle") + text("settings.gradle.kts"))
                        .orElse(String.valueOf(folder.getFileName()));
        return found(
                name,
                "a project of Gradle, " + name,
                List.of("the plugin application is applied, whose installDist has all jars in lib"),
                java(
                        """
                        command = ["make", "release"]
                        # which is a Makefile of yours with, for example:
                        #   release:
                        #           %s installDist
                        #           rm -rf out && jlink --add-modules java.base,java.logging --strip-debug --output out
                        #           cp -r build/install/%s/lib out/app
                        output = "out"
                        """
                                .formatted(has("gradlew") ? "./gradlew" : "gradle", name),
                        "[\"bin/java\", \"-cp\", \"app/*\", \"com.example.Main\"]"));
    }

    private static Program java(String build, String start) {
        return new Program(
                "# A host has no Java: jlink makes one with the modules that `jdeps"
                        + " --print-module-deps` names.\n"
                        + build,
                "start = " + start + "\n",
                NO_JIT);
    }

    private FoundProject node() throws IOException {
        JsonNode json;
        try {
            json = new JsonMapper().readTree(text("package.json"));
        } catch (JacksonException e) {
            json = new JsonMapper().createObjectNode();
        }
        String name = json.path("name").asString("").replaceFirst("^@[^/]*/", "");
        boolean bun = has("bun.lock") || has("bun.lockb");
        String runtime = bun ? "bun" : "node";
        boolean builds = !json.path("scripts").path("build").isMissingNode();
        String main = json.path("main").asString(builds ? "dist/index.js" : "index.js");
        return found(
                name,
                "a package of " + (bun ? "Bun's" : "npm's") + ", " + name,
                List.of(main + " is what is started, and there is a release.sh that you write"),
                new Program(
                        """
                        command = ["sh", "release.sh"]
                        # which is yours, such as this; a host has no %1$s, so it goes into the release:
                        #   set -eu
                        #   %2$s
                        %3$s#   mkdir -p out/bin
                        #   cp "$(command -v %1$s)" out/bin/
                        #   cp -r package.json node_modules %4$s out/
                        output = "out"
                        """
                                .formatted(
                                        runtime,
                                        bun ? "bun install --frozen-lockfile" : "npm ci",
                                        builds
                                                ? "#   "
                                                        + runtime.replace("node", "npm")
                                                        + " run build\n"
                                                : "",
                                        main.replaceFirst("^\\./", "").replaceFirst("/.*", "")),
                        "start = [\"bin/%s\", \"%s\"]\n".formatted(runtime, main),
                        NO_JIT));
    }

    private FoundProject found(String name, String what, List<String> assumed, Program program) {
        String app =
                name.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9_-]", "-")
                        .replaceFirst("^[^a-z]+", "");
        List<String> all = new ArrayList<>(assumed);
        all.add(
                "it listens where PORT says, and GET / answers with a status from 200 to 299 once"
                        + " it is healthy");
        all.add(
                "git's tags say the version, such as v1.2.0; build.version_file can name a file"
                        + " instead");
        return new FoundProject(
                Kind.GENERIC,
                app.isEmpty() ? "app" : app.substring(0, Math.min(31, app.length())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.of(program),
                List.of(what),
                all,
                List.<Edit>of());
    }
}
