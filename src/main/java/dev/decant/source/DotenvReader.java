package dev.decant.source;

import dev.decant.config.SourceConfig.Format;
import dev.decant.problem.Failure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `.env` file where the programs that read such files agree, and refuses what they read
/// differently, with its place.
///
/// Lines `NAME=value`, `export` before it or not. Nothing is expanded. Without quotes a value goes
/// to the end of its line, or to a `#` after a blank; between `'` all is itself, newlines too;
/// between `"` as well, but for `\n \r \t \" \\ \$`.
final class DotenvReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern EXPORT = Pattern.compile("export[ \t]+");
    private static final Pattern BLANKS = Pattern.compile("[ \t]*");

    /// What others put a value in the place of.
    private static final Pattern EXPANSION = Pattern.compile("\\$[A-Za-z_{($]");

    private static final char NO_BREAK = '\ufeff';

    private final Formats formats;
    private final String text;
    private final Map<String, Integer> lines = new HashMap<>();

    /// Where each assignment is: from its name to its last character.
    private final Map<String, int[]> spans = new HashMap<>();

    private int at;

    DotenvReader(Formats formats, String text) {
        this.formats = formats;
        String all = text.replace("\r\n", "\n");
        this.text = !all.isEmpty() && all.charAt(0) == NO_BREAK ? all.substring(1) : all;
    }

    void read() {
        while (at < text.length()) {
            skip(BLANKS);
            switch (here()) {
                case '\n' -> at++;
                case '#' -> at = endOfLine();
                default -> {
                    if (at < text.length()) {
                        assignment();
                    }
                }
            }
        }
    }

    private void assignment() {
        skip(EXPORT);
        int from = at;
        if (!skip(NAME)) {
            throw wrong(at, "is no name of a variable: letters, digits and _, no digit first");
        }
        String name = text.substring(from, at);
        skip(BLANKS);
        if (here() != '=') {
            throw wrong(at, "should be NAME=value");
        }
        at++;
        int after = at;
        skip(BLANKS);
        String value =
                switch (here()) {
                    case '\'' -> quoted('\'');
                    case '"' -> quoted('"');
                    case '`' -> throw wrong(at, "` is a quote to some and not to others; use '");
                    // A comment, if a blank is before it.
                    case '#' -> {
                        if (at == after) {
                            throw wrong(at, "# begins a comment to some; put the value in '");
                        }
                        at = endOfLine();
                        yield "";
                    }
                    default -> unquoted();
                };
        Integer earlier = lines.putIfAbsent(name, line(from));
        if (earlier != null) {
            throw wrong(from, name + " is there already, in line " + earlier);
        }
        spans.put(name, new int[] {from, at});
        formats.add(List.of(name), value);
    }

    /// The same text with another value for a variable, or with one more.
    ///
    /// @param file as messages call it
    /// @param value without NUL
    static String with(String file, String text, String name, String value) {
        DotenvReader reader =
                new DotenvReader(
                        new Formats("age", new Contents.Document(file, Format.DOTENV, text)), text);
        reader.read();
        String all = reader.text;
        String assignment = name + "=" + quoted(value);
        int[] span = reader.spans.get(name);
        if (span != null) {
            return all.substring(0, span[0]) + assignment + all.substring(span[1]);
        }
        return all + (all.isEmpty() || all.endsWith("\n") ? "" : "\n") + assignment + "\n";
    }

    /// What is read as the value, here and by most.
    private static String quoted(String value) {
        if (value.matches("[A-Za-z0-9_./:@%+,=-]*")) {
            return value;
        }
        if (value.indexOf('\'') < 0 && value.indexOf('\r') < 0 && !value.endsWith("\\")) {
            return "'" + value + "'";
        }
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("$", "\\$")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    private String unquoted() {
        int from = at;
        int end = endOfLine();
        while (at < end) {
            switch (here()) {
                case '#' -> {
                    if (!isBlank(text.charAt(at - 1))) {
                        throw wrong(at, "# begins a comment to some; put the value in '");
                    }
                    String value = text.substring(from, at).strip();
                    at = end;
                    return value;
                }
                case '\\' -> throw wrong(at, "\\ is itself to some only; put the value in '");
                case '$' -> refuseExpansion();
                default -> {}
            }
            at++;
        }
        return text.substring(from, end).strip();
    }

    private String quoted(char quote) {
        int from = at;
        StringBuilder value = new StringBuilder();
        for (at++; here() != quote; at++) {
            if (at >= text.length()) {
                throw wrong(from, "the quote is not closed");
            }
            char c = here();
            if (c == '\\' && quote == '"') {
                at++;
                value.append(escaped());
            } else if (c == '\\' && text.startsWith("'", at + 1)) {
                throw wrong(at, "\\' is a quote to some and ends the value to others; use \"");
            } else {
                if (c == '$' && quote == '"') {
                    refuseExpansion();
                }
                value.append(c);
            }
        }
        at++;
        int after = at;
        skip(BLANKS);
        boolean comment = here() == '#' && at > after;
        if (!comment && at < text.length() && here() != '\n') {
            throw wrong(at, "something follows the closing quote");
        }
        at = endOfLine();
        return value.toString();
    }

    private char escaped() {
        return switch (here()) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '$' -> here();
            default ->
                    throw wrong(
                            at - 1,
                            "\\ is read differently before this; use \\\\ for itself, or put the"
                                    + " value in '");
        };
    }

    private void refuseExpansion() {
        if (EXPANSION.matcher(text).region(at, text.length()).lookingAt()) {
            throw wrong(at, "$ would be replaced by some; put the value in '");
        }
    }

    /// NUL at the end.
    private char here() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean skip(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        boolean found = matcher.lookingAt();
        at = found ? matcher.end() : at;
        return found;
    }

    private int endOfLine() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private int line(int place) {
        return 1 + (int) text.substring(0, place).chars().filter(c -> c == '\n').count();
    }

    private Failure wrong(int place, String cause) {
        return formats.wrong(line(place), place - text.lastIndexOf('\n', place - 1), cause);
    }
}
