package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.exec.Program;
import dev.decant.problem.ExitStatus;
import dev.decant.release.ReleaseShelf;
import dev.decant.web.Dashboard;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

@Command(
        name = "dashboard",
        description =
                "Show the hosts, what happens on them and what has, on a page of this machine, with"
                        + " a button to go back. Prints its address; Ctrl-C ends it.")
final class DashboardCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Where to listen, on the loopback interface. Default: one that is free.")
    private int port;

    @Option(names = "--open", description = "Open it in the browser of this desktop.")
    private boolean open;

    DashboardCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        ReleaseShelf shelf = BuildOptions.shelf(config, wiring);
        CountDownLatch stopped = new CountDownLatch(1);
        // A rollback that is under way goes on without it: hosts finish by themselves.
        Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
        try (Dashboard dashboard =
                new Dashboard(
                        config,
                        wiring.owner(),
                        ReportOptions.recordings(config, wiring),
                        ResumeCommand.file(wiring, config),
                        releases -> ReportOptions.changes(shelf, releases),
                        port)) {
            wiring.out().println(dashboard.address());
            wiring.out().flush();
            if (open) {
                open(dashboard, stopped);
            }
            stopped.await();
        }
        return ExitStatus.INTERRUPTED.number();
    }

    private void open(Dashboard dashboard, CountDownLatch stopped)
            throws IOException, InterruptedException {
        Optional<String> opener =
                Stream.of("xdg-open", "open")
                        .filter(each -> Program.find(each).isPresent())
                        .findFirst();
        // Made for its owner alone.
        Path page = Files.createTempFile("decant-dashboard", ".html");
        try {
            Files.writeString(page, dashboard.opener());
            if (opener.isEmpty() || !Program.of(opener.get(), page.toString()).run().ok()) {
                wiring.err().println("note   No browser can be opened here: open it yourself.");
                wiring.err().flush();
            }
            // A browser that only begins to start reads it later.
            stopped.await();
        } finally {
            Files.deleteIfExists(page);
        }
    }
}
