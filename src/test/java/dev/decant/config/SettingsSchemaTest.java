package dev.decant.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What an editor says of a decant.toml by the schema, and what Decant says.
class SettingsSchemaTest {

    private static final Map<String, Object> JSON = SettingsSchema.json();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                    .getSchema(JsonMapper.shared().writeValueAsString(JSON), InputFormat.JSON);

    @TempDir private Path folder = Path.of("");

    private static Set<ValidationMessage> wrong(String toml) {
        return SCHEMA.validate(Toml.parse(toml).toJson(), InputFormat.JSON);
    }

    private boolean isRead(String toml) throws IOException {
        Files.writeString(folder.resolve("decant.toml"), toml);
        try {
            ConfigReader.read(folder, Optional.empty());
            return true;
        } catch (Failure _) {
            return false;
        }
    }

    @Test
    void what_decant_reads_the_schema_lets_through() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String root : List.of("samples", "src/test/golden")) {
            try (Stream<Path> all = Files.walk(Path.of(root))) {
                all.filter(file -> file.endsWith("decant.toml")).forEach(files::add);
            }
        }
        int read = 0;
        for (Path file : files) {
            String toml = Files.readString(file);
            if (!Toml.parse(toml).hasErrors() && isRead(toml)) {
                assertThat(wrong(toml)).as("%s", file).isEmpty();
                read++;
            }
        }
        assertThat(read).isGreaterThan(5);
        assertThat(wrong(ConfigReader.reference())).isEmpty();
        assertThat(wrong("app = \"shop\"\nhosts = \"elsewhere\"\n")).isEmpty();
    }

    @Test
    void what_is_no_setting_or_of_another_type_it_does_not() {
        String shop = "app = \"shop\"\n[hosts.web1]\n";

        assertThat(wrong("[hosts.web1]\n")).hasSize(1);
        assertThat(wrong("app = \"shop\"\nhosts = \"somewhere\"\n")).isNotEmpty();
        assertThat(wrong(shop + "[servise]\n")).hasSize(1);
        assertThat(wrong(shop + "[service]\nprot = 80\n")).hasSize(1);
        assertThat(wrong(shop + "[service]\nport = \"80\"\n")).hasSize(1);
        assertThat(wrong(shop + "[health]\ntimeout = \"1 minute\"\n")).hasSize(1);
        assertThat(wrong(shop + "[environments.staging]\napp = \"other\"\n")).hasSize(1);
        assertThat(wrong(shop + "[environments.staging.service]\nport = \"80\"\n")).hasSize(1);
        assertThat(wrong(shop + "[env]\nPORT = 80\n")).hasSize(1);
    }

    /// The words and the ranges are said twice, in the schema and where they are read.
    @Test
    void its_words_and_its_ranges_are_those_that_decant_takes() throws IOException {
        int tried = 0;
        for (SettingsSchema.Setting setting : SettingsSchema.settings()) {
            Map<?, ?> property = property(setting.path());
            if (property.get("maximum") instanceof Integer most
                    && property.get("minimum") instanceof Integer least) {
                assertThat(complains(setting, Integer.toString(most + 1))).isTrue();
                assertThat(complains(setting, Integer.toString(least - 1))).isTrue();
                assertThat(complains(setting, most.toString())).as(setting.name()).isFalse();
                assertThat(complains(setting, least.toString())).as(setting.name()).isFalse();
                tried++;
            }
            if (property.get("enum") instanceof List<?> words) {
                assertThat(complains(setting, "\"nonsense\"")).as(setting.name()).isTrue();
                for (Object word : words) {
                    assertThat(complains(setting, "\"" + word + "\"")).as(setting.name()).isFalse();
                }
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(20);
    }

    private static Map<?, ?> property(List<String> path) {
        Map<?, ?> at = JSON;
        for (String key : path) {
            if (at.get("anyOf") instanceof List<?> either) {
                at = (Map<?, ?>) either.getFirst();
            }
            Object next =
                    at.get("properties") instanceof Map<?, ?> own && own.containsKey(key)
                            ? own.get(key)
                            : at.get("additionalProperties");
            at = next instanceof Map<?, ?> inner ? inner : Map.of();
            if (at.containsKey("items")) {
                return (Map<?, ?>) at.get("items");
            }
        }
        return at;
    }

    /// Whether Decant finds fault with this value of the setting, whatever else it misses.
    private boolean complains(SettingsSchema.Setting setting, String value) throws IOException {
        boolean list = setting.example().contains("= [");
        Files.writeString(
                folder.resolve("decant.toml"),
                "app = \"shop\"\n"
                        + setting.name()
                        + " = "
                        + (list ? "[" + value + "]" : value)
                        + "\n[hosts.web1]\n");
        String key = setting.path().getLast();
        try {
            ConfigReader.read(folder, Optional.empty());
            return false;
        } catch (Failure failure) {
            return failure.problems().stream()
                    .anyMatch(
                            problem ->
                                    problem.what()
                                                    .matches(
                                                            "decant.toml:2:.*'(.*[.])?"
                                                                    + key
                                                                    + "'.*")
                                            && problem.next().toString().contains("should be"));
        }
    }
}
