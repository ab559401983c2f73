package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.secrets.Secret;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Does what a page of `docs` says, block by block, in a project of its own: `toml` goes to the end
/// of decant.toml, `sh` is run (what it exports is there in those after it, and so is the folder
/// that it changes to), and each line of `text` is to be in what the last one has printed, with
/// anything where it has `…`. Blocks of another kind are to be read only. `decant` is what was just
/// compiled.
public final class HowTo {

    private static final Pattern BLOCK =
            Pattern.compile("^```(sh|toml|text)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private final Path project;
    private final Map<String, String> inPlaceOf = new LinkedHashMap<>();
    private final Map<String, String> environment = new TreeMap<>();

    /// Where the next block is run.
    private Path at;

    /// @param folder empty
    public HowTo(Path folder) throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        at = project;
        Files.writeString(
                project.resolve(ConfigReader.FILE_NAME),
                "app = \"shop\"\nhosts.web1.address = \"web1.example.com\"\n\n");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        program(
                bin.resolve("decant"),
                """
                exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' dev.decant.cli.Main "$@"
                """
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.put("PATH", bin + File.pathSeparator + Program.path());
    }

    /// What decant.toml has before the page adds to it.
    public HowTo project(String toml) throws IOException {
        Files.writeString(project.resolve(ConfigReader.FILE_NAME), toml);
        return this;
    }

    /// What the page has for a person, and what the test has.
    public HowTo with(String onThePage, String here) {
        inPlaceOf.put(onThePage, here);
        return this;
    }

    public HowTo environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// A stand-in for a program that is not to be had here.
    ///
    /// @param script for `sh`
    public HowTo program(String name, String script) throws IOException {
        program(project.resolveSibling("bin").resolve(name), script);
        return this;
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// @param page of `docs/how-to`, such as `vault`
    /// @return what the sources that it has set up have, as a deploy would find it
    public Map<String, String> follow(String page) throws IOException, InterruptedException {
        walk("how-to/" + page);
        Config config = ConfigReader.read(project, Optional.empty());
        Map<String, String> found = new TreeMap<>();
        for (Secret secret : Sources.find(config, environment).secrets()) {
            found.put(secret.name(), secret.value());
        }
        return found;
    }

    /// @param page such as `tutorial/index`
    public void walk(String page) throws IOException, InterruptedException {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs", page + ".md")));
        String printed = "";
        int blocks = 0;
        while (block.find()) {
            String text = block.group(2);
            for (Map.Entry<String, String> each : inPlaceOf.entrySet()) {
                text = text.replace(each.getKey(), each.getValue());
            }
            switch (block.group(1)) {
                case "toml" -> append(text);
                case "sh" -> printed = run(text);
                default -> mustHave(printed, text);
            }
            blocks++;
        }
        assertThat(blocks).as("blocks of the page").isPositive();
    }

    private static void mustHave(String printed, String text) {
        for (String line : text.lines().toList()) {
            String pattern =
                    Arrays.stream(line.split("…", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*"));
            assertThat(printed).containsPattern(pattern);
        }
    }

    private void append(String toml) throws IOException {
        Path file = at.resolve(ConfigReader.FILE_NAME);
        Files.writeString(file, Files.readString(file) + toml + "\n");
    }

    private String run(String script) throws IOException, InterruptedException {
        Path state = project.resolveSibling("state");
        Result result =
                Program.of("sh", "-euc", script + "\nenv -0 >'" + state + "'")
                        .in(at)
                        .env(environment)
                        .run();
        assertThat(result.ok()).as("%s\n%s", script, result).isTrue();
        for (String each : Files.readString(state).split("\0")) {
            int equals = each.indexOf('=');
            environment.put(each.substring(0, equals), each.substring(equals + 1));
        }
        at = Path.of(environment.getOrDefault("PWD", at.toString()));
        return String.join("\n", result.out()) + "\n" + String.join("\n", result.err());
    }
}
