package dev.decant.web;

import dev.decant.deploy.DeployReport;
import dev.decant.deploy.RolloutEvent;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A rollout as it was told, from its first word to its last so far.
///
/// @param serving what each host served before, by host; empty where nobody had asked yet
/// @param stopped how it ended where it did not come to a report
public record Recorded(
        Header header,
        Map<String, ReleaseId> serving,
        List<RolloutEvent> events,
        Optional<Stopped> stopped) {

    public Recorded {
        serving = Map.copyOf(serving);
        events = List.copyOf(events);
    }

    /// What is known before anybody is asked.
    ///
    /// @param environment one of decant.toml's; empty where it has none
    /// @param what a word such as `deploy`, `upload` or `rollback`
    /// @param by such as `alice@laptop`
    /// @param process that is at it, on this machine
    public record Header(
            Instant at, String app, String environment, String what, String by, long process) {

        /// Whether whoever writes it is still there.
        boolean underWay() {
            return ProcessHandle.of(process)
                    .filter(ProcessHandle::isAlive)
                    // Numbers of processes come again.
                    .filter(
                            it ->
                                    it.info()
                                            .startInstant()
                                            .map(start -> start.isBefore(at.plusSeconds(1)))
                                            .orElse(true))
                    .isPresent();
        }
    }

    /// @param problems none where it was told to stop
    public record Stopped(Instant at, List<Problem> problems) {
        public Stopped {
            problems = List.copyOf(problems);
        }
    }

    Optional<RolloutEvent.Began> began() {
        return first(RolloutEvent.Began.class);
    }

    Optional<DeployReport> report() {
        return first(RolloutEvent.Ended.class).map(RolloutEvent.Ended::report);
    }

    private <T extends RolloutEvent> Optional<T> first(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /// What hosts served, and what they were to serve.
    public record Pair(ReleaseId from, ReleaseId to) {}

    /// Empty where they are the same, or one is not known.
    public Optional<Pair> releases() {
        return before().flatMap(from -> began().map(began -> new Pair(from, began.release())))
                .filter(pair -> !pair.from().equals(pair.to()));
    }

    /// What most hosts served before; empty where that is nothing.
    Optional<ReleaseId> before() {
        return serving.values().stream()
                .max(
                        Comparator.comparingLong(
                                (ReleaseId release) ->
                                        serving.values().stream().filter(release::equals).count()));
    }
}
