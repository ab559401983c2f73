package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Each Debian builds with its own Erlang, as a build server over SSH, for hosts that have none.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SuitesLabTest {

    private static final List<Suite> HOSTS = List.of(Suite.BULLSEYE, Suite.BOOKWORM, Suite.TRIXIE);
    private static final Map<Suite, String> OTP =
            Map.of(Suite.BULLSEYE, "23", Suite.BOOKWORM, "25", Suite.TRIXIE, "27", Suite.SID, "29");

    private final Map<Suite, BuildRoot> servers = new EnumMap<>(Suite.class);
    private final Map<Suite, LabHost> hosts = new EnumMap<>(Suite.class);
    private final Map<Suite, String> releases = new EnumMap<>(Suite.class);
    private Lab lab;
    private SampleProject project;
    private Path ssh;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        StringBuilder config = new StringBuilder();
        for (Suite suite : Suite.values()) {
            BuildRoot server = BuildRoot.start(lab, suite);
            servers.put(suite, server);
            config.append(server.sshConfig());
        }
        for (Suite suite : HOSTS) {
            // By another name than what builds for it.
            hosts.put(suite, lab.boot("on-" + suite.codename(), suite));
        }
        config.append(Files.readString(lab.sshConfig()));
        project = SampleProject.create().set(SampleProject.SECRET, "x");
        ssh = Files.createTempFile("decant-test-ssh", ".config");
        Files.writeString(ssh, config.toString());
        Files.delete(project.folder().resolve(".tool-versions"));
        with("", "", Suite.BULLSEYE, Suite.BOOKWORM, Suite.TRIXIE).must("setup");
    }

    @AfterAll
    void down() throws Exception {
        for (BuildRoot server : servers.values()) {
            server.close();
        }
        lab.close();
        project.close();
        Files.delete(ssh);
    }

    @Test
    @Order(1)
    void a_server_of_each_suite_builds_with_its_own_erlang() throws Exception {
        project.edit("mix.exs", "~> 1.14", "~> 1.10");
        for (Suite suite : Suite.values()) {
            if (suite == Suite.BULLSEYE) {
                readTheOldWay();
            }
            String out =
                    project.must("build", "--rebuild", "--json", "--server", suite.codename())
                            .out();

            assertThat(out).contains("\"otp\" : \"" + OTP.get(suite) + ".");
            releases.put(suite, field(out, "release"));
            if (suite == Suite.BULLSEYE) {
                project.git("reset", "-q", "--hard", "HEAD~2");
            }
        }
    }

    /// Elixir 1.10 has no config/runtime.exs, config/releases.exs does not know `config_env`, and
    /// the calendar cannot be printed.
    private void readTheOldWay() throws Exception {
        Path config = project.folder().resolve("config");
        String text = Files.readString(config.resolve("runtime.exs"));
        Files.writeString(config.resolve("releases.exs"), text.replace("config_env()", ":prod"));
        Files.delete(config.resolve("runtime.exs"));
        project.edit(
                "lib/counter/http/response.ex",
                "Calendar.strftime(DateTime.utc_now(), \"%a, %d %b %Y %H:%M:%S GMT\")",
                ":httpd_util.rfc1123_date()");
        project.edit("mix.exs", "[:logger, :crypto]", "[:logger, :crypto, :inets]");
    }

    private LabHost on(Suite suite) {
        return Objects.requireNonNull(hosts.get(suite));
    }

    private void serves(Suite host, Suite built, String unit, int port) throws Exception {
        LabHost there = on(host);
        String vm =
                there.ssh("readlink /proc/$(systemctl show -p MainPID --value " + unit + ")/exe")
                        .text();

        assertThat(new Seen(there, port).version()).isEqualTo("0.1.0");
        assertThat(vm).contains("/releases/" + releases.get(built) + "/erts-");
        assertThat(there.ssh("command -v erl || command -v elixir").status()).isNotZero();
    }

    private Ran deploy(Suite built, Suite host) throws Exception {
        return with("", "", host).run("deploy", "--release", String.valueOf(releases.get(built)));
    }

    private SampleProject with(String first, String last, Suite... suites) throws Exception {
        return project.config(
                ssh,
                Stream.of(suites).map(this::on).toList(),
                "secrets = [\"COUNTER_SECRET\"]\n" + first,
                last);
    }

    @Test
    @Order(2)
    void a_host_of_each_suite_serves_what_its_own_suite_has_built() throws Exception {
        for (Suite suite : HOSTS) {
            Ran ran = deploy(suite, suite);

            assertThat(ran.status()).as(ran.all()).isZero();
            serves(suite, suite, "counter", 4000);
        }
    }

    @Test
    @Order(3)
    void what_does_not_run_on_a_host_is_refused_before_it_is_sent() throws Exception {
        LabHost host = on(Suite.BOOKWORM);
        String before = host.ssh("find /srv/counter /var/lib/decant | sort").text();
        for (Suite built : List.of(Suite.TRIXIE, Suite.SID)) {
            Ran ran = deploy(built, Suite.BOOKWORM);

            assertThat(ran.status()).as(ran.all()).isEqualTo(3);
            assertThat(ran.err()).contains("erts-", "/bin/beam.smp", "glibc 2.3", "on-bookworm");
        }
        Ran ran = deploy(Suite.BULLSEYE, Suite.BOOKWORM);

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("/crypto.so", "libcrypto.so.1.1", "on-bookworm");
        assertThat(host.ssh("find /srv/counter /var/lib/decant | sort").text()).isEqualTo(before);
        serves(Suite.BOOKWORM, Suite.BOOKWORM, "counter", 4000);
    }

    @Test
    @Order(4)
    void an_app_goes_from_one_otp_to_another_and_back() throws Exception {
        assertThat(deploy(Suite.BOOKWORM, Suite.TRIXIE).status()).isZero();
        serves(Suite.TRIXIE, Suite.BOOKWORM, "counter", 4000);

        assertThat(deploy(Suite.TRIXIE, Suite.TRIXIE).status()).isZero();
        serves(Suite.TRIXIE, Suite.TRIXIE, "counter", 4000);

        project.must("rollback");
        serves(Suite.TRIXIE, Suite.BOOKWORM, "counter", 4000);
    }

    @Test
    @Order(5)
    void two_apps_with_different_otps_run_on_one_host() throws Exception {
        with("name = \"other\"", "[service]\nport = 4001\n", Suite.TRIXIE).must("setup");
        String built =
                field(project.must("build", "--json", "--server", "trixie").out(), "release");
        project.must("deploy", "--release", built);

        releases.put(Suite.TRIXIE, built);
        serves(Suite.TRIXIE, Suite.TRIXIE, "other", 4001);
        serves(Suite.TRIXIE, Suite.BOOKWORM, "counter", 4000);
    }

    private static String field(String json, String key) {
        return json.replaceFirst("(?s).*\"" + key + "\" : \"([^\"]*)\".*", "$1");
    }
}
