package dev.decant.ui;

import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is going on, a line for each host, or for as many as there is room for. Events in, lines
/// out; it neither draws nor asks for the time.
final class LiveView {

    private static final int PERCENT = 100;
    private static final int LONGEST_NAME = 24;
    private static final int STEP = 11;
    private static final int BAR = 20;

    /// A rate over less than this says nothing.
    private static final Duration FOR_A_RATE = Duration.ofSeconds(1);

    /// Of hosts at work, in one line of a log file.
    private static final int NAMED = 6;

    enum Colour {
        NONE,
        RED,
        GREEN,
        DIM
    }

    record Line(String text, Colour colour) {}

    private enum State {
        WAITS,
        WORKS,
        DONE,
        FAILED
    }

    /// What is known of a host, or of the build.
    private static final class Row {
        private final String name;
        private State state = State.WAITS;
        private String step = "";
        private String text = "";
        private Instant since;
        private Optional<Instant> until = Optional.empty();

        /// The first and the last that were told of the bytes of a step.
        private Optional<RolloutEvent.Sent> from = Optional.empty();

        private Optional<RolloutEvent.Sent> sent = Optional.empty();

        Row(String name, Instant since) {
            this.name = name;
            this.since = since;
        }

        private void set(State state, String step, String text) {
            this.state = state;
            this.step = step;
            this.text = text;
            this.from = Optional.empty();
            this.sent = Optional.empty();
        }

        private String detail() {
            return sent.map(this::sent).orElse(text);
        }

        private String sent(RolloutEvent.Sent now) {
            long percent = now.bytes() * PERCENT / Math.max(1, now.all());
            Duration time = from.map(first -> Duration.between(first.at(), now.at())).orElseThrow();
            long bytes = now.bytes() - from.orElseThrow().bytes();
            return percent
                    + " % of "
                    + Words.bytes(now.all())
                    + (time.compareTo(FOR_A_RATE) < 0
                            ? ""
                            : ", " + Words.bytes(bytes * 1000 / time.toMillis()) + "/s");
        }

        private String bar() {
            return sent.map(
                            now -> {
                                int full = (int) (now.bytes() * BAR / Math.max(1, now.all()));
                                return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]  ";
                            })
                    .orElse("");
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private Optional<RolloutEvent.Began> began = Optional.empty();

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void clear() {
        rows.clear();
        began = Optional.empty();
    }

    /// Whether a host stays on the screen between its steps.
    boolean follows(String host) {
        return began.isPresent() && began.get().hosts().contains(host);
    }

    /// Something has begun that no event tells of.
    void begin(String name, String step, String text, Instant at) {
        Row row = rows.computeIfAbsent(name, _ -> new Row(name, at));
        if (row.state != State.WORKS || !row.step.equals(step)) {
            row.since = at;
        }
        row.set(State.WORKS, step, text);
    }

    void end(String name) {
        rows.remove(name);
    }

    void tell(RolloutEvent event) {
        switch (event) {
            case RolloutEvent.Began it -> begin(it);
            case RolloutEvent.StepBegan(Instant at, String host, String step) ->
                    begin(host, step, "", at);
            case RolloutEvent.Sent it -> sent(it);
            case RolloutEvent.Doing(Instant at, String host, String text) -> {
                Row row = rows.computeIfAbsent(host, _ -> new Row(host, at));
                if (row.state == State.WORKS && row.sent.isEmpty()) {
                    row.text = text;
                } else {
                    row.since = row.state == State.WORKS ? row.since : at;
                    row.set(State.WORKS, row.step, text);
                }
            }
            case RolloutEvent.StepDone(Instant at, String host, _, _, _) -> stepDone(host, at);
            case RolloutEvent.StepFailed(Instant at, String host, String step, _) -> {
                Row row = rows.computeIfAbsent(host, _ -> new Row(host, at));
                row.set(State.FAILED, step, "failed");
                row.until = Optional.of(at);
            }
            case RolloutEvent.HostEnded(Instant at, HostOutcome outcome) -> ended(outcome, at);
            case RolloutEvent.Ended _ -> clear();
            case RolloutEvent.BatchBegan _, RolloutEvent.TakingBack _, RolloutEvent.Note _ -> {
                // The hosts say it themselves, or it is printed above.
            }
        }
    }

    private void begin(RolloutEvent.Began it) {
        began = Optional.of(it);
        rows.clear();
        for (String host : it.hosts()) {
            Row row = new Row(host, it.at());
            row.text = "waits";
            if (List.of("deploy", "push").contains(it.what())
                    && it.batches().stream().noneMatch(batch -> batch.contains(host))) {
                row.set(State.DONE, "", "serves it already");
                row.until = Optional.of(it.at());
            }
            rows.put(host, row);
        }
    }

    private void sent(RolloutEvent.Sent it) {
        Row row = rows.computeIfAbsent(it.host(), name -> new Row(name, it.at()));
        if (row.from.isEmpty()) {
            row.from = Optional.of(it);
        }
        row.sent = Optional.of(it);
        row.state = State.WORKS;
    }

    private void stepDone(String host, Instant at) {
        Row row = rows.get(host);
        if (!follows(host) || row == null) {
            end(host);
        } else if (began.orElseThrow().what().equals("upload")) {
            row.set(State.DONE, "", "has it");
            row.until = Optional.of(at);
        } else if (row.until.isEmpty()) {
            row.set(State.WAITS, "", "ready");
            row.since = at;
        } else {
            // What comes after its end, such as tidying up.
            row.set(row.state, "", row.text);
        }
    }

    private void ended(HostOutcome outcome, Instant at) {
        Row row = rows.computeIfAbsent(outcome.host(), name -> new Row(name, at));
        boolean well =
                switch (outcome) {
                    case HostOutcome.Deployed _, HostOutcome.Received _, HostOutcome.Unchanged _ ->
                            true;
                    case HostOutcome.WentBack _, HostOutcome.Untouched _, HostOutcome.InDoubt _ ->
                            false;
                };
        row.set(
                well ? State.DONE : State.FAILED,
                "",
                switch (outcome) {
                    case HostOutcome.Deployed _ -> "serves it";
                    case HostOutcome.Received _ -> "has it";
                    case HostOutcome.Unchanged _ -> "serves it already";
                    case HostOutcome.WentBack _ -> "went back";
                    case HostOutcome.Untouched _ -> "untouched";
                    case HostOutcome.InDoubt(_, DeployProblem.StillSwitching _) ->
                            "still switching";
                    case HostOutcome.InDoubt _ -> "NEEDS YOU";
                });
        row.until = Optional.of(at);
    }

    private long count(State state) {
        return rows.values().stream().filter(row -> row.state == state).count();
    }

    /// Such as `37 of 50 serve it, 1 failed`.
    private String counted() {
        String what = began.map(RolloutEvent.Began::what).orElse("");
        long failed = count(State.FAILED);
        return count(State.DONE)
                + " of "
                + rows.size()
                + (what.equals("upload") ? " have it" : " serve it")
                + (failed == 0 ? "" : ", " + failed + " failed");
    }

    // ---- on a screen

    /// @param width columns
    /// @param height lines at most
    List<Line> lines(int width, int height, Instant now) {
        List<Line> lines = new ArrayList<>();
        if (began.isPresent() && rows.size() > 1) {
            RolloutEvent.Began it = began.get();
            lines.add(
                    line(
                            it.what() + " " + it.release() + "  " + counted(),
                            seconds(it.at(), now),
                            width,
                            Colour.NONE));
        }
        int room = height - lines.size();
        if (rows.size() <= room) {
            rows.values().forEach(row -> lines.add(line(row, width, now)));
            return lines;
        }
        List<Row> shown =
                rows.values().stream()
                        .filter(row -> row.state == State.FAILED || row.state == State.WORKS)
                        .limit(Math.max(0, room - 1))
                        .toList();
        shown.forEach(row -> lines.add(line(row, width, now)));
        lines.add(line(rest(shown), "", width, Colour.DIM));
        return lines;
    }

    /// Such as `12 more wait, 3 are at work, 31 are done`.
    private String rest(List<Row> shown) {
        List<String> rest = new ArrayList<>();
        for (State state : State.values()) {
            long hidden = count(state) - shown.stream().filter(row -> row.state == state).count();
            if (hidden > 0) {
                rest.add(
                        hidden
                                + switch (state) {
                                    case WAITS -> " waiting";
                                    case WORKS -> " more at work";
                                    case DONE -> " done";
                                    case FAILED -> " more failed";
                                });
            }
        }
        return "and " + String.join(", ", rest);
    }

    private Line line(Row row, int width, Instant now) {
        int names =
                Math.min(
                        LONGEST_NAME,
                        rows.keySet().stream().mapToInt(String::length).max().orElse(0));
        String name = String.format(Locale.ROOT, "%-" + names + "s", cut(row.name, names));
        String step =
                row.step.isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, "%-" + STEP + "s", row.step + "  ");
        return line(
                name + "  " + step + row.bar() + row.detail(),
                row.state == State.WAITS
                        ? ""
                        : seconds(
                                row.state == State.WORKS
                                        ? row.since
                                        : began.map(RolloutEvent::at).orElse(row.since),
                                row.state == State.WORKS ? now : row.until.orElse(now)),
                width,
                switch (row.state) {
                    case WAITS -> Colour.DIM;
                    case WORKS -> Colour.NONE;
                    case DONE -> Colour.GREEN;
                    case FAILED -> Colour.RED;
                });
    }

    /// @param right stands at the end of the line
    private static Line line(String left, String right, int width, Colour colour) {
        // The last column stays free: some terminals begin a new line after it.
        int room = width - 1 - (right.isEmpty() ? 0 : right.length() + 2);
        String text = cut(left, Math.max(0, room));
        return new Line(
                right.isEmpty()
                        ? text.stripTrailing()
                        : text + " ".repeat(Math.max(0, room - text.length())) + "  " + right,
                colour);
    }

    private static String cut(String text, int room) {
        return text.length() <= room ? text : text.substring(0, Math.max(0, room));
    }

    private static String seconds(Instant from, Instant to) {
        Duration time = Duration.between(from, to);
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : Math.max(0, time.toSeconds()) + " s";
    }

    // ---- in a log file

    /// What has been going on for long, for whoever sees only what has ended.
    List<String> still(Duration longer, Instant now) {
        List<Row> working =
                rows.values().stream()
                        .filter(row -> row.state == State.WORKS)
                        .filter(row -> Duration.between(row.since, now).compareTo(longer) >= 0)
                        .toList();
        if (working.size() <= NAMED) {
            return working.stream()
                    .map(
                            row ->
                                    String.format(
                                                    Locale.ROOT,
                                                    "%-6s %-14s %s",
                                                    row.name,
                                                    row.step,
                                                    seconds(row.since, now))
                                            + (row.detail().isEmpty() ? "" : "  " + row.detail()))
                    .toList();
        }
        return List.of(
                counted()
                        + "; at work on "
                        + working.stream()
                                .limit(NAMED)
                                .map(row -> row.name)
                                .collect(Collectors.joining(", "))
                        + " and "
                        + (working.size() - NAMED)
                        + " more");
    }
}
