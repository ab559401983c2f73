package dev.decant.web;

import dev.decant.deploy.RolloutEvent;
import dev.decant.deploy.RolloutLog;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;
import dev.decant.ui.Json;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes down what a rollout tells, line by line as it comes, for whoever follows it or asks
/// later. That a disk is full stops no rollout.
public final class Recording implements RolloutLog, AutoCloseable {

    static final JsonMapper JSON = JsonMapper.shared();

    /// Between two lines of how much has been sent.
    private static final Duration SENT_EVERY = Duration.ofMillis(400);

    private final Recorded.Header header;
    private final Writer file;
    private final List<RolloutEvent> events = new ArrayList<>();
    private final Map<String, ReleaseId> serving = new LinkedHashMap<>();
    private final Map<String, Instant> sent = new HashMap<>();
    private Optional<Recorded.Stopped> stopped = Optional.empty();

    /// @param file is closed with this
    Recording(Recorded.Header header, Writer file) {
        this.header = header;
        this.file = file;
        write(
                Json.ordered(
                        "record", "header",
                        "at", header.at().toString(),
                        "app", header.app(),
                        "environment", header.environment(),
                        "what", header.what(),
                        "by", header.by(),
                        "process", header.process()));
    }

    /// What each host says of itself before anything is changed.
    public synchronized void serving(Map<String, HostFacts> facts) {
        Map<String, Object> hosts = Json.ordered();
        facts.forEach(
                (host, fact) ->
                        fact.liveDeployment()
                                .ifPresent(
                                        live -> {
                                            serving.put(host, live.release());
                                            hosts.put(host, live.release().value());
                                        }));
        write(Json.ordered("record", "serving", "hosts", hosts));
    }

    @Override
    public synchronized void tell(RolloutEvent event) {
        if (event instanceof RolloutEvent.Sent(Instant at, String host, _, _)) {
            Instant before = sent.getOrDefault(host, Instant.MIN);
            if (at.isBefore(before.plus(SENT_EVERY))) {
                return;
            }
            sent.put(host, at);
        }
        events.add(event);
        write(EventJson.of(event));
    }

    /// Tells both.
    public RolloutLog beside(RolloutLog other) {
        return RolloutLog.all(List.of(this, other));
    }

    /// It does not come to a report.
    public synchronized void stopped(Failure failure) {
        stopped(failure.problems());
    }

    private void stopped(List<Problem> problems) {
        stopped = Optional.of(new Recorded.Stopped(Instant.now(), problems));
        write(
                Json.ordered(
                        "record", "stopped",
                        "at", stopped.get().at().toString(),
                        "problems", problems.stream().map(EventJson::of).toList()));
    }

    /// What it has heard so far.
    public synchronized Recorded recorded() {
        return new Recorded(header, serving, events, stopped);
    }

    private void write(Map<String, Object> line) {
        try {
            file.write(JSON.writeValueAsString(line) + "\n");
            file.flush();
        } catch (IOException e) {
            // See above.
        }
    }

    /// Nothing more comes. Where it had not ended, it was told to stop.
    @Override
    public synchronized void close() {
        if (recorded().report().isEmpty() && stopped.isEmpty()) {
            stopped(List.of());
        }
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
