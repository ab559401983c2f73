package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.ui.LiveView.Colour;
import dev.decant.ui.LiveView.Line;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ScreenTest {

    private static List<Line> lines(String... texts) {
        List<Line> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(new Line(text, Colour.GREEN));
        }
        return lines;
    }

    @Test
    void what_is_printed_stands_above_what_changes() {
        VisibleTerminal terminal = new VisibleTerminal(40, 10);
        Screen screen = new Screen(new PrintWriter(terminal), true);

        screen.show(lines("web1  send", "web2  send"), 40);
        screen.print("a note", Colour.RED);
        screen.show(lines("web1  ready", "web2  send"), 40);

        assertThat(terminal.all()).isEqualTo("a note\nweb1  ready\nweb2  send\n");
        screen.show(lines("web1  serves it"), 40);
        assertThat(terminal.all()).isEqualTo("a note\nweb1  serves it\n");
        screen.clear();
        assertThat(terminal.all()).isEqualTo("a note\n");
    }

    @Test
    void whatever_happens_nothing_but_what_was_printed_is_left() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int rows = 3 + random.nextInt(10);
            VisibleTerminal terminal = new VisibleTerminal(30, rows);
            Screen screen = new Screen(new PrintWriter(terminal), random.nextBoolean());
            StringBuilder printed = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(3) == 0) {
                    String text = "printed " + i;
                    screen.print(text, Colour.NONE);
                    printed.append(text).append('\n');
                } else {
                    String[] texts = new String[random.nextInt(rows)];
                    for (int line = 0; line < texts.length; line++) {
                        texts[line] = "line " + "x".repeat(random.nextInt(24));
                    }
                    screen.show(lines(texts), 30);
                }
            }
            screen.clear();

            assertThat(terminal.all()).as("seed %s", seed).isEqualTo(printed.toString());
        }
    }

    @Test
    void a_line_that_a_narrower_terminal_has_broken_in_two_is_taken_away_as_two() {
        StringWriter text = new StringWriter();
        Screen screen = new Screen(new PrintWriter(text), false);
        screen.show(lines("x".repeat(50), "y"), 80);

        screen.show(lines("z"), 40);

        assertThat(text.toString()).endsWith("\r\033[3Az\033[K\n\033[J");
    }

    @Test
    void what_has_not_changed_is_not_drawn_again() {
        StringWriter text = new StringWriter();
        Screen screen = new Screen(new PrintWriter(text), true);
        screen.show(lines("web1", "web2"), 80);
        int length = text.toString().length();

        screen.show(lines("web1", "web2"), 80);
        assertThat(text.toString()).hasSize(length);
        screen.show(lines("web1", "web3"), 80);
        assertThat(text.toString().substring(length)).doesNotContain("web1");
    }

    @Test
    void colours_can_be_left_out() {
        StringWriter text = new StringWriter();
        new Screen(new PrintWriter(text), false).show(lines("web1"), 80);

        assertThat(text.toString()).doesNotContain("\033[32m");
    }
}
