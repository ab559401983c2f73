package dev.decant.project;

import java.util.ArrayList;
import java.util.List;

/// Reads what Erlang's `file:consult/1` reads, such as rebar.config and rebar.lock: terms, each
/// with a full stop behind it. It takes less than Erlang does: what neither file has is not read.
///
/// A binary and a string are both a [Term.Text]; of a list with a tail, the tail is not read.
final class ErlangTerms {

    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;

    private ErlangTerms(String text) {
        this.text = text;
    }

    /// Why a text is not read, and where.
    static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1;

        private final int at;
        private final String reason;

        Unreadable(int at, String reason) {
            super(reason);
            this.at = at;
            this.reason = reason;
        }

        /// Counted in `char` from the start of the text.
        int at() {
            return at;
        }

        /// A sentence.
        String reason() {
            return reason;
        }
    }

    /// @return in the order of the text
    static List<Term> read(String text) throws Unreadable {
        return new ErlangTerms(text).all();
    }

    private List<Term> all() throws Unreadable {
        List<Term> terms = new ArrayList<>();
        gap();
        while (at < text.length()) {
            terms.add(term());
            gap();
            if (!lookingAt(".")) {
                throw unexpected("a full stop behind the term");
            }
            at++;
            gap();
        }
        return terms;
    }

    private Term term() throws Unreadable {
        gap();
        int start = at;
        char c = at < text.length() ? text.charAt(at) : '\0';
        if (lookingAt("<<<<") || lookingAt(">>>>") || lookingAt("====")) {
            throw new Unreadable(at, "A merge was left unfinished here.");
        } else if (c == '{') {
            return new Term.Tuple(start, items('}'));
        } else if (c == '[') {
            return new Term.Items(start, items(']'));
        } else if (lookingAt("#{")) {
            at++;
            return new Term.Pairs(start, pairs());
        } else if (lookingAt("<<")) {
            return new Term.Text(start, binary());
        } else if (c == '"') {
            return new Term.Text(start, strings());
        } else if (c == '\'') {
            return new Term.Atom(start, quoted('\''));
        } else if (c == '$') {
            at++;
            StringBuilder character = new StringBuilder();
            character(character);
            return new Term.Whole(start, Integer.toString(character.codePointAt(0)));
        } else if (isDigit(c) || c == '-' || c == '+') {
            return new Term.Whole(start, number());
        } else if (Character.isLowerCase(c)) {
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            return new Term.Atom(start, text.substring(start, at));
        }
        throw unexpected("a term");
    }

    private List<Term> items(char close) throws Unreadable {
        int start = deeper();
        List<Term> items = new ArrayList<>();
        while (!lookingAt(close)) {
            items.add(term());
            gap();
            if (lookingAt("|") && close == ']') {
                at++;
                term();
                gap();
            } else if (lookingAt(",")) {
                at++;
                gap();
                if (lookingAt(close)) {
                    throw unexpected("a term");
                }
                continue;
            }
            if (!lookingAt(close)) {
                throw end(start, close);
            }
        }
        at++;
        depth--;
        return List.copyOf(items);
    }

    private List<Term.Pair> pairs() throws Unreadable {
        int start = deeper();
        List<Term.Pair> pairs = new ArrayList<>();
        while (!lookingAt('}')) {
            Term key = term();
            gap();
            if (!lookingAt("=>")) {
                throw unexpected("=>");
            }
            at += 2;
            pairs.add(new Term.Pair(key, term()));
            gap();
            if (lookingAt(",")) {
                at++;
                gap();
            } else if (!lookingAt('}')) {
                throw end(start, '}');
            }
        }
        at++;
        depth--;
        return List.copyOf(pairs);
    }

    /// Behind an opening bracket.
    private int deeper() throws Unreadable {
        int start = at;
        if (++depth > MAX_DEPTH) {
            throw new Unreadable(start, "It is nested more than " + MAX_DEPTH + " deep.");
        }
        at++;
        gap();
        return start;
    }

    private Unreadable end(int start, char close) {
        return unexpected(
                "a comma, or the %s of the %s in line %d"
                        .formatted(close, text.charAt(start), Place.of(text, start).line()));
    }

    private String binary() throws Unreadable {
        at += 2;
        gap();
        String value = lookingAt('"') ? strings() : "";
        if (lookingAt("/utf8")) {
            at += 5;
            gap();
        }
        if (!lookingAt(">>")) {
            throw unexpected(">>");
        }
        at += 2;
        return value;
    }

    /// Those that stand behind each other are one.
    private String strings() throws Unreadable {
        StringBuilder all = new StringBuilder();
        while (lookingAt('"')) {
            if (lookingAt("\"\"\"")) {
                throw new Unreadable(at, "A text in three quotes is not read.");
            }
            all.append(quoted('"'));
            gap();
        }
        return all.toString();
    }

    private String quoted(char quote) throws Unreadable {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (!lookingAt(quote)) {
            if (at >= text.length()) {
                throw new Unreadable(start, "The text that begins here has no end.");
            }
            character(value);
        }
        at++;
        return value.toString();
    }

    private void character(StringBuilder into) throws Unreadable {
        int start = at;
        if (lookingAt("\\") && at + 1 < text.length()) {
            at++;
            char c = text.charAt(at++);
            int known = "bdefnrstv0".indexOf(c);
            if (c == 'x'
                    || c == '^'
                    || (isDigit(c) && at < text.length() && isDigit(text.charAt(at)))) {
                throw new Unreadable(start, "A character by its number is not read.");
            }
            into.append(known < 0 ? c : "\b\u007f\u001b\f\n\r \t\u000b\0".charAt(known));
        } else if (at < text.length()) {
            into.appendCodePoint(text.codePointAt(at));
            at = text.offsetByCodePoints(at, 1);
        } else {
            throw new Unreadable(start, "The file ends within a character.");
        }
    }

    private String number() throws Unreadable {
        int start = at++;
        while (at < text.length()
                && (isNamePart(text.charAt(at)) || lookingAt("#") || isFraction())) {
            at++;
        }
        if (!isDigit(text.charAt(at - 1)) && !Character.isLetter(text.charAt(at - 1))) {
            throw new Unreadable(start, "Not a number.");
        }
        return text.substring(start, at);
    }

    private boolean isFraction() {
        return lookingAt(".") && at + 1 < text.length() && isDigit(text.charAt(at + 1));
    }

    private void gap() {
        while (at < text.length()) {
            if (lookingAt("%")) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                return;
            }
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

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '@';
    }

    private Unreadable unexpected(String wanted) {
        if (at >= text.length()) {
            return new Unreadable(at, "The file ends where " + wanted + " should stand.");
        }
        int c = text.codePointAt(at);
        return new Unreadable(
                at,
                "There is %s instead of %s."
                        .formatted(
                                c > ' ' && c < 0x7f ? Character.toString(c) : "U+%04X".formatted(c),
                                wanted));
    }
}
