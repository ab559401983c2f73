package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.SourceConfig.Format;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// One value of a dotenv file is changed, whatever it is, and nothing else is.
class DotenvTest {

    private static final List<String> PIECES =
            List.of(
                    "x", " ", "\n", "\r\n", "\r", "\t", "'", "\"", "\\", "\\n", "$A", "${A}", "$",
                    "#", " # x", "`", "=", "é", "🐘", "\u2028");

    private static Map<String, String> read(String text) {
        Map<String, String> read = new LinkedHashMap<>();
        Formats.entries("age", new Contents.Document("f", Format.DOTENV, text))
                .forEach(entry -> read.put(entry.key(), entry.value()));
        return read;
    }

    @Test
    void what_is_set_is_read_again() {
        for (int seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder value = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                value.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            String text = "# one\nA=1 # a\nexport B='x\ny' # b\n\nC=3";

            for (String name : List.of("A", "B", "C", "D")) {
                text = DotenvReader.with("f", text, name, value.toString());

                assertThat(read(text)).as("seed %s", seed).containsEntry(name, value.toString());
            }
            assertThat(read(text)).containsOnlyKeys("A", "B", "C", "D");
        }
    }

    @Test
    void all_else_stays_as_it_is() {
        assertThat(DotenvReader.with("f", "# one\n A=1 # a\nexport B='x\ny' # b\nC=", "B", "it's"))
                .isEqualTo("# one\n A=1 # a\nexport B=\"it's\"\nC=");
        assertThat(DotenvReader.with("f", "A=1", "B", "two words"))
                .isEqualTo("A=1\nB='two words'\n");
    }
}
