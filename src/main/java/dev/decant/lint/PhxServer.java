package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.util.List;
import java.util.stream.Stream;

/// An endpoint whose web server nobody starts.
final class PhxServer implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        Endpoints endpoints = new Endpoints(project, hosts.mixEnv());
        List<Found<Piece.Alias>> modules = endpoints.modules();
        if (modules.isEmpty() || isAsked(project) || isServing(project, endpoints)) {
            return List.of();
        }
        Found<Piece.Alias> first = modules.getFirst();
        String name = first.what().name();
        return List.of(
                Finding.at(
                        first.source(),
                        first.what(),
                        LintRule.PHX_SERVER,
                        Severity.ERROR,
                        "Nothing starts the web server of " + name + " in a release.",
                        List.of(
                                "config/runtime.exs does not read PHX_SERVER, which Decant sets,"
                                        + " and no setting says  server: true.",
                                "The VM would run, and to systemd all would be well, but nobody"
                                        + " would listen."),
                        List.of(
                                "In config/runtime.exs:",
                                "  if System.get_env(\"PHX_SERVER\") do",
                                "    config :%s, %s, server: true"
                                        .formatted(
                                                endpoints.settings().stream()
                                                        .flatMap(
                                                                found ->
                                                                        found.what().app().stream())
                                                        .findFirst()
                                                        .orElse("my_app"),
                                                name),
                                "  end")));
    }

    private static boolean isAsked(Sources project) {
        return Stream.concat(project.runtime().stream(), project.lib().stream())
                .flatMap(source -> Code.all(source.pieces()).stream())
                .anyMatch(piece -> Sources.text(piece).filter("PHX_SERVER"::equals).isPresent());
    }

    private static boolean isServing(Sources project, Endpoints endpoints) {
        List<Source> config = project.config();
        return config.stream().anyMatch(source -> Sources.names(source.pieces(), "serve_endpoints"))
                || Stream.concat(
                                endpoints.settings().stream()
                                        .flatMap(found -> found.what().pairs().stream()),
                                Sources.pairs(project.lib(), _ -> true).stream().map(Found::what))
                        .anyMatch(pair -> pair.is("server") && !pair.isNothing());
    }
}
