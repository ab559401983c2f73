package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.EventSchema;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
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
import java.util.List;

/// The main job, told in order: a release made by `mix release` goes to a host with its own
/// systemd, a second over it, and back.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployLabTest {

    /// 64 kB of what could be taken for something else on its way.
    private static final String SECRET =
            "it's \"secret\" $HOME \\ `x`"
                    + "\n%i %% é🐘 ${A} 'b' \"c\"\\n\t\r\n\\\n# d\n; e\nF=g ".repeat(1_500);

    private Lab lab;
    private LabHost host;
    private SampleProject project;
    private Seen seen;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        seen = new Seen(host);
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(host),
                                "secrets = [\"COUNTER_SECRET\"]\nkeep_releases = 3",
                                "")
                        .set(SampleProject.SECRET, SECRET);
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    @Test
    @Order(1)
    void a_host_that_was_not_set_up_is_refused_with_the_remedy() throws Exception {
        String before = seen.everything();

        Ran ran = project.run("deploy");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err()).contains("decant setup");
        assertThat(seen.everything()).isEqualTo(before);
    }

    @Test
    @Order(2)
    void a_rehearsed_setup_changes_nothing_and_says_all() throws Exception {
        String before = seen.everything();

        Ran ran = project.must("setup", "--dry-run");

        assertThat(ran.out())
                .contains("would change", "user deploy", "/etc/systemd/system/counter.service");
        assertThat(seen.everything()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void setup_done_again_changes_nothing() throws Exception {
        project.must("setup");
        String before = seen.everything();

        Ran again = project.must("setup");

        assertThat(again.out()).contains("web1  is set up; nothing to change");
        assertThat(seen.everything()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void the_units_are_such_as_systemd_has_nothing_to_say_of() throws Exception {
        Result verify =
                host.ssh(
                        "mkdir -p /srv/counter/releases/x/bin /srv/x/bin; systemd-analyze verify"
                            + " /etc/systemd/system/decant-counter-recover.service"
                            + " /etc/systemd/system/counter.service 2>&1 | grep -v 'bin/counter is"
                            + " not executable' ; rm -r /srv/counter/releases/x /srv/x");
        Result score =
                host.ssh(
                        "systemd-analyze security --offline=true"
                                + " /etc/systemd/system/counter.service | tail -n 1");

        assertThat(verify.text()).isEmpty();
        assertThat(score.text()).matches(".*: 1\\.[0-5] OK.*");
    }

    @Test
    @Order(5)
    void plan_says_what_deploy_will_do_and_changes_nothing() throws Exception {
        String before = seen.everything();

        Ran ran = project.must("plan");

        assertThat(ran.out())
                .contains(
                        "serves nothing yet",
                        "send ",
                        "preflight",
                        "secrets from here: COUNTER_SECRET")
                .doesNotContain("$HOME");
        assertThat(seen.everything()).isEqualTo(before);
    }

    @Test
    @Order(6)
    void the_first_release_serves_on_a_host_without_erlang() throws Exception {
        project.must("deploy");

        assertThat(seen.version()).isEqualTo("0.1.0");
        assertThat(host.ssh("command -v erl elixir beam.smp").status()).isNotZero();
        assertThat(host.ssh("systemctl is-enabled counter").text()).isEqualTo("enabled");
    }

    @Test
    @Order(7)
    void the_secret_arrives_whole_and_is_seen_by_nobody_else() throws Exception {
        String expected = Digest.of(SECRET).hex().substring(0, 8);

        assertThat(seen.get("/secret-digest").strip()).isEqualTo(expected);
        assertThat(
                        host.ssh(
                                        "grep -rl 'it.s ..secret' / --exclude-dir=proc"
                                                + " --exclude-dir=sys 2>/dev/null")
                                .out())
                .allMatch(
                        file ->
                                file.equals("/etc/counter/secrets")
                                        || file.startsWith(
                                                "/var/lib/decant/counter/deployments/1/secret"));
        assertThat(host.ssh("stat -c '%a %U' /etc/counter/secrets").text()).isEqualTo("600 root");
        assertThat(host.ssh("runuser -u deploy -- cat /etc/counter/secrets").status()).isNotZero();
        assertThat(host.ssh("systemctl show counter | grep -c 'secret. .HOME'").text())
                .isEqualTo("0");
    }

    @Test
    @Order(8)
    void a_second_version_goes_over_the_first() throws Exception {
        project.version("0.2.0").unset(SampleProject.SECRET);

        Ran ran = project.must("deploy");

        assertThat(seen.version()).isEqualTo("0.2.0");
        assertThat(ran.out()).contains("activate", "web1  serves ");
        assertThat(host.ssh("readlink /srv/counter/current").text())
                .startsWith("releases/")
                .contains("-0.2.0-");
    }

    @Test
    @Order(9)
    void deploying_what_serves_already_touches_nothing() throws Exception {
        String before = seen.everything();

        Ran ran = project.must("deploy");

        assertThat(ran.out()).contains("unchanged");
        assertThat(seen.everything()).isEqualTo(before);
    }

    @Test
    @Order(10)
    void a_vm_that_is_killed_comes_back_by_itself() throws Exception {
        int pid = seen.pid();

        host.ssh("kill -9 " + pid);

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(10),
                                () -> seen.version().equals("0.2.0") && seen.pid() != pid))
                .isTrue();
        assertThat(project.must("status").out()).contains("active", "-0.2.0-");
    }

    @Test
    @Order(11)
    void a_release_that_never_gets_healthy_leaves_the_old_one_serving() throws Exception {
        project.edit("decant.toml", "[health]", "[env]\nCOUNTER_HEALTH = \"fail\"\n[health]")
                .version("0.3.0");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        assertThat(ran.err())
                .contains("the new release did not get healthy. The old one serves again.")
                .contains("GET /health answered 500 for 6 s")
                .contains("counter 0.3.0 listening");
        assertThat(seen.version()).isEqualTo("0.2.0");
        assertThat(seen.get("/health")).isEqualTo("ok\n");
        assertThat(host.ssh("readlink /srv/counter/current").text()).contains("-0.2.0-");
    }

    @Test
    @Order(12)
    void a_release_that_crashes_at_boot_is_given_up_before_the_deadline() throws Exception {
        project.edit("decant.toml", "COUNTER_HEALTH = \"fail\"", "COUNTER_CRASH = \"boot\"")
                .edit("decant.toml", "timeout = \"6s\"", "timeout = \"50s\"");

        Ran ran = project.run("deploy", "--json");

        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        EventSchema.mustFit(ran.out().lines().toList());
        assertThat(ran.out())
                .contains(
                        "\"never-healthy\"",
                        "it ends by itself (started 3 times)",
                        "\"went_back\"");
        assertThat(seen.version()).isEqualTo("0.2.0");
        project.edit("decant.toml", "[env]\nCOUNTER_CRASH = \"boot\"\n", "")
                .edit("decant.toml", "timeout = \"50s\"", "timeout = \"6s\"");
    }

    @Test
    @Order(13)
    void rollback_goes_to_what_served_before_and_not_to_what_failed() throws Exception {
        project.must("rollback");

        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    @Test
    @Order(14)
    void rollback_from_the_first_release_has_nowhere_to_go() throws Exception {
        String before = seen.everything();

        Ran ran = project.run("rollback");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err())
                .contains("There is nothing to go back to on web1.", "was the first to serve");
        assertThat(seen.everything()).isEqualTo(before);
    }

    @Test
    @Order(15)
    void rollback_goes_to_a_release_by_name_too() throws Exception {
        project.must("rollback", "0.2.0");

        assertThat(seen.version()).isEqualTo("0.2.0");
        Ran unknown = project.run("rollback", "9.9.9");
        assertThat(unknown.status()).isEqualTo(3);
        assertThat(unknown.err()).contains("has never served a release '9.9.9'", "-0.1.0-");
    }

    @Test
    @Order(16)
    void releases_and_logs_tell_the_story() throws Exception {
        assertThat(project.must("releases").out())
                .contains("serves", "served", "went-back", "tester@bench");
        assertThat(project.must("releases", "--json").out()).contains("\"live\" : true");
        assertThat(project.must("logs", "-n", "20").out()).contains("counter 0.2.0 listening");
        assertThat(project.must("status", "--json").out()).contains("\"service\" : \"active\"");
    }

    @Test
    @Order(17)
    void only_so_many_releases_are_kept() throws Exception {
        for (String version : List.of("0.4.0", "0.5.0", "0.6.0")) {
            project.version(version).must("deploy");
        }

        assertThat(host.ssh("ls /srv/counter/releases").out())
                .hasSize(3)
                .anyMatch(id -> id.contains("-0.6.0-"));
        assertThat(host.ssh("ls -A /srv/counter/incoming").out())
                .noneMatch(file -> file.endsWith(".gz"));
        assertThat(seen.version()).isEqualTo("0.6.0");
    }

    @Test
    @Order(18)
    void what_is_not_committed_is_refused_or_named() throws Exception {
        java.nio.file.Files.writeString(project.folder().resolve("scratch.txt"), "x");
        String before = seen.everything();

        Ran refused = project.run("deploy");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("?? scratch.txt", "--dirty");
        assertThat(seen.everything()).isEqualTo(before);
        project.must("deploy", "--dirty");
        assertThat(seen.get("/")).contains("-dirty");
        java.nio.file.Files.delete(project.folder().resolve("scratch.txt"));
    }

    @Test
    @Order(18)
    void a_connection_that_is_lost_while_the_host_switches_is_found_again() throws Exception {
        project.version("0.6.1");
        Thread cutter = seen.onceActivating("pkill -9 -f 'sshd: deploy'");

        Ran ran = project.run("deploy");

        cutter.join();
        assertThat(ran.status()).as(ran.all()).isZero();
        assertThat(seen.version()).isEqualTo("0.6.1");
    }

    @Test
    @Order(19)
    void the_release_that_serves_comes_up_again_with_the_machine() throws Exception {
        project.version("0.7.0").must("deploy");

        host.kill();
        host.boot();

        assertThat(Seen.within(Duration.ofSeconds(15), () -> seen.version().equals("0.7.0")))
                .isTrue();
    }
}
