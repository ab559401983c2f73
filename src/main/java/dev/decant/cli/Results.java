package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Operations;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.ProblemPrinter;
import dev.decant.ui.Words;

import java.util.ArrayList;
import java.util.List;

/// Prints what was done on each host, and gives the exit status.
final class Results {

    private Results() {}

    static void print(
            Wiring wiring, ConsoleLog log, List<Operations.Done> all, String word, boolean json) {
        log.clear();
        if (json) {
            Json.print(wiring.out(), Json.ordered("hosts", all.stream().map(Json::of).toList()));
            return;
        }
        for (Operations.Done done : all) {
            wiring.out()
                    .println(
                            done.host()
                                    + "  "
                                    + word
                                    + "  "
                                    + done.release()
                                    + "  ("
                                    + Words.of(done.took())
                                    + ")");
        }
        wiring.out().flush();
    }

    /// Prints what is heard of hosts, as it comes; with `--json` it comes with all the rest.
    static Operations.Listener listener(
            Wiring wiring, ConsoleLog log, Config config, OutputOptions output) {
        boolean several = config.hosts().size() > 1;
        return (host, line) -> {
            if (!output.json) {
                log.clear();
                // One line at a time, whoever speaks.
                synchronized (wiring) {
                    wiring.out().println(several ? host + "  " + line : line);
                    wiring.out().flush();
                }
            }
        };
    }

    /// What expressions have printed was heard already; those that failed are reported as problems.
    static int print(Wiring wiring, ConsoleLog log, List<Operations.Evaluated> all, boolean json) {
        log.clear();
        List<Problem> problems = new ArrayList<>();
        for (Operations.Evaluated each : all) {
            if (!each.ok()) {
                problems.add(
                        each.problem(
                                each.output().isEmpty()
                                        ? List.of()
                                        : List.of("What it has said is above.")));
            }
        }
        if (json) {
            Json.print(wiring.out(), Json.ordered("hosts", all.stream().map(Json::of).toList()));
        }
        wiring.out().flush();
        if (!json && !problems.isEmpty()) {
            ProblemPrinter.print(wiring.err(), problems);
        }
        return (problems.isEmpty() ? ExitStatus.DONE : ExitStatus.REFUSED).number();
    }
}
