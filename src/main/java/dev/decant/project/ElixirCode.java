package dev.decant.project;

import java.util.ArrayList;
import java.util.List;

/// Finds its way in a text of Elixir as far as a mix.exs needs it: comments, texts and brackets.
final class ElixirCode {

    private ElixirCode() {}

    /// Every other character stays where it is.
    static String withoutComments(String code) {
        StringBuilder plain = new StringBuilder(code);
        int at = 0;
        while (at < plain.length()) {
            if (plain.charAt(at) == '#') {
                while (at < plain.length() && plain.charAt(at) != '\n') {
                    plain.setCharAt(at++, ' ');
                }
            } else {
                at = after(plain, at);
            }
        }
        return plain.toString();
    }

    /// @param at just behind an opening bracket
    /// @return just behind the one that closes it, or the end of the text
    static int closing(String code, int at) {
        int depth = 1;
        int i = at;
        while (i < code.length() && depth > 0) {
            depth += bracket(code.charAt(i));
            i = after(code, i);
        }
        return i;
    }

    /// @return begin and end of each, without the space around it
    static List<int[]> items(String code, int from, int to) {
        List<int[]> items = new ArrayList<>();
        int depth = 0;
        int begin = from;
        for (int i = from; i <= to; i = i < to ? Math.min(to, after(code, i)) : i + 1) {
            if (i == to || (depth == 0 && code.charAt(i) == ',')) {
                int start = begin;
                int end = i;
                while (start < end && Character.isWhitespace(code.charAt(start))) {
                    start++;
                }
                while (end > start && Character.isWhitespace(code.charAt(end - 1))) {
                    end--;
                }
                if (end > start) {
                    items.add(new int[] {start, end});
                }
                begin = i + 1;
            } else {
                depth += bracket(code.charAt(i));
            }
        }
        return items;
    }

    /// @return from 1
    static int line(String code, int at) {
        return 1 + (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    private static int bracket(char c) {
        return "[({".indexOf(c) >= 0 ? 1 : "])}".indexOf(c) >= 0 ? -1 : 0;
    }

    /// @return behind the character that is here, or the whole text that begins here
    private static int after(CharSequence code, int at) {
        if (code.charAt(at) != '"') {
            return at + 1;
        }
        String quotes = startsWith(code, "\"\"\"", at) ? "\"\"\"" : "\"";
        int i = at + quotes.length();
        while (i < code.length() && !startsWith(code, quotes, i)) {
            i += code.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(code.length(), i + quotes.length());
    }

    private static boolean startsWith(CharSequence code, String start, int at) {
        return at + start.length() <= code.length()
                && code.subSequence(at, at + start.length()).toString().equals(start);
    }
}
