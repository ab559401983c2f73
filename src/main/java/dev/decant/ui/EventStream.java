package dev.decant.ui;

import dev.decant.deploy.RolloutEvent;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a build and a rollout tell, for programs: one JSON object a line, as it comes.
/// `docs/reference/events.md` has them all.
public final class EventStream implements CommandLog {

    /// Of how far something is, for each host.
    private static final Duration AT_MOST_EVERY = Duration.ofMillis(500);

    private final PrintWriter out;
    private final boolean verbose;
    private final Map<String, Instant> progress = new HashMap<>();

    /// @param verbose with what the build's programs print
    public EventStream(PrintWriter out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    @Override
    public void tell(RolloutEvent event) {
        switch (event) {
            case RolloutEvent.Sent(Instant at, String host, _, _) -> progress(host, at, event);
            case RolloutEvent.Doing(Instant at, String host, _) -> progress(host, at, event);
            case RolloutEvent.Ended _ -> {
                // Whoever began it has the last word.
            }
            default -> print(event.at(), Json.of(event));
        }
    }

    private synchronized void progress(String host, Instant at, RolloutEvent event) {
        if (isDue(host, at)) {
            print(at, Json.of(event));
        }
    }

    /// @param of what: a host, or behind a blank what is downloaded
    private synchronized boolean isDue(String of, Instant at) {
        Instant last = progress.get(of);
        boolean due = last == null || Duration.between(last, at).compareTo(AT_MOST_EVERY) >= 0;
        if (due) {
            progress.put(of, at);
        }
        return due;
    }

    @Override
    public void step(String what) {
        build("build_step_began", "step", what);
    }

    @Override
    public void done(String what, Duration took) {
        build("build_step_done", "step", what, "milliseconds", took.toMillis());
    }

    @Override
    public void line(String text) {
        if (verbose) {
            build("build_line", "text", text);
        }
    }

    @Override
    public void note(String text) {
        build("note", "text", text);
    }

    @Override
    public synchronized void downloading(String what, long bytes, long all) {
        if (isDue(" " + what, Instant.now())) {
            build("downloading", "what", what, "bytes", bytes, "all", all);
        }
    }

    @Override
    public void installed(String what, Duration took) {
        build("installed", "what", what, "milliseconds", took.toMillis());
    }

    private void build(String event, Object... rest) {
        Map<String, Object> json = Json.ordered("event", event);
        json.putAll(Json.ordered(rest));
        print(Instant.now(), json);
    }

    private synchronized void print(Instant at, Map<String, Object> json) {
        print(out, at, json);
    }

    /// The last line.
    ///
    /// @param result with its `status` and `problems`
    /// @param took from the command to now
    public static void end(PrintWriter out, Map<String, Object> result, Duration took) {
        Map<String, Object> json = Json.ordered("event", "ended");
        json.putAll(result);
        json.put("milliseconds", took.toMillis());
        print(out, Instant.now(), json);
    }

    /// @param json its first name is `event`
    private static void print(PrintWriter out, Instant at, Map<String, Object> json) {
        Map<String, Object> line = new LinkedHashMap<>();
        json.forEach(
                (name, value) -> {
                    line.put(name, value);
                    line.putIfAbsent("at", Json.time(at));
                });
        out.println(Json.line(line));
        out.flush();
    }
}
