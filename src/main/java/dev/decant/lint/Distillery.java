package dev.decant.lint;

import dev.decant.config.LintRule;

import java.util.List;

/// A project that was once released with Distillery.
final class Distillery implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        boolean mixRelease = !Sources.pairs(project.mix(), pair -> pair.is("releases")).isEmpty();
        return project.distillery().stream()
                .map(
                        source ->
                                Finding.at(
                                        source,
                                        0,
                                        LintRule.DISTILLERY,
                                        mixRelease ? Severity.WARNING : Severity.ERROR,
                                        "This is Distillery's configuration, and nothing of it is"
                                                + " in the release that is deployed.",
                                        List.of(
                                                "Decant builds with `mix release`, which Elixir has"
                                                    + " since 1.9, and deploys what that makes.",
                                                "Plugins, hooks, commands, overlays and config"
                                                        + " providers of this file count for"
                                                        + " nothing"
                                                        + (mixRelease
                                                                ? "; mix.exs has releases of its"
                                                                        + " own."
                                                                : ", and mix.exs has no"
                                                                        + " releases.")),
                                        mixRelease
                                                ? List.of(
                                                        "Delete the file once nothing in it is"
                                                                + " missed.")
                                                : List.of(
                                                        "releases: [%s: [steps: [:assemble, :tar]]]   in mix.exs, under project"
                                                                .formatted(hosts.release()),
                                                        "Then take over what is needed:"
                                                            + " rel/overlays, rel/env.sh.eex,"
                                                            + " config/runtime.exs; and delete the"
                                                            + " file.")))
                .toList();
    }
}
