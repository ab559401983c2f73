package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class AssetsTest {

    private static final String NEEDY = "{\"devDependencies\": {\"esbuild\": \"^0.25\"}}";

    @TempDir private Path folder = Path.of("");

    private AssetsTest file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    private AssetsTest aliases(String app, String aliases) throws IOException {
        return file(app + "mix.exs", "def project, do: [app: :shop, aliases: [" + aliases + "]]");
    }

    private Assets read() throws IOException {
        return Assets.read(folder);
    }

    private static List<Path> paths(String... names) {
        return List.of(names).stream().map(Path::of).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[aliases: [\"assets.deploy\": [\"phx.digest\"]]]",
                "defp aliases do\n  [\n    setup: [\"deps.get\"],\n    \"assets.deploy\": [\n"
                        + "      \"esbuild default --minify\", # small\n      \"phx.digest\"\n"
                        + "    ]\n  ]\nend",
                "[aliases: [\"assets.deploy\": \"phx.digest\"]]",
                "[aliases: [\"assets.deploy\": &deploy/1]]",
                "[aliases: [\"assets.deploy\": fn _ -> :ok end]]",
                "[aliases: [\"assets.deploy\": ~w(phx.digest)]]",
            })
    void an_alias_is_found_in_whatever_form_it_has(String mixExs) throws IOException {
        file("mix.exs", mixExs);

        assertThat(read().deploys()).isEqualTo(paths(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[aliases: []] # \"assets.deploy\": [\"phx.digest\"]",
                "[description: \"has no \\\"assets.deploy\\\": [] of its own\"]",
                "@moduledoc \"\"\"\n\"assets.deploy\": [\"phx.digest\"]\n\"\"\"",
                "[preferred_cli_env: [\"assets.deploy\": :prod]]",
                "[aliases: [\"assets.build\": [\"assets.deploy\"]]]",
            })
    void what_only_looks_like_one_is_none(String mixExs) throws IOException {
        file("mix.exs", mixExs).file("assets/package.json", NEEDY);

        assertThat(read())
                .isEqualTo(
                        new Assets(
                                List.of(),
                                List.of(),
                                false,
                                List.of(),
                                List.of(),
                                paths("assets/package.json")));
    }

    @Test
    void packages_with_a_lock_of_npm_are_installed_at_the_top_and_in_assets() throws IOException {
        aliases("", "\"assets.deploy\": [\"phx.digest\"]");
        file("package.json", NEEDY).file("package-lock.json", "{}");
        file("assets/package.json", NEEDY).file("assets/npm-shrinkwrap.json", "{}");

        assertThat(read().npm()).isEqualTo(paths("", "assets"));
        assertThat(read().installs()).isFalse();
    }

    @Test
    void an_alias_that_installs_for_itself_is_left_to_it() throws IOException {
        aliases(
                "",
                "\"assets.deploy\": [\"assets.get\", \"phx.digest\"], \"assets.get\": [\"cmd --cd"
                        + " assets npm ci\"]");
        file("assets/package.json", NEEDY).file("assets/package-lock.json", "{}");

        assertThat(read().installs()).isTrue();
    }

    @Test
    void dependencies_that_no_lock_pins_are_told_from_those_that_another_one_does()
            throws IOException {
        aliases("", "\"assets.deploy\": [\"phx.digest\"]");
        file("package.json", NEEDY);
        file("assets/package.json", NEEDY).file("assets/yarn.lock", "");

        assertThat(read().unlocked()).isEqualTo(paths("package.json"));
        assertThat(read().others()).isEqualTo(paths("assets/yarn.lock"));

        file("package.json", "{\"workspaces\": [\"assets\"]}").file("package-lock.json", "{}");
        file("assets/package.json", NEEDY);
        Files.delete(folder.resolve("assets/yarn.lock"));

        assertThat(read().unlocked()).isEmpty();
        assertThat(read().npm()).isEqualTo(paths(""));

        file("package.json", "{\"name\": \"shop\", \"dependencies\": {}}");
        Files.delete(folder.resolve("package-lock.json"));
        Files.delete(folder.resolve("assets/package.json"));

        assertThat(read().unlocked()).as("nothing to pin").isEmpty();
    }

    @Test
    void in_an_umbrella_each_app_deploys_its_own_unless_the_top_does() throws IOException {
        file("mix.exs", "[apps_path: \"apps\"]");
        aliases("apps/core/", "");
        aliases("apps/shop_web/", "\"assets.deploy\": [\"phx.digest\"]");
        aliases("apps/admin/", "\"assets.deploy\": [\"phx.digest\"]");
        file("apps/admin/assets/package.json", NEEDY);
        file("apps/admin/assets/package-lock.json", "{}");

        assertThat(read().deploys()).isEqualTo(paths("apps/admin", "apps/shop_web"));
        assertThat(read().npm()).isEqualTo(paths("apps/admin/assets"));

        file(
                "mix.exs",
                "[apps_path: \"apps\", aliases: [\"assets.deploy\": [\"cmd mix assets.deploy\"]]]");

        assertThat(read().deploys()).isEqualTo(paths(""));
        assertThat(read().npm()).isEqualTo(paths("apps/admin/assets"));
    }

    @Test
    void node_is_pinned_by_the_nearest_file_that_names_it() throws IOException {
        file(".tool-versions", "elixir 1.17.3 # nodejs 1\nnodejs 20.11.1 18.0.0\n");
        file("apps/web/.tool-versions", "erlang 27.1\n");

        assertThat(NodePin.read(folder.resolve("apps/web"), folder))
                .contains(new NodePin("20.11.1", "../../.tool-versions"));

        file("apps/web/mise.toml", "[tools]\nnode = \"22\"\n");

        assertThat(NodePin.read(folder.resolve("apps/web"), folder))
                .contains(new NodePin("22", "mise.toml"));
        assertThat(NodePin.read(folder.resolve("lib"), folder.resolve("lib")))
                .isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "20.11.1, v20.11.1, true",
        "20.11.1, v20.11.10, false",
        "20.11, v20.11.1, true",
        "20, v20.2.0, true",
        "20, v18.19.0, false",
        "2, v20.2.0, false",
        "lts, v18.19.0, true",
    })
    void a_pin_fits_each_version_that_it_begins(String pin, String found, boolean fits) {
        assertThat(new NodePin(pin, "").fits(found)).isEqualTo(fits);
    }
}
