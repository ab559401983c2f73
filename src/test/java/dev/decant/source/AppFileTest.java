package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.ConfigReader;
import dev.decant.config.SourceConfig.Format;
import dev.decant.problem.Failure;
import dev.decant.secrets.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

class AppFileTest {

    private static final String JSON =
            """
            {"db": {"url": "ecto://a\\"b\\\\c\\n", "pool size": 10}, "mail": "x"}
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void a_file_is_handed_over_as_it_is() throws Exception {
        write("deploy/shop.exs", "import Config\n# \u00fc");

        assertThat(find("[files.\"shop.exs\"]\npath = \"deploy/shop.exs\"\n"))
                .isEqualTo(Map.of("shop.exs", "import Config\n# \u00fc"));
    }

    @Test
    void one_that_is_not_what_its_name_says_is_refused_with_the_place() throws Exception {
        write("shop.toml", "password = \"s3cret\nx = 1\n");

        String why = refused("[files.\"shop.toml\"]\npath = \"shop.toml\"\n");

        assertThat(why).contains("shop.toml:1:").doesNotContain("s3cret");
    }

    @Test
    void one_that_is_not_there_is_refused() throws Exception {
        assertThat(refused("[files.\"key.pem\"]\npath = \"key.pem\"\n"))
                .contains("there is no such file");
    }

    @Test
    void what_a_source_has_becomes_a_file_and_no_variables() throws Exception {
        write("all.json", JSON);

        assertThat(find(source("shop.toml")).keySet()).containsExactly("shop.toml");
    }

    @Test
    void what_a_source_has_under_the_very_name_is_taken_as_it_is_and_the_rest_are_variables()
            throws Exception {
        write("secrets/shop.toml", "# by hand\nstep = 2\n");
        write("secrets/app.env", "DATABASE_URL=x\n");

        assertThat(
                        find(
                                "[sources.files]\nfiles = [\"secrets/shop.toml\","
                                        + " \"secrets/app.env\"]\n"
                                        + "[files.\"shop.toml\"]\nsource = \"files\"\n"))
                .isEqualTo(Map.of("shop.toml", "# by hand\nstep = 2\n", "DATABASE_URL", "x"));
    }

    @Test
    void what_is_written_is_read_again_as_it_was() throws Exception {
        write("all.json", JSON);

        var toml = Toml.parse(text("shop.toml"));
        assertThat(toml.errors()).isEmpty();
        assertThat(toml.getString("db.url")).isEqualTo("ecto://a\"b\\c\n");
        assertThat(toml.getString(List.of("db", "pool size"))).isEqualTo("10");
        for (String name : List.of("shop.json", "shop.yaml")) {
            var format = Format.of(name).orElseThrow();
            assertThat(Formats.entries("", new Contents.Document(name, format, text(name))))
                    .contains(new Contents.Entry(List.of("db", "url"), "ecto://a\"b\\c\n"))
                    .hasSize(3);
        }
    }

    @Test
    void a_key_that_another_one_begins_with_is_refused() throws Exception {
        write("all.env", "A=1\n");
        write("all.json", "{\"a\": 1}");
        write("more.json", "{\"a\": {\"b\": 1}}");

        assertThat(
                        refused(
                                "[sources.files]\nfiles = [\"all.json\", \"more.json\"]\n"
                                        + "[files.\"shop.toml\"]\nsource = \"files\"\n"))
                .contains("a/b")
                .contains("cannot have both");
    }

    private String text(String name) throws Exception {
        return Objects.requireNonNull(find(source(name)).get(name));
    }

    private static String source(String name) {
        return "[sources.files]\nfiles = [\"all.json\"]\n[files.\""
                + name
                + "\"]\nsource = \"files\"\n";
    }

    private String refused(String toml) {
        Failure failure =
                Objects.requireNonNull(catchThrowableOfType(Failure.class, () -> find(toml)));
        return String.join("\n", failure.problems().getFirst().why());
    }

    private void write(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private Map<String, String> find(String toml) throws Exception {
        write(
                ConfigReader.FILE_NAME,
                "app = \"shop\"\nhosts.web1.address = \"web1.example.com\"\n" + toml);
        return Sources.find(ConfigReader.read(folder, Optional.empty()), Map.of())
                .secrets()
                .stream()
                .collect(Collectors.toMap(Secret::name, Secret::value));
    }
}
