package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.host.Host;
import dev.decant.host.Verb;
import dev.decant.problem.ExitStatus;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

@Command(name = "logs", description = "Show what the app has logged on each host.")
final class LogsCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many lines of the past, of each host. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as new lines come, until Ctrl-C.")
    private boolean follow;

    LogsCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        try (Fleet fleet = Fleet.connect(config)) {
            boolean several = fleet.names().size() > 1;
            fleet.each(
                    name -> {
                        String prefix = several ? name + "  " : "";
                        Verb logs = new Verb.Logs(lines, follow);
                        Host host = fleet.get(name);
                        return host.ask(logs, line -> print(prefix + line), _ -> {});
                    });
        }
        return ExitStatus.DONE.number();
    }

    private synchronized void print(String line) {
        wiring.out().println(line);
        wiring.out().flush();
    }
}
