package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.project.MixProject;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A path that hosts ask for and the app does not name.
final class HealthPath implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        Optional<String> path =
                hosts.healthPath()
                        .map(asked -> asked.replaceFirst("[?#].*", ""))
                        .filter(asked -> !asked.equals("/"));
        if (path.isEmpty() || project.lib().isEmpty() || isNamed(project, path.get())) {
            return List.of();
        }
        Source router =
                project.lib().stream()
                        .filter(source -> source.file().endsWith("router.ex"))
                        .findFirst()
                        .orElse(project.lib().getFirst());
        return List.of(
                Finding.at(
                        router,
                        0,
                        LintRule.HEALTH_PATH,
                        Severity.WARNING,
                        "Hosts ask for " + path.get() + ", and no file in lib names it.",
                        List.of(
                                "Looked for the path, or its end, among the texts of lib and"
                                        + " config.",
                                "Where the app answers 404 to it, no release is ever healthy, and"
                                        + " each deploy goes back after health.timeout."),
                        List.of(
                                known(project)
                                        .map(
                                                other ->
                                                        "path = \"%s\"   under [health]: lib names that one"
                                                                .formatted(other))
                                        .orElse(
                                                "path = \"/\"   under [health], or one that it"
                                                        + " has"),
                                "or a route for it")));
    }

    private static Optional<String> known(Sources project) {
        try {
            return MixProject.read(project.folder()).healthPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isNamed(Sources project, String path) {
        return project.folder().resolve("priv/static" + path).toFile().isFile()
                || Stream.concat(project.lib().stream(), project.config().stream())
                        .flatMap(source -> Code.all(source.pieces()).stream())
                        .anyMatch(
                                piece ->
                                        piece instanceof Piece.Text(_, String value, _)
                                                && isEnd(path, value));
    }

    /// Routes are put together of scopes, so that the end of the path is enough.
    private static boolean isEnd(String path, String written) {
        if (!written.matches("[/A-Za-z0-9_:*.~-]*")) {
            return false;
        }
        List<String> asked = segments(path);
        List<String> route = segments(written);
        int before = asked.size() - route.size();
        if (route.isEmpty() || before < 0) {
            return false;
        }
        for (int i = 0; i < route.size(); i++) {
            boolean any =
                    written.startsWith("/")
                            && (route.get(i).startsWith(":") || route.get(i).startsWith("*"));
            if (!any && !route.get(i).equals(asked.get(before + i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    }
}
