package dev.decant.web;

import dev.decant.deploy.DeployReport;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;
import dev.decant.ui.Json;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Events of a rollout as lines of a file, and back. Fields that are not known are left out of
/// account, so that an older Decant can show what a newer one has done.
final class EventJson {

    private EventJson() {}

    /// A problem that is read back: its words are all that is left of it.
    record Told(String id, String what, List<String> why, List<String> next, ExitStatus status)
            implements Problem {
        Told {
            why = List.copyOf(why);
            next = List.copyOf(next);
        }
    }

    /// As `--json` has it, with the problem of each host.
    static Map<String, Object> of(RolloutEvent event) {
        Map<String, Object> json = Json.of(event);
        json.put("at", event.at().toString());
        if (event instanceof RolloutEvent.HostEnded(_, HostOutcome outcome)) {
            outcome.anyProblem().ifPresent(problem -> json.put("problem", of(problem)));
        }
        if (event instanceof RolloutEvent.Ended(Instant at, DeployReport report)) {
            json.put(
                    "hosts",
                    report.outcomes().stream()
                            .map(outcome -> of(new RolloutEvent.HostEnded(at, outcome)))
                            .toList());
        }
        return json;
    }

    static Map<String, Object> of(Problem problem) {
        return Json.ordered(
                "id", problem.id(),
                "what", problem.what(),
                "why", problem.why(),
                "next", problem.next(),
                "status", problem.status().number());
    }

    /// @return empty for one that this Decant does not know
    static Optional<RolloutEvent> read(JsonNode json) {
        Instant at = Instant.parse(json.path("at").asString());
        String host = json.path("host").asString("");
        String step = json.path("step").asString("");
        String text = json.path("text").asString("");
        Duration took = Duration.ofMillis(json.path("milliseconds").asLong(0));
        long bytes = json.path("bytes").asLong(0);
        return Optional.ofNullable(
                switch (json.path("event").asString("")) {
                    case "began" ->
                            new RolloutEvent.Began(
                                    at,
                                    json.path("what").asString(""),
                                    release(json),
                                    strings(json.path("hosts")),
                                    json.path("batches")
                                            .valueStream()
                                            .map(EventJson::strings)
                                            .toList());
                    case "batch_began" ->
                            new RolloutEvent.BatchBegan(
                                    at, json.path("number").asInt(0), strings(json.path("hosts")));
                    case "taking_back" ->
                            new RolloutEvent.TakingBack(
                                    at,
                                    strings(json.path("hosts")),
                                    json.path("because").asString(""));
                    case "step_began" -> new RolloutEvent.StepBegan(at, host, step);
                    case "sent" ->
                            new RolloutEvent.Sent(at, host, bytes, json.path("all").asLong(0));
                    case "doing" -> new RolloutEvent.Doing(at, host, text);
                    case "step_done" -> new RolloutEvent.StepDone(at, host, step, took, bytes);
                    case "step_failed" -> new RolloutEvent.StepFailed(at, host, step, took);
                    case "note" -> new RolloutEvent.Note(at, host, text);
                    case "host_ended" -> new RolloutEvent.HostEnded(at, outcome(json));
                    case "ended" -> {
                        List<HostOutcome> outcomes = new ArrayList<>();
                        json.path("hosts").forEach(each -> outcomes.add(outcome(each)));
                        yield new RolloutEvent.Ended(
                                at,
                                new DeployReport(
                                        release(json),
                                        outcomes,
                                        List.of(),
                                        json.path("status").asInt(0)
                                                == ExitStatus.INTERRUPTED.number()));
                    }
                    default -> null;
                });
    }

    private static ReleaseId release(JsonNode json) {
        return new ReleaseId(json.path("release").asString());
    }

    static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static HostOutcome outcome(JsonNode json) {
        String host = json.path("host").asString();
        Optional<Problem> problem =
                json.has("problem") ? Optional.of(problem(json.path("problem"))) : Optional.empty();
        Problem some = problem.orElseGet(() -> problem(json));
        return switch (json.path("outcome").asString("")) {
            case "deployed" ->
                    new HostOutcome.Deployed(
                            host,
                            json.has("gap_milliseconds")
                                    ? Optional.of(
                                            Duration.ofMillis(
                                                    json.path("gap_milliseconds").asLong(0)))
                                    : Optional.empty());
            case "received" -> new HostOutcome.Received(host);
            case "unchanged" -> new HostOutcome.Unchanged(host);
            case "went_back" -> new HostOutcome.WentBack(host, some);
            case "untouched" -> new HostOutcome.Untouched(host, problem);
            default -> new HostOutcome.InDoubt(host, some);
        };
    }

    static Problem problem(JsonNode json) {
        int status = json.path("status").asInt(ExitStatus.INCOMPLETE.number());
        return new Told(
                json.path("id").asString(""),
                json.path("what").asString(""),
                strings(json.path("why")),
                strings(json.path("next")),
                Arrays.stream(ExitStatus.values())
                        .filter(each -> each.number() == status)
                        .findFirst()
                        .orElse(ExitStatus.INCOMPLETE));
    }
}
