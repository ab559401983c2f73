package dev.decant.ui;

import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.DeployReport.Timing;
import dev.decant.deploy.HostOutcome;
import dev.decant.problem.Problem;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a rollout ended and what took how long, for people.
public final class ReportPrinter {

    /// Hosts of which each still gets a line of its own.
    private static final int A_LINE_EACH = 12;

    private ReportPrinter() {}

    /// What took how long: of one host each step; of several, for each step what is usual, and who
    /// was the slowest.
    ///
    /// @param took from the command to its end: there was more to do than what is listed, and not
    ///   one thing after the other
    public static void steps(PrintWriter out, DeployReport report, Duration took) {
        if (report.timings().isEmpty()) {
            return;
        }
        String bytes = bytes(report.timings());
        if (report.outcomes().size() == 1) {
            Table table = new Table().row("HOST", "STEP", "TIME", "SENT");
            for (Timing timing : report.timings()) {
                table.row(
                        timing.host(),
                        timing.step(),
                        Words.of(timing.took()),
                        bytes(List.of(timing)));
            }
            table.row("", "all", Words.of(took), bytes).print(out);
        } else {
            Table table = new Table().row("STEP", "HOSTS", "MEDIAN", "SLOWEST", "", "SENT");
            byStep(report).forEach((step, timings) -> row(table, step, timings));
            table.row("all", "", "", Words.of(took), "", bytes).print(out);
        }
        out.println();
    }

    private static Map<String, List<Timing>> byStep(DeployReport report) {
        Map<String, List<Timing>> steps = new LinkedHashMap<>();
        for (Timing timing : report.timings()) {
            steps.computeIfAbsent(timing.step(), _ -> new ArrayList<>()).add(timing);
        }
        return steps;
    }

    private static void row(Table table, String step, List<Timing> timings) {
        List<Timing> sorted = timings.stream().sorted(Comparator.comparing(Timing::took)).toList();
        Timing slowest = sorted.getLast();
        table.row(
                step,
                Integer.toString(sorted.size()),
                Words.of(sorted.get((sorted.size() - 1) / 2).took()),
                Words.of(slowest.took()),
                slowest.host(),
                bytes(sorted));
    }

    private static String bytes(List<Timing> timings) {
        long bytes = timings.stream().mapToLong(Timing::bytes).sum();
        return bytes == 0 ? "" : Words.bytes(bytes);
    }

    /// How each host ended; of many, those that ended alike in one line.
    public static void outcomes(PrintWriter out, DeployReport report) {
        Table table = new Table();
        Map<String, List<HostOutcome>> alike = new LinkedHashMap<>();
        for (HostOutcome outcome : report.outcomes()) {
            boolean alone =
                    report.outcomes().size() <= A_LINE_EACH
                            || outcome instanceof HostOutcome.InDoubt;
            alike.computeIfAbsent(
                            alone ? outcome.host() : words(outcome, report), _ -> new ArrayList<>())
                    .add(outcome);
        }
        for (List<HostOutcome> group : alike.values()) {
            HostOutcome first = group.getFirst();
            if (group.size() == 1) {
                table.row(first.host(), words(first, report) + gap(group));
            } else {
                table.row(ranges(group, report.outcomes()), words(first, report) + gap(group));
            }
        }
        table.print(out);
    }

    /// Such as `web01 … web05, web07 (6)`.
    private static String ranges(List<HostOutcome> group, List<HostOutcome> all) {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < group.size(); ) {
            int from = all.indexOf(group.get(i));
            int length = 1;
            while (i + length < group.size()
                    && all.get(from + length).equals(group.get(i + length))) {
                length++;
            }
            String first = group.get(i).host();
            String last = group.get(i + length - 1).host();
            ranges.add(length == 1 ? first : first + (length == 2 ? ", " : " … ") + last);
            i += length;
        }
        return String.join(", ", ranges) + " (" + group.size() + ")";
    }

    /// For how long nothing answered, of several the longest.
    private static String gap(List<HostOutcome> group) {
        return group.stream()
                .map(
                        outcome ->
                                outcome instanceof HostOutcome.Deployed(_, var gap)
                                        ? gap
                                        : Optional.<Duration>empty())
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .map(
                        longest ->
                                "; nothing answered for "
                                        + (group.size() > 1 ? "at most " : "")
                                        + Words.of(longest))
                .orElse("");
    }

    private static String words(HostOutcome outcome, DeployReport report) {
        return switch (outcome) {
            case HostOutcome.Deployed _ -> "serves " + report.release();
            case HostOutcome.Received _ -> "has " + report.release();
            case HostOutcome.Unchanged _ -> "unchanged, serves " + report.release() + " already";
            case HostOutcome.WentBack _ -> "went back";
            case HostOutcome.Untouched(_, Optional<Problem> problem) ->
                    problem.orElse(null) instanceof DeployProblem.MigrationGoesOn
                            ? "untouched; the migration goes on there by itself"
                            : "untouched";
            case HostOutcome.InDoubt(_, DeployProblem.StillSwitching _) ->
                    "still switching; goes on by itself, to the new release or back";
            case HostOutcome.InDoubt(_, DeployProblem.LostSight _) when report.stopped() ->
                    "not known; what had begun goes on by itself";
            case HostOutcome.InDoubt _ -> "NEEDS YOU";
        };
    }

    /// The problems that the lines of [#outcomes] do not say already.
    public static List<Problem> toBeSaid(DeployReport report) {
        return report.problems().stream()
                .filter(
                        problem ->
                                !report.stopped()
                                        || !(problem instanceof DeployProblem.StillSwitching
                                                || problem instanceof DeployProblem.LostSight
                                                || problem
                                                        instanceof DeployProblem.MigrationGoesOn))
                .toList();
    }
}
