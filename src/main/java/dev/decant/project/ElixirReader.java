package dev.decant.project;

import dev.decant.project.Piece.Bracket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes Elixir's source apart into words, signs, texts and what stands in brackets, which is
/// enough to look for calls and settings where they are code. It knows no grammar beyond that.
///
/// Source: Elixir's syntax reference.
final class ElixirReader {

    private static final int MAX_DEPTH = 200;

    /// The longer ones first.
    private static final List<String> OPERATORS =
            List.of(
                    "<<~", "~>>", "<~>", "<|>", "<<<", ">>>", "|||", "&&&", "^^^", "~~~", "===",
                    "!==", "...", "+++", "---", "->", "<-", "|>", "||", "&&", "==", "!=", "=~",
                    "<=", ">=", "<>", "++", "--", "..", "::", "=>", "\\\\", "//", "**", "~>", "<~");

    private final String text;
    private int at;
    private int depth;

    /// Whether what was read last ended by what ends it, and not with the file.
    private boolean closed;

    private ElixirReader(String text) {
        this.text = text;
    }

    private static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Source.Unread unread;

        Stopped(int at, String reason) {
            super(reason, null, false, false);
            this.unread = new Source.Unread(at, reason);
        }
    }

    static Source read(String file, String text) {
        ElixirReader reader = new ElixirReader(text);
        List<Piece> pieces = new ArrayList<>();
        try {
            while (reader.next(pieces, "")) {}
            return new Source(file, text, pieces, Optional.empty());
        } catch (Stopped stopped) {
            return new Source(file, text, pieces, Optional.of(stopped.unread));
        }
    }

    /// Reads one more.
    ///
    /// @param close what ends it
    /// @return false at the end
    private boolean next(List<Piece> pieces, String close) {
        gap(pieces);
        closed = at < text.length() && !close.isEmpty() && closes(close, pieces);
        if (closed) {
            at += close.length();
        }
        if (closed || at >= text.length()) {
            return false;
        }
        int start = at;
        char c = text.charAt(at);
        if (c == '"' || c == '\'') {
            quoted(pieces, start);
        } else if (c == '~' && isSigil()) {
            pieces.add(sigil(start));
        } else if (c == '?' && at + 1 < text.length()) {
            character(pieces, start);
        } else if (c == ':' && at + 1 < text.length() && atom(pieces, start)) {
            return true;
        } else if (isDigit(c)) {
            number(pieces, start);
        } else if (Character.isLetter(c) || c == '_') {
            word(pieces, start);
        } else {
            sign(pieces, start);
        }
        return true;
    }

    private boolean closes(String close, List<Piece> pieces) {
        return lookingAt(close)
                && switch (close) {
                    case "end" -> !isWordPart(at + 3) && !isKeyEnd(at + 3) && !afterDot(pieces);
                    case ">>" -> !lookingAt(">>>");
                    default -> true;
                };
    }

    /// What separates, and the ends of lines as a piece.
    private void gap(List<Piece> pieces) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '\\' && text.startsWith("\n", at + 1)) {
                at += 2;
            } else if (c == '\n' || c == ';') {
                if (!pieces.isEmpty() && !(pieces.getLast() instanceof Piece.Line)) {
                    pieces.add(new Piece.Line(at));
                }
                at++;
            } else if (Character.isWhitespace(c) || c == '\uFEFF') {
                at++;
            } else {
                return;
            }
        }
    }

    private Piece.Group group(int start, Bracket bracket) {
        if (++depth > MAX_DEPTH) {
            throw new Stopped(start, "It is nested more than " + MAX_DEPTH + " deep.");
        }
        List<Piece> pieces = new ArrayList<>();
        while (next(pieces, bracket.close)) {}
        if (!closed) {
            throw new Stopped(start, "What begins here with " + bracket.open + " has no end.");
        }
        depth--;
        return new Piece.Group(start, bracket, List.copyOf(pieces));
    }

    // ---- names and numbers

    private void word(List<Piece> pieces, int start) {
        boolean module = Character.isUpperCase(text.charAt(at));
        boolean afterDot = afterDot(pieces);
        while (isWordPart(at)) {
            at++;
        }
        if (!module && !lookingAt("!=") && (lookingAt("?") || lookingAt("!"))) {
            at++;
        }
        String name = text.substring(start, at);
        if (isKeyEnd(at)) {
            at++;
            pieces.add(new Piece.Key(start, name));
        } else if (module) {
            while (lookingAt(".")
                    && at + 1 < text.length()
                    && Character.isUpperCase(text.charAt(at + 1))) {
                at++;
                while (isWordPart(at)) {
                    at++;
                }
            }
            pieces.add(new Piece.Alias(start, text.substring(start, at)));
        } else if (!afterDot && name.equals("do")) {
            pieces.add(group(start, Bracket.DO));
        } else if (!afterDot && name.equals("fn")) {
            pieces.add(group(start, Bracket.FN));
        } else if (!afterDot && name.equals("end")) {
            throw new Stopped(start, "There is an end here, and nothing that it ends.");
        } else {
            pieces.add(new Piece.Word(start, name));
        }
    }

    private boolean afterDot(List<Piece> pieces) {
        return !pieces.isEmpty()
                && pieces.getLast() instanceof Piece.Sign(int dot, String sign)
                && sign.equals(".")
                && dot == at - 1;
    }

    /// A key has its colon right behind it and a space behind that.
    private boolean isKeyEnd(int index) {
        return index < text.length()
                && text.charAt(index) == ':'
                && (index + 1 == text.length() || Character.isWhitespace(text.charAt(index + 1)));
    }

    private boolean atom(List<Piece> pieces, int start) {
        char c = text.charAt(at + 1);
        if (c == '"' || c == '\'') {
            at++;
            Piece.Text name = quotedText(start);
            pieces.add(new Piece.Atom(start, name.value()));
            return true;
        }
        int from = at + 1;
        if (Character.isLetter(c) || c == '_') {
            at++;
            while (isWordPart(at)) {
                at++;
            }
            if (lookingAt("?") || lookingAt("!")) {
                at++;
            }
        } else {
            for (String operator : List.of("%{}", "{}", "<<>>", "..//", "%", "&", "!", "^", "+")) {
                if (text.startsWith(operator, from)) {
                    at = from + operator.length();
                    break;
                }
            }
            if (at == start) {
                String operator = operator(from);
                if (operator.isEmpty() || operator.equals("::")) {
                    return false;
                }
                at = from + operator.length();
            }
        }
        pieces.add(new Piece.Atom(start, text.substring(from, at)));
        return true;
    }

    private void number(List<Piece> pieces, int start) {
        while (isWordPart(at)
                || (lookingAt(".") && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            at++;
        }
        pieces.add(new Piece.Numeral(start, text.substring(start, at)));
    }

    /// `?a`, of which the sign could begin a text or a comment.
    private void character(List<Piece> pieces, int start) {
        at += text.charAt(at + 1) == '\\' ? 3 : 2;
        at = Math.min(at, text.length());
        pieces.add(new Piece.Numeral(start, text.substring(start, at)));
    }

    private void sign(List<Piece> pieces, int start) {
        for (Bracket bracket : Bracket.values()) {
            if (!Character.isLetter(bracket.open.charAt(0))
                    && lookingAt(bracket.open)
                    && !lookingAt("<<<")
                    && !lookingAt("<<~")) {
                at += bracket.open.length();
                pieces.add(group(start, bracket));
                return;
            }
        }
        if (")]}".indexOf(text.charAt(at)) >= 0) {
            throw new Stopped(start, "There is a " + text.charAt(at) + " that closes nothing.");
        }
        String operator = operator(at);
        String sign = operator.isEmpty() ? text.substring(at, at + 1) : operator;
        at += sign.length();
        pieces.add(new Piece.Sign(start, sign));
    }

    private String operator(int from) {
        return OPERATORS.stream()
                .filter(operator -> text.startsWith(operator, from))
                .findFirst()
                .orElse("");
    }

    // ---- texts

    private void quoted(List<Piece> pieces, int start) {
        Piece.Text quoted = quotedText(start);
        if (isKeyEnd(at)) {
            at++;
            pieces.add(new Piece.Key(start, quoted.value()));
        } else {
            pieces.add(quoted);
        }
    }

    private Piece.Text quotedText(int start) {
        String quote = text.substring(at, at + 1);
        if (lookingAt(quote.repeat(3))) {
            quote = quote.repeat(3);
        }
        at += quote.length();
        return until(quote, true, start);
    }

    /// `~w(…)`, and not `~>` or `a ~b`.
    private boolean isSigil() {
        int end = at + 1;
        if (end < text.length() && Character.isLowerCase(text.charAt(end))) {
            end++;
        } else {
            while (end < text.length()
                    && (Character.isUpperCase(text.charAt(end))
                            || (end > at + 1 && isDigit(text.charAt(end))))) {
                end++;
            }
        }
        return end > at + 1 && end < text.length() && "/|\"'([{<".indexOf(text.charAt(end)) >= 0;
    }

    private Piece.Text sigil(int start) {
        boolean code = Character.isLowerCase(text.charAt(at + 1));
        at++;
        while (Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String open = text.substring(at, at + 1);
        if ("\"'".contains(open) && lookingAt(open.repeat(3))) {
            open = open.repeat(3);
        }
        int bracket = "([{<".indexOf(open);
        at += open.length();
        Piece.Text value =
                until(bracket < 0 ? open : ")]}>".substring(bracket, bracket + 1), code, start);
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        return value;
    }

    /// @param code whether `#{…}` is code in it
    private Piece.Text until(String close, boolean code, int start) {
        StringBuilder value = new StringBuilder();
        List<Piece> inside = new ArrayList<>();
        while (!ends(close)) {
            if (at >= text.length()) {
                throw new Stopped(start, "The text that begins here has no end.");
            }
            if (code && lookingAt("#{")) {
                int hash = at;
                at += 2;
                inside.addAll(group(hash, Bracket.CURLY).pieces());
            } else {
                if (lookingAt("\\")) {
                    value.append(text.charAt(at++));
                }
                if (at < text.length()) {
                    value.append(text.charAt(at++));
                }
            }
        }
        at += close.length();
        return new Piece.Text(start, value.toString(), List.copyOf(inside));
    }

    /// A heredoc ends only where nothing stands before its end in the line.
    private boolean ends(String close) {
        if (!lookingAt(close)) {
            return false;
        }
        int before = at - 1;
        while (close.length() > 1 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
            before--;
        }
        return close.length() == 1 || text.charAt(before) == '\n';
    }

    private boolean lookingAt(String sign) {
        return text.startsWith(sign, at);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private boolean isWordPart(int index) {
        return index < text.length()
                && (Character.isLetterOrDigit(text.charAt(index)) || text.charAt(index) == '_');
    }
}
