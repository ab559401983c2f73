package dev.decant.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.LintRule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Each rule with projects that it is for and with some that it is not for.
class LintTest {

    private static final String MIX =
            """
            defmodule Shop.MixProject do
              use Mix.Project

              def project do
                [
                  app: :shop,
                  releases: [shop: [steps: [:assemble, :tar]]],
                  aliases: aliases(),
                  deps: deps()
                ]
              end

              def application, do: [extra_applications: [:logger, :runtime_tools]]

              defp aliases, do: ["assets.deploy": ["esbuild default --minify", "phx.digest"]]

              defp deps, do: [{:phoenix, "~> 1.7"}, {:bandit, "~> 1.5"}]
            end
            """;

    @TempDir private Path folder = Path.of("");

    private LintTest file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    private static HostSettings hosts(
            Optional<String> health, int files, OptionalInt tasks, boolean strict, boolean nodes) {
        return new HostSettings(
                "shop",
                "prod",
                Set.of("PORT", "PHX_SERVER", "DATABASE_URL", "SECRET_KEY_BASE"),
                false,
                health,
                Duration.ofSeconds(40),
                files,
                tasks,
                strict,
                nodes);
    }

    private static HostSettings hosts() {
        return hosts(Optional.of("/"), 65_536, OptionalInt.empty(), true, false);
    }

    private List<Finding> findings(LintRule rule, HostSettings hosts) throws IOException {
        if (!Files.exists(folder.resolve("mix.exs"))) {
            file("mix.exs", MIX);
        }
        return Lint.check(folder, hosts).stream()
                .filter(finding -> finding.rule() == rule)
                .toList();
    }

    /// Such as `error mix.exs:3 What was seen.`
    private List<String> found(LintRule rule, HostSettings hosts) throws IOException {
        return findings(rule, hosts).stream()
                .map(
                        finding ->
                                finding.severity().word()
                                        + " "
                                        + finding.file()
                                        + ":"
                                        + finding.line()
                                        + " "
                                        + finding.what())
                .toList();
    }

    private List<String> found(LintRule rule) throws IOException {
        return found(rule, hosts());
    }

    private void nothing(LintRule rule, HostSettings hosts) throws IOException {
        assertThat(found(rule, hosts)).isEmpty();
    }

    private void nothing(LintRule rule) throws IOException {
        nothing(rule, hosts());
    }

    // ---- all of them

    @ParameterizedTest
    @EnumSource
    void a_plain_project_breaks_no_rule(LintRule rule) throws IOException {
        nothing(rule);
    }

    @ParameterizedTest
    @EnumSource
    void the_sample_app_breaks_no_rule(LintRule rule) throws IOException {
        HostSettings hosts =
                new HostSettings(
                        "counter",
                        "prod",
                        Set.of("COUNTER_SECRET"),
                        false,
                        Optional.of("/health"),
                        Duration.ofSeconds(40),
                        65_536,
                        OptionalInt.of(4096),
                        true,
                        false);

        assertThat(Lint.check(Path.of("samples/counter"), hosts))
                .filteredOn(finding -> finding.rule() == rule)
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void every_rule_is_explained(LintRule rule) throws IOException {
        assertThat(Files.readString(Path.of("docs/reference/doctor.md")))
                .contains("| `" + rule.word() + "` |");
    }

    // ---- the release

    @Test
    void a_release_without_a_tarball_is_found() throws IOException {
        file("mix.exs", MIX.replace(", :tar", ""));

        assertThat(found(LintRule.RELEASE_TARBALL))
                .containsExactly(
                        "error mix.exs:7 `mix release shop` makes no tarball: :tar is not among its"
                                + " steps.");
    }

    @Test
    void so_is_one_that_says_nothing_of_steps() throws IOException {
        file("mix.exs", MIX.replace("steps: [:assemble, :tar]", "include_erts: true"));

        assertThat(found(LintRule.RELEASE_TARBALL)).hasSize(1);
    }

    @Test
    void a_tarball_of_another_release_is_none_of_this_one() throws IOException {
        file(
                "mix.exs",
                "[app: :shop, releases: [shop: [steps: [:assemble]], # :tar\n"
                        + " worker: [steps: [:assemble, :tar]]]]");

        assertThat(found(LintRule.RELEASE_TARBALL)).hasSize(1);
    }

    @Test
    void steps_that_are_computed_are_looked_for_everywhere() throws IOException {
        file(
                "mix.exs",
                "[app: :shop, releases: [shop: [steps: steps()]]]\n"
                        + "defp steps, do: [:assemble, &copy/1, :tar]");

        nothing(LintRule.RELEASE_TARBALL);
    }

    @Test
    void a_release_without_erlang_is_found() throws IOException {
        file("mix.exs", MIX.replace("[shop: [", "[shop: [include_erts: false, "));

        assertThat(found(LintRule.RELEASE_ERTS))
                .containsExactly("error mix.exs:7 The release has no Erlang of its own.");
    }

    @Test
    void another_release_without_erlang_is_not() throws IOException {
        file("mix.exs", MIX.replace("[shop: [", "[local: [include_erts: false], shop: ["));

        nothing(LintRule.RELEASE_ERTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Distillery.Releases.Config", "Mix.Releases.Config"})
    void a_project_of_distillery_is_recognised(String module) throws IOException {
        file(
                "rel/config.exs",
                "~w(rel plugins *.exs)\n|> Path.join()\n\nuse " + module + ",\n  x: 1");

        assertThat(found(LintRule.DISTILLERY))
                .containsExactly(
                        "warning rel/config.exs:1 This is Distillery's configuration, and nothing"
                                + " of it is in the release that is deployed.");

        file("mix.exs", "[app: :shop]");
        assertThat(found(LintRule.DISTILLERY)).singleElement().asString().startsWith("error ");
    }

    @Test
    void another_file_of_that_name_is_not() throws IOException {
        file("rel/config.exs", "# use Distillery.Releases.Config\nimport Config");

        nothing(LintRule.DISTILLERY);
    }

    @Test
    void a_file_that_cannot_be_read_is_told() throws IOException {
        file("lib/a.ex", "defmodule A do\n  x(\nend\n");

        assertThat(findings(LintRule.UNREADABLE, hosts()))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.place()).isEqualTo("lib/a.ex:3:1");
                            assertThat(finding.why().getFirst())
                                    .isEqualTo("There is an end here, and nothing that it ends.");
                        });
    }

    // ---- the environment when it is built

    @Test
    void what_the_configuration_of_a_build_reads_is_found_where_it_is_imported()
            throws IOException {
        file("config/config.exs", "import Config\nimport_config \"#{config_env()}.exs\"\n");
        file(
                "config/prod.exs",
                """
                import Config
                import_config("more.exs")
                config :shop, Shop.Repo,
                  url: System.get_env("DATABASE_URL") # System.get_env("NO")
                """);
        file("config/more.exs", "config :shop, key: \"DATABASE_KEY\" |> System.fetch_env!()\n");
        file("config/dev.exs", "config :shop, x: System.get_env(\"DEV\")\n");

        assertThat(found(LintRule.BUILD_TIME_ENV))
                .containsExactly(
                        "warning config/more.exs:1 System.fetch_env!(\"DATABASE_KEY\") is read when"
                                + " the release is built.",
                        "warning config/prod.exs:4 System.get_env(\"DATABASE_URL\") is read when"
                                + " the release is built.");
    }

    @Test
    void so_is_what_an_attribute_of_a_module_reads() throws IOException {
        file(
                "lib/shop.ex",
                """
                defmodule Shop do
                  @key System.get_env("KEY")
                  @list [
                    a: 1,
                    b: System.fetch_env!("B")
                  ]
                  def key, do: @key
                end
                """);

        assertThat(found(LintRule.BUILD_TIME_ENV))
                .containsExactly(
                        "warning lib/shop.ex:2 System.get_env(\"KEY\") is read when the release is"
                                + " built.",
                        "warning lib/shop.ex:5 System.fetch_env!(\"B\") is read when the release is"
                                + " built.");
    }

    @Test
    void what_is_read_by_a_function_in_a_text_or_for_another_environment_is_not()
            throws IOException {
        file(
                "config/config.exs",
                """
                import Config
                config :esbuild, path: System.get_env("MIX_ESBUILD_PATH")
                config :shop, note: "System.get_env(\\"X\\")", more: ~s[System.get_env("X")]

                if config_env() in [:dev, :test] do
                  config :shop, x: System.get_env("X")
                end

                unless Mix.env() == :prod, do: config(:shop, y: System.get_env("Y"))
                """);
        file(
                "lib/shop.ex",
                """
                defmodule Shop do
                  @doc \"""
                  Reads System.get_env("KEY").
                  \"""
                  @default "a"
                  def key(at \\\\ @default), do: {@default, System.get_env("KEY")}
                  @spec other() :: String.t()
                  def other, do: System.fetch_env!("OTHER")
                end
                """);

        nothing(LintRule.BUILD_TIME_ENV);
    }

    // ---- the environment when it boots

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = System.fetch_env!(\"MAIL_KEY\")",
                "x = System.fetch_env!(  \n  \"MAIL_KEY\" # why\n)",
                "x = System.fetch_env! \"MAIL_KEY\"",
                "x = \"MAIL_KEY\" |> System.fetch_env!()",
                "x =\n  \"MAIL_KEY\"\n  |> System.fetch_env!()\n  |> String.trim()",
                "x = System.get_env(\"MAIL_KEY\") || raise \"no MAIL_KEY\"",
                "x =\n"
                        + "  System.get_env(\"MAIL_KEY\") ||\n"
                        + "    raise \"\"\"\n"
                        + "    no MAIL_KEY\n"
                        + "    \"\"\"",
                "x = System.get_env(\"MAIL_KEY\") || System.halt(1)",
                "case System.get_env(\"MAIL_KEY\") do\n  nil -> raise \"x\"\n  key -> key\nend",
                "case System.fetch_env(\"MAIL_KEY\") do\n"
                        + "  {:ok, k} -> k\n"
                        + "  :error ->\n"
                        + "    raise \"x\"\n"
                        + "end",
                "if config_env() == :prod do\n"
                        + "  config :a, b: [c: System.fetch_env!(\"MAIL_KEY\")]\n"
                        + "end",
                "if config_env() == :test do\n  1\nelse\n  System.fetch_env!(\"MAIL_KEY\")\nend",
                "if Mix.env() != :dev, do: System.fetch_env!(\"MAIL_KEY\")",
                "config :a, url: \"smtp://#{System.fetch_env!(\"MAIL_KEY\")}@x\"",
            })
    void a_variable_that_the_boot_needs_and_nobody_sets_is_an_error(String code)
            throws IOException {
        file("config/runtime.exs", "import Config\n" + code + "\n");

        assertThat(found(LintRule.MISSING_ENV))
                .singleElement()
                .asString()
                .startsWith("error config/runtime.exs:")
                .endsWith(" The app does not boot without MAIL_KEY, and nothing sets it.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = System.get_env(\"MAIL_KEY\")",
                "x = System.get_env(\"MAIL_KEY\") || \"none\"",
                "x = System.get_env(\"MAIL_KEY\", \"none\")",
                "# System.fetch_env!(\"MAIL_KEY\")",
                "x = \"System.fetch_env!(MAIL_KEY)\"",
                "x = ~S|System.fetch_env!(\"MAIL_KEY\")|",
                "if config_env() == :dev do\n  System.fetch_env!(\"MAIL_KEY\")\nend",
                "if config_env() == :dev and x do\n  System.fetch_env!(\"MAIL_KEY\")\nend",
                "x = System.fetch_env!(\"PORT\")",
                "x = System.fetch_env!(\"DATABASE_URL\")",
                "x = System.fetch_env!(\"RELEASE_NAME\")",
                "x = System.fetch_env!(\"EXPORTED\")",
                "x = System.fetch_env!(name)",
                "case System.get_env(\"MAIL_KEY\") do\n  nil -> \"none\"\n  key -> key\nend",
            })
    void one_that_has_a_default_or_that_somebody_sets_is_none(String code) throws IOException {
        file("config/runtime.exs", "import Config\n" + code + "\n");
        file("rel/env.sh.eex", "# export MAIL_KEY=1\nexport EXPORTED=1\n");

        nothing(LintRule.MISSING_ENV);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if System.get_env(\"MAIL\") do\n  System.fetch_env!(\"MAIL_KEY\")\nend",
                "if mail?, do: System.fetch_env!(\"MAIL_KEY\")",
                "mail? && System.fetch_env!(\"MAIL_KEY\")",
                "System.get_env(\"A\") ||\n  System.fetch_env!(\"MAIL_KEY\")",
                "key = fn -> System.fetch_env!(\"MAIL_KEY\") end",
            })
    void one_that_is_needed_only_sometimes_is_a_hint(String code) throws IOException {
        file("config/runtime.exs", "import Config\n" + code + "\nx = 1\n");

        assertThat(found(LintRule.MISSING_ENV))
                .singleElement()
                .asString()
                .startsWith("hint ")
                .contains("Where this is reached, ");
    }

    @Test
    void a_variable_that_is_needed_twice_is_told_once_and_a_slip_of_the_pen_is_recognised()
            throws IOException {
        file(
                "config/runtime.exs",
                "if x, do: System.fetch_env!(\"DATABASE_URI\")\n"
                        + "y = System.fetch_env!(\"DATABASE_URI\")\n");

        assertThat(findings(LintRule.MISSING_ENV, hosts()))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                            assertThat(finding.place()).isEqualTo("config/runtime.exs:2:5");
                            assertThat(finding.next())
                                    .contains("Did you mean 'DATABASE_URL', which is set?");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Req.get!(\"https://vault\")",
                ":httpc.request(:get, {~c\"https://vault\", []}, [], [])",
                "Shop.Repo.all(Shop.Setting)",
                "File.write!(\"/tmp/x\", \"y\")",
                "Process.sleep(1000)",
                "{out, 0} = System.cmd(\"hostname\", [])",
                "Application.ensure_all_started(:req)",
            })
    void work_in_the_runtime_configuration_is_a_hint(String code) throws IOException {
        file("config/runtime.exs", "import Config\n" + code + "\n");

        assertThat(found(LintRule.HEAVY_RUNTIME))
                .singleElement()
                .asString()
                .startsWith("hint config/runtime.exs:2 ");
    }

    @Test
    void settings_that_only_name_such_modules_are_none() throws IOException {
        file(
                "config/runtime.exs",
                """
                config :shop, Shop.Repo, url: System.get_env("DATABASE_URL")
                config :shop, client: Req, key: File.read!("/etc/key"), note: "Process.sleep(1)"
                if config_env() == :dev, do: System.cmd("true", [])
                """);

        nothing(LintRule.HEAVY_RUNTIME);
    }

    // ---- the web server

    private static final String ENDPOINT =
            """
            defmodule ShopWeb.Endpoint do
              use Phoenix.Endpoint, otp_app: :shop
              socket "/live", Phoenix.LiveView.Socket, websocket: true
            end
            """;

    @Test
    void an_endpoint_that_nobody_starts_is_found() throws IOException {
        file("lib/shop_web/endpoint.ex", ENDPOINT);
        file(
                "config/runtime.exs",
                "# if System.get_env(\"PHX_SERVER\")\n"
                        + "config :shop, ShopWeb.Endpoint, server: false\n");

        assertThat(found(LintRule.PHX_SERVER))
                .containsExactly(
                        "error lib/shop_web/endpoint.ex:1 Nothing starts the web server of"
                                + " ShopWeb.Endpoint in a release.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if System.get_env(\"PHX_SERVER\") do\n"
                        + "  config :shop, ShopWeb.Endpoint, server: true\n"
                        + "end",
                "config :shop, ShopWeb.Endpoint, server: true",
                "config :shop, ShopWeb.Endpoint, [http: [port: 1], server: true]",
                "config(:shop, ShopWeb.Endpoint,\n  http: [port: 1],\n  server: true\n)",
                "config :phoenix, :serve_endpoints, true",
            })
    void one_that_is_started_is_not(String config) throws IOException {
        file("lib/shop_web/endpoint.ex", ENDPOINT);
        file("config/runtime.exs", "import Config\n" + config + "\n");

        nothing(LintRule.PHX_SERVER);
    }

    @Test
    void options_of_cowboys_are_found_where_bandit_serves() throws IOException {
        file("lib/shop_web/endpoint.ex", ENDPOINT);
        file(
                "config/config.exs",
                "config :shop, ShopWeb.Endpoint, adapter: Bandit.PhoenixAdapter\n");
        file(
                "config/runtime.exs",
                """
                config :shop, ShopWeb.Endpoint,
                  http: [
                    port: 4000,
                    compress: true,
                    protocol_options: [max_keepalive: 5_000_000],
                    thousand_island_options: [transport_options: [max_connections: 10]]
                  ]
                """);

        assertThat(found(LintRule.SERVER_OPTIONS))
                .containsExactly(
                        "error config/runtime.exs:4 compress is an option of Cowboy, and Bandit"
                                + " serves here.",
                        "error config/runtime.exs:5 protocol_options is an option of Cowboy, and"
                                + " Bandit serves here.",
                        "warning config/runtime.exs:6 max_connections is an option of Cowboy's"
                                + " Ranch, and Bandit serves here.");
    }

    @Test
    void options_of_bandits_are_found_where_cowboy_serves() throws IOException {
        file("mix.exs", MIX.replace("{:bandit, \"~> 1.5\"}", "{:plug_cowboy, \"~> 2.7\"}"));
        file(
                "config/prod.exs",
                "config :shop, ShopWeb.Endpoint,\n  https: [http_1_options: [max_requests: 1]]\n");
        file("config/config.exs", "import_config \"prod.exs\"");

        assertThat(found(LintRule.SERVER_OPTIONS))
                .containsExactly(
                        "warning config/prod.exs:2 http_1_options is an option of Bandit, and"
                                + " Cowboy serves here.");
    }

    @Test
    void servers_without_phoenix_are_looked_at_too() throws IOException {
        file(
                "lib/shop/application.ex",
                """
                children = [
                  {Bandit, plug: Shop.Router, port: 4000, compress: true},
                  {Plug.Cowboy, scheme: :http, plug: Shop.Router, options: [port: 1, http_options: []]}
                ]
                """);

        assertThat(found(LintRule.SERVER_OPTIONS))
                .extracting(line -> line.replaceFirst(" is an .*", ""))
                .containsExactly(
                        "error lib/shop/application.ex:2 compress",
                        "warning lib/shop/application.ex:3 http_options");
    }

    @Test
    void options_that_fit_are_not_found() throws IOException {
        file(
                "config/config.exs",
                "config :shop, ShopWeb.Endpoint, adapter: Bandit.PhoenixAdapter\n");
        file(
                "config/runtime.exs",
                """
                config :shop, ShopWeb.Endpoint,
                  # protocol_options: [max_keepalive: 5_000_000],
                  http: [http_options: [compress: true], http_1_options: [max_requests: 0],
                         thousand_island_options: [transport_options: [send_timeout: 10]]]
                config :shop, :client, http: [compress: true]
                """);
        file(
                "lib/shop/application.ex",
                "{Plug.Cowboy, scheme: :http, options: [compress: true, protocol_options: []]}");

        nothing(LintRule.SERVER_OPTIONS);
    }

    @Test
    void a_manifest_that_no_step_makes_is_found() throws IOException {
        file("mix.exs", MIX.replace(", \"phx.digest\"", ""));
        file(
                "config/config.exs",
                "config :shop, ShopWeb.Endpoint,\n"
                        + "  cache_static_manifest: \"priv/static/x.json\"\n");

        assertThat(found(LintRule.STATIC_MANIFEST))
                .containsExactly(
                        "warning config/config.exs:2 cache_static_manifest is set, and the build"
                                + " makes no manifest.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"phx.digest\"",
                "\"assets.digest\"], \"assets.digest\": [\"phx.digest --no-vsn",
                "&digest/1",
            })
    void one_that_a_step_makes_or_may_make_is_not(String steps) throws IOException {
        String list = steps.endsWith("vsn") ? steps + "\"" : steps;
        file(
                "mix.exs",
                "[app: :shop, steps: [:tar], aliases: [\"assets.deploy\": [" + list + "]]]");
        file("config/config.exs", "config :shop, ShopWeb.Endpoint, cache_static_manifest: \"x\"");

        nothing(LintRule.STATIC_MANIFEST);
    }

    @Test
    void a_manifest_that_is_not_wanted_is_none() throws IOException {
        file("mix.exs", "[app: :shop]");
        file("config/config.exs", "config :shop, ShopWeb.Endpoint, cache_static_manifest: nil");
        file("config/dev.exs", "config :shop, ShopWeb.Endpoint, cache_static_manifest: \"x\"");

        nothing(LintRule.STATIC_MANIFEST);
    }

    private static HostSettings asking(String path) {
        return hosts(Optional.of(path), 65_536, OptionalInt.empty(), true, false);
    }

    @Test
    void a_health_path_that_the_app_does_not_name_is_found() throws IOException {
        file("lib/shop_web/controllers/a.ex", "x");
        file("lib/shop_web/router.ex", "# get \"/health\"\nget \"/healthz\", Health, :show\n");

        assertThat(findings(LintRule.HEALTH_PATH, asking("/health?full=1")))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.file()).isEqualTo("lib/shop_web/router.ex");
                            assertThat(finding.what())
                                    .isEqualTo(
                                            "Hosts ask for /health, and no file in lib names it.");
                            assertThat(finding.next().getFirst()).contains("\"/healthz\"");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get \"/api/health\", Health, :show",
                "scope \"/api\" do\n  get \"/health\", Health, :show\nend",
                "def call(%{path_info: [\"api\", \"health\"]} = conn, _), do: conn",
                "get \"/:page\", Pages, :show",
                "match \"/api/*rest\", to: Api",
            })
    void one_that_it_may_serve_is_not(String route) throws IOException {
        file("lib/shop_web/router.ex", route);

        nothing(LintRule.HEALTH_PATH, asking("/api/health"));
        nothing(LintRule.HEALTH_PATH, asking("/"));
    }

    @Test
    void a_static_file_is_an_answer_too() throws IOException {
        file("lib/shop_web/router.ex", "x");
        file("priv/static/up.txt", "up");

        nothing(LintRule.HEALTH_PATH, asking("/up.txt"));
        nothing(
                LintRule.HEALTH_PATH,
                hosts(Optional.empty(), 65_536, OptionalInt.empty(), true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config :s, S.Endpoint, http: [thousand_island_options: [shutdown_timeout:"
                        + " 60_000]]",
                "config :s, S.Endpoint, drainer: [shutdown: :timer.minutes(1)]",
                "config :s, S.Endpoint, drainer: [shutdown: :infinity]",
                "socket \"/live\", S, drainer: [shutdown: 60_000]",
                "children = [{Plug.Cowboy.Drainer, refs: :all, shutdown: 60_000}]",
            })
    void an_app_that_takes_longer_to_finish_than_it_may_is_found(String code) throws IOException {
        file("config/runtime.exs", code);

        assertThat(found(LintRule.DRAIN_TIMEOUT))
                .singleElement()
                .asString()
                .startsWith("warning config/runtime.exs:1 The app may take ")
                .endsWith("and is killed after 40 s.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config :s, S.Endpoint, http: [thousand_island_options: [shutdown_timeout:"
                        + " 40_000]]",
                "x = [shutdown_timeout: String.to_integer(System.get_env(\"DRAIN_MS\") ||"
                        + " \"99000\")]",
                "config :s, S.Endpoint, drainer: false",
                "children = [%{id: Slow, shutdown: 60_000}]",
                "x = \"shutdown_timeout: 60_000\"",
            })
    void one_that_has_the_time_is_not(String code) throws IOException {
        file("config/runtime.exs", code);

        nothing(LintRule.DRAIN_TIMEOUT);
    }

    // ---- limits

    @ParameterizedTest
    @ValueSource(strings = {"+Q 4096", "+Q4096", "+K true\n-env ERL_MAX_PORTS 4096", "+Q 200000"})
    void ports_that_do_not_fit_the_files_are_found(String flags) throws IOException {
        file("rel/vm.args.eex", "## +Q 1\n" + flags + " # all\n");

        assertThat(found(LintRule.FILE_LIMIT))
                .singleElement()
                .asString()
                .matches(
                        "warning rel/vm.args.eex:[23] The VM may have [0-9]+ ports, and the app"
                                + " 65536 files \\(limits.files\\).");
    }

    @Test
    void connections_that_do_not_fit_the_files_are_found() throws IOException {
        file(
                "lib/shop/application.ex",
                """
                {Bandit, thousand_island_options: [num_acceptors: 50, num_connections: 2_000]}
                {Plug.Cowboy, options: [transport_options: [max_connections: 70_000]]}
                """);

        assertThat(found(LintRule.FILE_LIMIT))
                .containsExactly(
                        "warning lib/shop/application.ex:1 The web server would take 100000"
                                + " connections, and the app may have 65536 files (limits.files).",
                        "warning lib/shop/application.ex:2 The web server would take 70000"
                                + " connections, and the app may have 65536 files (limits.files).");
    }

    @Test
    void websockets_with_few_files_are_a_hint() throws IOException {
        file("lib/shop_web/endpoint.ex", ENDPOINT);

        assertThat(
                        found(
                                LintRule.FILE_LIMIT,
                                hosts(Optional.empty(), 4096, OptionalInt.empty(), true, false)))
                .containsExactly(
                        "hint lib/shop_web/endpoint.ex:3 Each websocket is a file that stays open,"
                                + " and limits.files is 4096.");
    }

    @Test
    void limits_that_fit_are_not_found() throws IOException {
        file("lib/shop_web/endpoint.ex", ENDPOINT);
        file("lib/shop/application.ex", "{Bandit, thousand_island_options: [num_acceptors: 50]}");
        file("rel/vm.args.eex", "# +Q 1\n+Q 65536\n+A 64\n");

        nothing(LintRule.FILE_LIMIT);
        nothing(
                LintRule.TASK_LIMIT,
                hosts(Optional.empty(), 65_536, OptionalInt.of(4096), true, false));
        nothing(LintRule.TASK_LIMIT);
    }

    @Test
    void more_threads_than_tasks_are_found() throws IOException {
        file("rel/vm.args.eex", "+SDio 64\n");

        assertThat(
                        found(
                                LintRule.TASK_LIMIT,
                                hosts(Optional.empty(), 65_536, OptionalInt.of(64), true, false)))
                .containsExactly(
                        "warning rel/vm.args.eex:1 The VM would start some 85 threads, and the app"
                                + " may have 64 (limits.tasks).");
    }

    // ---- the sandbox

    @Test
    void what_reads_the_machines_memory_in_the_strict_sandbox_is_found() throws IOException {
        file("mix.exs", MIX.replace(":runtime_tools", ":os_mon"));

        assertThat(found(LintRule.PROC_ACCESS))
                .containsExactly(
                        "warning mix.exs:13 os_mon is started, and reads what the sandbox hides.");
        nothing(
                LintRule.PROC_ACCESS,
                hosts(Optional.empty(), 65_536, OptionalInt.empty(), false, false));
    }

    @Test
    void what_is_only_spoken_of_is_not() throws IOException {
        file("mix.exs", MIX + "# extra_applications: [:os_mon]\n");
        file("lib/a.ex", "config = [os_mon: :os_mon]");

        nothing(LintRule.PROC_ACCESS);
    }

    @Test
    void a_release_that_others_connect_to_should_have_tools() throws IOException {
        HostSettings open = hosts(Optional.empty(), 65_536, OptionalInt.empty(), true, true);
        nothing(LintRule.RUNTIME_TOOLS, open);

        file("mix.exs", MIX.replace(", :runtime_tools", ""));
        assertThat(found(LintRule.RUNTIME_TOOLS, open))
                .containsExactly(
                        "hint mix.exs:13 Other nodes may connect, and runtime_tools is not in the"
                                + " release.");
        nothing(LintRule.RUNTIME_TOOLS);
    }

    // ---- an umbrella

    @Test
    void the_apps_of_an_umbrella_are_one_project() throws IOException {
        file("mix.exs", "[apps_path: \"apps\", releases: [shop: [steps: [:assemble, :tar]]]]");
        file("apps/web/mix.exs", "[app: :web, extra_applications: [:os_mon]]");
        file("apps/web/lib/web.ex", "@key System.get_env(\"KEY\")");

        assertThat(Lint.check(folder, hosts()))
                .extracting(Finding::place)
                .containsExactly("apps/web/lib/web.ex:1:6", "apps/web/mix.exs:1:13");
    }
}
