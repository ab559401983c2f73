package dev.decant.cli;

import dev.decant.config.ConfigReader;
import dev.decant.config.Kind;
import dev.decant.problem.ExitStatus;
import dev.decant.systemd.ElixirModule;
import dev.decant.systemd.LogForwarder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here.
@Command(
        name = "generate",
        description = "Print files that are for the app, or for other programs on its hosts.",
        synopsisSubcommandLabel = "COMMAND")
final class GenerateCommand extends CommandGroup {

    private GenerateCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new GenerateCommand());
        line.addSubcommand(new Notify(wiring));
        line.addSubcommand(new RestartFlag(wiring));
        line.addSubcommand(new Logs(wiring));
        return line;
    }

    private static int print(Wiring wiring, String text) {
        wiring.out().print(text);
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }

    /// What has a module printed.
    abstract static class OfModule implements Callable<Integer> {

        private final Wiring wiring;
        private final ElixirModule module;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--module",
                paramLabel = "NAME",
                description = "What it is called. Default: by the app, as in ShopWeb.Systemd.")
        private @Nullable String name;

        OfModule(Wiring wiring, ElixirModule module) {
            this.wiring = wiring;
            this.module = module;
        }

        @Override
        public Integer call() {
            if (name != null && !name.matches(ElixirModule.NAME)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Not a name for a module: " + name + ". For example: ShopWeb.Systemd");
            }
            if (Files.exists(project.folder(wiring).resolve(ConfigReader.FILE_NAME))) {
                NotOfThisKind.needsErlang(
                        project.withoutHosts(wiring),
                        spec.qualifiedName().replaceFirst("^decant ", ""),
                        "What it prints is a module of Elixir's.",
                        "Libraries of your language tell systemd when an app is ready (sd_notify):"
                                + " docs/how-to/generic.md");
            }
            if (Kind.of(project.folder(wiring)) == Kind.REBAR3) {
                throw new ParameterException(
                        spec.commandLine(),
                        "The module is one of Elixir, and this is a project of rebar3."
                                + " docs/how-to/rebar3.md says what an app of Erlang is to do.");
            }
            return print(
                    wiring,
                    module.source(
                            name != null
                                    ? name
                                    : module.nameIn(project.withoutHosts(wiring).names().app())));
        }
    }

    @Command(
            name = "notify",
            description =
                    "Print an Elixir module that tells systemd when the app is ready, that it is"
                            + " alive, and when it stops; for health.check = \"notify\" and"
                            + " service.watchdog.")
    static final class Notify extends OfModule {

        Notify(Wiring wiring) {
            super(wiring, ElixirModule.NOTIFY);
        }
    }

    @Command(
            name = "restart-flag",
            description =
                    "Print an Elixir module that stops the app when a file is touched, so that"
                            + " systemd starts it again; for service.restart_flag.")
    static final class RestartFlag extends OfModule {

        RestartFlag(Wiring wiring) {
            super(wiring, ElixirModule.RESTART_FLAG);
        }
    }

    @Command(
            name = "logs",
            description =
                    "Print a configuration for a program that takes what the app logs from the"
                            + " journal to elsewhere.")
    static final class Logs implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Option(
                names = "--to",
                required = true,
                paramLabel = "PROGRAM",
                description = "One of: ${COMPLETION-CANDIDATES}.")
        private LogForwarder forwarder = LogForwarder.VECTOR;

        Logs(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() {
            return print(wiring, forwarder.config(project.withoutHosts(wiring)));
        }
    }
}
