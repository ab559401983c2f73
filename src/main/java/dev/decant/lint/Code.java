package dev.decant.lint;

import dev.decant.project.Piece;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What there is to be seen in pieces of Elixir without knowing its grammar.
final class Code {

    /// Signs with which an expression may begin.
    private static final Set<String> BEGINNING = Set.of("@", "&", "%", "^", "!", "-", "+", "...");

    private static final Set<String> JOINING = Set.of("and", "or", "in", "when");

    private Code() {}

    /// Every list of pieces that stand side by side, from the outside to the inside.
    static void lists(List<Piece> pieces, Consumer<List<Piece>> each) {
        each.accept(pieces);
        for (Piece piece : pieces) {
            if (!inside(piece).isEmpty()) {
                lists(inside(piece), each);
            }
        }
    }

    /// Every piece.
    static List<Piece> all(List<Piece> pieces) {
        List<Piece> all = new ArrayList<>();
        lists(pieces, all::addAll);
        return all;
    }

    static List<Piece> inside(Piece piece) {
        return switch (piece) {
            case Piece.Group group -> group.pieces();
            case Piece.Text text -> text.code();
            default -> List.of();
        };
    }

    static boolean isSign(List<Piece> pieces, int index, String sign) {
        return index >= 0
                && index < pieces.size()
                && pieces.get(index) instanceof Piece.Sign(_, String found)
                && found.equals(sign);
    }

    static boolean isWord(List<Piece> pieces, int index, String name) {
        return index >= 0
                && index < pieces.size()
                && pieces.get(index) instanceof Piece.Word(_, String found)
                && found.equals(name);
    }

    static boolean isLine(List<Piece> pieces, int index) {
        return index >= 0 && index < pieces.size() && pieces.get(index) instanceof Piece.Line;
    }

    static boolean isGroup(List<Piece> pieces, int index, Piece.Bracket bracket) {
        return index >= 0
                && index < pieces.size()
                && pieces.get(index) instanceof Piece.Group group
                && group.bracket() == bracket;
    }

    /// A call of a module's function.
    ///
    /// @param module such as `System`, or `:httpc`
    /// @param end the index behind it
    record Call(int at, String module, String function, List<Piece> arguments, int end) {

        boolean is(String module, String... functions) {
            return this.module.equals(module) && List.of(functions).contains(function);
        }

        /// The first argument, where it is a text and nothing but one.
        Optional<String> text() {
            return !arguments.isEmpty()
                            && arguments.getFirst() instanceof Piece.Text(_, String value, var code)
                            && code.isEmpty()
                            && (arguments.size() == 1 || isSign(arguments, 1, ","))
                    ? Optional.of(value)
                    : Optional.empty();
        }

        String shown() {
            return module + "." + function + text().map(value -> "(\"" + value + "\")").orElse("");
        }
    }

    /// The call that begins there. A value that is piped into it is its first argument.
    static Optional<Call> call(List<Piece> pieces, int index) {
        if (!isSign(pieces, index + 1, ".")
                || index + 2 >= pieces.size()
                || !(pieces.get(index + 2) instanceof Piece.Word(_, String function))) {
            return Optional.empty();
        }
        String module;
        switch (pieces.get(index)) {
            case Piece.Alias(_, String name) -> module = name;
            case Piece.Atom(_, String name) -> module = ":" + name;
            default -> {
                return Optional.empty();
            }
        }
        List<Piece> arguments = new ArrayList<>();
        int piped = isLine(pieces, index - 2) ? index - 3 : index - 2;
        if (isSign(pieces, index - 1, "|>") && piped >= 0) {
            arguments.add(pieces.get(piped));
        }
        int end = index + 3;
        if (isGroup(pieces, end, Piece.Bracket.ROUND)) {
            arguments.addAll(inside(pieces.get(end++)));
        } else if (end < pieces.size() && pieces.get(end) instanceof Piece.Text text) {
            arguments.add(text);
            end++;
        }
        return Optional.of(
                new Call(pieces.get(index).at(), module, function, withoutLines(arguments), end));
    }

    static List<Call> calls(List<Piece> pieces) {
        List<Call> calls = new ArrayList<>();
        lists(
                pieces,
                list -> {
                    for (int i = 0; i < list.size(); i++) {
                        call(list, i).ifPresent(calls::add);
                    }
                });
        return calls;
    }

    private static List<Piece> withoutLines(List<Piece> pieces) {
        return pieces.stream().filter(piece -> !(piece instanceof Piece.Line)).toList();
    }

    /// Where the expression that begins there ends: at the end of a line, unless that goes on.
    static int end(List<Piece> pieces, int from) {
        int i = from;
        while (i < pieces.size()) {
            if (isEnd(pieces, i)) {
                return i;
            }
            i++;
        }
        return i;
    }

    /// Whether an expression ends there with its line.
    static boolean isEnd(List<Piece> pieces, int line) {
        if (!isLine(pieces, line)) {
            return false;
        }
        Piece before = pieces.get(Math.max(line - 1, 0));
        Piece after = pieces.get(Math.min(line + 1, pieces.size() - 1));
        boolean goesOn =
                before instanceof Piece.Sign
                        || before instanceof Piece.Key
                        || joins(before)
                        || joins(after)
                        || (after instanceof Piece.Sign(_, String sign)
                                && !BEGINNING.contains(sign));
        return !goesOn;
    }

    private static boolean joins(Piece piece) {
        return piece instanceof Piece.Word(_, String name) && JOINING.contains(name);
    }

    /// What stands between commas.
    static List<List<Piece>> split(List<Piece> pieces) {
        List<List<Piece>> parts = new ArrayList<>();
        List<Piece> part = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Sign(_, String sign) && sign.equals(",")) {
                parts.add(part);
                part = new ArrayList<>();
            } else if (!(piece instanceof Piece.Line)) {
                part.add(piece);
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    /// A key and its value.
    record Pair(Piece.Key key, List<Piece> value) {

        boolean is(String name) {
            return key.name().equals(name);
        }

        /// The pairs of a list that is its value.
        List<Pair> pairs() {
            return Code.pairs(value);
        }

        boolean isNothing() {
            return value.size() == 1
                    && value.getFirst() instanceof Piece.Word(_, String name)
                    && (name.equals("nil") || name.equals("false"));
        }
    }

    /// The pairs of a list, with or without its brackets.
    static List<Pair> pairs(List<Piece> list) {
        List<Piece> pieces =
                list.size() == 1
                                && list.getFirst() instanceof Piece.Group group
                                && group.bracket() == Piece.Bracket.SQUARE
                        ? group.pieces()
                        : list;
        List<Pair> pairs = new ArrayList<>();
        for (List<Piece> part : split(pieces)) {
            if (!part.isEmpty() && part.getFirst() instanceof Piece.Key key) {
                pairs.add(new Pair(key, part.subList(1, part.size())));
            }
        }
        return pairs;
    }

    /// Every pair, wherever it stands.
    static List<Pair> allPairs(List<Piece> pieces) {
        List<Pair> all = new ArrayList<>();
        lists(pieces, list -> all.addAll(valued(list)));
        return all;
    }

    /// Of code, where a value goes on to the end of its line.
    private static List<Pair> valued(List<Piece> list) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Piece.Key key) {
                int end = i + 1;
                while (end < list.size() && !isSign(list, end, ",") && !isEnd(list, end)) {
                    end++;
                }
                pairs.add(new Pair(key, withoutLines(list.subList(i + 1, end))));
            }
        }
        return pairs;
    }

    /// What `config` says: of which app or module, and what.
    record Setting(
            int at, int end, Optional<String> app, Optional<String> module, List<Pair> pairs) {}

    static List<Setting> settings(List<Piece> pieces) {
        List<Setting> settings = new ArrayList<>();
        lists(
                pieces,
                list -> {
                    for (int i = 0; i < list.size(); i++) {
                        if (isWord(list, i, "config")
                                && (i == 0
                                        || isLine(list, i - 1)
                                        || list.get(i - 1) instanceof Piece.Key)) {
                            setting(list, i).ifPresent(settings::add);
                        }
                    }
                });
        return settings;
    }

    private static Optional<Setting> setting(List<Piece> list, int index) {
        int end = end(list, index);
        List<Piece> arguments =
                isGroup(list, index + 1, Piece.Bracket.ROUND)
                        ? inside(list.get(index + 1))
                        : list.subList(index + 1, end);
        List<List<Piece>> parts = split(arguments);
        if (parts.size() < 2) {
            return Optional.empty();
        }
        Optional<String> app =
                parts.getFirst().size() == 1
                                && parts.getFirst().getFirst() instanceof Piece.Atom(_, String name)
                        ? Optional.of(name)
                        : Optional.empty();
        Optional<String> module =
                parts.get(1).size() == 1
                                && parts.get(1).getFirst() instanceof Piece.Alias(_, String name)
                        ? Optional.of(name)
                        : Optional.empty();
        List<Pair> pairs = new ArrayList<>();
        for (List<Piece> part : parts.subList(1, parts.size())) {
            pairs.addAll(pairs(part));
        }
        return Optional.of(
                new Setting(
                        list.get(index).at(),
                        end < list.size() ? list.get(end).at() : Integer.MAX_VALUE,
                        app,
                        module,
                        pairs));
    }

    /// A whole number, or a time in milliseconds as `:timer.seconds(40)`.
    static Optional<Long> number(List<Piece> value) {
        if (value.size() == 1 && value.getFirst() instanceof Piece.Numeral(_, String digits)) {
            String plain = digits.replace("_", "");
            return plain.matches("[0-9]{1,9}")
                    ? Optional.of(Long.parseLong(plain))
                    : Optional.empty();
        }
        return call(value, 0)
                .filter(call -> call.end() == value.size() && call.module().equals(":timer"))
                .flatMap(
                        call ->
                                number(call.arguments())
                                        .flatMap(
                                                count ->
                                                        switch (call.function()) {
                                                            case "seconds" ->
                                                                    Optional.of(count * 1000);
                                                            case "minutes" ->
                                                                    Optional.of(count * 60_000);
                                                            case "hours" ->
                                                                    Optional.of(count * 3_600_000);
                                                            default -> Optional.empty();
                                                        }));
    }
}
