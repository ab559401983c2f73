package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.exec.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    @Test
    void what_would_have_systemd_refuse_the_whole_file_is_not_written() {
        for (String value : List.of("\0", "\uffff", "\ufdd0", "\ud800")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EnvironmentFile.assignment("NAME", value));
        }
    }

    @Test
    void an_unquoted_value_ends_with_its_line_and_has_no_blanks_around_it() {
        assertReads("A=two  words", "two  words");
        assertReads("A= \tx\t \n", "x");
        assertReads("A=x \t", "x");
        assertReads(" A =x", "x");
        assertReads("A=x\r\n", "x");
        assertReads("A=x\ry", "x");
        assertReads("A=", "");
        assertReads("A=x # no comment", "x # no comment");
        assertReads("A=$HOME `id` ${B}", "$HOME `id` ${B}");
        assertReads("A=it \"is\" so", "it \"is\" so");
    }

    @Test
    void a_backslash_takes_a_character_as_it_is_and_joins_lines() {
        assertReads("A=a\\ b\\$HOME\\n", "a b$HOMEn");
        assertReads("A=x\\ ", "x ");
        assertReads("A=one\\\n two", "one two");
        assertReads("A=one \\\n", "one ");
        assertReads("A=x\\", "x");
        assertReads("A=x\\\r\n", "x");
    }

    @Test
    void between_quotes_newlines_are_themselves() {
        assertReads("A='$x \\\n\"'", "$x \\\n\"");
        assertReads("A=\"one\n'two \"", "one\n'two ");
        assertReads("A=\"one\\\ntwo\"", "onetwo");
        assertReads("A=\"\\$ \\` \\\" \\\\\"", "$ ` \" \\");
        assertReads("A=\"\\n \\' $x\"", "\\n \\' $x");
        assertReads("A=\"never closed\n", "never closed\n");
    }

    @Test
    void what_follows_a_closing_quote_is_added() {
        assertReads("A=\"x \"  y 'z'", "x y 'z'");
        assertReads("A=\"x\"'y'", "xy");
        assertReads("A=\"x\"#y", "x#y");
    }

    @Test
    void the_last_of_several_values_counts() {
        assertReads("A=1\nA='2'", "2");
    }

    private static void assertReads(String file, String value) {
        assertThat(read(file)).contains(Map.of("A", value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "# A=x",
                "  ; A=x",
                "export A=x",
                "2=x",
                "Ä=x",
                "=A=x",
                "A\u2003=x",
                "\ufeffA=x",
                "#\u00e4\n"
            })
    void what_is_no_assignment_is_passed_over(String file) {
        assertThat(read(file)).contains(Map.of());
    }

    @Test
    void a_comment_goes_on_after_a_backslash_until_systemd_254() {
        byte[] file = "# old: \\\nA=x\n".getBytes(StandardCharsets.UTF_8);

        assertThat(EnvironmentFile.read(file, 253)).contains(Map.of());
        assertThat(EnvironmentFile.read(file, 254)).contains(Map.of("A", "x"));
    }

    @Test
    void a_file_that_is_not_text_is_refused_as_a_whole() {
        for (String file : List.of("A=x\nB=\0", "A=x\nB=\uffff", "\ufdd0=y\nA=x")) {
            assertThat(read(file)).isEmpty();
        }
        byte[] latin1 = "A=\u00e4".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EnvironmentFile.read(latin1, 252)).isEmpty();
        byte[] comment = "#\u00e4\nA=x".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EnvironmentFile.read(comment, 252)).contains(Map.of("A", "x"));
    }

    @Test
    void whatever_is_written_is_read_again() {
        for (int seed = 0; seed < 2000; seed++) {
            Map<String, String> variables = new RandomVariables(seed).variables();

            assertThat(read(EnvironmentFile.text(variables)))
                    .as("seed %s", seed)
                    .contains(variables);
        }
    }

    @Test
    void whatever_is_read_can_be_written() {
        for (int seed = 0; seed < 2000; seed++) {
            byte[] file = new RandomVariables(seed).text();
            EnvironmentFile.read(file, 252)
                    .ifPresent(
                            variables ->
                                    assertThat(read(EnvironmentFile.text(variables)))
                                            .contains(variables));
        }
    }

    private static Optional<Map<String, String>> read(String file) {
        return EnvironmentFile.read(file.getBytes(StandardCharsets.UTF_8), 252);
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
