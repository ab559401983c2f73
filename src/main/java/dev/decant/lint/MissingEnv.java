package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.problem.Nearest;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A variable that the app does not boot without, and that nobody sets.
final class MissingEnv implements Rule {

    private static final Set<String> ENDS = Set.of("raise", "throw", "exit");

    /// @param shown how it is asked for
    /// @param maybe only where something else is so
    private record Need(Source source, int at, String name, String shown, boolean maybe) {}

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        Map<String, Need> needs = new LinkedHashMap<>();
        for (Source source : project.runtime()) {
            List<Need> found = new ArrayList<>();
            collect(source, source.pieces(), false, found);
            for (Need need : found) {
                needs.merge(need.name(), need, (a, b) -> a.maybe() && !b.maybe() ? b : a);
            }
        }
        return needs.values().stream()
                .filter(
                        need ->
                                !hosts.variables().contains(need.name())
                                        && !project.exported().contains(need.name())
                                        // Set by the release's start script.
                                        && !need.name().startsWith("RELEASE_"))
                .map(need -> finding(need, hosts))
                .toList();
    }

    private static void collect(
            Source source, List<Piece> pieces, boolean maybe, List<Need> needs) {
        boolean partly = maybe;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            partly = maybe || (partly && !Code.isEnd(pieces, i)) || decides(piece);
            boolean here = partly;
            need(pieces, i)
                    .ifPresent(
                            need ->
                                    needs.add(
                                            new Need(
                                                    source,
                                                    need.at(),
                                                    need.text().orElseThrow(),
                                                    need.shown(),
                                                    here)));
            collect(source, Code.inside(piece), partly || isBlock(piece), needs);
        }
    }

    private static boolean isBlock(Piece piece) {
        return piece instanceof Piece.Group group
                && (group.bracket() == Piece.Bracket.DO || group.bracket() == Piece.Bracket.FN);
    }

    /// Whether what comes after it in the line may not be reached.
    private static boolean decides(Piece piece) {
        return switch (piece) {
            case Piece.Key(_, String name) -> name.equals("do") || name.equals("else");
            case Piece.Sign(_, String sign) -> sign.equals("&&") || sign.equals("||");
            case Piece.Word(_, String name) -> name.equals("and") || name.equals("or");
            default -> false;
        };
    }

    /// A call that ends the boot where a variable is not there.
    private static Optional<Code.Call> need(List<Piece> pieces, int index) {
        return Code.call(pieces, index)
                .filter(call -> call.text().isPresent())
                .filter(
                        call ->
                                call.is("System", "fetch_env!")
                                        || (call.is("System", "get_env")
                                                && call.arguments().size() == 1
                                                && (orEnds(pieces, call.end())
                                                        || caseEnds(
                                                                pieces, index, call.end(), "nil")))
                                        || (call.is("System", "fetch_env")
                                                && caseEnds(pieces, index, call.end(), "error")));
    }

    /// `… || raise`.
    private static boolean orEnds(List<Piece> pieces, int index) {
        int i = index;
        while (Code.isLine(pieces, i)) {
            i++;
        }
        if (!Code.isSign(pieces, i, "||") && !Code.isWord(pieces, i, "or")) {
            return false;
        }
        do {
            i++;
        } while (Code.isLine(pieces, i));
        return ends(pieces, i);
    }

    private static boolean ends(List<Piece> pieces, int index) {
        return index < pieces.size()
                && (pieces.get(index) instanceof Piece.Word(_, String name)
                        ? ENDS.contains(name)
                        : Code.call(pieces, index)
                                .filter(call -> call.is("System", "halt", "stop"))
                                .isPresent());
    }

    /// `case … do nil -> raise`.
    private static boolean caseEnds(List<Piece> pieces, int index, int end, String nothing) {
        if (!Code.isWord(pieces, index - 1, "case")
                || !Code.isGroup(pieces, end, Piece.Bracket.DO)) {
            return false;
        }
        List<Piece> clauses = Code.inside(pieces.get(end));
        for (int i = 0; i + 2 < clauses.size(); i++) {
            Piece pattern = clauses.get(i);
            boolean matches =
                    Sources.isAtom(pattern, nothing)
                            || (pattern instanceof Piece.Word(_, String name)
                                    && name.equals(nothing));
            int then = i + 2;
            while (Code.isLine(clauses, then)) {
                then++;
            }
            if (matches && Code.isSign(clauses, i + 1, "->") && ends(clauses, then)) {
                return true;
            }
        }
        return false;
    }

    private static Finding finding(Need need, HostSettings hosts) {
        List<String> next =
                new ArrayList<>(
                        List.of(
                                "secrets = [\"%s\"]     in decant.toml, if it is one: its value is taken from your environment when you deploy"
                                        .formatted(need.name()),
                                "[env] %s = \"…\"       if it is none".formatted(need.name())));
        Nearest.to(need.name(), hosts.variables())
                .ifPresent(name -> next.addFirst("Did you mean '" + name + "', which is set?"));
        return Finding.at(
                need.source(),
                need.at(),
                LintRule.MISSING_ENV,
                need.maybe() ? Severity.HINT : Severity.ERROR,
                (need.maybe() ? "Where this is reached, the" : "The")
                        + " app does not boot without "
                        + need.name()
                        + ", and nothing sets it.",
                List.of(
                        need.shown() + " ends the boot, and migrations and eval likewise.",
                        "Looked in [env] and secrets of decant.toml, rel/env.sh.eex, and what"
                                + " Decant and the release itself set"
                                + (hosts.machinesAsked()
                                        ? ", and in the hosts' own files."
                                        : "; not in /etc/APP/environment of the hosts.")),
                next);
    }
}
