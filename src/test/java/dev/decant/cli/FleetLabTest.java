package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Result;
import dev.decant.lab.BaseRoot;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Two hosts and a real PostgreSQL, told in order.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetLabTest {

    private Lab lab;
    private LabHost db;
    private LabHost web1;
    private LabHost web2;
    private SampleProject project;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        db = lab.boot("db1", BaseRoot.of(Suite.BOOKWORM).with(List.of("postgresql")));
        web1 = lab.boot("web1", Suite.BOOKWORM);
        web2 = lab.boot("web2", Suite.TRIXIE);
        Result made =
                db.ssh(
                        "set -e; cd /; echo \"listen_addresses = '*'\""
                            + " >>/etc/postgresql/15/main/postgresql.conf; echo 'host counter"
                            + " counter 10.0.0.0/8 scram-sha-256'"
                            + " >>/etc/postgresql/15/main/pg_hba.conf; systemctl restart"
                            + " postgresql; su postgres -c \"psql -qc \\\"CREATE ROLE counter LOGIN"
                            + " PASSWORD 'pw'\\\"\"; su postgres -c 'psql -qc \"CREATE DATABASE"
                            + " counter OWNER counter\"'");
        assertThat(made.status()).as(made.text() + made.err()).isZero();
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(web1, web2),
                                "migrate = \"Counter.Release.migrate()\"\n"
                                        + "secrets = [\"COUNTER_SECRET\", \"DATABASE_URL\"]",
                                "")
                        .edit("decant.toml", "[hosts.web2]", "[hosts.web2]\nroles = [\"migrate\"]")
                        .set(SampleProject.SECRET, "one")
                        .set(
                                "DATABASE_URL",
                                "postgres://counter:pw@" + db.address() + ":5432/counter");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private String sql(String query) throws InterruptedException {
        return db.ssh("su postgres -c 'psql -Atc \"" + query + "\" counter'").text();
    }

    @Test
    @Order(1)
    void both_hosts_are_set_up_and_serve_and_the_database_is_migrated_once() throws Exception {
        project.must("setup");

        Ran ran = project.must("deploy");

        assertThat(new Seen(web1).version()).isEqualTo("0.1.0");
        assertThat(new Seen(web2).version()).isEqualTo("0.1.0");
        assertThat(sql("SELECT count(*) FROM schema_migrations")).isEqualTo("1");
        assertThat(ran.err())
                .containsOnlyOnce("Migrated 1")
                .contains("web2   == Running 1 create_visits");
        assertThat(new Seen(web1).get("/visits")).contains("1");
        assertThat(new Seen(web2).get("/visits")).contains("2");
    }

    @Test
    @Order(2)
    void all_hosts_have_the_same_release_id() throws Exception {
        Ran ran = project.must("status", "--json");

        assertThat(
                        ran.out()
                                .lines()
                                .filter(line -> line.contains("\"release\""))
                                .map(String::strip)
                                .distinct())
                .hasSize(1);
    }

    @Test
    @Order(3)
    void the_password_of_the_database_is_in_no_log() throws Exception {
        assertThat(web2.ssh("journalctl --no-pager | grep -c 'counter:pw@'").text()).isEqualTo("0");
        assertThat(project.must("plan").out()).doesNotContain("counter:pw@");
    }

    @Test
    @Order(4)
    void when_one_host_fails_those_that_had_switched_are_taken_back() throws Exception {
        // Only this machine says so: its own environment file wins over what is deployed.
        web2.ssh("echo COUNTER_HEALTH=fail >/etc/counter/environment");
        project.version("0.2.0");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isNotZero();
        assertThat(new Seen(web1).version()).isEqualTo("0.1.0");
        assertThat(ran.err())
                .contains("web1 had switched and was taken back, because web2 failed.");
    }

    @Test
    @Order(5)
    void where_neither_release_gets_healthy_the_operator_is_called_for() throws Exception {
        // Still in force: web2 finds the old one as unhealthy as the new one.
        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(5);
        assertThat(ran.err())
                .contains(
                        "web2 serves nothing: neither the new release nor the old one gets"
                                + " healthy.");
        assertThat(new Seen(web1).version()).isEqualTo("0.1.0");
    }

    @Test
    @Order(6)
    void the_same_command_settles_it_once_the_reason_is_gone() throws Exception {
        web2.ssh("rm /etc/counter/environment");

        project.must("deploy");

        assertThat(new Seen(web1).version()).isEqualTo("0.2.0");
        assertThat(new Seen(web2).version()).isEqualTo("0.2.0");
        assertThat(sql("SELECT count(*) FROM schema_migrations")).isEqualTo("1");
    }

    @Test
    @Order(7)
    void a_rollback_takes_the_whole_fleet_and_leaves_the_schema() throws Exception {
        Ran ran = project.must("rollback");

        assertThat(new Seen(web1).version()).isEqualTo("0.1.0");
        assertThat(new Seen(web2).version()).isEqualTo("0.1.0");
        assertThat(ran.err()).contains("Only code goes back");
        assertThat(sql("SELECT count(*) FROM schema_migrations")).isEqualTo("1");
    }

    @Test
    @Order(8)
    void what_all_hosts_have_logged_is_one_log_in_the_order_of_time() throws Exception {
        List<String> times =
                project.must("logs", "-n", "30", "--json")
                        .out()
                        .lines()
                        .map(line -> line.replaceFirst(".*\"at\":\"([^\"]*)\".*", "$1"))
                        .toList();
        assertThat(times).hasSizeGreaterThan(40).isSorted();

        assertThat(project.must("logs").out()).contains("web1  2", "web2  2");
        assertThat(
                        project.must(
                                        "logs",
                                        "--hosts",
                                        "web2",
                                        "--since",
                                        "1 hour ago",
                                        "--grep",
                                        "listening on port")
                                .out()
                                .lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("2.*Z counter\\[[0-9]+]: .*listening on port.*"));
        assertThat(project.must("logs", "--grep", "of this there is nothing").out()).isEmpty();
        assertThat(project.must("logs", "--priority", "emerg").out()).isEmpty();
        Ran wrong = project.run("logs", "--since", "yesteryear");
        assertThat(wrong.status()).isEqualTo(3);
        assertThat(wrong.err()).contains("Failed to parse timestamp: yesteryear");
    }

    @Test
    @Order(9)
    void who_follows_hears_all_hosts() throws Exception {
        Process following = project.apart("logs", "-f", "-n", "0").converse();
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        Thread.ofVirtual().start(() -> following.inputReader().lines().forEach(heard::add));
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () ->
                                        web1.ssh("pgrep -f 'journalctl.*-f'").ok()
                                                && web2.ssh("pgrep -f 'journalctl.*-f'").ok()))
                .isTrue();

        web1.ssh("systemctl restart counter");
        web2.ssh("systemctl restart counter");

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () ->
                                        heard.toString().contains("listening")
                                                && heard.stream()
                                                                .filter(
                                                                        line ->
                                                                                line.contains(
                                                                                        "listening"))
                                                                .map(line -> line.substring(0, 4))
                                                                .distinct()
                                                                .count()
                                                        == 2))
                .as("%s", heard)
                .isTrue();
        following.destroy();
        assertThat(following.waitFor()).isEqualTo(130);
    }

    @Test
    @Order(10)
    void a_migration_by_hand_finds_nothing_left_to_do() throws Exception {
        assertThat(project.must("migrate").out()).isEqualTo("Migrations already up\n");
        assertThat(
                        project.must(
                                        "exec",
                                        "--hosts",
                                        "web1,web2",
                                        "--",
                                        "printf",
                                        "%s\n",
                                        "%i $HOME",
                                        "a\n\\b")
                                .out()
                                .lines())
                .as("what several print, of two versions of systemd")
                .containsExactlyInAnyOrder(
                        "web1  %i $HOME",
                        "web1  a", "web1  \\b", "web2  %i $HOME", "web2  a", "web2  \\b");
        assertThat(project.must("eval", "IO.puts(1 + 1)", "--roles", "migrate").out())
                .isEqualTo("2\n");
    }

    private void rollout(String lines) throws Exception {
        Path file = project.folder().resolve("decant.toml");
        String rest = Files.readString(file).replaceFirst("(?s)\\[rollout].*", "");
        Files.writeString(file, rest + "[rollout]\n" + lines);
        project.commit();
    }

    private String versions() throws Exception {
        return new Seen(web1).version() + " " + new Seen(web2).version();
    }

    @Test
    @Order(11)
    void hosts_that_switch_at_once_go_back_together() throws Exception {
        project.edit(
                "lib/counter/application.ex",
                "    # Two ways",
                "    if :inet.gethostname() == {:ok, 'web2'}, do: raise(\"Not here\")\n"
                        + "    # Two ways");
        project.version("0.3.0");
        rollout("batch = \"100%\"\n");

        Ran plan = project.must("plan");
        Ran ran = project.run("deploy");

        assertThat(plan.out()).contains("order       web1, web2\n");
        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        assertThat(versions()).isEqualTo("0.1.0 0.1.0");
        assertThat(ran.err())
                .contains("web1 had switched and was taken back, because web2 failed.");
    }

    @Test
    @Order(12)
    void where_it_is_to_stop_the_others_stay_as_they_are() throws Exception {
        rollout("on_failure = \"stop\"\n");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(5);
        assertThat(versions()).isEqualTo("0.3.0 0.1.0");

        project.must("rollback", "--hosts", "web1");
        assertThat(versions()).isEqualTo("0.1.0 0.1.0");
    }

    @Test
    @Order(13)
    void a_canary_that_a_check_finds_bad_goes_back_and_no_other_host_switches() throws Exception {
        rollout(
                """
                canary = 1
                batch = "100%"
                soak = "1s"
                check = ['sh', '-c', 'echo "$DECANT_BATCH: $DECANT_HOSTS"; exit 3']
                """);

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        assertThat(versions()).isEqualTo("0.1.0 0.1.0");
        assertThat(ran.err())
                .contains("The check after batch 1 found the new release bad.")
                .contains("It ended with status 3.")
                .contains("1: web1")
                .doesNotContain("web2   activate");
    }

    @Test
    @Order(14)
    void it_goes_on_past_a_host_that_fails_where_it_is_to() throws Exception {
        rollout("on_failure = \"continue\"\n");
        project.edit("lib/counter/application.ex", "'web2'", "'web1'");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(5);
        assertThat(versions()).isEqualTo("0.1.0 0.3.0");
        assertThat(project.must("deploy", "--hosts", "web2").out()).doesNotContain("web1");
    }
}
