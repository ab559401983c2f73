package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

class TableTest {

    private static String printed(Table table) {
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void columns_are_as_wide_as_their_widest_cell_and_two_apart() {
        Table table = new Table().row("HOST", "STEP").row("web1.example.com", "send").row("b", "");

        assertThat(printed(table))
                .isEqualTo(
                        """
                        HOST              STEP
                        web1.example.com  send
                        b
                        """);
    }

    @Test
    void a_row_may_be_shorter_or_longer_than_the_first() {
        assertThat(printed(new Table().row("a").row("bb", "c").row("d")))
                .isEqualTo("a\nbb  c\nd\n");
    }

    @Test
    void no_rows_print_nothing() {
        assertThat(printed(new Table())).isEmpty();
    }
}
