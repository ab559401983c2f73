package dev.decant.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

class ConfigReaderTest {

    @TempDir private Path project = Path.of("");

    private Config read(String toml, String environment) throws IOException {
        Files.writeString(project.resolve("decant.toml"), toml);
        return ConfigReader.read(project, Optional.of(environment).filter(name -> !name.isEmpty()));
    }

    /// What only a generic app has, and has to have otherwise.
    private static final String OF_GENERIC =
            "(?m)^(preflight|command = \\[\"make\"|output|version_file|start) ?.*$";

    private static final String OF_ERLANG =
            "(?m)^(release|mix_env|tests|warnings_as_errors|distribution|distribution_port|crash_dump)"
                + " = .*$|^\\[(toolchain|deps.*)](\n"
                + ".+)*";

    private static String reference() {
        // A process and a timer cannot have the same name, which stands for any there.
        return ConfigReader.reference()
                .replace("timers.NAME", "timers.OTHER")
                .replace("[files.NAME]", "[files.\"NAME.toml\"]")
                .replace("source = \"environment\"", "");
    }

    @Test
    void a_generic_app_can_have_all_that_has_nothing_to_do_with_erlang() throws IOException {
        String reference =
                reference()
                        .replaceAll(OF_ERLANG, "")
                        .replace("kind = \"mix\"", "kind = \"generic\"")
                        .replaceAll(
                                "= \"ShopWeb.Release[.](.*)\\(\\)\"",
                                "= [\"bin/shop\", \"$1 it\"]");

        Config config = read(reference, "NAME");

        GenericConfig generic = config.generic().orElseThrow();
        assertThat(generic.start()).containsExactly("bin/shop", "--port", "$PORT");
        assertThat(config.migrate()).contains("bin/shop \"migrate it\"");
        assertThat(generic.preflight()).contains("bin/shop check");
    }

    @Test
    void the_reference_is_itself_a_config_that_can_be_read() throws IOException {
        Config config = read(reference().replaceAll(OF_GENERIC, ""), "NAME");

        assertThat(config.names()).isEqualTo(new AppNames("shop_web", "shop_web", "shop-web"));
        assertThat(config.hosts())
                .extracting(HostConfig::address)
                .containsExactly("web1.example.com");
        assertThat(config.health().path()).isEqualTo("/health");
    }

    @Test
    void the_toolchain_is_read_by_itself_and_need_not_be_there() throws IOException {
        assertThat(ConfigReader.toolchain(project)).isEqualTo(ToolchainConfig.DEFAULT);

        // No host, and nobody says which environment.
        Files.writeString(
                project.resolve("decant.toml"),
                """
                app = "shop"
                [toolchain]
                mirror = "http://127.0.0.1:8080/hex/"
                [environments.staging]
                [environments.production]
                """);

        assertThat(ConfigReader.toolchain(project))
                .isEqualTo(
                        new ToolchainConfig("http://127.0.0.1:8080/hex", Optional.empty(), false));
    }

    @Test
    void an_app_and_a_host_are_enough() throws IOException {
        Config config = read("app = \"my_shop\"\n[hosts.web1]\n", "");

        assertThat(config.names()).isEqualTo(new AppNames("my_shop", "my_shop", "my-shop"));
        assertThat(config.hosts().getFirst().address()).isEqualTo("web1");
        assertThat(config.service())
                .isEqualTo(
                        new ServiceConfig(
                                4000,
                                Strategy.RESTART,
                                10,
                                Duration.ZERO,
                                Duration.ofSeconds(40),
                                List.of(),
                                OptionalInt.empty(),
                                4370,
                                false,
                                Duration.ZERO,
                                false));
        assertThat(config.health())
                .isEqualTo(
                        new HealthConfig(
                                HealthConfig.Check.HTTP,
                                "/",
                                200,
                                299,
                                "",
                                Optional.empty(),
                                List.of(),
                                false,
                                "",
                                Duration.ofMillis(100),
                                0,
                                1,
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(30)));
        assertThat(config.keepReleases()).isEqualTo(5);
        assertThat(config.ssh().user()).isEqualTo("deploy");
        assertThat(config.ssh().port()).isEmpty();
    }

    @Test
    void whoever_has_a_public_port_has_slots_unless_told_otherwise() throws IOException {
        String app = "app = \"shop\"\n[hosts.web1]\n";

        assertThat(read(app + "[public]\nports = [\"80:4000\"]\n", "").service().strategy())
                .isEqualTo(Strategy.SLOTS);
        assertThat(
                        read(
                                        app
                                                + "[service]\nstrategy = \"restart\"\n"
                                                + "[public]\nports = [\"80:4000\"]\n",
                                        "")
                                .service()
                                .strategy())
                .isEqualTo(Strategy.RESTART);
    }

    @Test
    void the_hosts_of_an_environment_stand_in_place_of_the_others() throws IOException {
        Config config =
                read(
                        """
                        app = "shop"
                        [hosts.web1]
                        [hosts.web2]
                        [environments.staging.hosts.test1]
                        [environments.production]
                        keep_releases = 9
                        """,
                        "staging");

        assertThat(config.hosts()).extracting(HostConfig::name).containsExactly("test1");
    }

    @Test
    void an_environment_adds_to_env_and_overrides_single_settings() throws IOException {
        Config config =
                read(
                        """
                        app = "shop"
                        keep_releases = 3
                        [hosts.web1]
                        [service]
                        port = 4001
                        [env]
                        A = "1"
                        B = "2"
                        [environments.staging.env]
                        B = "3"
                        C = "4"
                        [environments.staging.health]
                        path = "/up"
                        """,
                        "staging");

        assertThat(config.env()).isEqualTo(Map.of("A", "1", "B", "3", "C", "4"));
        assertThat(config.service().port()).isEqualTo(4001);
        assertThat(config.health().path()).isEqualTo("/up");
        assertThat(config.keepReleases()).isEqualTo(3);
    }

    @Test
    void the_only_environment_needs_no_naming() throws IOException {
        Config config = read("app = \"shop\"\n[environments.production.hosts.p1]\n", "");

        assertThat(config.environment()).contains("production");
    }

    @Test
    void hosts_come_in_the_order_of_the_file() throws IOException {
        Config config = read("app = \"shop\"\n[hosts.zeta]\n[hosts.alpha]\n[hosts.mid]\n", "");

        assertThat(config.hosts())
                .extracting(HostConfig::name)
                .containsExactly("zeta", "alpha", "mid");
    }

    @Test
    void migrations_run_on_the_first_host_with_that_role() throws IOException {
        Config config = read("app = \"shop\"\n[hosts.a]\n[hosts.b]\nroles = [\"migrate\"]\n", "");

        assertThat(config.migrationHost().name()).isEqualTo("b");
    }

    @Test
    void an_ssh_config_is_looked_for_beside_the_file() throws IOException {
        Config config = read("app = \"shop\"\n[hosts.a]\n[ssh]\nconfig = \"conf/ssh\"\n", "");

        assertThat(config.ssh().config()).contains(project.resolve("conf/ssh").toAbsolutePath());
    }

    @Test
    void a_file_for_a_later_decant_says_so_before_all_that_this_one_does_not_know()
            throws IOException {
        String toml = "app = \"shop\"\nrequires_decant = \"0.3\"\nkindred = 1\n[hosts.a]\n";
        Files.writeString(project.resolve("decant.toml"), toml);

        assertThatThrownBy(() -> ConfigReader.parse(project, Optional.of("0.2.9")))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .extracting(Problem::what)
                                        .containsExactly(
                                                "decant.toml:2:1: it is for Decant 0.3 or later,"
                                                        + " and this is 0.2.9."));
        for (String later : List.of("0.3.0-SNAPSHOT", "0.3.0", "0.10.1", "1.0.0")) {
            assertThatThrownBy(() -> ConfigReader.parse(project, Optional.of(later)))
                    .hasMessageContaining("unknown key 'kindred'");
        }
    }

    @Test
    void no_file_says_what_to_do() {
        assertThatThrownBy(() -> ConfigReader.read(project, Optional.empty()))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> {
                            assertThat(failure.problems().getFirst().what())
                                    .isEqualTo("There is no decant.toml here.");
                            assertThat(failure.status().number()).isEqualTo(2);
                        });
    }
}
