package dev.decant.ui;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/// What a person sees of what is written to a terminal, and what can be scrolled back to.
final class VisibleTerminal extends Writer {

    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private final int rows;
    private final int columns;
    private int row;
    private int column;

    /// Lines that have left the screen at the top.
    private int scrolled;

    private String pending = "";

    VisibleTerminal(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
    }

    @Override
    public void write(char[] buffer, int from, int length) {
        String text = pending + new String(buffer, from, length);
        pending = "";
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\033') {
                int end = i + 2;
                while (end < text.length() && !Character.isLetter(text.charAt(end))) {
                    end++;
                }
                if (end >= text.length()) {
                    pending = text.substring(i);
                    return;
                }
                control(text.substring(i + 2, end), text.charAt(end));
                i = end;
            } else {
                put(c);
            }
        }
    }

    private void control(String number, char what) {
        switch (what) {
            // No higher than the screen.
            case 'A' -> row = Math.max(scrolled, row - Integer.parseInt(number));
            case 'K' -> lines.get(row).setLength(Math.min(column, lines.get(row).length()));
            case 'J' -> {
                lines.get(row).setLength(Math.min(column, lines.get(row).length()));
                lines.subList(row + 1, lines.size()).clear();
            }
            case 'm' -> {
                // Colours.
            }
            default -> throw new IllegalArgumentException(number + what);
        }
    }

    private void put(char c) {
        switch (c) {
            case '\r' -> column = 0;
            case '\n' -> {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
                scrolled = Math.max(scrolled, lines.size() - rows);
            }
            default -> {
                if (column == columns) {
                    put('\n');
                }
                StringBuilder line = lines.get(row);
                line.setLength(Math.max(line.length(), column + 1));
                line.setCharAt(column, c);
                column++;
            }
        }
    }

    /// All of it, from the first line that was ever there.
    String all() {
        int last = lines.size() - 1;
        while (last > row && lines.get(last).isEmpty()) {
            last--;
        }
        return String.join("\n", lines.subList(0, last + 1));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
