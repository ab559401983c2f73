package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;

import java.util.List;

/// A release without its Erlang.
final class ReleaseErts implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        List<Found<Code.Pair>> settings =
                project.release(hosts.release())
                        .map(
                                release ->
                                        release.what().pairs().stream()
                                                .map(pair -> new Found<>(release.source(), pair))
                                                .toList())
                        .orElseGet(() -> Sources.pairs(project.mix(), _ -> true));
        return settings.stream()
                .filter(found -> found.what().is("include_erts") && found.what().isNothing())
                .map(
                        found ->
                                Finding.at(
                                        found.source(),
                                        found.what().key(),
                                        LintRule.RELEASE_ERTS,
                                        Severity.ERROR,
                                        "The release has no Erlang of its own.",
                                        List.of(
                                                "A host has none either, or another one: the"
                                                    + " release does not boot, or one day after an"
                                                    + " upgrade of the host's no longer, and cannot"
                                                    + " be gone back to."),
                                        List.of(
                                                "Take  include_erts: false  out: true is the"
                                                        + " default.")))
                .toList();
    }
}
