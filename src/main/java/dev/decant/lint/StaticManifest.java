package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;
import dev.decant.project.Piece;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A manifest of static files that no step of the build makes.
final class StaticManifest implements Rule {

    /// Which alias a build runs.
    private static final String ASSETS = "assets.deploy";

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        if (isMade(project, ASSETS, new HashSet<>()) || isThere(project)) {
            return List.of();
        }
        return new Endpoints(project, hosts.mixEnv())
                .settings().stream()
                        .flatMap(
                                found ->
                                        found.what().pairs().stream()
                                                .filter(pair -> pair.is("cache_static_manifest"))
                                                .filter(pair -> !pair.isNothing())
                                                .map(pair -> new Found<>(found.source(), pair)))
                        .limit(1)
                        .map(StaticManifest::finding)
                        .toList();
    }

    private static boolean isThere(Sources project) {
        return project.folder().resolve("priv/static/cache_manifest.json").toFile().isFile();
    }

    /// Whether `phx.digest` is among what an alias comes to. What an alias computes is not known
    /// and taken for good.
    private static boolean isMade(Sources project, String alias, Set<String> seen) {
        if (!seen.add(alias)) {
            return false;
        }
        for (Found<Code.Pair> found : Sources.pairs(project.mix(), pair -> pair.is(alias))) {
            for (Piece piece : Code.all(found.what().value())) {
                boolean made =
                        switch (piece) {
                            case Piece.Text(_, String command, _) ->
                                    Arrays.stream(command.split("[ ,]+"))
                                            .anyMatch(
                                                    word ->
                                                            word.equals("phx.digest")
                                                                    || isMade(project, word, seen));
                            case Piece.Group group -> group.bracket() == Piece.Bracket.FN;
                            case Piece.Sign(_, String sign) -> sign.equals("&");
                            default -> false;
                        };
                if (made) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Finding finding(Found<Code.Pair> found) {
        return Finding.at(
                found.source(),
                found.what().key(),
                LintRule.STATIC_MANIFEST,
                Severity.WARNING,
                "cache_static_manifest is set, and the build makes no manifest.",
                List.of(
                        "A build runs the alias assets.deploy where mix.exs has one; none with"
                            + " phx.digest in it was found, nor a priv/static/cache_manifest.json.",
                        "Phoenix says so in an error at boot and serves files under plain names:"
                                + " browsers go on with those of the release before."),
                List.of(
                        "aliases: [\"assets.deploy\": [\"phx.digest\"]]   in mix.exs, behind what"
                                + " builds the assets",
                        "or take the setting out, if there are no static files"));
    }
}
