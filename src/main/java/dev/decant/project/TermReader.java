package dev.decant.project;

import dev.decant.problem.Failure;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Reads a text that is one map literal of Elixir.
///
/// It takes less than Elixir does and never more. Mix holds a lock that Elixir cannot read for an
/// empty one, so whatever is read here must be the same to Mix; where lines may end is a part of
/// that.
final class TermReader {

    /// Mix's own locks are five deep.
    private static final int MAX_DEPTH = 64;

    /// In characters. Erlang has no longer ones, and Elixir cannot read a text that has.
    private static final int MAX_ATOM = 255;

    private static final int SHOWN = 40;

    private enum Bracket {
        LIST("[", ']'),
        TUPLE("{", '}'),
        MAP("%{", '}');

        private final String open;
        private final char close;

        Bracket(String open, char close) {
            this.open = open;
            this.close = close;
        }
    }

    private final String text;
    private int at;
    private int depth;

    private TermReader(String text) {
        this.text = text;
    }

    /// @throws Failure with a [ProjectProblem] if it is anything else
    static Term.Pairs read(String text) {
        return new TermReader(text).whole();
    }

    private Term.Pairs whole() {
        gap();
        if (at == text.length()) {
            throw unreadable(at, "The file is empty. A lock of nothing is %{}.");
        }
        Term term = term();
        gap();
        if (at < text.length()) {
            throw "%{[\":".indexOf(text.charAt(at)) >= 0
                    ? code(at)
                    : unexpected("the end of the file");
        }
        if (term instanceof Term.Pairs map) {
            return map;
        }
        throw unreadable(term.at(), "A lock is a map: it begins with %{.");
    }

    private Term term() {
        int start = at;
        if (lookingAt("%{")) {
            return container(Bracket.MAP);
        } else if (lookingAt("{")) {
            return container(Bracket.TUPLE);
        } else if (lookingAt("[")) {
            return container(Bracket.LIST);
        } else if (lookingAt("\"")) {
            Term text = new Term.Text(start, quoted());
            noKey();
            return text;
        } else if (lookingAt(":")) {
            at++;
            return atom(start, lookingAt("\"") ? quoted() : atomName(start));
        } else if (at < text.length() && isDigit(text.charAt(at))) {
            return new Term.Whole(start, digits());
        }
        String word = word();
        noKey();
        return switch (word) {
            case "nil", "true", "false" -> new Term.Atom(start, word);
            case "" -> throw lookingAt("%") ? code(at) : unexpected("a value");
            default -> throw code(start);
        };
    }

    // ---- what holds others

    private Term container(Bracket kind) {
        int start = at;
        if (++depth > MAX_DEPTH) {
            throw unreadable(start, "It is nested more than " + MAX_DEPTH + " deep.");
        }
        at += kind.open.length();
        gap();
        List<Term> items = new ArrayList<>();
        List<Term.Pair> pairs = new ArrayList<>();
        boolean keysOnly = false;
        while (!lookingAt(kind.close)) {
            if (atKey()) {
                if (kind == Bracket.TUPLE && items.isEmpty()) {
                    throw unreadable(at, "A tuple cannot begin with a key.");
                }
                keysOnly = true;
                pairs.add(keyed());
            } else if (keysOnly) {
                throw at == text.length()
                        ? unexpected("a key")
                        : unreadable(at, "Where one has a key, those after it have keys as well.");
            } else if (kind == Bracket.MAP) {
                pairs.add(arrowed());
            } else {
                items.add(term());
            }
            separator(kind, start);
        }
        at++;
        depth--;
        return switch (kind) {
            case MAP -> new Term.Pairs(start, List.copyOf(pairs));
            case LIST -> {
                items.addAll(asTuples(pairs));
                yield new Term.Items(start, List.copyOf(items));
            }
            case TUPLE -> {
                if (!pairs.isEmpty()) {
                    items.add(new Term.Items(pairs.getFirst().key().at(), asTuples(pairs)));
                }
                yield new Term.Tuple(start, List.copyOf(items));
            }
        };
    }

    private static List<Term> asTuples(List<Term.Pair> pairs) {
        return pairs.stream()
                .<Term>map(
                        pair -> new Term.Tuple(pair.key().at(), List.of(pair.key(), pair.value())))
                .toList();
    }

    /// A line may end after a comma but not before one.
    private void separator(Bracket kind, int start) {
        boolean lineEnded = gap();
        if (lookingAt(kind.close)) {
            return;
        }
        if (!lookingAt(",")) {
            throw unexpected(
                    "a comma, or the %s of the %s in line %d"
                            .formatted(kind.close, kind.open, Place.of(text, start).line()));
        }
        if (lineEnded) {
            throw unreadable(at, "A comma stands at the end of a line, never at the start.");
        }
        at++;
        gap();
    }

    private Term.Pair keyed() {
        int start = at;
        Term.Atom key = atom(start, lookingAt("\"") ? quoted() : word());
        at++;
        gap();
        return new Term.Pair(key, term());
    }

    private Term.Pair arrowed() {
        Term key = term();
        gap();
        if (!lookingAt("=>")) {
            throw unexpected("=>");
        }
        at += 2;
        gap();
        return new Term.Pair(key, term());
    }

    /// A key has its colon right behind it and a space behind that.
    private boolean atKey() {
        int start = at;
        boolean named = lookingAt("\"");
        if (named) {
            quoted();
        } else {
            named = !word().isEmpty();
        }
        int end = at;
        at = start;
        return named && text.startsWith(":", end) && isSpace(end + 1);
    }

    /// @throws Failure at the colon of what was meant to be a key
    private void noKey() {
        if (lookingAt(":") && !lookingAt("::")) {
            throw unreadable(at, "A key has a colon, then a space, and stands before a value.");
        }
    }

    // ---- what holds none

    private Term.Atom atom(int start, String name) {
        if (name.codePointCount(0, name.length()) > MAX_ATOM) {
            throw unreadable(start, "An atom has " + MAX_ATOM + " characters at most.");
        }
        return new Term.Atom(start, name);
    }

    private String atomName(int start) {
        String word = word();
        if (word.isEmpty()) {
            throw unreadable(start, "A colon, and no name of an atom behind it.");
        }
        return word;
    }

    /// @return empty where none begins
    private String word() {
        int start = at;
        if (at < text.length() && isWordStart(text.charAt(at))) {
            at++;
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
            if (lookingAt("?") || lookingAt("!")) {
                at++;
            }
        }
        return text.substring(start, at);
    }

    private String digits() {
        int start = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String digits = text.substring(start, at);
        boolean goesOn =
                at < text.length() && (isWordPart(text.charAt(at)) || text.charAt(at) == '.');
        if (goesOn || digits.endsWith("_") || digits.contains("__")) {
            throw unreadable(start, "Of numbers, only whole ones in plain digits are read.");
        }
        return digits;
    }

    private String quoted() {
        int start = at;
        if (lookingAt("\"\"\"")) {
            throw unreadable(start, "A text in three quotes is not read; Mix writes none.");
        }
        at++;
        StringBuilder value = new StringBuilder();
        while (!lookingAt("\"")) {
            if (at >= text.length()) {
                throw unreadable(start, "The text that begins here has no end.");
            }
            if (lookingAt("#{")) {
                throw code(at);
            }
            plain();
            if (lookingAt("\\")) {
                escape(value);
            } else {
                value.append(text.charAt(at++));
            }
        }
        at++;
        return value.toString();
    }

    private void escape(StringBuilder value) {
        int start = at++;
        if (at >= text.length()) {
            throw unreadable(start, "The file ends within a text.");
        }
        plain();
        char c = text.charAt(at++);
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 's' -> value.append(' ');
            case '0' -> value.append('\0');
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'd' -> value.append('\u007f');
            case 'e' -> value.append('\u001b');
            case 'f' -> value.append('\f');
            case 'v' -> value.append('\u000b');
            case '\n' -> {}
            case '\r' -> at++;
            case 'u' -> value.appendCodePoint(codePoint(start));
            case 'x' -> throw unreadable(start, "\\x in a text is not read; Mix writes none.");
            default -> value.append(c);
        }
    }

    /// `uHHHH` or `u{H…}`, with the `u` already read.
    private int codePoint(int start) {
        boolean braces = lookingAt("{");
        int from = braces ? at + 1 : at;
        int to = braces ? text.indexOf('}', from) : Math.min(from + 4, text.length());
        int length = to - from;
        if ((braces ? length >= 1 && length <= 6 : length == 4)
                && text.substring(from, to).chars().allMatch(HexFormat::isHexDigit)) {
            int codePoint = Integer.parseInt(text, from, to, 16);
            boolean surrogate =
                    codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            if (Character.isValidCodePoint(codePoint) && !surrogate) {
                at = braces ? to + 1 : to;
                return codePoint;
            }
        }
        throw unreadable(start, "\\u, and no Unicode character behind it.");
    }

    // ---- what stands between

    /// @return whether a line ended in it
    private boolean gap() {
        boolean lineEnded = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    plain();
                    at++;
                }
            } else if (c == '\n' || (c == '\r' && text.startsWith("\n", at + 1))) {
                lineEnded = true;
                at += c == '\n' ? 1 : 2;
            } else if (c == ' ' || c == '\t') {
                at++;
            } else {
                break;
            }
        }
        return lineEnded;
    }

    private boolean isSpace(int index) {
        return text.startsWith(" ", index)
                || text.startsWith("\t", index)
                || text.startsWith("\n", index)
                || text.startsWith("\r\n", index);
    }

    /// Refuses what makes a text look other than it is, in comments too. Later versions of Elixir
    /// refuse most of it as well.
    private void plain() {
        int c = text.codePointAt(at);
        boolean lineEnd = c == '\n' || (c == '\r' && text.startsWith("\n", at + 1));
        boolean turnsAround = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        boolean breaks = c == 0x2028 || c == 0x2029;
        if (turnsAround || breaks || (Character.isISOControl(c) && c != '\t' && !lineEnd)) {
            throw unreadable(at, "There is an invisible character, " + name(c) + ".");
        }
    }

    private boolean lookingAt(String sign) {
        return text.startsWith(sign, at);
    }

    private boolean lookingAt(char sign) {
        return at < text.length() && text.charAt(at) == sign;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c) || c == '@';
    }

    // ---- what is wrong

    private Failure unreadable(int where, String reason) {
        return new Failure(new ProjectProblem.LockUnreadable(Place.of(text, where), reason));
    }

    private Failure code(int where) {
        int end = where;
        while (end < text.length()
                && end - where < SHOWN
                && (isWordPart(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        if (end == where) {
            end = text.startsWith("#{", where) ? where + 2 : text.offsetByCodePoints(where, 1);
        }
        return new Failure(
                new ProjectProblem.LockNotData(Place.of(text, where), text.substring(where, end)));
    }

    /// Neither `wanted` nor a space is here: an operator, a call, or a slip of the pen.
    private Failure unexpected(String wanted) {
        if (at == text.length()) {
            return unreadable(at, "The file ends where " + wanted + " should stand.");
        }
        int c = text.codePointAt(at);
        boolean operates = c < 0x80 && "~&@^(-+!<>?.|*/=;\\".indexOf(c) >= 0;
        return operates || Character.isLetter(c) || c == '_'
                ? code(at)
                : unreadable(at, "There is " + name(c) + " instead of " + wanted + ".");
    }

    private static String name(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7f
                ? Character.toString(codePoint)
                : "U+%04X".formatted(codePoint);
    }
}
