package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.EventSchema;
import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

class EventStreamTest {

    private static final Instant AT = Instant.parse("2026-11-23T19:15:00Z");
    private static final Problem PROBLEM = new DeployProblem.TakenBack("web2", "web3");

    private final StringWriter text = new StringWriter();
    private final PrintWriter out = new PrintWriter(text);

    private static Instant at(long millis) {
        return AT.plusMillis(millis);
    }

    private List<String> lines() {
        return text.toString().lines().toList();
    }

    private void tellAll() {
        EventStream stream = new EventStream(out, true);
        stream.step("compile");
        stream.line("Compiling 3 files");
        stream.done("compile", Duration.ofMillis(12_300));
        stream.note("The commit has been built already.");
        stream.downloading("erlang 27.1.2", 1_000_000, 4_000_000);
        stream.installed("erlang 27.1.2", Duration.ofSeconds(3));
        for (RolloutEvent event :
                List.of(
                        new RolloutEvent.Began(
                                at(0),
                                "deploy",
                                Samples.NEW,
                                List.of("web1", "web2"),
                                List.of(List.of("web1"), List.of("web2"))),
                        new RolloutEvent.StepBegan(at(1), "web1", "send"),
                        new RolloutEvent.Sent(at(2), "web1", 100, 200),
                        new RolloutEvent.StepDone(
                                at(3), "web1", "send", Duration.ofMillis(900), 200),
                        new RolloutEvent.BatchBegan(at(4), 1, List.of("web1")),
                        new RolloutEvent.Doing(at(600), "web1", "waiting for health"),
                        new RolloutEvent.Note(at(601), "", "touch the token"),
                        new RolloutEvent.Note(at(602), "web1", "== Running 1 create_visits"),
                        new RolloutEvent.StepFailed(
                                at(603), "web2", "activate", Duration.ofSeconds(6)),
                        new RolloutEvent.HostEnded(
                                at(604),
                                new HostOutcome.Deployed(
                                        "web1", Optional.of(Duration.ofMillis(1500)))),
                        new RolloutEvent.TakingBack(at(605), List.of("web2"), "web3"),
                        new RolloutEvent.HostEnded(
                                at(605), new HostOutcome.WentBack("web2", PROBLEM)),
                        new RolloutEvent.Ended(
                                at(606), new DeployReport(Samples.NEW, List.of(), List.of())))) {
            stream.tell(event);
        }
        EventStream.end(
                out,
                Json.of(
                        new DeployReport(
                                Samples.NEW,
                                List.of(
                                        new HostOutcome.Deployed(
                                                "web1", Optional.of(Duration.ofMillis(1500))),
                                        new HostOutcome.Received("web2"),
                                        new HostOutcome.Unchanged("web3"),
                                        new HostOutcome.WentBack("web4", PROBLEM),
                                        new HostOutcome.Untouched("web5", Optional.empty()),
                                        new HostOutcome.InDoubt("web6", PROBLEM),
                                        new HostOutcome.InDoubt(
                                                "web7",
                                                new DeployProblem.StillSwitching(
                                                        "web7", Samples.NEW.value(), ""))),
                                List.of(
                                        new DeployReport.Timing(
                                                "web1", "send", Duration.ofMillis(900), 200)))),
                Duration.ofMillis(12_345));
    }

    @Test
    void every_event_is_as_the_schema_has_it() {
        tellAll();

        EventSchema.mustFit(lines());
        Golden.check(
                Golden.folder("ui").resolve("events.jsonl"),
                // What the build tells has the time of now.
                text.toString()
                        .replaceAll("\"at\":\"(?!2026-11-23T19:15)[^\"]*\"", "\"at\":\"NOW\""));
    }

    @Test
    void all_that_the_schema_names_is_told() throws IOException {
        tellAll();

        Set<String> told = new TreeSet<>();
        lines().forEach(
                        line ->
                                told.add(
                                        JsonMapper.shared()
                                                .readTree(line)
                                                .path("event")
                                                .asString()));
        JsonNode named =
                JsonMapper.shared()
                        .readTree(Files.readString(Path.of("docs/reference/events.schema.json")))
                        .path("properties")
                        .path("event")
                        .path("enum");
        assertThat(named.valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(told);
        assertThat(Files.readString(Path.of("docs/reference/events.md")))
                .contains(told.stream().map(name -> "`" + name + "`").toList());
    }

    @Test
    void how_far_something_is_is_told_twice_a_second_at_most() {
        EventStream stream = new EventStream(out, false);
        for (int millis = 0; millis < 2000; millis += 10) {
            stream.tell(new RolloutEvent.Sent(at(millis), "web1", millis, 2000));
            stream.tell(new RolloutEvent.Doing(at(millis), "web2", "asked " + millis));
        }

        assertThat(lines().stream().filter(line -> line.contains("\"web1\""))).hasSize(4);
        assertThat(lines().stream().filter(line -> line.contains("\"web2\""))).hasSize(4);
    }

    @Test
    void what_the_build_prints_is_told_only_where_it_is_wanted() {
        new EventStream(out, false).line("Compiling 3 files");

        assertThat(lines()).isEmpty();
    }
}
