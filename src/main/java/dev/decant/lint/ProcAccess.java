package dev.decant.lint;

import dev.decant.config.LintRule;

import java.util.List;

/// What asks for the machine's memory and load, in a sandbox that has neither.
final class ProcAccess implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        if (!hosts.hidesProc()) {
            return List.of();
        }
        boolean dashboard = project.dependsOn("phoenix_live_dashboard", hosts.mixEnv());
        return project.starts("os_mon").stream()
                .map(
                        found ->
                                Finding.at(
                                        found.source(),
                                        found.what().key(),
                                        LintRule.PROC_ACCESS,
                                        Severity.WARNING,
                                        "os_mon is started, and reads what the sandbox hides.",
                                        List.of(
                                                "hardening.level = \"strict\" has ProcSubset=pid,"
                                                        + " and so no /proc/meminfo.",
                                                "memsup knows nothing then and answers with an"
                                                        + " empty list"
                                                        + (dashboard
                                                                ? ", of which LiveDashboard shows"
                                                                        + " nothing,"
                                                                : ",")
                                                        + " and an alarm of memory that runs out"
                                                        + " never comes."),
                                        List.of(
                                                "except = [\"ProcSubset: os_mon reads"
                                                        + " /proc/meminfo\"]   under [hardening]",
                                                "or take :os_mon out of the applications")))
                .toList();
    }
}
