package dev.decant.project;

import java.util.regex.Pattern;

/// rebar3's `rebar.config`: terms of Erlang's, of which one thing is looked for.
final class RebarConfig {

    private static final Pattern RELX = Pattern.compile("\\{\\s*relx\\b");

    private RebarConfig() {}

    /// Whether it configures a release, `{relx, …`, outside of comments and texts.
    static boolean hasRelx(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '%') {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            } else if (c == '"' || c == '\'') {
                i = afterQuoted(text, i);
            } else if (c == '$') {
                i += text.startsWith("\\", i + 1) ? 3 : 2;
            } else if (RELX.matcher(text).region(i, text.length()).lookingAt()) {
                return true;
            } else {
                i++;
            }
        }
        return false;
    }

    private static int afterQuoted(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != text.charAt(start)) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }
}
