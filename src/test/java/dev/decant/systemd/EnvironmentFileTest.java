package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.exec.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.Map;

class EnvironmentFileTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "plain           | NAME=\"plain\"",
                "two words       | NAME=\"two words\"",
                "~~              | NAME=\"\"",
                "say \"hi\"      | NAME=\"say \\\"hi\\\"\"",
                "back\\slash     | NAME=\"back\\\\slash\"",
                "$HOME `id`      | NAME=\"\\$HOME \\`id\\`\"",
                "it's            | NAME=\"it's\"",
                "# no comment ;  | NAME=\"# no comment ;\"",
                "ends in \\      | NAME=\"ends in \\\\\"",
                "größe 🐘        | NAME=\"größe 🐘\"",
            })
    void a_value_stands_in_double_quotes(String value, String line) {
        assertThat(EnvironmentFile.assignment("NAME", value)).isEqualTo(line + "\n");
    }

    @Test
    void a_newline_is_itself() {
        assertThat(EnvironmentFile.assignment("PEM", "one\ntwo\n"))
                .isEqualTo("PEM=\"one\ntwo\n\"\n");
    }

    @Test
    void variables_come_in_the_order_of_the_map() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("Z", "1");
        variables.put("A", "2");

        assertThat(EnvironmentFile.text(variables)).isEqualTo("Z=\"1\"\nA=\"2\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A B", "A=B", "A\nB", "Ä", "A-B"})
    void what_is_no_name_of_a_variable_is_not_written(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentFile.assignment(name, "x"));
    }

    @Test
    void a_refusal_does_not_show_the_value() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentFile.assignment("NAME", "hunter2\0"))
                .withMessageNotContaining("hunter2");
    }

    /// Between double quotes, the shell has the same four characters and takes them the same way.
    @Test
    void a_shell_reads_back_every_character() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            all.append(c).append(c).append('\\').append(c);
        }
        String value = all + "\nnext line\\";

        String read =
                String.join(
                        "\n",
                        Program.of("sh", "-c", "eval \"$(cat)\"; printf '%s' \"$NAME\"")
                                .input(EnvironmentFile.assignment("NAME", value))
                                .run()
                                .out());

        assertThat(read).isEqualTo(value);
    }
}
