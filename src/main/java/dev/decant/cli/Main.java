package dev.decant.cli;

import dev.decant.config.DecantVersion;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.Fleet;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.ui.EventStream;
import dev.decant.ui.ExplanationPrinter;
import dev.decant.ui.Json;
import dev.decant.ui.ProblemPrinter;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Where `decant` begins and how it ends.
public final class Main {

    private static final long TIDYING_MILLIS = 3_000;

    /// Hosts are asked where they stand.
    private static final long LAST_WORDS_MILLIS = 12_000;

    /// In the order in which `--help` has them.
    private static final List<String> COMMANDS =
            List.of(
                    "init",
                    "setup",
                    "doctor",
                    "explain",
                    "plan",
                    "deploy",
                    "upload",
                    "rollback",
                    "resume",
                    "status",
                    "history",
                    "dashboard",
                    "repair",
                    "unlock",
                    "remove",
                    "releases",
                    "logs",
                    "start",
                    "stop",
                    "restart",
                    "maintenance",
                    "migrate",
                    "seed",
                    "eval",
                    "rpc",
                    "exec",
                    "console",
                    "env",
                    "secrets",
                    "build",
                    "deps",
                    "release",
                    "toolchain",
                    "config",
                    "generate",
                    "export",
                    "assets",
                    "codedeploy",
                    "store",
                    "lab",
                    "completion");

    private static volatile boolean stopping;

    /// What is carried out on hosts; empty where there is nothing yet.
    private static volatile Optional<Fleet> rolling = Optional.empty();

    private static volatile boolean rolled;

    private Main() {}

    @Command(
            name = "decant",
            description =
                    "Deploys Elixir and Erlang apps to plain Linux hosts: built from a commit,"
                            + " verified, supervised by systemd, and back in seconds where it goes"
                            + " wrong.",
            synopsisSubcommandLabel = "COMMAND",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    static final class Decant implements Runnable {

        private final Wiring wiring;

        @Spec private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--explain",
                paramLabel = "ID",
                description = "As the command explain: say what a problem means.")
        private String explain = "";

        Decant(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public void run() {
            if (!explain.isEmpty()) {
                ExplanationPrinter.print(
                        wiring.out(), ExplainCommand.find(spec.commandLine(), explain));
                return;
            }
            throw new ParameterException(
                    spec.commandLine(),
                    "Which command? " + String.join(", ", spec.subcommands().keySet()) + ".");
        }
    }

    /// What `--version` says.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {version()};
        }
    }

    private static String version() {
        // Not with +, which makes a class at each start.
        return "decant ".concat(DecantVersion.own().orElse("development"));
    }

    public static void main(String[] args) {
        // Scripts ask for it, and it takes nothing of what is read for all else.
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            System.out.println(version());
            Runtime.getRuntime().halt(0);
        }
        // Whoever reads what a program prints keeps a thread of the platform's: of 256, which is
        // the default, some 128 hosts leave none.
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "10000");
        Wiring wiring =
                new Wiring(
                        new PrintWriter(System.out, false, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, false, StandardCharsets.UTF_8),
                        System.getenv(),
                        System.getenv("DECANT_TTY") != null
                                && !"dumb".equals(System.getenv("TERM")),
                        Path.of("").toAbsolutePath());
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main)));
        int status = run(wiring, args);
        Runtime.getRuntime().halt(status);
    }

    /// Ctrl-C or a CI that cancels: what was started ends, so that whoever waits for it goes on and
    /// tidies up; the JVM waits for that, but not for ever. Hosts are let go of, and then asked.
    private static void stop(Thread main) {
        stopping = true;
        endAtOnceNextTime();
        // Not those by which hosts will be asked.
        List<ProcessHandle> running = ProcessHandle.current().descendants().toList();
        Optional<Fleet> hosts = rolling;
        hosts.ifPresent(fleet -> fleet.cut(main));
        running.forEach(ProcessHandle::destroy);
        try {
            main.join(hosts.isPresent() ? LAST_WORDS_MILLIS : TIDYING_MILLIS);
            main.interrupt();
            main.join(TIDYING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A second Ctrl-C does what it does to any program. By name, since the compiler warns of the
    /// class, and there is no other.
    private static void endAtOnceNextTime() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("INT"),
                            handler.getField("SIG_DFL").get(null));
        } catch (ReflectiveOperationException e) {
            // Then it ends a little later.
        }
    }

    /// Carries something out that leaves hosts where each has got to when it is stopped, and says
    /// where that is.
    static <T> T rolling(Fleet fleet, Callable<T> rollout) throws Exception {
        rolling = Optional.of(fleet);
        rolled = true;
        try {
            return rollout.call();
        } finally {
            rolling = Optional.empty();
        }
    }

    /// Runs one command.
    ///
    /// @return the exit status
    static int run(Wiring wiring, String... args) {
        if (args.length > 0 && args[0].equals(Completion.WORD)) {
            return Completion.print(wiring, List.of(args).subList(1, args.length));
        }
        CommandLine line = commandLine(wiring, args);
        // What comes after is for somebody else.
        boolean json =
                Arrays.stream(args).takeWhile(arg -> !arg.equals("--")).anyMatch("--json"::equals);
        line.setParameterExceptionHandler((exception, _) -> usage(wiring, exception));
        line.setExecutionExceptionHandler(
                (exception, command, _) -> ended(wiring, exception, json, streams(command)));
        int status = line.execute(args);
        wiring.out().flush();
        wiring.err().flush();
        return status;
    }

    private static Object command(String name, Wiring wiring) {
        return switch (name) {
            case "init" -> new InitCommand(wiring);
            case "setup" -> new SetupCommand(wiring);
            case "doctor" -> new DoctorCommand(wiring);
            case "explain" -> new ExplainCommand(wiring);
            case "remove" -> new RemoveCommand(wiring);
            case "plan" -> new PlanCommand(wiring);
            case "deploy" -> new DeployCommand(wiring);
            case "upload" -> new UploadCommand(wiring);
            case "rollback" -> new RollbackCommand(wiring);
            case "resume" -> new ResumeCommand(wiring);
            case "status" -> new StatusCommand(wiring);
            case "history" -> new HistoryCommand(wiring);
            case "dashboard" -> new DashboardCommand(wiring);
            case "repair" -> new RepairCommand(wiring);
            case "unlock" -> new UnlockCommand(wiring);
            case "releases" -> new ReleasesCommand(wiring);
            case "logs" -> new LogsCommand(wiring);
            case "start" -> new StartCommand(wiring);
            case "stop" -> new StopCommand(wiring);
            case "restart" -> new RestartCommand(wiring);
            case "maintenance" -> new MaintenanceCommand(wiring);
            case "migrate" -> new MigrateCommand(wiring);
            case "seed" -> new SeedCommand(wiring);
            case "eval" -> new EvalCommand(wiring);
            case "rpc" -> new RpcCommand(wiring);
            case "exec" -> new ExecCommand(wiring);
            case "console" -> new ConsoleCommand(wiring);
            case "env" -> EnvCommand.of(wiring);
            case "secrets" -> SecretsCommand.of(wiring);
            case "build" -> new BuildCommand(wiring);
            case "deps" -> new DepsCommand(wiring);
            case "release" -> ReleaseCommand.of(wiring);
            case "toolchain" -> ToolchainCommand.of(wiring);
            case "config" -> new ConfigCommand(wiring);
            case "generate" -> GenerateCommand.of(wiring);
            case "export" -> ExportCommand.of(wiring);
            case "assets" -> AssetsCommand.of(wiring);
            case "codedeploy" -> CodeDeployCommand.of(wiring);
            case "store" -> StoreCommand.of(wiring);
            case "lab" -> new LabCommand();
            case "completion" -> new CompletionCommand(wiring);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Class<?> type(String name) {
        return switch (name) {
            case "init" -> InitCommand.class;
            case "setup" -> SetupCommand.class;
            case "doctor" -> DoctorCommand.class;
            case "explain" -> ExplainCommand.class;
            case "remove" -> RemoveCommand.class;
            case "plan" -> PlanCommand.class;
            case "deploy" -> DeployCommand.class;
            case "upload" -> UploadCommand.class;
            case "rollback" -> RollbackCommand.class;
            case "resume" -> ResumeCommand.class;
            case "status" -> StatusCommand.class;
            case "history" -> HistoryCommand.class;
            case "dashboard" -> DashboardCommand.class;
            case "repair" -> RepairCommand.class;
            case "unlock" -> UnlockCommand.class;
            case "releases" -> ReleasesCommand.class;
            case "logs" -> LogsCommand.class;
            case "start" -> StartCommand.class;
            case "stop" -> StopCommand.class;
            case "restart" -> RestartCommand.class;
            case "maintenance" -> MaintenanceCommand.class;
            case "migrate" -> MigrateCommand.class;
            case "seed" -> SeedCommand.class;
            case "eval" -> EvalCommand.class;
            case "rpc" -> RpcCommand.class;
            case "exec" -> ExecCommand.class;
            case "console" -> ConsoleCommand.class;
            case "env" -> EnvCommand.class;
            case "secrets" -> SecretsCommand.class;
            case "build" -> BuildCommand.class;
            case "deps" -> DepsCommand.class;
            case "release" -> ReleaseCommand.class;
            case "toolchain" -> ToolchainCommand.class;
            case "config" -> ConfigCommand.class;
            case "generate" -> GenerateCommand.class;
            case "export" -> ExportCommand.class;
            case "assets" -> AssetsCommand.class;
            case "codedeploy" -> CodeDeployCommand.class;
            case "store" -> StoreCommand.class;
            case "lab" -> LabCommand.class;
            case "completion" -> CompletionCommand.class;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// A command of which there is no more than what a list of commands says of it.
    private static CommandLine listed(String name) {
        CommandSpec spec = CommandSpec.create().name(name);
        Command command = type(name).getAnnotation(Command.class);
        if (command != null) {
            spec.usageMessage().description(command.description());
        }
        return new CommandLine(spec);
    }

    /// All commands, each with no more than its name and description.
    static CommandLine listed(Wiring wiring) {
        CommandLine line = new CommandLine(new Decant(wiring));
        COMMANDS.forEach(name -> line.addSubcommand(name, listed(name)));
        return line;
    }

    /// @param args what was typed. Reading what all commands take is most of the start, so where
    ///   one is named, it is the only one; and none is where only a list of them is wanted
    static CommandLine commandLine(Wiring wiring, String... args) {
        CommandLine line;
        if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
            line = listed(wiring);
        } else {
            line = new CommandLine(new Decant(wiring));
            boolean one = args.length > 0 && COMMANDS.contains(args[0]);
            for (String name : one ? List.of(args[0]) : COMMANDS) {
                line.addSubcommand(name, command(name, wiring));
            }
        }
        line.getSubcommands().values().forEach(Main::help);
        // These reach only the subcommands that are there already.
        line.setOut(wiring.out());
        line.setErr(wiring.err());
        line.setUsageHelpAutoWidth(true);
        // An argument that begins with @ is one.
        line.setExpandAtFiles(false);
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit statuses:%n")
                .exitCodeList(exitStatuses());
        return line;
    }

    /// `--help` everywhere.
    private static void help(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true);
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Main::help);
    }

    private static Map<String, String> exitStatuses() {
        Map<String, String> statuses = new LinkedHashMap<>();
        for (ExitStatus status : ExitStatus.values()) {
            statuses.put(String.format("%4d", status.number()), status.meaning());
        }
        return statuses;
    }

    private static int usage(Wiring wiring, ParameterException exception) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        StringWriter meant = new StringWriter();
        UnmatchedArgumentException.printSuggestions(exception, new PrintWriter(meant, true));
        wiring.err().println("decant: " + exception.getMessage());
        wiring.err().println();
        if (!meant.toString().isBlank()) {
            wiring.err().println("  Why   " + meant.toString().strip());
        }
        wiring.err().println("  Next  " + command + " --help");
        return ExitStatus.USAGE.number();
    }

    private static Optional<StreamOptions> streams(CommandLine command) {
        return command.getCommandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(StreamOptions.class::isInstance)
                .map(StreamOptions.class::cast)
                .findFirst();
    }

    /// @param rollout how it was to be told what happens on hosts, if anything was to happen there
    private static int ended(
            Wiring wiring, Exception exception, boolean json, Optional<StreamOptions> rollout) {
        wiring.telling().get().clear();
        return switch (stopping ? new InterruptedException() : exception) {
            case Failure failure -> {
                if (json && rollout.isPresent()) {
                    EventStream.end(
                            wiring.out(),
                            Json.of(failure.status(), failure.problems()),
                            rollout.get().took());
                } else if (json) {
                    Json.print(wiring.out(), Json.of(failure.status(), failure.problems()));
                } else {
                    wiring.err().println();
                    ProblemPrinter.print(wiring.err(), failure.problems());
                }
                yield failure.status().number();
            }
            case InterruptedException _ -> {
                List<Problem> problems =
                        rollout.isPresent() && !rolled
                                ? List.of(DeployProblem.Stopped.of(List.of()))
                                : List.of();
                if (json && rollout.isPresent()) {
                    EventStream.end(
                            wiring.out(),
                            Json.of(ExitStatus.INTERRUPTED, problems),
                            rollout.get().took());
                } else if (problems.isEmpty()) {
                    wiring.err().println();
                    wiring.err()
                            .println(
                                    "decant: Stopped. A host that had begun to switch goes on by"
                                            + " itself, to the new release or back: decant"
                                            + " status");
                } else {
                    wiring.err().println();
                    ProblemPrinter.print(wiring.err(), problems);
                }
                yield ExitStatus.INTERRUPTED.number();
            }
            default -> {
                wiring.err()
                        .println(
                                "decant: This is a mistake in Decant. Please report it with what"
                                        + " follows.");
                exception.printStackTrace(wiring.err());
                yield ExitStatus.BUG.number();
            }
        };
    }
}
