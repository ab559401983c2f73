package dev.decant.lint;

import dev.decant.project.Piece;
import dev.decant.project.Piece.Bracket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Leaves out what is for other Mix environments: of `if config_env() == :prod do … else … end`
/// only the part that counts is left, in the place of the whole.
final class Branches {

    private final String mixEnv;

    private Branches(String mixEnv) {
        this.mixEnv = mixEnv;
    }

    static List<Piece> taken(List<Piece> pieces, String mixEnv) {
        return new Branches(mixEnv).taken(pieces);
    }

    private List<Piece> taken(List<Piece> pieces) {
        List<Piece> taken = new ArrayList<>();
        int i = 0;
        while (i < pieces.size()) {
            Optional<Choice> choice = choice(pieces, i);
            if (choice.isPresent()) {
                taken.addAll(taken(choice.get().taken()));
                i = choice.get().end();
            } else {
                taken.add(inside(pieces.get(i++)));
            }
        }
        return taken;
    }

    private Piece inside(Piece piece) {
        return piece instanceof Piece.Group(int at, Bracket bracket, List<Piece> pieces)
                ? new Piece.Group(at, bracket, taken(pieces))
                : piece;
    }

    /// @param end the index behind the whole
    private record Choice(List<Piece> taken, int end) {}

    private Optional<Choice> choice(List<Piece> pieces, int index) {
        boolean isIf = Code.isWord(pieces, index, "if");
        if (!isIf && !Code.isWord(pieces, index, "unless")) {
            return Optional.empty();
        }
        int i = index + 1;
        while (i < pieces.size()
                && !Code.isGroup(pieces, i, Bracket.DO)
                && !Code.isSign(pieces, i, ",")
                && !Code.isLine(pieces, i)) {
            i++;
        }
        Optional<Boolean> holds = holds(pieces.subList(index + 1, i));
        if (holds.isEmpty() || i == pieces.size()) {
            return Optional.empty();
        }
        boolean first = holds.get() == isIf;
        if (Code.isGroup(pieces, i, Bracket.DO)) {
            List<Piece> block = Code.inside(pieces.get(i));
            int otherwise = 0;
            while (otherwise < block.size() && !Code.isWord(block, otherwise, "else")) {
                otherwise++;
            }
            return Optional.of(
                    new Choice(
                            first
                                    ? block.subList(0, otherwise)
                                    : block.subList(
                                            Math.min(otherwise + 1, block.size()), block.size()),
                            i + 1));
        }
        if (!Code.isSign(pieces, i, ",")) {
            return Optional.empty();
        }
        int end = Code.end(pieces, i);
        return Optional.of(
                new Choice(
                        Code.pairs(pieces.subList(i + 1, end)).stream()
                                .filter(pair -> pair.is(first ? "do" : "else"))
                                .findFirst()
                                .map(Code.Pair::value)
                                .orElse(List.of()),
                        end));
    }

    /// @return empty where it is not about the environment alone
    private Optional<Boolean> holds(List<Piece> condition) {
        if (condition.size() == 1 && Code.isGroup(condition, 0, Bracket.ROUND)) {
            return holds(Code.inside(condition.getFirst()));
        }
        for (int i = 0; i < condition.size(); i++) {
            if (Code.isSign(condition, i, "&&") || Code.isWord(condition, i, "and")) {
                // Whatever else it asks, it does not hold where a part does not.
                boolean fails =
                        fails(condition.subList(0, i))
                                || fails(condition.subList(i + 1, condition.size()));
                return fails ? Optional.of(false) : Optional.empty();
            }
        }
        int asked = environment(condition);
        if (asked == 0 || condition.size() != asked + 2) {
            return Optional.empty();
        }
        Piece compared = condition.get(asked + 1);
        if (compared instanceof Piece.Atom(_, String name)) {
            return Code.isSign(condition, asked, "==")
                    ? Optional.of(name.equals(mixEnv))
                    : Code.isSign(condition, asked, "!=")
                            ? Optional.of(!name.equals(mixEnv))
                            : Optional.empty();
        }
        return Code.isWord(condition, asked, "in") && compared instanceof Piece.Group list
                ? Optional.of(
                        list.pieces().stream()
                                .anyMatch(
                                        piece ->
                                                piece instanceof Piece.Atom(_, String name)
                                                        && name.equals(mixEnv)))
                : Optional.empty();
    }

    private boolean fails(List<Piece> condition) {
        return holds(condition).equals(Optional.of(false));
    }

    /// The index behind `config_env()` or `Mix.env()`; 0 where neither begins it.
    static int environment(List<Piece> pieces) {
        if (Code.isWord(pieces, 0, "config_env")) {
            return Code.isGroup(pieces, 1, Bracket.ROUND) ? 2 : 1;
        }
        return Code.call(pieces, 0)
                .filter(call -> call.is("Mix", "env"))
                .map(Code.Call::end)
                .orElse(0);
    }
}
