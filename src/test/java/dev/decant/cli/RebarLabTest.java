package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
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

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A release of rebar3's on a host: all that one of Mix's has there. First by a restart, without
/// distribution; then in slots, with it.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebarLabTest {

    private static final String FIRST =
            """
            app = "tally"
            kind = "rebar3"
            migrate = "tally:migrate()"
            [hosts.web1]
            [ssh]
            config = "%s"
            [health]
            path = "/health"
            timeout = "5s"
            [timers.nightly]
            schedule = "*-*-* 03:30:00"
            command = ["eval", "io:format(\\"the night of ~s~n\\", [tally:version()])"]
            """;

    private static final String SLOTS =
            """
            [service]
            distribution = "local"
            [public]
            ports = ["80:4000"]
            """;

    private Lab lab;
    private LabHost host;
    private SampleProject project;

    @BeforeAll
    void deployed() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        project = SampleProject.of("tally").config(FIRST.formatted(lab.sshConfig()));
        project.must("setup");
        project.must("deploy");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private SampleProject version(String version) throws Exception {
        String old = project.read("src/tally.app.src").replaceAll("(?s).*vsn, \"([^\"]*).*", "$1");
        return project.edit("src/tally.app.src", '"' + old + '"', '"' + version + '"')
                .edit("rebar.config", '"' + old + '"', '"' + version + '"');
    }

    private String greeting(int port) throws InterruptedException {
        return new Seen(host, port).get("/greeting");
    }

    @Test
    @Order(1)
    void it_serves_in_the_sandbox_and_nothing_else_listens() throws Exception {
        assertThat(greeting(4000)).startsWith("Hello from tally 0.1.0, number ");
        assertThat(host.ssh("ss -ltnpH | grep -c beam; pgrep epmd").text()).isEqualTo("1");
        assertThat(host.ssh("systemd-analyze security --no-pager tally.service | tail -n 1").text())
                .containsPattern("tally.service: 1\\.[0-5] OK");
        assertThat(host.ssh("journalctl -u 'tally-eval@*' -o cat --no-pager").text())
                .contains("migrated for 0.1.0");
    }

    @Test
    @Order(2)
    void an_expression_of_erlang_runs_in_a_vm_of_its_own() {
        Ran ran = project.must("eval", "io:format(\"~s at ~s~n\", [tally:version(), node()])");
        Ran failed = project.run("eval", "tally:nothing()");
        Ran never = project.run("rpc", "tally:greeted()");

        assertThat(ran.out()).isEqualTo("0.1.0 at eval-tally@127.0.0.1\n");
        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.all()).contains("** error: undef");
        assertThat(never.status()).isNotZero();
        assertThat(never.all()).contains("distribution");
    }

    @Test
    @Order(3)
    void a_program_and_a_timer_run_in_the_release_that_serves() throws Exception {
        Ran ran = project.must("exec", "--", "sh", "-c", "basename $(pwd) | cut -d- -f2");
        host.ssh("systemctl start tally.nightly.service");

        assertThat(ran.out()).contains("0.1.0");
        assertThat(host.ssh("journalctl -u tally.nightly -o cat --no-pager").text())
                .contains("the night of 0.1.0");
    }

    @Test
    @Order(4)
    void it_stops_by_a_signal_as_it_should() throws Exception {
        project.must("restart");

        assertThat(host.ssh("journalctl -u tally -o cat --no-pager").text())
                .contains("SIGTERM received - shutting down")
                .doesNotContain("Failed with result");
        assertThat(greeting(4000)).endsWith("number 1\n");
    }

    @Test
    @Order(5)
    void a_second_version_takes_its_place_and_goes_back() throws Exception {
        version("0.2.0");
        project.must("deploy");
        String second = greeting(4000);
        project.must("rollback");

        assertThat(second).contains("tally 0.2.0");
        assertThat(greeting(4000)).contains("tally 0.1.0");
        assertThat(project.must("logs").out()).contains("listens on 4000");
    }

    @Test
    @Order(6)
    void one_that_names_its_node_itself_is_refused_where_others_are_to_connect() throws Exception {
        project.config(FIRST.formatted(lab.sshConfig()) + SLOTS)
                .edit("config/vm.args.src", "-name ${RELEASE_NODE}", "-name tally@127.0.0.1");
        Ran refused = project.run("deploy");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.all())
                .contains("releases/0.2.0/vm.args.src, without: -name ${RELEASE_NODE}");
        project.edit("config/vm.args.src", "-name tally@127.0.0.1", "-name ${RELEASE_NODE}");
    }

    @Test
    @Order(7)
    void in_slots_one_takes_over_from_the_other() throws Exception {
        project.must("setup");
        version("0.3.0");
        project.must("deploy");

        assertThat(greeting(80)).contains("tally 0.3.0");
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () -> host.ssh("pgrep -c beam.smp").text().equals("1")))
                .isTrue();
    }

    @Test
    @Order(8)
    void the_vm_that_serves_can_be_spoken_with() throws Exception {
        greeting(80);
        Ran rpc = project.must("rpc", "io:format(\"~b at ~s~n\", [tally:greeted(), node()])");
        Process console =
                Program.of("script", "-qec", project.apart("console").shown(), "/dev/null")
                        .in(project.folder())
                        .env(Map.of("TERM", "xterm"))
                        .converse();
        Typing typing = new Typing(console);
        typing.after("(tally-", "io:format(\"~s~n\", [tally:greet()]).\n");
        typing.after("Hello from tally", "\u0003");
        typing.after("BREAK", "a\n");

        assertThat(rpc.out()).matches("[0-9]+ at tally-[12]@127.0.0.1\n");
        assertThat(console.waitFor(10, TimeUnit.SECONDS)).as("%s", typing.heard()).isTrue();
        assertThat(greeting(80)).contains("tally 0.3.0, number");
        assertThat(host.ssh("pgrep epmd").text()).isEmpty();
    }
}
