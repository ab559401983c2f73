package dev.decant.deploy;

import dev.decant.release.ReleaseId;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What is to happen on one host.
///
/// @param osRelease such as `Debian GNU/Linux 12`; empty where that is not known
/// @param serving the release that serves now; empty before the first deploy
/// @param deployment its number there; empty likewise
/// @param steps in order; empty where the host already is as wanted
/// @param notes what a reader of the plan should know of this host
public record HostPlan(
        String host,
        String osRelease,
        Optional<ReleaseId> serving,
        OptionalInt deployment,
        List<Step> steps,
        List<String> notes) {

    public HostPlan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    boolean migrates() {
        return steps.stream().anyMatch(Step.Migrate.class::isInstance);
    }

    HostPlan migrated() {
        return without(Step.Migrate.class);
    }

    HostPlan without(Class<? extends Step> kind) {
        return new HostPlan(
                host,
                osRelease,
                serving,
                deployment,
                steps.stream().filter(step -> !kind.isInstance(step)).toList(),
                notes);
    }

    public boolean nothingToDo() {
        return steps.isEmpty();
    }
}
