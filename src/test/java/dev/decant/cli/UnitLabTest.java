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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;

/// The units as the systemd of real hosts sees them, and the sample app under them.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnitLabTest {

    private static final String MORE =
            "secrets = [\"COUNTER_SECRET\"]\nmigrate = \"IO.puts(:migrated)\"";

    private Lab lab;
    private LabHost bookworm;
    private LabHost trixie;
    private LabHost bullseye;
    private SampleProject project;

    @BeforeAll
    void deployed() throws Exception {
        lab = Lab.open(LabLog.nop());
        bookworm = lab.boot("bookworm", Suite.BOOKWORM);
        trixie = lab.boot("trixie", Suite.TRIXIE);
        bullseye = lab.boot("bullseye", Suite.BULLSEYE);
        project = SampleProject.create().set(SampleProject.SECRET, "s3cret");
        // The release needs a newer libc than bullseye has; units are made for it as well.
        config(List.of(bookworm, trixie, bullseye), "");
        project.must("setup");
        config(List.of(bookworm, trixie), "");
        project.must("deploy");
    }

    private void config(List<LabHost> hosts, String last) throws Exception {
        project.config(lab.sshConfig(), hosts, MORE, last);
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private static double exposure(LabHost host) throws InterruptedException {
        return Double.parseDouble(
                host.ssh("systemd-analyze security counter.service --no-pager")
                        .text()
                        .replaceFirst(
                                "(?s).*exposure level for counter.service: ([0-9.]*).*", "$1"));
    }

    private static List<String> odd(LabHost host) throws InterruptedException {
        return host.ssh(
                        "systemd-analyze verify --man=no counter.service counter-eval@x.service"
                                + " decant-counter-recover.service 2>&1 | grep -v 'not executable'")
                .out();
    }

    @Test
    @Order(1)
    void systemd_finds_nothing_odd_in_the_units_and_little_that_they_can_reach() throws Exception {
        Map<String, Double> exposures = new LinkedHashMap<>();
        for (LabHost host : List.of(bookworm, trixie, bullseye)) {
            assertThat(odd(host)).as(host.name()).isEmpty();
            exposures.put(host.name(), exposure(host));
        }
        System.out.println("UnitLabTest: exposure " + exposures);
        assertThat(exposures.get("bookworm")).isLessThanOrEqualTo(1.5);
        assertThat(exposures.get("trixie")).isLessThanOrEqualTo(1.5);
        assertThat(exposures.get("bullseye")).isLessThanOrEqualTo(2.0);
    }

    @Test
    @Order(2)
    void under_them_the_app_serves_migrates_logs_drains_and_restarts() throws Exception {
        for (LabHost host : List.of(bookworm, trixie)) {
            Seen seen = new Seen(host);
            assertThat(seen.version()).isEqualTo("0.1.0");
            assertThat(project.must("logs", "--hosts", host.name()).out()).contains("counter");
            FutureTask<String> visit = new FutureTask<>(() -> seen.get("/slow?ms=1500"));
            Thread.ofVirtual().start(visit);
            Thread.sleep(500);
            project.must("restart", "--hosts", host.name());
            assertThat(visit.get()).isNotEqualTo("no answer");
            assertThat(seen.version()).isEqualTo("0.1.0");
        }
        assertThat(project.must("history").out()).contains("restart");
    }

    @Test
    @Order(3)
    void as_the_app_nothing_can_be_written_below_srv_and_etc() throws Exception {
        Ran ran =
                project.must(
                        "eval",
                        """
                        for folder <- [~s(/srv), ~s(/srv/counter), ~s(/srv/counter/releases), ~s(/etc), \
                        ~s(/etc/counter), File.cwd!()], do: IO.inspect({folder, File.write(folder <> ~s(/x), ~s(x))})\
                        """,
                        "--hosts",
                        "bookworm");

        assertThat(ran.out().lines()).hasSize(6).noneMatch(line -> line.contains(":ok"));
    }

    @Test
    @Order(4)
    void a_vm_that_crashes_leaves_what_it_had_in_memory_to_itself_and_root() throws Exception {
        String pid = bookworm.ssh("pgrep beam.smp").text();
        bookworm.ssh("kill -USR1 " + pid);

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () -> new Seen(bookworm).version().equals("0.1.0")))
                .isTrue();
        assertThat(
                        bookworm.ssh(
                                        "stat -c '%n %a %U' /var/lib/counter/crash"
                                                + " /var/lib/counter/crash/*")
                                .out())
                .containsExactly(
                        "/var/lib/counter/crash 700 counter",
                        "/var/lib/counter/crash/erl_crash.dump 600 counter");
        assertThat(bookworm.ssh("head -c 300 /var/lib/counter/crash/erl_crash.dump").text())
                .contains("SIGUSR1");
    }

    @Test
    @Order(5)
    void a_boot_that_is_cut_short_by_a_restart_never_waits_to_be_killed() throws Exception {
        // In steps of 80 ms through a boot of about a second and a half, which each restart begins
        // anew.
        String script =
                "systemctl restart counter; for i in $(seq 0 19); do systemctl reset-failed"
                    + " counter; sleep $(awk \"BEGIN {print $i * 0.08}\"); s=$(date +%s%N);"
                    + " systemctl restart counter; e=$(date +%s%N); echo $(((e - s) / 1000000));"
                    + " done";

        List<String> took = bookworm.ssh("sh", "-c", "'" + script + "'").out();

        System.out.println("UnitLabTest: restarts in the middle of a boot took ms " + took);
        assertThat(took).hasSize(20).allMatch(ms -> Integer.parseInt(ms) < 20_000);
        assertThat(
                        bookworm.ssh(
                                        "journalctl -u counter -o cat | grep -e 'timed out' -e"
                                                + " 'beam.*SIGKILL'")
                                .out())
                .isEmpty();
    }

    /// A signal that it has not taken yet when it goes on is one that reaches it as early as can
    /// be.
    @Test
    @Order(6)
    void a_vm_that_has_lost_a_sigterm_early_in_its_boot_is_sent_another() throws Exception {
        String script =
                "systemctl restart counter; sleep 0.2; pid=$(systemctl show counter -p MainPID"
                    + " --value); kill -STOP $pid; systemctl stop --no-block counter; sleep 4; kill"
                    + " -CONT $pid; n=0; while kill -0 $pid 2>/dev/null && [ $n -lt 300 ]; do sleep"
                    + " 0.1; n=$((n + 1)); done; echo $n";

        String tenths = bookworm.ssh("sh", "-c", "'" + script + "'").text();

        System.out.println("UnitLabTest: gone after tenths of a second: " + tenths);
        assertThat(Integer.parseInt(tenths)).isLessThan(150);
        bookworm.ssh("systemctl start counter");
    }

    @Test
    @Order(7)
    void a_loop_of_crashes_at_boot_comes_to_an_end() throws Exception {
        bookworm.ssh("echo PORT=none >/etc/counter/environment; systemctl restart counter");

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(40),
                                () ->
                                        bookworm.ssh(
                                                        "systemctl show counter -p ActiveState"
                                                                + " --value")
                                                .text()
                                                .equals("failed")))
                .as(bookworm.ssh("systemctl status counter").text())
                .isTrue();

        assertThat(bookworm.ssh("journalctl -u counter -o cat -n 5").text())
                .contains("Start request repeated too quickly");
        bookworm.ssh("rm /etc/counter/environment");
        project.must("start", "--hosts", "bookworm");
        assertThat(new Seen(bookworm).version()).isEqualTo("0.1.0");
    }

    @Test
    @Order(8)
    void a_line_that_systemd_does_not_know_is_refused_before_anything_changes() throws Exception {
        config(List.of(bookworm, trixie), "[unit.extra]\nService = [\"MemoryMx=1G\"]");
        String before = new Seen(bookworm).everything();

        Ran ran = project.run("setup");

        assertThat(ran.status()).isNotZero();
        assertThat(ran.err())
                .contains("counter.service.d/50-decant.conf:3: Unknown key")
                .contains("MemoryMx");
        assertThat(new Seen(bookworm).everything()).isEqualTo(before);
    }

    @Test
    @Order(9)
    void a_dry_run_of_setup_says_what_becomes_of_the_exposure() throws Exception {
        config(List.of(bookworm), "[hardening]\nlevel = \"standard\"");

        String said = project.must("setup", "--dry-run").out();

        assertThat(said)
                .containsPattern(
                        "(?s)bookworm  /etc/systemd/system/counter.service\n    @@ .*\n    -[A-Z]");
        assertThat(said).containsPattern("exposure of counter.service  1[.][0-9] -> [34][.][0-9]");
        assertThat(exposure(bookworm)).isLessThanOrEqualTo(1.5);
        assertThat(project.run("plan").err())
                .contains("counter.service differs", "decant setup --dry-run");
    }

    @Test
    @Order(10)
    void limits_directories_and_lines_of_ones_own_are_what_systemd_then_has() throws Exception {
        Files.writeString(
                project.folder().resolve("own.conf"), "[Service]\nEnvironment=FROM=file\n");
        config(
                List.of(bookworm),
                """
                [unit]
                directories = ["configuration", "state", "cache", "logs", "tmp"]
                start_pre = ["+/bin/sh -c 'id -u >/run/counter-pre'"]
                restart = "always"
                drop_ins = ["own.conf"]
                [unit.extra]
                Service = ["Nice=5", "RuntimeMaxSec=1d"]
                [limits]
                memory = "1G"
                cpu = "150%"
                tasks = 4096
                files = 100000
                oom_score = -100
                """);
        project.must("setup");
        project.must("deploy", "--again");

        assertThat(
                        bookworm.ssh(
                                        "systemctl show counter -p MemoryMax -p CPUQuotaPerSecUSec"
                                                + " -p TasksMax -p LimitNOFILE -p LimitCORE -p"
                                                + " OOMScoreAdjust -p OOMPolicy -p Nice -p Restart")
                                .out())
                .containsExactlyInAnyOrder(
                        "MemoryMax=1073741824",
                        "CPUQuotaPerSecUSec=1.500000s",
                        "TasksMax=4096",
                        "LimitNOFILE=100000",
                        "LimitCORE=0",
                        "OOMScoreAdjust=-100",
                        "OOMPolicy=continue",
                        "Nice=5",
                        "Restart=always");
        assertThat(bookworm.ssh("cat /run/counter-pre").text()).isEqualTo("0");
        bookworm.ssh("echo hello >/etc/counter/config/greeting");
        String seen =
                project.must(
                                "eval",
                                """
                                for name <- ~w(STATE CACHE LOGS), folder = System.fetch_env!(name <> ~s(_DIRECTORY)), \
                                do: IO.inspect({folder, File.write(folder <> ~s(/x), ~s(x))}); \
                                IO.inspect(File.write(System.fetch_env!(~s(TMPDIR)) <> ~s(/x), ~s(x))); \
                                folder = System.fetch_env!(~s(CONFIGURATION_DIRECTORY)); \
                                IO.inspect({File.read(folder <> ~s(/greeting)), File.write(folder <> ~s(/x), ~s(x))}); \
                                IO.inspect(Enum.map(~w(secrets cookie), &File.read(~s(/etc/counter/) <> &1))); \
                                IO.inspect(System.get_env(~s(FROM))); \
                                IO.inspect(elem(System.cmd(~s(nice), []), 0))\
                                """)
                        .out();
        assertThat(seen.lines())
                .containsExactly(
                        "{\"/var/lib/counter\", :ok}",
                        "{\"/var/cache/counter\", :ok}",
                        "{\"/var/log/counter\", :ok}",
                        ":ok",
                        "{{:ok, \"hello\\n\"}, {:error, :erofs}}",
                        "[error: :eacces, error: :eacces]",
                        "\"file\"",
                        "\"5\\n\"");
        assertThat(odd(bookworm)).isEmpty();
    }

    @Test
    @Order(11)
    void what_is_no_longer_asked_for_goes() throws Exception {
        config(List.of(bookworm), "");
        project.must("setup");

        assertThat(bookworm.ssh("ls -d /etc/systemd/system/counter*").text()).doesNotContain(".d");
        assertThat(bookworm.ssh("ls /etc/counter").text()).doesNotContain("units");
        project.must("deploy", "--again");
    }

    @Test
    @Order(12)
    void other_processes_start_and_end_with_the_release_that_they_are_of() throws Exception {
        String slots = "[public]\nports = [\"80:4000\"]\n";
        String worker =
                "[processes.worker]\ncommand = [\"eval\", \"IO.puts(Counter.version());"
                        + " Process.sleep(:infinity)\"]\n";
        config(List.of(trixie), slots + worker + NIGHTLY);
        project.must("setup");
        project.must("deploy");
        // What ran alone had the ports of the first slot.
        assertThat(workers()).containsExactly("counter.worker@2.service");

        project.version("0.2.0");
        project.must("deploy");

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(10),
                                () -> workers().equals(List.of("counter.worker@1.service"))))
                .as("%s", workers())
                .isTrue();
        assertThat(project.must("status").out())
                .contains("counter.worker@1.service  active", "counter.nightly.timer     active");
        assertThat(project.must("logs").out()).contains("0.2.0");

        // One that does not stay keeps the release from being taken for healthy.
        config(
                List.of(trixie),
                slots + worker.replace("Process.sleep(:infinity)", "exit(:no)") + NIGHTLY);
        project.must("setup");
        project.version("0.3.0");
        Ran ran = project.run("deploy");

        assertThat(ran.status()).isNotZero();
        assertThat(ran.err()).contains("counter.worker@2.service ends by itself");
        assertThat(new Seen(trixie, 80).version()).isEqualTo("0.2.0");
        assertThat(workers()).containsExactly("counter.worker@1.service");
    }

    private static final String NIGHTLY =
            "[timers.nightly]\n"
                    + "schedule = \"*-*-* 03:30:00\"\n"
                    + "command = [\"eval\", \"Application.load(:counter); IO.puts(\\\"night of"
                    + " #{Counter.version()}\\\")\"]\n";

    private List<String> workers() throws InterruptedException {
        return trixie.ssh(
                        "systemctl list-units --plain --no-legend --state=active 'counter.worker@*'"
                                + " | cut -d' ' -f1")
                .out();
    }

    @Test
    @Order(13)
    void what_runs_at_a_time_runs_in_the_release_that_serves_then() throws Exception {
        trixie.ssh(
                "cd /srv/counter && ln -sfn releases/$(ls releases | grep 0.1.0 | head -n 1)"
                        + " current");

        assertThat(
                        trixie.ssh(
                                        "systemctl start counter.nightly && journalctl -t"
                                                + " counter.nightly -o cat")
                                .text())
                .contains("night of 0.2.0");
        assertThat(trixie.ssh("systemctl list-timers --no-legend counter.nightly.timer").text())
                .contains("03:30:00");
        assertThat(
                        trixie.ssh(
                                        "systemd-analyze verify --man=no counter.nightly.service"
                                            + " counter.nightly.timer counter.worker@2.service 2>&1"
                                            + " | grep -v 'not executable'")
                                .out())
                .isEmpty();

        config(List.of(trixie), "[public]\nports = [\"80:4000\"]\n");
        project.must("setup");

        assertThat(
                        trixie.ssh("ls /etc/systemd/system /etc/systemd/system/timers.target.wants")
                                .text())
                .doesNotContain("counter.nightly", "counter.worker");
        assertThat(workers()).isEmpty();
    }

    @Test
    @Order(14)
    void on_a_disk_that_is_read_only_the_app_boots_and_serves() throws Exception {
        trixie.ssh(
                "mkdir -p /etc/systemd/system/local-fs.target.wants; printf '[Unit]\\n"
                        + "DefaultDependencies=no\\n"
                        + "Before=local-fs.target systemd-tmpfiles-setup.service\\n"
                        + "[Service]\\n"
                        + "Type=oneshot\\n"
                        + "ExecStart=/bin/mount -o remount,bind,ro /\\n"
                        + "' >/etc/systemd/system/read-only.service; ln -s ../read-only.service"
                        + " /etc/systemd/system/local-fs.target.wants/; sync");
        trixie.kill();
        trixie.boot();

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () -> new Seen(trixie, 80).version().equals("0.2.0")))
                .as(trixie.ssh("systemctl status counter; journalctl -b -u counter").text())
                .isTrue();
        assertThat(trixie.ssh("touch /srv/x /var/lib/x /etc/x 2>&1").text())
                .contains("/srv/x': Read-only", "/var/lib/x': Read-only", "/etc/x': Read-only");
    }
}
