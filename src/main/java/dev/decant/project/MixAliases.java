package dev.decant.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The aliases that mix.exs has, as far as they stand there plainly.
public final class MixAliases {

    private static final Set<String> LITERALS = Set.of("true", "false", "nil");
    private static final Pattern SEPARATOR = Pattern.compile("[ ,]+");

    private final Map<String, List<Piece>> values = new HashMap<>();

    private MixAliases() {}

    public static MixAliases of(Source mixExs) {
        MixAliases aliases = new MixAliases();
        aliases.read(mixExs.pieces());
        return aliases;
    }

    /// What an alias does, aliases that it uses included.
    ///
    /// @param commands as they are written
    /// @param computed some of it is code, of which nothing is known
    public record Steps(List<String> commands, boolean computed) {

        /// Whether a task is among them.
        public boolean names(String task) {
            return commands.stream()
                    .anyMatch(command -> List.of(SEPARATOR.split(command)).contains(task));
        }
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /// @return none where there is no such alias
    public Steps steps(String name) {
        List<String> commands = new ArrayList<>();
        boolean computed = follow(name, commands, new HashSet<>());
        return new Steps(List.copyOf(commands), computed);
    }

    private boolean follow(String name, List<String> commands, Set<String> seen) {
        if (!seen.add(name)) {
            return false;
        }
        boolean computed = false;
        for (Piece piece : inside(values.getOrDefault(name, List.of()))) {
            switch (piece) {
                case Piece.Text(_, String command, List<Piece> code) -> {
                    commands.add(command);
                    computed |= !code.isEmpty();
                    for (String word : SEPARATOR.split(command)) {
                        computed |= follow(word, commands, seen);
                    }
                }
                case Piece.Sign(_, String sign) when sign.equals(",") -> {}
                default -> computed = true;
            }
        }
        return computed;
    }

    /// What a list holds, or what stands there in place of one.
    private static List<Piece> inside(List<Piece> value) {
        return value.size() == 1
                        && value.getFirst() instanceof Piece.Group group
                        && group.bracket() == Piece.Bracket.SQUARE
                ? group.pieces().stream().filter(piece -> !(piece instanceof Piece.Line)).toList()
                : value;
    }

    private void read(List<Piece> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i) instanceof Piece.Group group) {
                read(group.pieces());
            } else if (pieces.get(i) instanceof Piece.Key key) {
                List<Piece> value = value(pieces, i + 1);
                if (isAlias(value)) {
                    values.putIfAbsent(key.name(), value);
                }
            }
        }
    }

    private static List<Piece> value(List<Piece> pieces, int from) {
        List<Piece> value = new ArrayList<>();
        for (Piece piece : pieces.subList(from, pieces.size())) {
            if (piece instanceof Piece.Sign(_, String sign) && sign.equals(",")) {
                break;
            }
            if (!(piece instanceof Piece.Line)) {
                value.add(piece);
            }
        }
        return value;
    }

    /// `preferred_envs` has keys of the same names, and atoms for them.
    private static boolean isAlias(List<Piece> value) {
        return !value.isEmpty()
                && !(value.getFirst() instanceof Piece.Atom)
                && !(value.getFirst() instanceof Piece.Word(_, String name)
                        && LITERALS.contains(name));
    }
}
