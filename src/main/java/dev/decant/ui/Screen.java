package dev.decant.ui;

import java.io.PrintWriter;
import java.util.List;

/// The last lines of a terminal, which change in place; what is printed stands above them, once.
final class Screen {

    private static final String ESC = "\033[";
    private static final String RESET = ESC + "0m";

    private final PrintWriter out;
    private final boolean coloured;

    /// What is there now, below it the cursor, at the beginning of a line.
    private List<LiveView.Line> shown = List.of();

    private int shownAt;

    Screen(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    /// @param width columns that there are now
    void show(List<LiveView.Line> lines, int width) {
        if (lines.isEmpty()) {
            clear();
        }
        if (lines.equals(shown) && width == shownAt) {
            return;
        }
        StringBuilder frame = new StringBuilder();
        up(frame, width);
        boolean same = width == shownAt;
        for (int i = 0; i < lines.size(); i++) {
            if (!same || i >= shown.size() || !lines.get(i).equals(shown.get(i))) {
                frame.append(painted(lines.get(i))).append(ESC).append('K');
            }
            frame.append('\n');
        }
        frame.append(ESC).append('J');
        shown = List.copyOf(lines);
        shownAt = width;
        write(frame);
    }

    /// Prints a line above what changes.
    void print(String text, LiveView.Colour colour) {
        StringBuilder frame = new StringBuilder();
        up(frame, shownAt);
        frame.append(painted(new LiveView.Line(text, colour))).append(ESC).append("K\n");
        frame.append(ESC).append('J');
        shown.forEach(line -> frame.append(painted(line)).append('\n'));
        write(frame);
    }

    /// Takes away what changes.
    void clear() {
        if (!shown.isEmpty()) {
            StringBuilder frame = new StringBuilder();
            up(frame, shownAt);
            // Not from the first line on: what is cleared from the top of the screen, tmux keeps.
            frame.append(ESC).append("K\n").append(ESC).append('J').append(ESC).append("1A");
            write(frame);
            shown = List.of();
        }
    }

    /// To the first line of what is there. A terminal that has become narrower has broken lines in
    /// two.
    private void up(StringBuilder frame, int width) {
        int lines =
                shown.stream()
                        .mapToInt(line -> Math.max(1, (line.text().length() + width - 1) / width))
                        .sum();
        frame.append('\r');
        if (lines > 0) {
            frame.append(ESC).append(lines).append('A');
        }
    }

    private String painted(LiveView.Line line) {
        if (!coloured) {
            return line.text();
        }
        return switch (line.colour()) {
            case NONE -> line.text();
            case RED -> ESC + "31m" + line.text() + RESET;
            case GREEN -> ESC + "32m" + line.text() + RESET;
            case DIM -> ESC + "2m" + line.text() + RESET;
        };
    }

    /// All at once, so that nobody sees half of it.
    private void write(CharSequence frame) {
        out.print(frame);
        out.flush();
    }
}
