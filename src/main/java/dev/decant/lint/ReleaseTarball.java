package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.util.List;
import java.util.Optional;

/// A release without the tarball that Decant packs.
final class ReleaseTarball implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        Optional<Found<Code.Pair>> release = project.release(hosts.release());
        Optional<Code.Pair> steps =
                release.flatMap(
                        found ->
                                found.what().pairs().stream()
                                        .filter(pair -> pair.is("steps"))
                                        .findFirst());
        boolean known = steps.map(pair -> isList(pair.value())).orElse(release.isPresent());
        boolean makesOne =
                known
                        ? steps.filter(pair -> Sources.names(pair.value(), "tar")).isPresent()
                        : project.mix().stream()
                                .anyMatch(source -> Sources.names(source.pieces(), "tar"));
        if (makesOne || project.mix().isEmpty()) {
            return List.of();
        }
        Source mix = project.mix().getFirst();
        int at = steps.or(() -> release.map(Found::what)).map(pair -> pair.key().at()).orElse(0);
        return List.of(
                Finding.at(
                        mix,
                        at,
                        LintRule.RELEASE_TARBALL,
                        Severity.ERROR,
                        "`mix release %s` makes no tarball: :tar is not among its steps."
                                .formatted(hosts.release()),
                        List.of(
                                "A deploy builds, and then finds nothing to send. What serves goes"
                                        + " on, but a fix in a hurry has to wait for this."),
                        List.of(
                                "releases: [%s: [steps: [:assemble, :tar]]]   in mix.exs, under project"
                                        .formatted(hosts.release()))));
    }

    private static boolean isList(List<Piece> value) {
        return value.size() == 1 && value.getFirst() instanceof Piece.Group;
    }
}
