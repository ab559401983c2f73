package dev.decant.ui;

import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.DeployReport.Timing;
import dev.decant.deploy.HostOutcome;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What stands on the screen when a rollout has ended.
class ReportGoldenTest {

    private static final Duration TOOK = Duration.ofMillis(12_340);

    private static void check(String golden, DeployReport report) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        ReportPrinter.steps(out, report, TOOK);
        ReportPrinter.outcomes(out, report);
        ProblemPrinter.print(out, ReportPrinter.toBeSaid(report));
        Golden.check(Golden.folder("ui").resolve("report-" + golden + ".txt"), text.toString());
    }

    private static DeployReport report(HostOutcome... outcomes) {
        return new DeployReport(Samples.NEW, List.of(outcomes), timings(outcomes.length));
    }

    /// All do the same, one after the other a little slower, but the first one migrates.
    private static List<Timing> timings(int hosts) {
        List<Timing> timings = new ArrayList<>();
        for (int i = 1; i <= hosts; i++) {
            timings.add(new Timing(name(i), "send", Duration.ofMillis(400 + 10 * i), 14_600));
            timings.add(new Timing(name(i), "prepare", Duration.ofMillis(90 + i), 0));
        }
        timings.add(new Timing(name(1), "migrate", Duration.ofMillis(700), 0));
        for (int i = hosts; i > 0; i--) {
            timings.add(new Timing(name(i), "activate", Duration.ofMillis(2000 + 50 * i), 0));
        }
        return timings;
    }

    private static String name(int number) {
        return "web%02d".formatted(number);
    }

    private static HostOutcome serves(int number) {
        return new HostOutcome.Deployed(
                name(number), Optional.of(Duration.ofMillis(1200 + 10 * number)));
    }

    @Test
    void one_host_with_each_of_its_steps() {
        check("1", report(serves(1)));
    }

    @Test
    void nothing_done() {
        check(
                "nothing",
                new DeployReport(
                        Samples.NEW, List.of(new HostOutcome.Unchanged("web1")), List.of()));
    }

    @Test
    void six_hosts_with_a_line_each_for_what_became_of_them() {
        check(
                "6",
                report(
                        serves(1),
                        new HostOutcome.Unchanged("web02"),
                        new HostOutcome.WentBack(
                                "web03", new DeployProblem.TakenBack("web03", "web05")),
                        new HostOutcome.Untouched("web04", Optional.empty()),
                        new HostOutcome.InDoubt(
                                "web05", new DeployProblem.CannotSettle("web05", List.of("why"))),
                        new HostOutcome.Received("web06")));
    }

    @Test
    void of_fifty_hosts_those_that_ended_alike_in_one_line() {
        HostOutcome[] outcomes = new HostOutcome[50];
        for (int i = 1; i <= 50; i++) {
            outcomes[i - 1] =
                    i == 17
                            ? new HostOutcome.WentBack(
                                    name(i), new DeployProblem.TakenBack(name(i), "web38"))
                            : i == 38 || i == 39
                                    ? new HostOutcome.InDoubt(
                                            name(i),
                                            new DeployProblem.CannotSettle(name(i), List.of("why")))
                                    : i > 44
                                            ? new HostOutcome.Untouched(name(i), Optional.empty())
                                            : serves(i);
        }
        check("50", report(outcomes));
    }

    @Test
    void who_has_stopped_it_sees_where_each_host_stands() {
        check(
                "stopped",
                new DeployReport(
                        Samples.NEW,
                        List.of(
                                serves(1),
                                new HostOutcome.WentBack(
                                        "web02",
                                        new DeployProblem.NeverHealthy(
                                                "web02",
                                                Samples.NEW.value(),
                                                "GET /health answered 500 for 6 s",
                                                "The old one serves again.",
                                                List.of())),
                                new HostOutcome.InDoubt(
                                        "web03",
                                        new DeployProblem.StillSwitching(
                                                "web03",
                                                Samples.NEW.value(),
                                                "waiting for health, asked 3 times")),
                                new HostOutcome.InDoubt(
                                        "web04",
                                        new DeployProblem.LostSight(
                                                "web04", Samples.NEW.value(), List.of("Gone."))),
                                new HostOutcome.Untouched("web05", Optional.empty())),
                        timings(3),
                        true));
    }

    @Test
    void who_has_stopped_a_migration_is_told_that_it_goes_on() {
        check(
                "stopped-migration",
                new DeployReport(
                        Samples.NEW,
                        List.of(
                                new HostOutcome.Untouched(
                                        "web01",
                                        Optional.of(new DeployProblem.MigrationGoesOn("web01"))),
                                new HostOutcome.Untouched("web02", Optional.empty())),
                        List.of(),
                        true));
    }
}
