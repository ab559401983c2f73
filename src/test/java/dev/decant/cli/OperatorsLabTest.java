package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.SshKeys;
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
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Operators who come at the same time, who vanish, who cannot get in again, and who ask what
/// happened; told in order, on one host with the sample app.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorsLabTest {

    private static final String RENEWED = "/srv/counter/incoming/lock.renewed";

    private Lab lab;
    private LabHost host;
    private Seen seen;

    /// Each with a checkout: alice has version 0.1.0, bob 0.2.0.
    private final List<SampleProject> operators = new ArrayList<>();

    private SampleProject alice;
    private SampleProject bob;

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        seen = new Seen(host);
        for (String name : List.of("alice", "bob")) {
            operators.add(operator(name));
        }
        alice = operators.get(0);
        bob = operators.get(1);
        bob.version("0.2.0");
        alice.must("setup");
        bob.must("build");
        alice.must("deploy");
    }

    private SampleProject operator(String name) throws Exception {
        return SampleProject.create()
                .set("USER", name)
                .set(SampleProject.SECRET, "x")
                .config(
                        lab.sshConfig(),
                        List.of(host),
                        "secrets = [\"COUNTER_SECRET\"]",
                        "confirm_timeout = \"8s\"");
    }

    @AfterAll
    void end() throws Exception {
        for (SampleProject operator : operators) {
            operator.close();
        }
        lab.close();
    }

    private String history() {
        return alice.must("history", "-n", "50").out();
    }

    // ---- at the same time

    private List<Ran> all(List<Future<Ran>> running) throws Exception {
        List<Ran> ended = new ArrayList<>();
        for (Future<Ran> run : running) {
            ended.add(run.get());
        }
        return ended;
    }

    @Test
    @Order(1)
    void of_two_that_deploy_at_once_one_does_and_the_other_is_told_who() throws Exception {
        List<Ran> ended;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ended =
                    all(
                            List.of(
                                    threads.submit(() -> alice.run("deploy", "--again")),
                                    threads.submit(() -> bob.run("deploy", "--again"))));
        }

        assertThat(ended).extracting(Ran::status).containsExactlyInAnyOrder(0, 3);
        boolean bobs = ended.get(1).status() == 0;
        assertThat(ended.get(bobs ? 0 : 1).err())
                .contains("web1 is being worked on by someone else.")
                .contains((bobs ? "bob" : "alice") + "@bench: deploy, since ");
        assertThat(seen.version()).isEqualTo(bobs ? "0.2.0" : "0.1.0");
        bob.must("deploy", "--again");
    }

    @Test
    @Order(2)
    void of_ten_that_deploy_at_once_each_waits_its_turn_or_is_told() throws Exception {
        int before = host.ssh("cat /var/lib/decant/counter/history").out().size();
        List<Future<Ran>> patient = new ArrayList<>();
        List<Future<Ran>> others = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 5; i++) {
                SampleProject who = operators.get(i % 2);
                patient.add(threads.submit(() -> who.run("deploy", "--again", "--wait", "5m")));
                others.add(threads.submit(() -> who.run("deploy", "--again")));
            }
        }

        assertThat(all(patient)).allSatisfy(ran -> assertThat(ran.status()).as(ran.all()).isZero());
        assertThat(all(others))
                .allSatisfy(ran -> assertThat(ran.status()).as(ran.all()).isIn(0, 3));
        List<String> entries = host.ssh("cat /var/lib/decant/counter/history").out();
        long done = all(others).stream().filter(ran -> ran.status() == 0).count();
        assertThat(entries.size() - before).isEqualTo(5 + (int) done);
        assertThat(entries.subList(before, entries.size()))
                .allMatch(entry -> entry.contains(" result=live "));
        // One at a time: each began after the one before had ended.
        String last =
                host.ssh("readlink /srv/counter/current").text().contains("-0.2.0-")
                        ? "0.2.0"
                        : "0.1.0";
        assertThat(seen.version()).isEqualTo(last);
        assertThat(host.ssh("ls /var/lib/decant/counter/activating").ok()).isFalse();
    }

    // ---- operators who vanish

    /// A deploy in a process of its own, stopped where it has the lock.
    private ProcessHandle stopped() throws Exception {
        ProcessHandle deploy =
                bob.apart("deploy", "--again").detach(Files.createTempFile("deploy", ".log"));
        String taken =
                "grep -q bob /srv/counter/incoming/lock.lease && ! flock -n"
                        + " /srv/counter/incoming/lock true";
        assertThat(Seen.within(Duration.ofSeconds(20), () -> host.ssh(taken).ok())).isTrue();
        signal("STOP", deploy);
        return deploy;
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        List<String> words = new ArrayList<>(List.of("kill", "-" + name));
        process.descendants().forEach(child -> words.add(Long.toString(child.pid())));
        words.add(Long.toString(process.pid()));
        Program.of(words).run();
    }

    private void settle(ProcessHandle deploy) throws Exception {
        signal("KILL", deploy);
        deploy.onExit().get();
        alice.must("deploy", "--again", "--wait", "1m");
        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    @Test
    @Order(3)
    void a_lock_can_be_taken_away_from_who_is_not_heard_of() throws Exception {
        alice.must("deploy");
        ProcessHandle deploy = stopped();

        Ran refused = alice.run("deploy", "--again");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("bob@bench: deploy", "decant unlock");

        assertThat(alice.must("unlock").out())
                .startsWith("web1  unlocked; it was locked by bob@bench (deploy) since 20");
        assertThat(alice.must("unlock").out()).isEqualTo("web1  was not locked\n");
        settle(deploy);
    }

    @Test
    @Order(4)
    void a_lock_that_nobody_renews_needs_no_unlocking() throws Exception {
        ProcessHandle deploy = stopped();
        // As if a minute had gone by.
        host.ssh("echo 1 > " + RENEWED);

        settle(deploy);
    }

    @Test
    @Order(5)
    void ctrl_c_gives_the_lock_back() throws Exception {
        ProcessHandle deploy = stopped();
        signal("CONT", deploy);
        Program.of("kill", "-INT", Long.toString(deploy.pid())).run();
        deploy.onExit().get();

        String free = "flock -n /srv/counter/incoming/lock true";
        assertThat(Seen.within(Duration.ofSeconds(5), () -> host.ssh(free).ok())).isTrue();
        settle(deploy);
    }

    // ---- who cannot get in again

    @Test
    @Order(6)
    void a_release_that_shuts_the_operator_out_does_not_stay(@TempDir Path folder)
            throws Exception {
        // Whose ssh would rather use the connection that there is.
        Files.writeString(
                folder.resolve("ssh_config"),
                "Include %s\nHost *\nControlMaster auto\nControlPath %s/%%C\nControlPersist 20\n"
                        .formatted(lab.sshConfig(), folder));
        bob.edit(
                "decant.toml", lab.sshConfig().toString(), folder.resolve("ssh_config").toString());
        String keys = "/home/deploy/.ssh/authorized_keys";
        Thread shut = seen.onceActivating("mv " + keys + " " + keys + ".away");

        Ran ran = bob.run("deploy");

        shut.join();
        host.ssh("mv " + keys + ".away " + keys);
        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        assertThat(ran.err())
                .contains("the host could not be reached again, so it put the old one back")
                .contains("healthy, but nobody confirmed it within 8 s")
                .contains("Permission denied");
        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    @Test
    @Order(7)
    void who_hears_nothing_while_it_is_to_be_confirmed_is_told_that_it_was_healthy()
            throws Exception {
        // Both directions, as where a cable is out.
        Thread silent =
                seen.onceActivating(
                        "nft 'add table inet silent; add chain inet silent in { type filter hook"
                            + " input priority 0; }; add chain inet silent out { type filter hook"
                            + " output priority 0; }; add rule inet silent in tcp dport 22 drop;"
                            + " add rule inet silent out tcp sport 22 drop' && systemd-run -q"
                            + " --on-active=11 --timer-property=AccuracySec=100ms nft delete table"
                            + " inet silent");

        Ran ran = alice.run("deploy", "--again");

        silent.join();
        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        assertThat(ran.err())
                .contains("the new release was healthy, but the host could not be reached again")
                .contains("healthy, but nobody confirmed it within 8 s")
                .contains("Nothing came over the connection that there was.");
        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    // ---- what happened

    @Test
    @Order(8)
    void the_history_tells_who_did_what_and_how_it_ended() {
        alice.must("rollback");

        assertThat(history().lines().toList())
                .anyMatch(line -> line.matches("web1 .* setup .* done .*alice@bench"))
                .anyMatch(line -> line.matches("web1 .* deploy .*-0.2.0-.* live .*bob@bench"))
                .anyMatch(line -> line.matches("web1 .* deploy .*-0.2.0-.* went-back .*bob@bench"))
                .anyMatch(line -> line.matches(" .* healthy, but nobody confirmed it within 8 s"))
                .anyMatch(line -> line.matches("web1 .* rollback .* live .*alice@bench"));
        assertThat(alice.must("history", "-n", "1", "--json").out())
                .contains("\"what\" : \"rollback\"", "\"switch_milliseconds\" : ");
    }

    @Test
    @Order(9)
    void what_was_cut_short_is_named_and_can_be_repaired() throws Exception {
        String version = seen.version();
        String newest =
                host.ssh("ls /var/lib/decant/counter/deployments | sort -n | tail -n 1").text();
        // What is there when even systemd's own settling was cut off.
        host.ssh(
                "echo "
                        + newest
                        + " > /var/lib/decant/counter/activating; systemctl stop counter"
                        + "; echo phase=restarting > /var/lib/decant/counter/deployments/"
                        + newest
                        + "/progress; n=$(ls /var/lib/decant/counter/deployments | sort -n | tail"
                        + " -n 2 | head -n 1); echo $n > /var/lib/decant/counter/live");

        Ran status = alice.run("status");
        assertThat(status.status()).isEqualTo(5);
        assertThat(status.out())
                .contains("deployment " + newest + " (", ", by alice@bench at ", "was cut short");

        Ran repaired = alice.must("repair");
        assertThat(repaired.out()).contains("settled deployment " + newest, " serves");
        assertThat(alice.must("status").out()).doesNotContain("cut short");
        assertThat(alice.must("repair").out()).contains("nothing was cut short");
        assertThat(version).isNotEqualTo("no answer");
        assertThat(seen.version()).isIn("0.1.0", "0.2.0");
    }

    // ---- without sudo, and strictly

    @Test
    @Order(10)
    void the_same_goes_without_sudo() throws Exception {
        alice.edit("decant.toml", "[hosts.web1]", "privilege = \"none\"\n[hosts.web1]");
        Ran refused = alice.run("deploy", "--again");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("The privilege (sudo) differs.", "decant setup");

        assertThat(alice.must("setup").out()).contains("decant-counter-requests.path");
        alice.must("deploy", "--again");

        assertThat(seen.version()).isEqualTo("0.1.0");
        assertThat(host.ssh("ls /etc/sudoers.d/decant-counter").ok()).isFalse();
    }

    @Test
    @Order(11)
    void the_same_goes_where_root_takes_only_what_is_signed(@TempDir Path folder) throws Exception {
        Path key = SshKeys.make(folder, "alice@laptop");
        alice.edit("decant.toml", "privilege = \"none\"", "privilege = \"strict\"");
        Ran unsigned = alice.run("setup");
        assertThat(unsigned.status()).isNotZero();
        assertThat(unsigned.err()).contains("someone has to sign releases");

        alice.edit("decant.toml", "privilege", "signing_key = \"" + key + "\"\nprivilege");
        alice.must("setup");
        Ran older = alice.run("rollback");
        assertThat(older.status()).as(older.all()).isEqualTo(3);
        alice.version("0.3.0").must("deploy");

        assertThat(seen.version()).isEqualTo("0.3.0");
        assertThat(host.ssh("stat -c %U $(readlink -f /srv/counter/current)").text())
                .isEqualTo("root");
        alice.version("0.3.1").must("deploy");
        alice.must("rollback");
        assertThat(seen.version()).isEqualTo("0.3.0");
        assertThat(alice.must("status", "--json").out()).contains("\"privilege\" : \"strict\"");
        // What was signed as a whole is gone back to with its secrets.
        String secret = seen.get("/secret-digest");
        alice.set(SampleProject.SECRET, "y").must("env", "push");
        assertThat(seen.version()).isEqualTo("0.3.0");
        assertThat(seen.get("/secret-digest")).isNotEqualTo(secret);
        alice.must("env", "rollback");
        assertThat(seen.version()).isEqualTo("0.3.0");
        assertThat(seen.get("/secret-digest")).isEqualTo(secret);
    }
}
