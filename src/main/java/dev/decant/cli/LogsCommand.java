package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.host.Host;
import dev.decant.host.LogEntry;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.LogPrinter;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.concurrent.Callable;

@Command(
        name = "logs",
        description = "Show what the app has logged on all hosts, as one log in the order of time.")
final class LogsCommand implements Callable<Integer> {

    private static final int LINES = 50;
    private static final int ALL_LINES = 1_000_000;

    /// A host is hardly ever later than another by more.
    private static final Duration WAIT = Duration.ofMillis(250);

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description =
                    "How many lines of the past, of each host. Default: 50, and all there are with"
                            + " --since.")
    @Nullable
    private Integer lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as new lines come, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "",
            description =
                    "What was logged since then, by the hosts' clocks: such as '10 min ago', today,"
                            + " '2026-11-24 09:30' or '09:30'.")
    private String since = "";

    @Option(
            names = "--until",
            paramLabel = "TIME",
            defaultValue = "",
            description = "What was logged until then.")
    private String until = "";

    @Option(
            names = {"-g", "--grep"},
            paramLabel = "PATTERN",
            defaultValue = "",
            description =
                    "Only what a regular expression is found in; without capitals, they do not"
                            + " matter.")
    private String pattern = "";

    @Option(
            names = {"-p", "--priority"},
            paramLabel = "LEVEL",
            defaultValue = "",
            description =
                    "Only what is as urgent, such as warning; needs an app that tells the journal.")
    private String priority = "";

    @Option(names = "--json", description = "Print each entry as one JSON object, a line each.")
    private boolean json;

    LogsCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        int count = lines != null ? lines : since.isEmpty() ? LINES : ALL_LINES;
        Verb logs =
                new Verb.Logs(count, follow, new Verb.Logs.Filter(since, until, pattern, priority));
        LogPrinter printer = new LogPrinter(wiring.out(), config.hosts().size() > 1, json);
        try (Fleet fleet = Fleet.connect(config)) {
            Thread printing = Thread.ofVirtual().start(() -> printWhileFollowing(printer));
            fleet.each(name -> read(fleet.get(name), logs, printer));
            printing.interrupt();
            printing.join();
        } finally {
            printer.print(Duration.ZERO);
        }
        return ExitStatus.DONE.number();
    }

    private Reply read(Host host, Verb logs, LogPrinter printer) {
        Reply reply =
                host.ask(
                        logs,
                        line ->
                                LogEntry.parse(host.name(), line)
                                        .ifPresentOrElse(printer::add, () -> complain(line)),
                        _ -> {});
        return host.must(logs, reply);
    }

    private synchronized void complain(String line) {
        wiring.err().println(line);
        wiring.err().flush();
    }

    private void printWhileFollowing(LogPrinter printer) {
        try {
            while (follow) {
                Thread.sleep(WAIT.dividedBy(2));
                printer.print(WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
