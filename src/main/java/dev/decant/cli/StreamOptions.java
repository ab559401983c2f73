package dev.decant.cli;

import dev.decant.deploy.DeployReport;
import dev.decant.problem.Problem;
import dev.decant.ui.CommandLog;
import dev.decant.ui.EventStream;
import dev.decant.ui.Json;
import dev.decant.ui.ProblemPrinter;
import dev.decant.ui.ReportPrinter;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How it is told what happens on hosts, and how that ended.
final class StreamOptions {

    private final Instant began = Instant.now();

    @Option(
            names = "--json",
            description =
                    "Print what happens as JSON on standard output, one object a line, as it comes;"
                            + " the last is the result. Nothing else is printed.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only problems, and how it has ended on each host.")
    private boolean quiet;

    /// @param verbose with what the build's programs print
    CommandLog log(Wiring wiring, boolean verbose) {
        return json
                ? new EventStream(wiring.out(), verbose)
                : quiet ? CommandLog.quiet() : wiring.log(verbose);
    }

    /// @return the exit status
    int print(Wiring wiring, DeployReport report) {
        if (json) {
            EventStream.end(wiring.out(), Json.of(report), took());
        } else {
            if (!quiet) {
                ReportPrinter.steps(wiring.out(), report, took());
            }
            ReportPrinter.outcomes(wiring.out(), report);
            List<Problem> problems = ReportPrinter.toBeSaid(report);
            if (!problems.isEmpty()) {
                wiring.err().println();
                ProblemPrinter.print(wiring.err(), problems);
            }
        }
        return report.status().number();
    }

    /// Since the command was given.
    Duration took() {
        return Duration.between(began, Instant.now());
    }
}
