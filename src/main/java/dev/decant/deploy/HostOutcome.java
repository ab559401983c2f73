package dev.decant.deploy;

import dev.decant.problem.Problem;

import java.time.Duration;
import java.util.Optional;

/// How a rollout ended on one host.
public sealed interface HostOutcome {

    String host();

    /// The new release serves.
    ///
    /// @param gap for how long nothing answered while it took the old one's place; empty where that
    ///   went on beside it
    record Deployed(String host, Optional<Duration> gap) implements HostOutcome {}

    /// It has the release, which was not to serve yet.
    record Received(String host) implements HostOutcome {}

    /// It was already as wanted.
    record Unchanged(String host) implements HostOutcome {}

    /// It was switched and serves the old release again; or, on a first deploy, nothing.
    record WentBack(String host, Problem problem) implements HostOutcome {}

    /// It was never switched, because of a problem of its own or of another host.
    record Untouched(String host, Optional<Problem> problem) implements HostOutcome {}

    /// It needs a person: nothing serves, or nobody knows.
    record InDoubt(String host, Problem problem) implements HostOutcome {}

    /// What is wrong there, if something is.
    default Optional<Problem> anyProblem() {
        return switch (this) {
            case WentBack(_, Problem problem) -> Optional.of(problem);
            case InDoubt(_, Problem problem) -> Optional.of(problem);
            case Untouched(_, var problem) -> problem;
            case Deployed _, Received _, Unchanged _ -> Optional.empty();
        };
    }

    /// For programs.
    default String word() {
        return switch (this) {
            case Deployed _ -> "deployed";
            case Received _ -> "received";
            case Unchanged _ -> "unchanged";
            case WentBack _ -> "went_back";
            case Untouched _ -> "untouched";
            case InDoubt(_, DeployProblem.StillSwitching _) -> "switching";
            case InDoubt _ -> "unknown";
        };
    }
}
