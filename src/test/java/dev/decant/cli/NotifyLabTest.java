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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/// An app with copies of the modules that `decant generate` prints.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotifyLabTest {

    private static final String UNIT = "counter.service";

    private Lab lab;
    private LabHost host;
    private SampleProject project;
    private Seen seen;
    private int restarted;

    @BeforeAll
    void deployed() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        seen = new Seen(host);
        project = SampleProject.create().set(SampleProject.SECRET, "s3cret");
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                """
                check = "notify"
                [service]
                drain_timeout = "20s"
                watchdog = "2s"
                restart_flag = true
                distribution = "local"
                """);
        Files.writeString(
                project.folder().resolve("lib/systemd.ex"),
                project.must("generate", "notify").out());
        Files.writeString(
                project.folder().resolve("lib/restart_flag.ex"),
                project.must("generate", "restart-flag", "--module", "Counter.Flag").out());
        project.edit(
                "lib/counter/application.ex",
                "{Counter.SystemdNotify, Counter.setting(:notify_socket)}",
                "Counter.Flag, Counter.Systemd");
        project.must("setup");
        project.must("deploy");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private String show(String property) throws InterruptedException {
        return host.ssh("systemctl show --value -p " + property + " " + UNIT).text();
    }

    private String answer(String path) {
        try {
            return seen.get(path);
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    private boolean serves(int not) throws InterruptedException {
        return seen.pid() != not && seen.get("/health").equals("ok\n");
    }

    @Test
    @Order(1)
    void the_app_says_itself_when_it_is_ready() throws Exception {
        assertThat(seen.version()).isEqualTo("0.1.0");
        assertThat(show("Type")).isEqualTo("notify");
        host.ssh("echo COUNTER_BOOT_DELAY_MS=1500 >/etc/counter/environment");

        assertThat(
                        host.ssh(
                                        "systemctl restart counter && bash -c 'exec"
                                                + " 3<>/dev/tcp/127.0.0.1/4000'")
                                .ok())
                .as("it serves as soon as systemd calls it started")
                .isTrue();
        assertThat(show("NRestarts")).isEqualTo("0");
    }

    @Test
    @Order(2)
    void a_boot_that_is_stopped_ends_at_once() throws Exception {
        long took =
                Long.parseLong(
                        host.ssh(
                                        "systemctl stop counter; systemctl start --no-block"
                                                + " counter; sleep 0.7; [ $(systemctl is-active"
                                                + " counter) = activating ] || exit 1; s=$(date"
                                                + " +%s%3N); systemctl stop counter; echo $(($(date"
                                                + " +%s%3N) - s))")
                                .text());

        assertThat(took).isLessThan(1_000);
        host.ssh("rm /etc/counter/environment");
        project.must("start");
    }

    @Test
    @Order(3)
    void while_it_says_that_it_is_alive_it_is_left_alone_and_so_it_is_while_it_drains()
            throws Exception {
        int served = seen.pid();
        Thread.sleep(2_500);
        assertThat(seen.pid()).as("longer than the watchdog waits").isEqualTo(served);

        CompletableFuture<String> slow = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> slow.complete(answer("/slow?ms=3500")));
        Thread.sleep(500);
        host.ssh("systemctl stop counter");

        assertThat(slow.join()).isEqualTo("slept 3500 ms\n");
        assertThat(show("Result")).isEqualTo("success");
        project.must("start");
    }

    @Test
    @Order(4)
    void what_is_silent_is_started_anew_and_leaves_a_crash_dump() throws Exception {
        int served = seen.pid();

        project.must("rpc", ":sys.suspend(Counter.Systemd)");

        assertThat(Seen.within(Duration.ofSeconds(15), () -> serves(served))).isTrue();
        assertThat(host.ssh("grep -rl --include='erl_crash*' SIGUSR1 /run/counter /var/lib").text())
                .contains("erl_crash");
        assertThat(host.ssh("journalctl -u counter | grep -c 'Watchdog timeout'").text())
                .isEqualTo("1");
    }

    @Test
    @Order(6)
    void a_flag_that_deploy_touches_restarts_the_app_once() throws Exception {
        assertThat(host.ssh("stat -c '%U:%G %a' /srv/counter/flags").text())
                .isEqualTo("deploy:counter 2750");
        assertThat(
                        host.ssh(
                                        "setpriv --reuid counter --regid counter --clear-groups"
                                                + " touch /srv/counter/flags/restart")
                                .ok())
                .isFalse();
        int served = seen.pid();

        assertThat(host.ssh("su deploy -c 'touch /srv/counter/flags/restart'").ok()).isTrue();

        assertThat(Seen.within(Duration.ofSeconds(25), () -> serves(served))).isTrue();
        restarted = seen.pid();
    }

    @Test
    @Order(5)
    void what_forwards_logs_is_told_the_units_that_really_log() throws Exception {
        List<String> matches =
                Pattern.compile("[a-z@0-9]+[.]service")
                        .matcher(project.must("generate", "logs", "--to", "vector").out())
                        .results()
                        .map(unit -> "_SYSTEMD_UNIT=" + unit.group())
                        .toList();
        assertThat(matches).hasSize(3);
        LabHost other = lab.boot("web2", Suite.BOOKWORM);
        project.config(
                lab.sshConfig(),
                List.of(other),
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]");
        project.must("setup");
        project.must("deploy");

        String logged =
                other.ssh(
                                "journalctl -q -o json --output-fields=_SYSTEMD_UNIT,MESSAGE "
                                        + String.join(" ", matches))
                        .text();

        assertThat(logged).contains("counter@1.service", "listening on port");
    }

    @Test
    @Order(7)
    void nodes_of_a_cluster_reach_each_other_and_nothing_else_listens() throws Exception {
        List<LabHost> hosts =
                List.of(lab.boot("web3", Suite.BOOKWORM), lab.boot("web4", Suite.TRIXIE));
        StringBuilder toml = new StringBuilder();
        for (LabHost node : hosts) {
            toml.append("[hosts." + node.name() + "]\n");
            toml.append("cluster_address = \"" + node.address() + "\"\n");
        }
        project.set("RELEASE_COOKIE", "c00kie");
        project.config(
                "app = \"counter\"\nsecrets = [\"COUNTER_SECRET\", \"RELEASE_COOKIE\"]\n"
                        + toml
                        + "[ssh]\nconfig = \""
                        + lab.sshConfig()
                        + "\"\n[health]\npath = \"/health\"\n[service]\ndistribution ="
                        + " \"cluster\"\n");
        Ran setUp = project.must("setup");
        project.must("deploy");

        String first = hosts.getFirst().address();
        String second = hosts.getLast().address();
        assertThat(setUp.out())
                .contains(
                        "web3  listens for other nodes at " + first + ":4371",
                        "ip saddr { " + first + ", " + second + " } tcp dport 4371 accept");
        assertThat(
                        project.must(
                                        "rpc",
                                        "--hosts",
                                        "web3",
                                        "IO.inspect(Node.connect(:\"counter@" + second + "\"))")
                                .out())
                .isEqualTo("true\n");
        assertThat(project.must("rpc", "--hosts", "web4", "IO.inspect(Node.list())").out())
                .contains("counter@" + first);
        for (LabHost node : hosts) {
            assertThat(node.ssh("ss -ltnH | grep -v -e :22 -e :4000 | awk '{print $4}'").text())
                    .isEqualTo(node.address() + ":4371");
        }
    }

    @Test
    @Order(8)
    void a_flag_that_stays_does_not_restart_the_app_again() throws Exception {
        // It has looked by then.
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () ->
                                        host.ssh("[ $(ps -o etimes= -p " + restarted + ") -ge 18 ]")
                                                .ok()))
                .isTrue();
        assertThat(seen.pid()).isEqualTo(restarted);
        assertThat(host.ssh("journalctl -u counter | grep -c 'restart was touched'").text())
                .isEqualTo("1");
    }
}
