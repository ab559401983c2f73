package dev.decant.systemd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The text of a file for systemd's `EnvironmentFile=`, whose grammar is not the shell's
/// (systemd.exec(5)). What is read here was seen to be what systemd 247, 252 and 257 read.
///
/// Lines `NAME=value`; `#` and `;` begin a comment where a name could stand. Around a value blanks
/// go, inside they stay. A backslash takes the next character as it is, and joins the next line to
/// this one. Between `'` all is itself, newlines too; between `"` as well, but for a backslash
/// before `" \ $`, the backquote or a newline. What follows a closing quote is added to the value.
/// Nothing is expanded. The last of several values counts. Names of other than letters, digits and
/// `_` are passed over with their values.
public final class EnvironmentFile {

    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

    private static final Pattern REFUSED =
            Pattern.compile("[\\x{0}\\p{Cs}\\p{IsNoncharacter_Code_Point}]");

    /// From this version on, a comment ends with its line, whatever it ends in.
    private static final int COMMENTS_END = 254;

    private EnvironmentFile() {}

    /// Reads what systemd would.
    ///
    /// @param systemd the host's version, such as `252`
    /// @return in the order of the file; empty where systemd refuses all of it, since it has a NUL
    ///   or is not UTF-8 outside of its comments
    public static Optional<Map<String, String>> read(byte[] file, int systemd) {
        return new Reader(file, systemd).variables();
    }

    /// @param variables names of letters, digits and `_`; values as for [#assignment]
    /// @return a line for each, in the map's order
    public static String text(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> text.append(assignment(name, value)));
        return text.toString();
    }

    /// One variable, with the line's end. The value stands in double quotes.
    ///
    /// @param value one that [#isTaken]
    public static String assignment(String name, String value) {
        if (!name.matches(NAME) || !isTaken(value)) {
            throw new IllegalArgumentException("Not to be written as a variable: " + name);
        }
        StringBuilder text = new StringBuilder(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isSpecial(c)) {
                text.append('\\');
            }
            text.append(c);
        }
        return text.append("\"\n").toString();
    }

    /// Between double quotes.
    private static boolean isSpecial(char c) {
        return c == '"' || c == '\\' || c == '$' || c == '`';
    }

    /// Whether systemd takes a value: it refuses a whole file for one with a NUL or with what
    /// Unicode says is no character.
    public static boolean isTaken(String value) {
        return !REFUSED.matcher(value).find();
    }

    private enum State {
        BEFORE_NAME,
        NAME,
        BEFORE_VALUE,
        VALUE,
        ESCAPE,
        SINGLE,
        DOUBLE,
        DOUBLE_ESCAPE,
        COMMENT,
        COMMENT_ESCAPE
    }

    /// Byte by byte: all that is special is ASCII, and a comment may be anything.
    private static final class Reader {

        private final String bytes;
        private final boolean commentsEnd;
        private final Map<String, String> variables = new LinkedHashMap<>();
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder value = new StringBuilder();

        /// How much of the value is there to stay: all but the blanks after the last word.
        private int kept;

        private State state = State.BEFORE_NAME;

        Reader(byte[] file, int systemd) {
            bytes = new String(file, StandardCharsets.ISO_8859_1);
            commentsEnd = systemd >= COMMENTS_END;
        }

        Optional<Map<String, String>> variables() {
            if (bytes.indexOf('\0') >= 0) {
                return Optional.empty();
            }
            try {
                for (int i = 0; i < bytes.length(); i++) {
                    state = after(bytes.charAt(i));
                }
                // As if a line ended here, whatever stands open.
                switch (state) {
                    case BEFORE_NAME, NAME, COMMENT, COMMENT_ESCAPE -> {}
                    case VALUE -> assign(kept);
                    default -> assign(value.length());
                }
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
            return Optional.of(Collections.unmodifiableMap(variables));
        }

        private State after(char c) throws CharacterCodingException {
            return switch (state) {
                case BEFORE_NAME -> {
                    if (isBlank(c)) {
                        yield State.BEFORE_NAME;
                    }
                    if (c == '#' || c == ';') {
                        yield State.COMMENT;
                    }
                    name.append(c);
                    yield State.NAME;
                }
                case NAME -> {
                    if (isEnd(c)) {
                        name.setLength(0);
                        yield State.BEFORE_NAME;
                    }
                    if (c == '=') {
                        yield State.BEFORE_VALUE;
                    }
                    name.append(c);
                    yield State.NAME;
                }
                case BEFORE_VALUE -> {
                    if (isEnd(c)) {
                        yield assign(value.length());
                    }
                    yield switch (c) {
                        case '\'' -> State.SINGLE;
                        case '"' -> State.DOUBLE;
                        case '\\' -> State.ESCAPE;
                        default -> isBlank(c) ? State.BEFORE_VALUE : add(c);
                    };
                }
                case VALUE -> {
                    if (isEnd(c)) {
                        yield assign(kept);
                    }
                    yield c == '\\' ? State.ESCAPE : add(c);
                }
                case ESCAPE -> {
                    if (!isEnd(c)) {
                        value.append(c);
                    }
                    kept = value.length();
                    yield State.VALUE;
                }
                case SINGLE -> {
                    if (c == '\'') {
                        yield State.BEFORE_VALUE;
                    }
                    value.append(c);
                    yield State.SINGLE;
                }
                case DOUBLE -> {
                    if (c == '"') {
                        yield State.BEFORE_VALUE;
                    }
                    if (c == '\\') {
                        yield State.DOUBLE_ESCAPE;
                    }
                    value.append(c);
                    yield State.DOUBLE;
                }
                case DOUBLE_ESCAPE -> {
                    if (c != '\n') {
                        value.append(isSpecial(c) ? "" : "\\").append(c);
                    }
                    yield State.DOUBLE;
                }
                case COMMENT -> {
                    if (isEnd(c)) {
                        yield State.BEFORE_NAME;
                    }
                    yield c == '\\' ? State.COMMENT_ESCAPE : State.COMMENT;
                }
                case COMMENT_ESCAPE -> isEnd(c) && commentsEnd ? State.BEFORE_NAME : State.COMMENT;
            };
        }

        private State add(char c) {
            value.append(c);
            if (!isBlank(c)) {
                kept = value.length();
            }
            return State.VALUE;
        }

        private State assign(int length) throws CharacterCodingException {
            value.setLength(length);
            String key = decoded(name).replaceFirst("[ \t]+$", "");
            String text = decoded(value);
            if (key.matches(NAME)) {
                variables.put(key, text);
            }
            name.setLength(0);
            value.setLength(0);
            kept = 0;
            return State.BEFORE_NAME;
        }

        private static String decoded(CharSequence bytes) throws CharacterCodingException {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(
                                    ByteBuffer.wrap(
                                            bytes.toString().getBytes(StandardCharsets.ISO_8859_1)))
                            .toString();
            if (!isTaken(text)) {
                throw new CharacterCodingException();
            }
            return text;
        }

        private static boolean isEnd(char c) {
            return c == '\n' || c == '\r';
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t' || isEnd(c);
        }
    }
}
