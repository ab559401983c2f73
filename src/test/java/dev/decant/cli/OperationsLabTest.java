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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What is done with an app that serves already. By then `current` leads to another release than
/// the one that serves, as somebody may have left it: nothing here is to follow it.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsLabTest {

    private static final String MORE =
            """
            secrets = ["COUNTER_SECRET"]
            migrate = "Counter.Release.forth()"
            seed = "Counter.Release.seed()"\
            """;

    /// An app is not loaded where only its code is there.
    private static final String VERSION = "Application.load(:counter); IO.puts(Counter.version())";

    private static final String ENV =
            "[env]\nLAYER_1 = \"toml\"\nLAYER_2 = \"toml\"\nLAYER_3 = \"toml\"\n";

    /// What the release finds in its environment, as [#environment(String)] has it.
    private static final String ENVIRONMENT =
            "for n <- ~w(COUNTER_SECRET LANG LAYER_1 LAYER_2 LAYER_3 PORT), do:"
                    + " IO.puts(\"#{n}=#{System.get_env(n)}\")";

    private Lab lab;
    private LabHost host;
    private SampleProject project;

    @BeforeAll
    void deployed() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        project =
                SampleProject.create()
                        .set(SampleProject.SECRET, "s3cret")
                        .edit(
                                "lib/counter/release.ex",
                                "  def migrate do",
                                """
                                  def forth, do: IO.puts("gone forth")
                                  def seed, do: IO.inspect({Application.load(:counter), Counter.version()})
                                  def rollback(repo, to), do: IO.puts("gone back: #{inspect(repo)} #{to}")

                                  def migrate do\
                                """)
                        .config(
                                lab.sshConfig(),
                                List.of(host),
                                MORE,
                                "[public]\nports = [\"80:4000\"]\n" + ENV)
                        .version("0.1.0");
        project.must("setup");
        project.must("deploy");
        project.version("0.2.0");
        project.must("deploy");
        misleadCurrent(host);
        assertThat(Seen.within(Duration.ofSeconds(60), () -> pid().lines().count() == 1))
                .as("the one before has drained")
                .isTrue();
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private static void misleadCurrent(LabHost host) throws Exception {
        assertThat(
                        host.ssh(
                                        "cd /srv/counter && ln -sfn releases/$(ls -d"
                                            + " releases/*-0.1.0-* | xargs -n1 basename | head -n"
                                            + " 1) current && readlink current")
                                .text())
                .contains("-0.1.0-");
    }

    private Seen seen() {
        return new Seen(host, 80);
    }

    private String pid() throws InterruptedException {
        return host.ssh("pgrep beam.smp").text();
    }

    private String environment(String pid) throws InterruptedException {
        return host.ssh(
                        "tr '\\0' '\\n' </proc/"
                                + pid
                                + "/environ | grep -E '^(COUNTER_SECRET|LANG|LAYER_.|PORT)=' |"
                                + " sort")
                .text();
    }

    @Test
    @Order(0)
    void the_doctor_knows_what_hosts_add_and_what_they_lack() throws Exception {
        // Read as config/runtime.exs is, and gone before anything is built.
        Path older = project.folder().resolve("config/releases.exs");
        Files.writeString(older, "System.fetch_env!(\"MACHINE_KEY\")\n");
        Ran lacking = project.run("doctor");
        host.ssh("echo MACHINE_KEY=1 >/etc/counter/environment");
        Ran adding = project.run("doctor");
        Files.delete(older);
        host.ssh(
                "rm /etc/counter/environment; cd /etc/systemd/system;"
                        + " cp -a counter@.service /root; echo '# mine' >>counter@.service");
        Ran old = project.run("doctor", "--json");
        host.ssh("cp -a /root/counter@.service /etc/systemd/system");

        assertThat(lacking.status()).isEqualTo(3);
        assertThat(lacking.out())
                .startsWith(
                        "config/releases.exs:1:1: error: The app does not boot without MACHINE_KEY")
                .contains("and in the hosts' own files.")
                .endsWith("1 error.\n");
        assertThat(adding).isEqualTo(new Ran(0, "Nothing found.\n", ""));
        assertThat(old.status()).isEqualTo(3);
        assertThat(old.out()).contains("setup-is-old", "\"hosts_asked\" : true");
    }

    @Test
    @Order(1)
    void an_expression_runs_in_the_release_that_serves() throws Exception {
        String served = pid();

        Ran ran = project.must("eval", VERSION);

        assertThat(ran.out()).isEqualTo("0.2.0\n");
        assertThat(project.must("status").out()).contains("-0.2.0-").doesNotContain("-0.1.0-");
        assertThat(project.must("logs").out()).contains("counter");
        assertThat(pid()).isEqualTo(served);
    }

    @Test
    @Order(2)
    void it_has_the_user_the_sandbox_and_the_settings_of_the_app() throws Exception {
        Ran ran =
                project.must(
                        "eval",
                        "IO.inspect({elem(System.cmd(\"id\", [\"-un\"]), 0), File.write(\"/srv/x\","
                                + " \"\"), File.write(\"/etc/counter/x\", \"\"),"
                                + " System.get_env(\"COUNTER_SECRET\"), System.get_env(\"PORT\")})",
                        "--hosts",
                        "web1");

        assertThat(ran.out())
                .isEqualTo(
                        "{\"counter\\n\", {:error, :erofs}, {:error, :eacces}, \"s3cret\","
                                + " \"4010\"}\n");
    }

    @Test
    @Order(3)
    void one_that_fails_says_why() throws Exception {
        Ran ran = project.run("eval", "raise \"no such shelf\"");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.out()).contains("** (RuntimeError) no such shelf");
        assertThat(ran.err()).contains("The expression failed on web1 with exit status 1.");
        assertThat(project.run("eval", "raise \"no such shelf\"", "--json").out())
                .contains("\"ok\" : false", "\"exit_status\" : \"1\"", "no such shelf");
        assertThat(project.run("eval", "1 +\n1").status()).isEqualTo(2);
    }

    @Test
    @Order(4)
    void the_migration_can_be_run_by_hand_and_taken_back() throws Exception {
        assertThat(project.must("migrate").out()).isEqualTo("gone forth\n");
        assertThat(project.must("migrate", "--down", "Counter.Repo", "20261124093000").out())
                .isEqualTo("gone back: Counter.Repo 20261124093000\n");
        assertThat(project.must("migrate", "--json").out())
                .contains("\"ok\" : true", "\"gone forth\"");

        Ran wrong = project.run("migrate", "--down", "Counter.Repo", "yesterday");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("Not a repo and a version: Counter.Repo yesterday.");
    }

    @Test
    @Order(5)
    void a_program_runs_in_the_release_that_serves_and_its_status_is_the_result() throws Exception {
        assertThat(project.must("exec", "--", "bin/counter", "version").out())
                .isEqualTo("counter 0.2.0\n");
        assertThat(project.must("exec", "printf", "%s|", "a b", "$HOME", "--json", "1\n2").out())
                .isEqualTo("a b|$HOME|--json|1\n2|\n");
        String script = "id -un; pwd; echo $COUNTER_SECRET; touch x /etc/counter/x; exit 9";
        Ran ran = project.run("exec", "--", "sh", "-c", script);
        assertThat(ran.status()).isEqualTo(9);
        assertThat(ran.out())
                .startsWith("counter\n/srv/counter/releases/")
                .contains(
                        "-0.2.0-", "\ns3cret\n", "touch: cannot touch 'x': Read-only file system");
        assertThat(project.run("exec", "--json", "--", "false").out())
                .contains("\"exit_status\" : \"1\"");
        assertThat(
                        host.ssh("ls -A /run/counter; systemctl list-units 'decant-counter-exec*'")
                                .text())
                .doesNotContain("exec-");
    }

    @Test
    @Order(6)
    void the_seed_is_sown_by_the_release_that_serves() throws Exception {
        assertThat(project.must("seed").out()).isEqualTo("{:ok, \"0.2.0\"}\n");

        project.edit("decant.toml", "seed = ", "# seed = ");
        Ran none = project.run("seed");
        project.edit("decant.toml", "# seed = ", "seed = ");

        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("decant.toml has no 'seed'.");
    }

    @Test
    @Order(7)
    void a_restart_starts_what_serves_beside_itself_and_nobody_notices() throws Exception {
        String served = pid();
        try (Visitors visitors = Visitors.to(host.address(), 80)) {
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > 20))
                    .isTrue();

            assertThat(project.must("restart").out()).contains("-0.2.0-");
            int then = visitors.answered();
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > then + 20))
                    .isTrue();

            assertThat(visitors.complaints()).isEmpty();
            assertThat(visitors.versions()).containsExactly("0.2.0");
        }
        assertThat(Seen.within(Duration.ofSeconds(30), () -> !pid().contains(served))).isTrue();
        assertThat(project.must("history", "-n", "1").out()).contains("restart");
    }

    @Test
    @Order(8)
    void after_a_restart_a_rollback_goes_to_the_release_before() throws Exception {
        project.must("rollback");
        assertThat(seen().version()).isEqualTo("0.1.0");

        project.must("deploy");
        assertThat(seen().version()).isEqualTo("0.2.0");
        misleadCurrent(host);
    }

    @Test
    @Order(9)
    void what_is_stopped_stays_so_until_it_is_started() throws Exception {
        Ran stopped = project.must("stop");

        assertThat(stopped.out()).startsWith("web1  stopped  ").contains("-0.2.0-");
        assertThat(seen().get("/")).isEqualTo("no answer");
        assertThat(host.ssh("pgrep beam.smp").ok()).isFalse();
        assertThat(project.run("status").out()).contains("inactive");
        assertThat(project.must("stop").out()).as("once more").contains("stopped");

        Ran started = project.must("start");

        assertThat(started.out()).startsWith("web1  serves  ").contains("-0.2.0-");
        assertThat(seen().version()).isEqualTo("0.2.0");
        assertThat(host.ssh("readlink /srv/counter/current").text()).contains("-0.2.0-");
        String served = pid();
        project.must("start");
        assertThat(pid()).as("what serves is left alone").isEqualTo(served);
    }

    @Test
    @Order(10)
    void what_does_not_get_healthy_says_so() throws Exception {
        project.must("stop");
        host.ssh("echo COUNTER_HEALTH=fail >/etc/counter/environment");

        Ran ran = project.run("start");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "web1: the app did not get healthy: GET /health answered 500",
                        "listening on port");
        host.ssh("rm /etc/counter/environment");
        project.must("restart");
        assertThat(seen().version()).isEqualTo("0.2.0");
    }

    @Test
    @Order(11)
    void a_host_or_role_that_is_not_there_is_refused_with_what_there_is() throws Exception {
        assertThat(project.run("stop", "--hosts", "web2").err())
                .contains("There is no host 'web2' here. Did you mean 'web1'?");
        assertThat(project.run("stop", "--roles", "db").status()).isEqualTo(2);
        assertThat(seen().version()).isEqualTo("0.2.0");
    }

    @Test
    @Order(12)
    void during_maintenance_visitors_are_told_so_also_after_a_power_cut() throws Exception {
        Ran on = project.must("maintenance", "on", "--message", "Back at 10 & sharp");

        assertThat(on.out()).startsWith("web1  shows the maintenance page").contains("-0.2.0-");
        assertThat(seen().get("/")).contains("<p>Back at 10 &amp; sharp</p>");
        assertThat(project.must("status").out())
                .contains(
                        "web1: visitors see the maintenance page, since 20", "Back at 10 & sharp");
        assertThat(project.must("status", "--json").out())
                .contains("\"message\" : \"Back at 10 & sharp\"");
        assertThat(project.must("migrate").out()).isEqualTo("gone forth\n");
        assertThat(project.run("maintenance", "maybe").status()).isEqualTo(2);

        host.kill();
        host.boot();
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () -> seen().get("/").contains("Back at 10")))
                .isTrue();
        assertThat(Seen.within(Duration.ofSeconds(20), () -> !pid().isEmpty())).isTrue();
        assertThat(seen().get("/")).contains("Back at 10");

        assertThat(project.must("maintenance", "off").out()).startsWith("web1  serves  ");
        assertThat(Seen.within(Duration.ofSeconds(20), () -> seen().version().equals("0.2.0")))
                .isTrue();
        assertThat(project.must("status").out()).doesNotContain("maintenance");
        assertThat(project.must("history", "-n", "2").out()).contains("maintenance");
    }

    @Test
    @Order(13)
    void where_nothing_listens_for_other_nodes_there_is_no_rpc_and_how_to_get_it()
            throws Exception {
        assertThat(host.ssh("ss -ltn | grep -c -e :4371 -e :4381 -e :4369").text()).isEqualTo("0");

        Ran ran = project.run("rpc", "1");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "The app on web1 cannot be reached as an Erlang node.",
                        "service.distribution = \"local\"");
        assertThat(project.run("console").err()).contains("cannot be reached");
    }

    @Test
    @Order(14)
    void other_nodes_of_the_machine_reach_the_vm_that_serves() throws Exception {
        project.edit("decant.toml", "[public]", "[service]\ndistribution = \"local\"\n[public]");
        project.must("setup");
        project.must("deploy");
        misleadCurrent(host);
        assertThat(Seen.within(Duration.ofSeconds(30), () -> pid().lines().count() == 1)).isTrue();

        assertThat(project.must("rpc", "IO.puts(\"#{Counter.version()} #{System.pid()}\")").out())
                .isEqualTo("0.2.0 " + pid() + "\n");
        assertThat(host.ssh("ss -ltnH | grep beam; ss -ltn | grep -e :43").text())
                .contains("127.0.0.1:43")
                .doesNotContain("0.0.0.0:43", "*:43", ":4369");
        Ran failed = project.run("rpc", "raise \"no such shelf\"");
        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.out()).contains("no such shelf");
        project.must("restart");
        assertThat(project.must("rpc", "IO.puts(Counter.version())").out()).isEqualTo("0.2.0\n");
    }

    @Test
    @Order(15)
    void a_console_is_in_the_vm_that_serves_and_leaves_it_as_it_is() throws Exception {
        assertThat(Seen.within(Duration.ofSeconds(30), () -> pid().lines().count() == 1)).isTrue();
        String served = pid();
        Process console =
                Program.of(
                                "script",
                                "-qec",
                                project.apart("console", "--hosts", "web1").shown(),
                                "/dev/null")
                        .in(project.folder())
                        .env(Map.of(SampleProject.SECRET, "s3cret", "TERM", "xterm"))
                        .converse();
        Typing typing = new Typing(console);
        typing.after("iex(", "IO.puts(\"pid=#{System.pid()} \" <> Counter.version())\n");
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () -> typing.heard().contains("pid=" + served)))
                .isTrue();
        String own = pid().lines().filter(pid -> !pid.equals(served)).findFirst().orElse("");
        assertThat(environment(own)).isEqualTo(environment(served)).contains("LAYER_1=toml");
        typing.after("pid=" + served + " 0.2.0", "\u0003");
        typing.after("BREAK", "a\n");

        assertThat(console.waitFor(10, TimeUnit.SECONDS)).as("%s", typing.heard()).isTrue();
        assertThat(pid()).isEqualTo(served);
        assertThat(seen().version()).isEqualTo("0.2.0");
        assertThat(host.ssh("systemctl list-units --no-legend 'run-*' | grep -c console").text())
                .isEqualTo("0");
    }

    @Test
    @Order(16)
    void the_machines_files_go_before_the_deployments_in_all_that_runs() throws Exception {
        assertThat(project.must("env", "show").out()).doesNotContain("changed after");
        host.ssh(
                "printf '%s\\n' 'LAYER_2=\"this machine\"' LAYER_3=machine LANG=POSIX PORT=1"
                        + " COUNTER_SECRET=0ther >/etc/counter/environment;"
                        + " echo LAYER_3=boot >/run/counter/environment");
        assertThat(project.must("env", "show").out())
                .contains("/etc/counter/environment on web1 was changed after the app was started");

        project.must("restart");
        misleadCurrent(host);
        assertThat(Seen.within(Duration.ofSeconds(30), () -> pid().lines().count() == 1)).isTrue();

        String served = environment(pid());
        assertThat(served)
                .contains(
                        """
                        COUNTER_SECRET=0ther
                        LANG=POSIX
                        LAYER_1=toml
                        LAYER_2=this machine
                        LAYER_3=boot
                        PORT=40\
                        """)
                .isEqualTo(project.must("eval", ENVIRONMENT).out().strip())
                .isEqualTo(project.must("rpc", ENVIRONMENT).out().strip());
    }

    @Test
    @Order(17)
    void each_variable_is_shown_with_the_file_that_it_is_from() throws Exception {
        String live = "/var/lib/decant/counter/deployments/$(cat /var/lib/decant/counter/live)";
        String number = host.ssh("cat " + live + "/slot").text();
        String slot = "/var/lib/decant/counter/slots/" + number;

        Ran ran = project.must("env", "show", "--explain", "--values", "--hosts", "web1");

        assertThat(ran.out().lines().map(line -> line.replaceAll(" +", " ")))
                .startsWith(
                        "NAME VALUE FROM OVER",
                        "COUNTER_SECRET (secret) /etc/counter/environment " + slot + "/secrets")
                .containsSequence(
                        "LANG POSIX /etc/counter/environment counter@" + number + ".service",
                        "LAYER_1 toml " + slot + "/environment",
                        "LAYER_2 this machine /etc/counter/environment " + slot + "/environment",
                        "LAYER_3 boot /run/counter/environment /etc/counter/environment, "
                                + slot
                                + "/environment")
                .anyMatch(
                        line ->
                                line.matches(
                                        "PORT 40.0 "
                                                + slot
                                                + "/slot.env /etc/counter/environment, .*"));
        assertThat(ran.out()).doesNotContain("0ther", "s3cret", "changed after");
        assertThat(project.must("env", "show").out())
                .containsPattern("LAYER_2 +\\(not shown without --values\\)\n");
        host.ssh("rm /etc/counter/environment /run/counter/environment");
    }

    @Test
    @Order(18)
    void what_runs_alone_is_restarted_in_its_place() throws Exception {
        LabHost alone = lab.boot("web2", Suite.BOOKWORM);
        project.config(lab.sshConfig(), List.of(alone), MORE, ENV);
        assertThat(project.run("restart").err()).contains("decant setup");
        project.must("setup");
        Ran nothing = project.run("restart");
        assertThat(nothing.status()).isEqualTo(3);
        assertThat(nothing.err()).contains("Nothing has been deployed to web2.");
        assertThat(project.run("stop").err()).contains("Nothing has been deployed to web2.");
        assertThat(project.run("env", "show").err()).contains("Nothing has been deployed to web2.");
        assertThat(project.run("eval", "1").err()).contains("Nothing has been deployed to web2.");

        project.version("0.1.0");
        project.must("deploy");
        project.version("0.2.0");
        project.must("deploy");
        misleadCurrent(alone);

        whatSystemdReadsIsShown(alone);

        assertThat(project.must("eval", VERSION).out()).isEqualTo("0.2.0\n");
        assertThat(project.must("exec", "bin/counter", "version").out())
                .isEqualTo("counter 0.2.0\n");
        assertThat(project.must("restart").out()).contains("-0.2.0-");
        assertThat(new Seen(alone).version()).isEqualTo("0.2.0");
        misleadCurrent(alone);
        project.must("stop");
        project.must("start");
        assertThat(new Seen(alone).version()).isEqualTo("0.2.0");
    }

    /// By other ways than Decant's, and where the deploy user may not look.
    private void whatSystemdReadsIsShown(LabHost alone) throws Exception {
        alone.ssh(
                """
                (umask 077; echo LAYER_1=machine >/etc/counter/environment; echo A=1 >/root/a.env)
                mkdir /etc/more /etc/systemd/system/counter.service.d
                echo NUMBER=1 >'/etc/more/1 or so.env'
                echo NUMBER=2 >/etc/more/2.env
                printf '%s\n' '[Service]' 'Environment="GREETING=by hand"' \
                    EnvironmentFile=-/etc/more/*.env EnvironmentFile=-/nowhere/a.env EnvironmentFile=-/root/a.env \
                    >/etc/systemd/system/counter.service.d/more.conf
                systemctl daemon-reload
                """);

        Ran ran = project.must("env", "show", "--explain", "--values");

        assertThat(ran.out().lines().map(line -> line.replaceAll(" {2,}", "  ")))
                .contains(
                        "COUNTER_SECRET  (secret)  /etc/counter/secrets",
                        "GREETING  by hand  counter.service",
                        "LAYER_1  toml  /srv/counter/etc/environment",
                        "NUMBER  2  /etc/more/2.env  /etc/more/1 or so.env")
                .filteredOn(line -> line.contains(" is not for the deploy user to read"))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("/etc/counter/environment", "/root/a.env");
        assertThat(project.must("env", "show", "--json").out())
                .contains("\"name\" : \"COUNTER_SECRET\",\n      \"value\" : null")
                .contains("\"what\" : \"unread\"")
                .doesNotContain("s3cret");
    }

    @Test
    @Order(19)
    void what_runs_alone_can_have_maintenance_where_its_ports_are_led_to_it() throws Exception {
        Ran none = project.run("maintenance", "on");
        assertThat(none.status()).isEqualTo(3);
        assertThat(none.err()).contains("There are no public ports");

        LabHost alone = lab.hosts().getLast();
        project.config(
                lab.sshConfig(),
                List.of(alone),
                MORE,
                "[public]\nports = [\"80:4000\"]\n[service]\nstrategy = \"restart\"");
        project.must("setup");
        project.must("deploy");
        Seen seen = new Seen(alone, 80);
        assertThat(seen.version()).isEqualTo("0.2.0");

        project.must("maintenance", "on");
        project.version("0.3.0");
        project.must("deploy");

        assertThat(seen.get("/")).contains("We will be back soon.");
        assertThat(new Seen(alone).version()).as("behind it").isEqualTo("0.3.0");
        project.must("maintenance", "off");
        assertThat(seen.version()).isEqualTo("0.3.0");
    }
}
