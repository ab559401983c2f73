package dev.decant.deploy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Who is told what a rollout does. Hosts may speak at the same time.
@FunctionalInterface
public interface RolloutLog {

    void tell(RolloutEvent event);

    /// Tells each of them, in that order.
    static RolloutLog all(List<RolloutLog> logs) {
        List<RolloutLog> told = List.copyOf(logs);
        return event -> told.forEach(log -> log.tell(event));
    }

    /// Tells a [RolloutEvent.StepBegan].
    default void step(String host, String step) {
        tell(new RolloutEvent.StepBegan(Instant.now(), host, step));
    }

    /// Tells a [RolloutEvent.Sent].
    default void sent(String host, long bytes, long all) {
        tell(new RolloutEvent.Sent(Instant.now(), host, bytes, all));
    }

    /// Tells a [RolloutEvent.Doing].
    default void doing(String host, String text) {
        tell(new RolloutEvent.Doing(Instant.now(), host, text));
    }

    /// Tells a [RolloutEvent.StepDone] of a step in which nothing of size has travelled.
    default void done(String host, String step, Duration took) {
        done(host, step, took, 0);
    }

    /// Tells a [RolloutEvent.StepDone].
    default void done(String host, String step, Duration took, long bytes) {
        tell(new RolloutEvent.StepDone(Instant.now(), host, step, took, bytes));
    }

    /// Tells a [RolloutEvent.StepFailed].
    default void failed(String host, String step, Duration took) {
        tell(new RolloutEvent.StepFailed(Instant.now(), host, step, took));
    }

    /// Tells a [RolloutEvent.Note].
    default void note(String host, String text) {
        tell(new RolloutEvent.Note(Instant.now(), host, text));
    }
}
