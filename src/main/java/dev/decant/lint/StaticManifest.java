package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;
import dev.decant.project.Assets;
import dev.decant.project.MixAliases;

import java.util.List;

/// A manifest of static files that no step of the build makes.
final class StaticManifest implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        if (isMade(project) || isThere(project)) {
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

    /// What an alias computes is not known and taken for good.
    private static boolean isMade(Sources project) {
        return project.mix().stream()
                .map(source -> MixAliases.of(source).steps(Assets.ALIAS))
                .anyMatch(steps -> steps.computed() || steps.names("phx.digest"));
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
