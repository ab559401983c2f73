package dev.decant.cli;

import dev.decant.deploy.DeployReport;
import dev.decant.ui.Json;
import dev.decant.ui.ProblemPrinter;
import dev.decant.ui.ReportPrinter;

/// Prints how a rollout ended and gives the exit status.
final class Results {

    private Results() {}

    static int print(Wiring wiring, DeployReport report, boolean json) {
        if (json) {
            Json.print(wiring.out(), Json.of(report));
        } else {
            ReportPrinter.print(wiring.out(), report);
            if (!report.problems().isEmpty()) {
                wiring.err().println();
                ProblemPrinter.print(wiring.err(), report.problems());
            }
        }
        return report.status().number();
    }
}
