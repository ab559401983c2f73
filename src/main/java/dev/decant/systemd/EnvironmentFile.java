package dev.decant.systemd;

import java.util.Map;

/// The text of a file for systemd's `EnvironmentFile=`, whose grammar is not the shell's
/// (systemd.exec(5)).
///
/// Every value stands in double quotes, where only `" \ $` and the backquote are special and a
/// newline is itself.
public final class EnvironmentFile {

    private EnvironmentFile() {}

    /// @param variables names of letters, digits and `_`; values without NUL
    /// @return a line for each, in the map's order
    public static String text(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> text.append(assignment(name, value)));
        return text.toString();
    }

    /// One variable, with the line's end.
    public static String assignment(String name, String value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Not to be written as a variable: " + name);
        }
        StringBuilder text = new StringBuilder(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == '$' || c == '`') {
                text.append('\\');
            }
            text.append(c);
        }
        return text.append("\"\n").toString();
    }
}
