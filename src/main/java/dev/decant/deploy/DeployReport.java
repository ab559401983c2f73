package dev.decant.deploy;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How a rollout ended.
///
/// @param outcomes one a host, in the order of the plan
/// @param timings in the order in which the steps ended
/// @param stopped by the operator, before all of it was done
/// @param afterwards what went wrong once all hosts were done
public record DeployReport(
        ReleaseId release,
        List<HostOutcome> outcomes,
        List<Timing> timings,
        boolean stopped,
        Optional<Problem> afterwards) {

    /// One after which nothing was done.
    public DeployReport(
            ReleaseId release, List<HostOutcome> outcomes, List<Timing> timings, boolean stopped) {
        this(release, outcomes, timings, stopped, Optional.empty());
    }

    /// One that nobody has stopped.
    public DeployReport(ReleaseId release, List<HostOutcome> outcomes, List<Timing> timings) {
        this(release, outcomes, timings, false);
    }

    public DeployReport {
        outcomes = List.copyOf(outcomes);
        timings = List.copyOf(timings);
    }

    /// @param bytes what travelled to the host; 0 where that does not count
    public record Timing(String host, String step, Duration took, long bytes) {}

    /// With one step more, that comes after the hosts.
    public DeployReport and(Timing timing) {
        return new DeployReport(
                release,
                outcomes,
                Stream.concat(timings.stream(), Stream.of(timing)).toList(),
                stopped,
                afterwards);
    }

    /// With what went wrong afterwards.
    public DeployReport but(Problem problem) {
        return new DeployReport(release, outcomes, timings, stopped, Optional.of(problem));
    }

    /// Of hosts that were as wanted.
    public static DeployReport unchanged(ReleaseId release, Collection<String> hosts) {
        return new DeployReport(
                release,
                hosts.stream().<HostOutcome>map(HostOutcome.Unchanged::new).toList(),
                List.of());
    }

    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (stopped) {
            problems.add(DeployProblem.Stopped.of(outcomes));
        }
        outcomes.forEach(outcome -> outcome.anyProblem().ifPresent(problems::add));
        afterwards.ifPresent(problems::add);
        return problems;
    }

    public ExitStatus status() {
        if (stopped) {
            return ExitStatus.INTERRUPTED;
        }
        boolean inDoubt =
                any(HostOutcome.InDoubt.class)
                        || problems().stream()
                                .anyMatch(problem -> problem.status() == ExitStatus.INCOMPLETE);
        boolean wentBack = any(HostOutcome.WentBack.class);
        boolean stayed = wentBack || any(HostOutcome.Untouched.class);
        // Some on the new release and some on the old is nothing to leave alone.
        if (inDoubt || (stayed && any(HostOutcome.Deployed.class))) {
            return ExitStatus.INCOMPLETE;
        }
        return wentBack ? ExitStatus.WENT_BACK : stayed ? ExitStatus.REFUSED : ExitStatus.DONE;
    }

    private boolean any(Class<? extends HostOutcome> kind) {
        return outcomes.stream().anyMatch(kind::isInstance);
    }
}
