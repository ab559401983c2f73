package dev.decant.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class RecordingsTest {

    private static final Instant AT = Instant.parse("2026-11-23T19:15:00.120Z");
    private static final Problem BACK = new DeployProblem.TakenBack("web1", "web2");

    @TempDir private Path folder = Path.of("");

    private Recordings recordings() {
        return new Recordings(folder.resolve("rollouts/shop"));
    }

    private Recording begin() {
        return recordings().begin("shop", Optional.of("staging"), "deploy", "alice@laptop");
    }

    private Recorded newest() throws IOException {
        return recordings().read(recordings().names().getFirst()).orElseThrow();
    }

    @Test
    void what_is_told_is_read_back() throws IOException {
        List<RolloutEvent> events =
                List.of(
                        new RolloutEvent.Began(
                                AT,
                                "deploy",
                                Samples.NEW,
                                List.of("web1", "web2"),
                                List.of(List.of("web1"), List.of("web2"))),
                        new RolloutEvent.BatchBegan(AT, 1, List.of("web1")),
                        new RolloutEvent.StepBegan(AT, "web1", "send"),
                        new RolloutEvent.Sent(AT, "web1", 7, 9),
                        new RolloutEvent.Doing(AT, "web1", "waiting"),
                        new RolloutEvent.StepDone(AT, "web1", "send", Duration.ofMillis(3), 9),
                        new RolloutEvent.StepFailed(AT, "web2", "send", Duration.ofMillis(4)),
                        new RolloutEvent.Note(AT, "", "a \"note\"\nof two lines"),
                        new RolloutEvent.TakingBack(AT, List.of("web1"), "web2"),
                        new RolloutEvent.HostEnded(
                                AT,
                                new HostOutcome.Deployed(
                                        "web1", Optional.of(Duration.ofMillis(5)))),
                        new RolloutEvent.Ended(
                                AT,
                                new DeployReport(
                                        Samples.NEW,
                                        List.of(
                                                new HostOutcome.Deployed("a", Optional.empty()),
                                                new HostOutcome.Received("b"),
                                                new HostOutcome.Unchanged("c"),
                                                new HostOutcome.WentBack("d", BACK),
                                                new HostOutcome.Untouched("e", Optional.of(BACK)),
                                                new HostOutcome.Untouched("f", Optional.empty()),
                                                new HostOutcome.InDoubt("g", BACK)),
                                        List.of())));
        try (Recording recording = begin()) {
            events.forEach(recording::tell);
        }

        Recorded read = newest();

        assertThat(read.header().app()).isEqualTo("shop");
        assertThat(read.header().environment()).isEqualTo("staging");
        assertThat(read.header().underWay()).isTrue();
        assertThat(read.stopped()).isEmpty();
        // A problem that is read back is its words.
        assertThat(read.events().subList(0, 10)).isEqualTo(events.subList(0, 10));
        DeployReport report = read.report().orElseThrow();
        assertThat(report.outcomes()).extracting(HostOutcome::host).containsExactly(letters());
        assertThat(report.problems())
                .extracting(Problem::what, Problem::why, Problem::next, Problem::status)
                .hasSize(3)
                .containsOnly(
                        org.assertj.core.groups.Tuple.tuple(
                                BACK.what(), BACK.why(), BACK.next(), BACK.status()));
    }

    private static String[] letters() {
        return "a b c d e f g".split(" ");
    }

    @Test
    void what_stops_it_is_kept_and_so_is_that_somebody_did() throws IOException {
        try (Recording recording = begin()) {
            recording.stopped(new Failure(BACK));
        }
        assertThat(newest().stopped().orElseThrow().problems())
                .extracting(Problem::what)
                .containsExactly(BACK.what());

        try (Recording recording = begin()) {
            recording.note("web1", "on its way");
        }
        assertThat(newest().stopped().orElseThrow().problems()).isEmpty();
        assertThat(Timeline.of(newest(), Instant.now(), false).state())
                .isEqualTo(Timeline.State.CUT_OFF);
    }

    @Test
    void half_a_line_and_lines_of_a_newer_decant_are_left_out() {
        Recorded read =
                Recordings.read(
                                """
                                {"record":"header","at":"2026-11-23T19:15:00Z","app":"shop"}
                                {"event":"telepathy","at":"2026-11-23T19:15:00Z","who":"web1"}
                                {"event":"step_be
                                {"event":"step_began","at":"2026-11-23T19:15:00Z","host":"web1","step":"send"}
                                {"event":"step_done","at":"2026-11-23T\
                                """)
                        .orElseThrow();

        assertThat(read.events())
                .containsExactly(
                        new RolloutEvent.StepBegan(
                                Instant.parse("2026-11-23T19:15:00Z"), "web1", "send"));
    }

    @Test
    void only_the_owner_can_read_them_and_the_oldest_make_room() throws IOException {
        for (int i = 0; i < 53; i++) {
            begin().close();
        }

        assertThat(recordings().names()).hasSize(50).isSortedAccordingTo((a, b) -> b.compareTo(a));
        try (Stream<Path> files = Files.walk(folder.resolve("rollouts/shop"))) {
            assertThat(files)
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .matches("rw[x-]------"));
        }
    }

    @Test
    void a_disk_that_takes_nothing_stops_nobody() throws IOException {
        Files.writeString(folder.resolve("rollouts"), "in the way");

        try (Recording recording = begin()) {
            recording.note("web1", "on its way");
            assertThat(recording.recorded().events()).hasSize(1);
        }
    }

    @Test
    void where_each_host_has_got_can_be_told_while_it_runs() throws IOException {
        String all = Files.readString(Golden.folder("web").resolve("went-back.jsonl"));
        String half =
                all.substring(0, all.indexOf("{\"event\":\"step_failed\""))
                        .replace("999999999", "1");
        Recorded recorded = Recordings.read(half).orElseThrow();

        Timeline line = Timeline.of(recorded, Instant.parse("2026-11-23T19:20:12Z"), true);

        assertThat(line.state()).isEqualTo(Timeline.State.WORKING);
        assertThat(line.lanes())
                .extracting(lane -> lane.host() + " " + lane.state().word() + " " + lane.doing())
                .containsExactly(
                        "web1 done ",
                        "web2 done ",
                        "web3 done ",
                        "web4 under way activate",
                        "web5 done ",
                        "web6 ready ");
        assertThat(line.span()).isEqualTo(Duration.ofSeconds(12));
        Timeline.Bar open = line.lanes().get(3).bars().getLast();
        assertThat(line.place(open.from())).isEqualTo("67.67%");
        assertThat(line.width(open.took())).isEqualTo("32.33%");
    }
}
