package dev.decant.web;

import dev.decant.deploy.DeployReport;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;
import dev.decant.ui.Words;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a page shows of a rollout: when each step began and ended on which host, and where each
/// host has got. Made from what was told so far. Pure.
///
/// @param state of the whole
/// @param release that hosts go to; empty where it did not come to that
/// @param span from the first word to the last, or to now
/// @param lanes one a host, in the order in which they switch
/// @param shared what concerns all hosts, such as a hook
/// @param switches when each batch began to switch
/// @param problems of hosts, or what has stopped it
public record Timeline(
        State state,
        Optional<ReleaseId> release,
        Duration span,
        List<Lane> lanes,
        List<Bar> shared,
        List<Switch> switches,
        List<Problem> problems) {

    private static final int NOTES_AT_MOST = 200;

    /// So many hosts can be shown step by step on a page that changes all the time.
    private static final int FEW = 6;

    private static final int MARKS = 12;

    /// Where a rollout, or a host in it, has got.
    public enum State {
        WAITING("waiting", "wait"),
        WORKING("under way", "work"),
        READY("ready", "wait"),
        DONE("done", "good"),
        UNCHANGED("unchanged", "calm"),
        UNTOUCHED("untouched", "calm"),
        REFUSED("refused", "warn"),
        WENT_BACK("went back", "warn"),
        CUT_OFF("cut off", "warn"),
        NEEDS_YOU("needs you", "bad");

        private final String word;
        private final String tone;

        State(String word, String tone) {
            this.word = word;
            this.tone = tone;
        }

        public String word() {
            return word;
        }

        /// How it looks, beside what it says: `good`, `calm`, `warn`, `bad`, `work` or `wait`.
        public String tone() {
            return tone;
        }
    }

    /// @param outcome in a sentence; empty before there is one
    /// @param sent bytes that have travelled to the host
    /// @param doing what it is at right now; empty where it is at nothing
    /// @param notes what it has said, the newest last
    public record Lane(
            String host,
            State state,
            String outcome,
            Optional<ReleaseId> before,
            long sent,
            String doing,
            List<Bar> bars,
            List<Note> notes) {

        public boolean failed() {
            return state == State.NEEDS_YOU || bars.stream().anyMatch(Bar::failed);
        }

        /// For whoever does not see the picture.
        public String label() {
            return bars.isEmpty()
                    ? "nothing to do"
                    : bars.stream()
                            .map(bar -> bar.step() + ": " + bar.words())
                            .collect(Collectors.joining("; "));
        }

        public String summary() {
            Duration last =
                    bars.stream()
                            .map(bar -> bar.from().plus(bar.took()))
                            .max(Comparator.naturalOrder())
                            .orElse(Duration.ZERO);
            return Stream.of(
                            doing.isEmpty() ? outcome : doing,
                            bars.isEmpty() ? "" : Words.of(last),
                            sent == 0 ? "" : Words.bytes(sent))
                    .filter(words -> !words.isEmpty())
                    .collect(Collectors.joining(" · "));
        }

        /// Its notes as one text, each with its time.
        public String said() {
            return notes.stream()
                    .map(note -> String.format("%8s  %s", Words.of(note.at()), note.text()))
                    .collect(Collectors.joining("\n"));
        }
    }

    /// How a step stands.
    public enum End {
        OPEN,
        WELL,
        BADLY,
        NEVER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A step.
    ///
    /// @param from since the beginning
    /// @param sent bytes that have travelled
    public record Bar(String step, Duration from, Duration took, End end, long sent) {

        /// A word for its colour.
        public String look() {
            return switch (step) {
                case "send", "prepare", "preflight", "migrate", "activate", "prune" -> step;
                case "fetch" -> "send";
                case "take back" -> "back";
                default -> "other";
            };
        }

        public String seconds() {
            return Words.of(took);
        }

        public boolean failed() {
            return end == End.BADLY || end == End.NEVER;
        }

        /// How it stands, where that is not well.
        public String remark() {
            return switch (end) {
                case OPEN -> "under way";
                case WELL -> "";
                case BADLY -> "failed";
                case NEVER -> "cut off";
            };
        }

        public String words() {
            return remark().isEmpty() ? seconds() : seconds() + ", " + remark();
        }
    }

    /// A colour and what has it.
    public record Look(String key, String word) {}

    /// The colours that are there, in the order in which they first come.
    public List<Look> looks() {
        return Stream.concat(lanes.stream().flatMap(lane -> lane.bars().stream()), shared.stream())
                .sorted(Comparator.comparing(Bar::from))
                .map(bar -> new Look(bar.look(), bar.look().equals("other") ? "other" : bar.step()))
                .distinct()
                .toList();
    }

    public record Note(Duration at, String text) {}

    /// @param hosts that switch at once
    public record Switch(int number, Duration at, List<String> hosts) {}

    /// Where a moment is on the line of time, as a percentage with two decimals.
    public String place(Duration at) {
        return percent(at.toMillis());
    }

    /// How long a time is on it. Nothing is too short to be seen.
    public String width(Duration took) {
        return percent(Math.max(took.toMillis(), span.toMillis() / 250));
    }

    private String percent(long millis) {
        double part = 100.0 * millis / Math.max(1, span.toMillis());
        return String.format(Locale.ROOT, "%.2f%%", Math.clamp(part, 0, 100));
    }

    /// Moments to be named on the line of time: a handful of round ones.
    public List<Duration> ticks() {
        long millis = Math.max(1, span.toMillis());
        long step = 100;
        for (long round : new long[] {2, 5, 10, 20, 50, 100, 150, 300, 600, 1200, 3000, 6000}) {
            if (millis / step <= 6) {
                break;
            }
            step = round * 100;
        }
        while (millis / step > 6) {
            step *= 2;
        }
        List<Duration> ticks = new ArrayList<>();
        // One that is at the very end would be cut off.
        for (long at = 0; at < millis - step / 3; at += step) {
            ticks.add(Duration.ofMillis(at));
        }
        return ticks;
    }

    public static String tick(Duration at) {
        if (at.toMinutes() > 0) {
            return at.toMinutes()
                    + (at.toSecondsPart() == 0 ? " min" : " min " + at.toSecondsPart() + " s");
        }
        return at.toMillis() % 1000 == 0 ? at.toSeconds() + " s" : Words.of(at);
    }

    public long sent() {
        return lanes.stream().mapToLong(Lane::sent).sum();
    }

    /// The batches that a line each can be drawn for; none where these would hide what is behind.
    public List<Switch> marks() {
        return switches.size() > MARKS ? List.of() : switches;
    }

    /// The hosts whose steps are shown one by one.
    ///
    /// @param brief of many hosts those alone on which something went wrong
    public List<Lane> detailed(boolean brief) {
        return brief && lanes.size() > FEW ? lanes.stream().filter(Lane::failed).toList() : lanes;
    }

    /// How many hosts are where, for a summary.
    public Map<State, Long> counts() {
        Map<State, Long> counts = new LinkedHashMap<>();
        for (Lane lane : lanes) {
            counts.merge(lane.state(), 1L, Long::sum);
        }
        return counts;
    }

    /// @param underWay whoever does it is still at it
    public static Timeline of(Recorded recorded, Instant now, boolean underWay) {
        Instant from =
                recorded.began().map(RolloutEvent::at).orElseGet(() -> recorded.header().at());
        Builder builder = new Builder(from, recorded);
        recorded.events().forEach(builder::told);
        return builder.build(now, underWay);
    }

    /// Gathers.
    private static final class Builder {

        private final Instant from;
        private final Recorded recorded;
        private final Map<String, Gathered> hosts = new LinkedHashMap<>();
        private final Gathered all = new Gathered();
        private final List<Switch> switches = new ArrayList<>();
        private Instant last;

        private static final class Gathered {
            private final List<Bar> bars = new ArrayList<>();
            private final List<Note> notes = new ArrayList<>();
            private Optional<HostOutcome> outcome = Optional.empty();
            private String doing = "";
        }

        Builder(Instant from, Recorded recorded) {
            this.from = from;
            this.last = from;
            this.recorded = recorded;
            recorded.began().ifPresent(began -> began.hosts().forEach(this::host));
        }

        private Gathered host(String name) {
            return name.isEmpty() ? all : hosts.computeIfAbsent(name, _ -> new Gathered());
        }

        private Duration since(Instant at) {
            Duration since = Duration.between(from, at);
            return since.isNegative() ? Duration.ZERO : since;
        }

        void told(RolloutEvent event) {
            if (event.at().isAfter(last)) {
                last = event.at();
            }
            switch (event) {
                case RolloutEvent.Began _ -> {
                    // It was asked for its hosts already.
                }
                case RolloutEvent.BatchBegan(Instant at, int number, List<String> names) -> {
                    switches.add(new Switch(number, since(at), names));
                    // Nobody waits any more before the next.
                    hosts.values().stream()
                            .filter(host -> host.outcome.isPresent())
                            .forEach(host -> host.doing = "");
                }
                case RolloutEvent.StepBegan(Instant at, String name, String step) -> {
                    host(name).bars.add(new Bar(step, since(at), Duration.ZERO, End.OPEN, 0));
                    host(name).doing = step;
                }
                case RolloutEvent.Sent(_, String name, long bytes, long of) -> {
                    Gathered host = host(name);
                    open(host, host.doing.startsWith("fetch") ? "fetch" : "send")
                            .ifPresent(
                                    at -> {
                                        Bar bar = host.bars.get((int) at);
                                        host.bars.set(
                                                (int) at,
                                                new Bar(
                                                        bar.step(),
                                                        bar.from(),
                                                        bar.took(),
                                                        bar.end(),
                                                        bytes));
                                    });
                    host.doing = "send, " + Words.bytes(bytes) + " of " + Words.bytes(of);
                }
                case RolloutEvent.Doing(_, String name, String text) -> host(name).doing = text;
                case RolloutEvent.StepDone(
                                Instant at,
                                String name,
                                String step,
                                Duration took,
                                long bytes) ->
                        ended(host(name), at, step, took, End.WELL, bytes);
                case RolloutEvent.StepFailed(Instant at, String name, String step, Duration took) ->
                        ended(host(name), at, step, took, End.BADLY, 0);
                case RolloutEvent.Note(Instant at, String name, String text) -> {
                    Gathered host = host(name);
                    host.notes.add(new Note(since(at), text));
                    if (host.notes.size() > NOTES_AT_MOST) {
                        host.notes.removeFirst();
                    }
                }
                case RolloutEvent.TakingBack(Instant at, List<String> names, String because) ->
                        names.forEach(
                                name ->
                                        host(name)
                                                .notes
                                                .add(
                                                        new Note(
                                                                since(at),
                                                                "goes back, because "
                                                                        + because
                                                                        + " failed")));
                case RolloutEvent.HostEnded(_, HostOutcome outcome) -> {
                    host(outcome.host()).outcome = Optional.of(outcome);
                    host(outcome.host()).doing = "";
                }
                case RolloutEvent.Ended(_, var report) ->
                        report.outcomes()
                                .forEach(
                                        outcome -> {
                                            host(outcome.host()).outcome = Optional.of(outcome);
                                            host(outcome.host()).doing = "";
                                        });
            }
        }

        private static OptionalLong open(Gathered host, String step) {
            for (int i = host.bars.size() - 1; i >= 0; i--) {
                if (host.bars.get(i).end() == End.OPEN && host.bars.get(i).step().equals(step)) {
                    return OptionalLong.of(i);
                }
            }
            return OptionalLong.empty();
        }

        private void ended(
                Gathered host, Instant at, String step, Duration took, End end, long bytes) {
            host.doing = "";
            Bar bar = new Bar(step, since(at.minus(took)), took, end, bytes);
            open(host, step)
                    .ifPresentOrElse(
                            open -> host.bars.set((int) open, bar), () -> host.bars.add(bar));
        }

        Timeline build(Instant now, boolean underWay) {
            Optional<ExitStatus> status = recorded.report().map(DeployReport::status);
            boolean over = status.isPresent() || recorded.stopped().isPresent() || !underWay;
            Instant until =
                    over
                            ? recorded.stopped()
                                    .map(Recorded.Stopped::at)
                                    .filter(at -> at.isAfter(last))
                                    .orElse(last)
                            : now;
            List<Problem> problems = new ArrayList<>();
            recorded.stopped().ifPresent(stopped -> problems.addAll(stopped.problems()));
            List<Lane> lanes = new ArrayList<>();
            hosts.forEach((name, host) -> lanes.add(lane(name, host, until, over)));
            problems.addAll(
                    recorded.report()
                            .map(DeployReport::problems)
                            .orElseGet(
                                    () ->
                                            hosts.values().stream()
                                                    .flatMap(host -> host.outcome.stream())
                                                    .flatMap(each -> each.anyProblem().stream())
                                                    .toList()));
            // What followed from another host's comes after it.
            problems.sort(Comparator.comparing(problem -> problem.id().equals("taken-back")));
            return new Timeline(
                    state(status, over),
                    recorded.began().map(RolloutEvent.Began::release),
                    since(until),
                    lanes,
                    closed(all.bars, until, over),
                    List.copyOf(switches),
                    problems);
        }

        private State state(Optional<ExitStatus> status, boolean over) {
            if (status.isPresent()) {
                return switch (status.get()) {
                    case DONE ->
                            hosts.values().stream()
                                            .allMatch(
                                                    host ->
                                                            host.outcome.orElse(null)
                                                                    instanceof
                                                                    HostOutcome.Unchanged)
                                    ? State.UNCHANGED
                                    : State.DONE;
                    case USAGE, DIFFERENT, REFUSED -> State.REFUSED;
                    case WENT_BACK -> State.WENT_BACK;
                    case INCOMPLETE, BUG -> State.NEEDS_YOU;
                    case INTERRUPTED -> State.CUT_OFF;
                };
            }
            if (!over) {
                return State.WORKING;
            }
            return recorded.stopped().filter(stopped -> !stopped.problems().isEmpty()).isPresent()
                    ? recorded.began().isPresent() ? State.NEEDS_YOU : State.REFUSED
                    : State.CUT_OFF;
        }

        private Lane lane(String name, Gathered host, Instant until, boolean over) {
            List<Bar> bars = closed(host.bars, until, over);
            return new Lane(
                    name,
                    host.outcome.map(Builder::state).orElseGet(() -> state(host, over)),
                    host.outcome.map(this::words).orElse(""),
                    Optional.ofNullable(recorded.serving().get(name)),
                    bars.stream().mapToLong(Bar::sent).sum(),
                    over ? "" : host.doing,
                    bars,
                    List.copyOf(host.notes));
        }

        private static State state(Gathered host, boolean over) {
            boolean open = host.bars.stream().anyMatch(bar -> bar.end() == End.OPEN);
            if (over) {
                return open ? State.CUT_OFF : State.UNTOUCHED;
            }
            return open ? State.WORKING : host.bars.isEmpty() ? State.WAITING : State.READY;
        }

        private static State state(HostOutcome outcome) {
            return switch (outcome) {
                case HostOutcome.Deployed _, HostOutcome.Received _ -> State.DONE;
                case HostOutcome.Unchanged _ -> State.UNCHANGED;
                case HostOutcome.WentBack _ -> State.WENT_BACK;
                case HostOutcome.Untouched _ -> State.UNTOUCHED;
                case HostOutcome.InDoubt(_, Problem problem) ->
                        goesOn(problem) ? State.CUT_OFF : State.NEEDS_YOU;
            };
        }

        /// As it is read back: the host has begun to switch and ends without anybody.
        private static boolean goesOn(Problem problem) {
            return problem.id().equals("still-switching");
        }

        private String words(HostOutcome outcome) {
            return switch (outcome) {
                case HostOutcome.Deployed(_, var gap) ->
                        gap.map(time -> "serves it; nothing answered for " + Words.of(time))
                                .orElse("serves it");
                case HostOutcome.Received _ -> "has it";
                case HostOutcome.Unchanged _ -> "served it already";
                case HostOutcome.WentBack _ ->
                        recorded.serving().containsKey(outcome.host())
                                ? "serves what it served before"
                                : "serves nothing, as before";
                case HostOutcome.Untouched _ -> "was never switched";
                case HostOutcome.InDoubt(_, Problem problem) ->
                        goesOn(problem) ? "goes on by itself" : "look at it";
            };
        }

        private List<Bar> closed(List<Bar> bars, Instant until, boolean over) {
            return bars.stream()
                    .map(
                            bar ->
                                    bar.end() != End.OPEN
                                            ? bar
                                            : new Bar(
                                                    bar.step(),
                                                    bar.from(),
                                                    since(until).minus(bar.from()),
                                                    over ? End.NEVER : End.OPEN,
                                                    bar.sent()))
                    .toList();
        }
    }
}
