package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class MixProjectTest {

    @TempDir private Path folder = Path.of("");

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private MixProject read(String mixExs) throws IOException {
        write("mix.exs", mixExs);
        return MixProject.read(folder);
    }

    private MixProject readWith(String name, String text) throws IOException {
        write(name, text);
        return read("app: :shop");
    }

    @Test
    void the_sample_app_is_understood() throws IOException {
        MixProject mix = MixProject.read(Path.of("samples/counter"));

        assertThat(mix.app()).contains("counter");
        assertThat(mix.version()).contains("0.1.0");
        assertThat(mix.releases()).containsExactly("counter");
        assertThat(mix.makesTarball()).isTrue();
        assertThat(mix.migrator()).contains("Counter.Release");
    }

    @Test
    void a_plain_project_says_app_and_version() throws IOException {
        MixProject mix =
                read(
                        """
                        defmodule Shop.MixProject do
                          use Mix.Project

                          def project do
                            [
                              app: :shop,
                              version: "1.2.3",
                              deps: [{:plug, "~> 1.0", app: false}]
                            ]
                          end
                        end
                        """);

        assertThat(mix.app()).contains("shop");
        assertThat(mix.version()).contains("1.2.3");
        assertThat(mix.releases()).isEmpty();
        assertThat(mix.makesTarball()).isFalse();
        assertThat(mix.migrator()).isEmpty();
        assertThat(mix.secrets()).isEmpty();
        assertThat(mix.healthPath()).isEmpty();
    }

    @Test
    void a_version_may_stand_in_an_attribute() throws IOException {
        MixProject mix =
                read(
                        """
                        @version "0.9.1-rc.1"
                        def project, do: [app: :shop, version: @version]
                        """);

        assertThat(mix.version()).contains("0.9.1-rc.1");
    }

    @Test
    void a_version_that_is_computed_is_not_guessed() throws IOException {
        assertThat(read("[app: :shop, version: version()]").version()).isEmpty();
    }

    @Test
    void comments_are_passed_over() throws IOException {
        MixProject mix =
                read(
                        """
                        # app: :old_name
                        [
                          # version: "0.0.1",
                          app: :shop, # app: :other
                          version: "1.0.0", # steps: [:assemble, :tar]
                          aliases: ["assets.build": "esbuild #{x}"]
                        ]
                        """);

        assertThat(mix.app()).contains("shop");
        assertThat(mix.version()).contains("1.0.0");
        assertThat(mix.makesTarball()).isFalse();
    }

    @Test
    void releases_may_stand_in_the_project() throws IOException {
        MixProject mix =
                read(
                        """
                        [
                          app: :shop,
                          releases: [
                            web: [steps: [:assemble, :tar], applications: [shop: :permanent]],
                            worker: [include_erts: true, rel_templates_path: "rel/worker"]
                          ],
                          deps: deps(),
                          docs: [main: [x: 1]]
                        ]
                        """);

        assertThat(mix.releases()).containsExactly("web", "worker");
        assertThat(mix.makesTarball()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "defp releases do\n    [\n      web: [steps: [:assemble, :tar]]\n    ]\n  end",
                "def releases() do\n [web: []]\n end",
                "defp releases, do: [web: [a: [b: [1]]]]",
            })
    void releases_may_stand_in_a_function(String function) throws IOException {
        MixProject mix = read("[app: :shop, releases: releases()]\n" + function);

        assertThat(mix.releases()).containsExactly("web");
    }

    @Test
    void an_umbrella_names_no_app() throws IOException {
        MixProject mix =
                read(
                        """
                        [
                          apps_path: "apps",
                          version: "0.1.0",
                          releases: [
                            shop: [applications: [shop: :permanent, shop_web: :permanent]]
                          ]
                        ]
                        """);

        assertThat(mix.app()).isEmpty();
        assertThat(mix.releases()).containsExactly("shop");
    }

    @Test
    void a_migrator_is_a_release_module_that_migrates() throws IOException {
        MixProject mix =
                readWith(
                        "lib/shop/release.ex",
                        """
                        defmodule Shop.Release do
                          @app :shop

                          def migrate do
                            load_app()
                          end
                        end
                        """);

        assertThat(mix.migrator()).contains("Shop.Release");
    }

    @Test
    void a_release_module_that_does_not_migrate_is_none() throws IOException {
        MixProject mix =
                readWith(
                        "lib/shop/release.ex",
                        "defmodule Shop.Release do\n  def seed, do: :ok\n  # def migrate\nend\n");

        assertThat(mix.migrator()).isEmpty();
    }

    @Test
    void what_the_runtime_config_will_not_start_without_is_a_secret() throws IOException {
        MixProject mix =
                readWith(
                        "config/runtime.exs",
                        """
                        if System.get_env("PHX_SERVER") do
                          config :shop, server: true
                        end

                        if config_env() == :prod do
                          database_url =
                            System.get_env("DATABASE_URL") ||
                              raise \"""
                              environment variable DATABASE_URL is missing.
                              \"""

                          secret_key_base = System.fetch_env!("SECRET_KEY_BASE")
                          again = System.fetch_env!("SECRET_KEY_BASE")
                          host = System.get_env("PHX_HOST") || raise "x"
                          port = String.to_integer(System.fetch_env!("PORT"))
                          pool = System.get_env("POOL_SIZE") || "10"
                          # old = System.fetch_env!("OLD_KEY")
                          optional = System.get_env("SENTRY_DSN")
                        end
                        """);

        assertThat(mix.secrets()).containsExactly("DATABASE_URL", "SECRET_KEY_BASE");
    }

    @Test
    void a_health_path_of_the_router_is_found() throws IOException {
        MixProject mix =
                readWith(
                        "lib/shop_web/router.ex",
                        "# get \"/old-health\"\nget \"/api/healthz\", HealthController, :show\n");

        assertThat(mix.healthPath()).contains("/api/healthz");
    }

    @Test
    void no_mix_exs_is_told_with_the_folder() {
        assertThatThrownBy(() -> MixProject.read(folder))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .containsExactly(new ProjectProblem.NoMixExs(folder)));
    }
}
