package dev.decant.cli;

import dev.decant.config.ConfigReader;
import dev.decant.config.Kind;
import dev.decant.config.ToolchainConfig;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;
import dev.decant.project.ToolVersions;
import dev.decant.toolchain.Toolchain;
import dev.decant.toolchain.ToolchainProblem;
import dev.decant.toolchain.ToolchainShelf;
import dev.decant.toolchain.Toolchains;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here.
@Command(
        name = "toolchain",
        description = "The Erlang and Elixir that releases are built with, on this machine.",
        synopsisSubcommandLabel = "COMMAND")
final class ToolchainCommand extends CommandGroup {

    private ToolchainCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new ToolchainCommand());
        line.addSubcommand(new ListAll(wiring));
        line.addSubcommand(new Install(wiring));
        line.addSubcommand(new Prune(wiring));
        line.addSubcommand(new Exec(wiring));
        return line;
    }

    private static ToolchainShelf shelf(Wiring wiring) {
        return new ToolchainShelf(
                wiring.xdg("XDG_DATA_HOME", ".local/share").resolve("toolchains"));
    }

    /// @param install what is missing, whatever the settings say
    static Toolchains toolchains(Wiring wiring, ToolchainConfig config, boolean install) {
        String mirror = wiring.environment().getOrDefault("DECANT_TOOLCHAIN_MIRROR", "");
        if (!mirror.isEmpty() && !mirror.matches(ToolchainConfig.MIRROR)) {
            throw new Failure(new ToolchainProblem.NoMirror(mirror));
        }
        ToolchainConfig from = mirror.isEmpty() ? config : config.from(mirror);
        return new Toolchains(
                shelf(wiring), install ? from.installing() : from, wiring.environment());
    }

    /// What all of them have.
    abstract static class InProject implements Callable<Integer> {

        final Wiring wiring;

        @Spec CommandSpec spec = CommandSpec.create();

        @Option(
                names = {"-C", "--directory"},
                paramLabel = "DIR",
                description =
                        "The folder of .tool-versions, and of decant.toml if there is one."
                                + " Default: this folder.")
        @Nullable Path directory;

        InProject(Wiring wiring) {
            this.wiring = wiring;
        }

        Path folder() {
            return directory == null
                    ? wiring.folder()
                    : wiring.folder().resolve(directory).toAbsolutePath().normalize();
        }

        Toolchains toolchains(boolean install) {
            return ToolchainCommand.toolchains(wiring, ConfigReader.toolchain(folder()), install);
        }

        /// As it is in the working tree; a build looks at the commit.
        ToolVersions wanted() throws IOException {
            Path folder = folder().toAbsolutePath();
            return ToolVersions.read(folder, Objects.requireNonNull(folder.getRoot()));
        }

        Tool tool(String word) {
            return Tool.of(word)
                    .orElseThrow(
                            () ->
                                    new ParameterException(
                                            spec.commandLine(),
                                            "Decant knows erlang and elixir, and no "
                                                    + word
                                                    + "."));
        }
    }

    @Command(
            name = "list",
            description = "List those that Decant has installed, or could (--available).")
    static final class ListAll extends InProject {

        @Option(
                names = "--available",
                paramLabel = "TOOL",
                description = "Versions of erlang or elixir that can be installed, newest first.")
        @Nullable
        private String available;

        @Parameters(
                arity = "0..1",
                paramLabel = "BEGINNING",
                description = "With --available: only versions that begin so, such as 27.")
        private String beginning = "";

        @Mixin private final OutputOptions output = new OutputOptions();

        ListAll(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (available != null) {
                List<String> versions = toolchains(false).available(tool(available), beginning);
                if (output.json) {
                    Json.print(wiring.out(), Json.ordered("available", versions));
                } else {
                    versions.forEach(wiring.out()::println);
                }
                wiring.out().flush();
                return ExitStatus.DONE.number();
            }
            List<ToolchainShelf.Entry> all = shelf(wiring).all();
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered(
                                "toolchains",
                                all.stream()
                                        .map(
                                                each ->
                                                        Json.ordered(
                                                                "tool", each.tool().word(),
                                                                "version", each.version(),
                                                                "folder", each.folder().toString(),
                                                                "used", each.used().toString()))
                                        .toList()));
                return ExitStatus.DONE.number();
            }
            Table table = new Table().row("TOOL", "VERSION", "LAST USED", "FOLDER");
            for (ToolchainShelf.Entry each : all) {
                table.row(
                        each.tool().word(),
                        each.version(),
                        each.used().truncatedTo(ChronoUnit.SECONDS).toString(),
                        each.folder().toString());
            }
            table.print(wiring.out());
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "install",
            description =
                    "Install what .tool-versions names, or one version, beside all others. What is"
                            + " there already stays as it is.")
    static final class Install extends InProject {

        @Parameters(
                arity = "0..2",
                paramLabel = "TOOL VERSION",
                hideParamSyntax = true,
                description = "Such as: erlang 27.1.2. Default: all that .tool-versions names.")
        private List<String> words = new ArrayList<>();

        Install(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (words.size() == 1) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Which version? Such as: " + words.getFirst() + " 1.2.3");
            }
            ConsoleLog log = wiring.log(false);
            Toolchains toolchains = toolchains(true);
            List<Path> places =
                    words.isEmpty()
                            ? toolchains.installed(named(), log)
                            : List.of(
                                    toolchains.installed(
                                            ToolVersion.parse(
                                                    tool(words.getFirst()),
                                                    words.getLast(),
                                                    "decant toolchain install"),
                                            log));
            log.clear();
            places.forEach(wiring.out()::println);
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }

        private ToolVersions named() throws IOException {
            ToolVersions wanted = wanted();
            if (wanted.tools().values().stream()
                    .noneMatch(version -> version.kind() == ToolVersion.Kind.EXACT)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Which tool and version? No .tool-versions or mise.toml names one here.");
            }
            return wanted;
        }
    }

    @Command(
            name = "prune",
            description =
                    "Remove those that no build has used for a while, and what was left of installs"
                            + " that were cut short. What .tool-versions names stays.")
    static final class Prune extends InProject {

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "How long it may be since the last use. Default: 60.")
        private int days = 60;

        @Option(
                names = {"-n", "--dry-run"},
                description = "Remove nothing; only say what would be removed.")
        private boolean dryRun;

        Prune(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (days < 0) {
                throw new ParameterException(spec.commandLine(), "--days must not be negative.");
            }
            List<ToolVersion> keep = List.copyOf(wanted().tools().values());
            ConsoleLog log = wiring.log(false);
            List<ToolchainShelf.Entry> gone =
                    shelf(wiring).prune(Duration.ofDays(days), keep, dryRun, log);
            for (ToolchainShelf.Entry each : gone) {
                wiring.out()
                        .println(
                                (dryRun ? "would remove  " : "removed  ")
                                        + each.tool().word()
                                        + " "
                                        + each.version());
            }
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "exec",
            description =
                    "Run a program with the Erlang and Elixir that .tool-versions names, and exit"
                            + " with its status. For example: decant toolchain exec -- mix test")
    static final class Exec extends InProject {

        @Option(names = "--install", description = "Install what is missing.")
        private boolean install;

        @Parameters(
                arity = "1..*",
                paramLabel = "PROGRAM",
                description = "A program and its arguments, which arrive as they are.")
        private List<String> command = new ArrayList<>();

        Exec(Wiring wiring) {
            super(wiring);
        }

        /// What comes after the program is its own.
        @Spec
        void stopAtProgram(CommandSpec its) {
            its.parser().stopAtPositional(true);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            ConsoleLog log = wiring.log(false);
            Toolchain toolchain =
                    toolchains(install)
                            .choose(
                                    wanted(),
                                    Tool.neededBy(Kind.of(folder())),
                                    folder(),
                                    Optional.empty(),
                                    log);
            log.clear();
            String program = command.getFirst();
            if (program.contains("/")
                    ? !Files.isExecutable(folder().resolve(program))
                    : toolchain.find(program).isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "There is no program " + program + ".");
            }
            return toolchain.program(command, folder(), Map.of()).runHere();
        }
    }
}
