package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;
import dev.decant.project.Piece;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A web server that would take longer to finish than it is given.
final class DrainTimeout implements Rule {

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        List<Finding> findings = new ArrayList<>();
        Stream.concat(project.config().stream(), project.lib().stream())
                .forEach(
                        source ->
                                times(source.pieces())
                                        .forEach(
                                                time ->
                                                        finding(new Found<>(source, time), hosts)
                                                                .ifPresent(findings::add)));
        return findings;
    }

    /// `shutdown_timeout:` of Thousand Island, and `shutdown:` of drainers: of Plug.Cowboy's, of an
    /// endpoint's and of a socket's.
    private static List<Code.Pair> times(List<Piece> pieces) {
        List<Code.Pair> times = new ArrayList<>();
        for (Code.Pair pair : Code.allPairs(pieces)) {
            if (pair.is("shutdown_timeout")) {
                times.add(pair);
            } else if (pair.is("drainer")) {
                pair.pairs().stream().filter(inner -> inner.is("shutdown")).forEach(times::add);
            }
        }
        for (Piece piece : Code.all(pieces)) {
            if (piece instanceof Piece.Group group
                    && !group.pieces().isEmpty()
                    && group.pieces().getFirst() instanceof Piece.Alias(_, String name)
                    && name.equals("Plug.Cowboy.Drainer")) {
                Code.pairs(group.pieces()).stream()
                        .filter(inner -> inner.is("shutdown"))
                        .forEach(times::add);
            }
        }
        return times;
    }

    private static Optional<Finding> finding(Found<Code.Pair> time, HostSettings hosts) {
        List<Piece> value = time.what().value();
        Optional<Duration> takes = Code.number(value).map(Duration::ofMillis);
        boolean forEver = value.size() == 1 && Sources.isAtom(value.getFirst(), "infinity");
        if (!forEver && takes.filter(most -> most.compareTo(hosts.drainTimeout()) > 0).isEmpty()) {
            return Optional.empty();
        }
        String given = said(hosts.drainTimeout());
        return Optional.of(
                Finding.at(
                        time.source(),
                        time.what().key(),
                        LintRule.DRAIN_TIMEOUT,
                        Severity.WARNING,
                        "The app may take %s to finish, and is killed after %s."
                                .formatted(takes.map(DrainTimeout::said).orElse("for ever"), given),
                        List.of(
                                "service.drain_timeout is how long it may go on with what it has"
                                        + " begun: then requests and websockets end in the middle,"
                                        + " and so does whatever the app would have done after"
                                        + " them."),
                        List.of(
                                takes.map(
                                                most ->
                                                        "drain_timeout = \"%ds\"   under [service], which is told to the app as DRAIN_MS"
                                                                .formatted(
                                                                        (most.toMillis() + 999)
                                                                                / 1000))
                                        .orElse("Give it a time that ends."),
                                "or  %s: String.to_integer(System.get_env(\"DRAIN_MS\") || \"15000\")  in config/runtime.exs"
                                        .formatted(time.what().key().name()))));
    }

    private static String said(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
