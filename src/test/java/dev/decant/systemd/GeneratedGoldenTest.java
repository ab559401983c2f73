package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.config.Config;
import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.yaml.snakeyaml.Yaml;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `decant generate` prints. None of the programs that take logs elsewhere can be had here, so
/// what is written for them is read as what it is, TOML, JSON or YAML, and no more is checked.
class GeneratedGoldenTest {

    private static final Path FOLDER = Golden.folder("generate");
    private static final Config CONFIG =
            Configs.of(
                    "app = \"shop_web\"\n[hosts.web1]\n[processes.worker]\ncommand ="
                            + " [\"start\"]\n[timers.nightly]\nschedule = \"daily\"\ncommand ="
                            + " [\"eval\", \"1\"]\n");
    private static final List<String> UNITS =
            List.of(
                    "shop-web.service",
                    "shop-web@1.service",
                    "shop-web@2.service",
                    "shop-web.worker.service",
                    "shop-web.worker@1.service",
                    "shop-web.worker@2.service",
                    "shop-web.nightly.service");

    @ParameterizedTest
    @EnumSource
    void modules_are_named_by_the_app_and_compile_without_a_warning(
            ElixirModule module, @TempDir Path folder) throws Exception {
        String source = module.source(module.nameIn("shop_web"));
        Path file = FOLDER.resolve(module.name().toLowerCase(Locale.ROOT) + ".ex");

        Golden.check(file, source);

        Path copy = Files.writeString(folder.resolve("module.ex"), source);
        Result compiled =
                Program.of(
                                "elixirc",
                                "--warnings-as-errors",
                                "-o",
                                folder.toString(),
                                copy.toString())
                        .run();
        assertThat(compiled).isEqualTo(new Result(0, List.of(), List.of()));
        assertThat(folder.resolve("Elixir." + module.nameIn("shop_web") + ".beam")).exists();
        assertThat(Program.of("mix", "format", "--check-formatted", copy.toString()).run().status())
                .isZero();
    }

    @Test
    void the_usual_name_is_as_elixir_has_it() {
        assertThat(ElixirModule.NOTIFY.nameIn("shop")).isEqualTo("Shop.Systemd");
        assertThat(ElixirModule.RESTART_FLAG.nameIn("shop_webAdmin2"))
                .isEqualTo("ShopWebAdmin2.RestartFlag");
        assertThat("ShopWeb.Systemd").matches(ElixirModule.NAME);
        assertThat("shop.Systemd").doesNotMatch(ElixirModule.NAME);
        assertThat("Shop\nSystemd").doesNotMatch(ElixirModule.NAME);
    }

    @Test
    void vector_reads_what_all_units_of_the_app_log() {
        String text = LogForwarder.VECTOR.config(CONFIG);

        Golden.check(FOLDER.resolve("vector.toml"), text);
        TomlParseResult toml = Toml.parse(text);
        assertThat(toml.errors()).isEmpty();
        assertThat(toml.getArrayOrEmpty("sources.shop-web.include_units").toList())
                .isEqualTo(UNITS);
    }

    @Test
    void filebeat_reads_what_all_units_of_the_app_log() {
        String text = LogForwarder.FILEBEAT.config(CONFIG);

        Golden.check(FOLDER.resolve("filebeat.yml"), text);
        Map<String, List<Map<String, Object>>> yaml = new Yaml().load(text);
        assertThat(yaml.getOrDefault("filebeat.inputs", List.of()).getFirst())
                .containsEntry("units", UNITS);
    }

    @Test
    void cloudwatch_reads_what_all_units_of_the_app_log() {
        String text = LogForwarder.CLOUDWATCH.config(CONFIG);

        Golden.check(FOLDER.resolve("cloudwatch.json"), text);
        assertThat(
                        new JsonMapper()
                                .readTree(text)
                                .at("/logs/logs_collected/journald/collect_list/0/units")
                                .valueStream()
                                .map(unit -> unit.asString())
                                .toList())
                .isEqualTo(UNITS);
    }
}
