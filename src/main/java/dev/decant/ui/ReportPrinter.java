package dev.decant.ui;

import dev.decant.deploy.DeployReport;
import dev.decant.deploy.HostOutcome;

import java.io.PrintWriter;
import java.time.Duration;

/// How a deploy ended and what took how long, for people.
public final class ReportPrinter {

    private ReportPrinter() {}

    public static void print(PrintWriter out, DeployReport report) {
        if (!report.timings().isEmpty()) {
            Table table = new Table().row("HOST", "STEP", "TIME", "SENT");
            Duration total = Duration.ZERO;
            long bytes = 0;
            for (DeployReport.Timing timing : report.timings()) {
                table.row(
                        timing.host(),
                        timing.step(),
                        Words.of(timing.took()),
                        timing.bytes() == 0 ? "" : Words.bytes(timing.bytes()));
                total = total.plus(timing.took());
                bytes += timing.bytes();
            }
            table.row("", "all", Words.of(total), bytes == 0 ? "" : Words.bytes(bytes));
            table.print(out);
            out.println();
        }
        for (HostOutcome outcome : report.outcomes()) {
            out.println(outcome.host() + "  " + words(outcome, report));
        }
        out.flush();
    }

    private static String words(HostOutcome outcome, DeployReport report) {
        return switch (outcome) {
            case HostOutcome.Deployed(_, var gap) ->
                    "serves "
                            + report.release()
                            + gap.map(time -> "; nothing answered for " + Words.of(time))
                                    .orElse("");
            case HostOutcome.Received _ -> "has " + report.release();
            case HostOutcome.Unchanged _ -> "unchanged, serves " + report.release() + " already";
            case HostOutcome.WentBack _ -> "went back";
            case HostOutcome.Untouched _ -> "untouched";
            case HostOutcome.InDoubt _ -> "NEEDS YOU";
        };
    }
}
