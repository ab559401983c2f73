package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.project.Source;

import java.util.List;
import java.util.Optional;

/// More threads than the app may have.
final class TaskLimit implements Rule {

    /// What a VM has besides, about: an estimate, on the safe side.
    private static final int OTHERS = 20;

    private static final int USUAL_DIRTY_IO = 10;

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        if (hosts.tasks().isEmpty() || project.vmArgs().isEmpty()) {
            return List.of();
        }
        Source file = project.vmArgs().get();
        int tasks = hosts.tasks().getAsInt();
        Optional<VmArgs.Flag> async = VmArgs.number(file, "+A");
        Optional<VmArgs.Flag> dirty = VmArgs.number(file, "+SDio");
        long threads =
                async.map(VmArgs.Flag::value).orElse(1L)
                        + dirty.map(VmArgs.Flag::value).orElse((long) USUAL_DIRTY_IO)
                        + OTHERS;
        return async.or(() -> dirty).stream()
                .filter(_ -> threads > tasks)
                .map(
                        flag ->
                                Finding.at(
                                        file,
                                        flag.at(),
                                        LintRule.TASK_LIMIT,
                                        Severity.WARNING,
                                        "The VM would start some %d threads, and the app may have %d (limits.tasks)."
                                                .formatted(threads, tasks),
                                        List.of(
                                                "It starts them when it boots, and dies where it"
                                                    + " gets none. Programs that the app runs count"
                                                    + " as well."),
                                        List.of(
                                                "tasks = %d   under [limits], or fewer threads"
                                                        .formatted(2 * threads))))
                .toList();
    }
}
