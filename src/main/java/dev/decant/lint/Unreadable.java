package dev.decant.lint;

import dev.decant.config.LintRule;

import java.util.List;

/// A file that could not be taken apart, so that other rules have not seen all of it.
final class Unreadable implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        return project.all().stream()
                .filter(source -> source.unread().isPresent())
                .map(
                        source ->
                                Finding.at(
                                        source,
                                        source.unread().get().at(),
                                        LintRule.UNREADABLE,
                                        Severity.WARNING,
                                        "This file was not read to its end.",
                                        List.of(
                                                source.unread().get().reason(),
                                                "What stands in it from the expression around this"
                                                        + " place on, no rule has seen."),
                                        List.of(
                                                "mix compile       says whether Elixir can read it",
                                                "If it can, the mistake is Decant's; please report"
                                                        + " it.")))
                .toList();
    }
}
