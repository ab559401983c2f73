package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.project.Source;

import java.util.List;
import java.util.Optional;

/// A console without tools.
final class RuntimeTools implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        if (!hosts.nodesConnect()
                || project.mix().isEmpty()
                || project.starts("runtime_tools").isPresent()) {
            return List.of();
        }
        Optional<Sources.Found<Code.Pair>> applications =
                Sources.pairs(project.mix(), pair -> pair.is("extra_applications")).stream()
                        .findFirst();
        Source source = applications.map(Sources.Found::source).orElse(project.mix().getFirst());
        return List.of(
                Finding.at(
                        source,
                        applications.map(found -> found.what().key().at()).orElse(0),
                        LintRule.RUNTIME_TOOLS,
                        Severity.HINT,
                        "Other nodes may connect, and runtime_tools is not in the release.",
                        List.of(
                                "service.distribution lets a console in. When something is slow,"
                                    + " what one wants there is :dbg, or an observer from outside:"
                                    + " both need it, and cannot be added to what runs."),
                        List.of("extra_applications: [:logger, :runtime_tools]   in mix.exs")));
    }
}
