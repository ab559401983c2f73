package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.project.Source;

import java.util.List;
import java.util.Set;

/// Work in a file that is for settings.
final class HeavyRuntime implements Rule {

    private static final Set<String> CLIENTS =
            Set.of(
                    "Req",
                    "Finch",
                    "Tesla",
                    "HTTPoison",
                    "Mojito",
                    "Mint.HTTP",
                    "ExAws",
                    "AWS",
                    "Vaultex",
                    "Postgrex",
                    "Redix",
                    ":httpc",
                    ":hackney",
                    ":gun",
                    ":ibrowse");

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        return project.runtime().stream()
                .flatMap(
                        source ->
                                Code.calls(source.pieces()).stream()
                                        .filter(HeavyRuntime::isWork)
                                        .map(call -> finding(source, call)))
                .toList();
    }

    private static Finding finding(Source source, Code.Call call) {
        return Finding.at(
                source,
                call.at(),
                LintRule.HEAVY_RUNTIME,
                Severity.HINT,
                call.module() + "." + call.function() + " is work, in a file for settings.",
                List.of(
                        "It is done at every boot, and for every migration, eval and look at a new"
                                + " release besides, before anything of the app runs.",
                        "Where it hangs or fails, the app does not boot, the old release neither,"
                                + " and the log has only that."),
                List.of(
                        "Do it in Application.start/2, or in a process that may fail and be started"
                                + " again.",
                        "Settings from a server: unit.start_pre fetches them into a file before the"
                                + " app starts (docs/concepts/environment.md)."));
    }

    private static boolean isWork(Code.Call call) {
        return CLIENTS.contains(call.module())
                || call.module().endsWith(".Repo")
                || call.module().equals("Repo")
                || call.is("Process", "sleep")
                || call.is(":timer", "sleep")
                || call.is("System", "cmd", "shell")
                || call.is(":os", "cmd")
                || call.is("Application", "ensure_all_started")
                || (call.module().equals("File")
                        && call.function()
                                .matches(
                                        "(write|rm|rm_rf|mkdir|mkdir_p|cp|cp_r|rename|touch|open|ln_s)!?"));
    }
}
