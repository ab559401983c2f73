package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is on the screen while hosts are worked on: events in, lines out.
class LiveViewGoldenTest {

    private static final Instant BEGAN = Instant.parse("2026-11-23T19:15:00Z");

    private final LiveView view = new LiveView();

    private static Instant at(double seconds) {
        return BEGAN.plusMillis(Math.round(seconds * 1000));
    }

    private static String name(int number) {
        return "web%02d".formatted(number);
    }

    private static List<String> names(int hosts) {
        return IntStream.rangeClosed(1, hosts).mapToObj(LiveViewGoldenTest::name).toList();
    }

    private void began(String what, int hosts) {
        view.tell(
                new RolloutEvent.Began(
                        BEGAN,
                        what,
                        Samples.NEW,
                        names(hosts),
                        names(hosts).stream().map(List::of).toList()));
    }

    private void step(double at, int host, String step) {
        view.tell(new RolloutEvent.StepBegan(at(at), name(host), step));
    }

    private void done(double at, int host, String step) {
        view.tell(new RolloutEvent.StepDone(at(at), name(host), step, Duration.ofSeconds(1), 0));
    }

    private void serves(double at, int host) {
        step(at - 2, host, "activate");
        done(at, host, "activate");
        view.tell(
                new RolloutEvent.HostEnded(
                        at(at), new HostOutcome.Deployed(name(host), Optional.empty())));
    }

    private void wentBack(double at, int host) {
        view.tell(
                new RolloutEvent.HostEnded(
                        at(at),
                        new HostOutcome.WentBack(
                                name(host), new DeployProblem.TakenBack(name(host), "web38"))));
    }

    private String shown(int width, int height, double at) {
        return view.lines(width, height, at(at)).stream()
                .map(
                        line ->
                                String.format(
                                        Locale.ROOT,
                                        "%-6s|%s\n",
                                        line.colour() == LiveView.Colour.NONE
                                                ? ""
                                                : line.colour().name().toLowerCase(Locale.ROOT),
                                        line.text()))
                .collect(Collectors.joining());
    }

    private static void check(String golden, String text) {
        Golden.check(Golden.folder("ui").resolve("live-" + golden + ".txt"), text);
    }

    private void six() {
        began("deploy", 6);
        serves(5, 1);
        wentBack(9, 2);
        step(7, 3, "activate");
        view.tell(
                new RolloutEvent.Doing(
                        at(8), name(3), "waiting for health, asked 12 times, last 503"));
        step(1, 4, "send");
        view.tell(new RolloutEvent.Sent(at(1), name(4), 500_000, 5_500_000));
        view.tell(new RolloutEvent.Sent(at(3), name(4), 2_750_000, 5_500_000));
        step(2, 5, "prepare");
        done(3, 5, "prepare");
    }

    @Test
    void six_hosts_with_a_line_each() {
        six();

        check("6", shown(80, 23, 10.4));
    }

    @Test
    void a_narrow_terminal_cuts_what_is_long() {
        six();

        check("6-narrow", shown(40, 23, 10.4));
    }

    @Test
    void of_fifty_hosts_those_at_work_and_those_that_failed_where_there_is_no_room_for_all() {
        began("deploy", 50);
        for (int i = 1; i <= 50; i++) {
            step(1, i, "send");
            done(2, i, "send");
        }
        for (int i = 1; i <= 37; i++) {
            serves(10 + i, i);
        }
        wentBack(48, 17);
        for (int i = 38; i <= 42; i++) {
            step(50, i, "activate");
        }

        check("50", shown(80, 23, 61));
        check("50-low", shown(80, 5, 61));
    }

    @Test
    void one_host_needs_no_heading() {
        began("deploy", 1);
        step(1, 1, "preflight");

        assertThat(shown(40, 23, 3.9))
                .isEqualTo("      |web01  preflight                    2 s\n");
    }

    @Test
    void an_upload_is_done_when_all_have_it() {
        began("upload", 2);
        step(1, 1, "send");
        done(3, 1, "send");

        check("upload", shown(60, 23, 4));
    }

    @Test
    void what_is_no_rollout_is_there_while_it_lasts() {
        view.begin("build", "compile", "", at(0));
        view.tell(new RolloutEvent.StepBegan(at(1), "web1", "set up"));
        check("build", shown(60, 23, 4));

        view.end("build");
        view.tell(new RolloutEvent.StepDone(at(5), "web1", "set up", Duration.ZERO, 0));
        assertThat(view.isEmpty()).isTrue();
    }

    @Test
    void no_line_is_as_wide_as_the_terminal() {
        six();
        for (int width = 1; width < 120; width++) {
            int most = width;
            assertThat(view.lines(width, 23, at(10)))
                    .allSatisfy(line -> assertThat(line.text().length()).isLessThan(most + 8));
            if (width > 12) {
                assertThat(view.lines(width, 23, at(10)))
                        .allSatisfy(line -> assertThat(line.text().length()).isLessThan(most));
            }
        }
        for (int height = 2; height < 10; height++) {
            assertThat(view.lines(80, height, at(10))).hasSizeLessThanOrEqualTo(height);
        }
    }

    @Test
    void a_log_file_hears_of_what_takes_long() {
        six();

        assertThat(view.still(Duration.ofSeconds(3), at(11)))
                .containsExactly(
                        "web03  activate       4 s  waiting for health, asked 12 times, last 503",
                        "web04  send           10 s  50 % of 5.5 MB, 1.1 MB/s");
        assertThat(view.still(Duration.ofSeconds(11), at(11))).isEmpty();
    }

    @Test
    void a_log_file_hears_of_many_in_one_line() {
        began("rollback", 50);
        for (int i = 1; i <= 20; i++) {
            serves(3, i);
        }
        for (int i = 21; i <= 30; i++) {
            step(4, i, "activate");
        }

        assertThat(view.still(Duration.ofSeconds(10), at(15)))
                .containsExactly(
                        "20 of 50 serve it; at work on web21, web22, web23, web24, web25, web26 and"
                                + " 4 more");
    }
}
