package dev.decant.ui;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import java.io.IOException;
import java.util.Map;

/// How large the terminal is.
///
/// @param columns at least 1
/// @param rows at least 2
record TerminalSize(int columns, int rows) {

    /// Where nobody knows.
    private static final TerminalSize USUAL = new TerminalSize(80, 24);

    TerminalSize {
        columns = Math.max(1, columns);
        rows = Math.max(2, rows);
    }

    /// As `stty` says; or else the environment, as shells keep it.
    static TerminalSize ask(Map<String, String> environment) throws InterruptedException {
        try {
            Result said = Program.of("stty", "-F", "/dev/tty", "size").run();
            String[] numbers = said.text().split(" ", -1);
            if (said.ok() && numbers.length == 2 && !numbers[1].equals("0")) {
                return new TerminalSize(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[0]));
            }
        } catch (IOException | NumberFormatException e) {
            // As if it had said nothing.
        }
        return new TerminalSize(
                number(environment, "COLUMNS", USUAL.columns()),
                number(environment, "LINES", USUAL.rows()));
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String text = environment.getOrDefault(name, "");
        return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : otherwise;
    }
}
