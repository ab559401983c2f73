package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Relay;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A release on its way to a real host, over a line on which everything goes wrong.
///
/// Two releases of the sample app: one that the host has, and one that is to get there.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendingLabTest {

    /// Of each kind; 10 are tried by hand: `-Ddecant.cuts=10`.
    private static final int CUTS = Integer.getInteger("decant.cuts", 3);

    private static final String RELEASES = "/srv/counter/releases/";

    /// What the first release is in one parcel, about.
    private static final long ALL = 5_500_000;

    private Lab lab;
    private LabHost host;
    private Relay relay;
    private SampleProject project;
    private String first = "";
    private String second = "";

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        relay = Relay.to(host.address());
        project =
                SampleProject.create().config(relay.config(lab.sshConfig()), List.of(host), "", "");
        project.must("setup");
        first = built();
        project.edit("lib/counter/greeting.ex", "Hello", "Good evening");
        project.version("0.2.0");
        second = built();
    }

    private String built() {
        return project.must("build", "--json")
                .out()
                .replaceFirst("(?s).*\"release\" : \"([^\"]*)\".*", "$1");
    }

    @AfterAll
    void end() throws Exception {
        relay.close();
        project.close();
        lab.close();
    }

    @BeforeEach
    void hasTheFirst() throws Exception {
        relay.slow(Long.MAX_VALUE);
        has(first);
    }

    @AfterEach
    void everyReleaseIsWhatItsListSays() throws Exception {
        assertThat(damaged()).isEmpty();
    }

    private void has(String... ids) throws InterruptedException {
        host.ssh("rm -rf " + RELEASES + "* " + RELEASES + ".*.new; rm -rf /srv/counter/incoming/*");
        for (String id : ids) {
            project.must("upload", "--release", id);
        }
    }

    private List<String> releases() throws InterruptedException {
        return host.ssh("ls " + RELEASES).out();
    }

    /// Compares each release with its own list, by other means than the host program's.
    private List<String> damaged() throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        for (String id : releases()) {
            String compare =
                    "export LC_ALL=C; cd "
                            + RELEASES
                            + id
                            + " && awk -F'\\t' '$2 ~ /^[67]/ {print $4 \"  \" $1}' .decant/files |"
                            + " sha256sum --check --quiet --strict 2>&1; find . -path ./.decant"
                            + " -prune -o -type f -printf '%P\\t%m\\t%s\\n"
                            + "' | sort >/tmp/found; awk -F'\\t' -v OFS='\\t' '$2 ~ /^[67]/ {print"
                            + " $1, $2, $3}' .decant/files | sort | diff - /tmp/found";
            wrong.addAll(host.ssh("sh", "-c", quoted(compare)).out());
        }
        return wrong;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private void completes(String id) throws InterruptedException {
        project.must("upload", "--release", id);
        assertThat(releases()).contains(id);
        assertThat(damaged()).isEmpty();
    }

    @Test
    void only_what_has_changed_is_sent() throws Exception {
        long before = relay.passed();

        Ran ran = project.must("upload", "--release", second);

        assertThat(ran.out()).contains("web1  has " + second);
        assertThat(relay.passed() - before).isLessThan(60_000);
        assertThat(releases()).containsExactly(first, second);
    }

    /// Whoever waits for the other side takes a turn, whatever the machine is busy with; what is
    /// said late, because the machine was busy, looks like one more. So the least of some tries is
    /// right.
    @Test
    void once_connected_it_takes_two_round_trips() throws Exception {
        relay.gather(250);
        try {
            int asking = Integer.MAX_VALUE;
            int uploading = Integer.MAX_VALUE;
            for (int i = 0; i < 2 || (i < 6 && uploading - asking != 1); i++) {
                has(first);
                // Connects and asks once.
                asking = Math.min(asking, turns("releases"));
                uploading = Math.min(uploading, turns("upload", "--release", second));
            }

            assertThat(uploading - asking).isEqualTo(1);
        } finally {
            relay.gather(0);
        }
    }

    private int turns(String... words) throws Exception {
        relay.settle();
        int before = relay.turns();
        project.must(words);
        relay.settle();
        return relay.turns() - before;
    }

    @Test
    void a_machine_that_has_built_nothing_before_sends_as_little() throws Exception {
        host.ssh("ln -s releases/" + first + " /srv/counter/current");
        // Another name, as a CI has it on a fresh machine: nothing there has the list of the first.
        Path away = SampleProject.releases().resolveSibling("away");
        java.nio.file.Files.createDirectories(away);
        Path there = SampleProject.releases().resolve(first);
        java.nio.file.Files.move(there, away.resolve(first));
        try {
            long before = relay.passed();
            project.must("upload", "--release", second);
            assertThat(relay.passed() - before).isLessThan(60_000);
        } finally {
            java.nio.file.Files.move(away.resolve(first), there);
            host.ssh("rm /srv/counter/current");
        }
    }

    @Test
    void a_connection_that_is_lost_in_the_middle_is_found_again_and_sends_the_rest()
            throws Exception {
        Random random = new Random(Long.getLong("decant.seed", 7));
        // 20 Mbit/s.
        relay.slow(2_500_000);
        for (int i = 0; i < CUTS; i++) {
            has();
            long at = Relay.somewhere(random, 100_000, ALL);
            long before = relay.passed();
            relay.cutAfter(at);

            Ran ran = project.run("upload", "--release", first);

            long passed = relay.passed() - before;
            assertThat(ran.status()).as("cut at %d: %s", at, ran.all()).isZero();
            assertThat(releases()).as("cut at %d", at).containsExactly(first);
            // What the host's sshd had in hand when it was cut is lost, and no more; on a line that
            // is faster than its disk that may be the 2 MB of its window.
            assertThat(passed).as("cut at %d", at).isLessThan(ALL + 1_000_000);
            System.out.printf("SendingLabTest: cut after %,d bytes, %,d in all%n", at, passed);
            assertThat(damaged()).isEmpty();
        }
    }

    @Test
    void a_connection_that_is_lost_anywhere_leaves_no_half_release_and_the_next_run_completes()
            throws Exception {
        Random random = new Random(Long.getLong("decant.seed", 11));
        for (int i = 0; i < CUTS; i++) {
            has(first);
            long at = Relay.somewhere(random, 0, 30_000);
            relay.cutAfter(at);

            Ran ran = project.run("upload", "--release", second);

            // Before the host was asked, there was nothing to go on with.
            assertThat(ran.status()).as("cut at %d: %s", at, ran.all()).isIn(0, 3);
            assertThat(damaged()).as("cut at %d", at).isEmpty();
            relay.cutAfter(Long.MAX_VALUE - relay.passed());
            completes(second);
        }
    }

    @Test
    void a_bit_that_turns_over_on_the_way_is_noticed_and_sent_again() throws Exception {
        has();
        relay.flipAfter(ALL / 2);

        completes(first);
    }

    @Test
    void a_bit_that_turned_over_in_what_the_host_has_is_found_and_repaired() throws Exception {
        String beam = RELEASES + first + "/lib/counter-0.1.0/ebin/Elixir.Counter.beam";
        String runtime = RELEASES + first + "/bin/counter";
        for (String file : List.of(beam, runtime)) {
            assertThat(
                            host.ssh(
                                            "printf X | dd conv=notrunc bs=1 seek=20 of="
                                                    + file
                                                    + " status=none && touch -d @0 "
                                                    + file)
                                    .ok())
                    .isTrue();
        }
        assertThat(damaged()).isNotEmpty();

        Ran ran = project.must("upload", "--release", second);

        assertThat(ran.err()).contains("has damaged files", "repaired " + first);
        assertThat(damaged()).isEmpty();
    }

    @Test
    void a_list_that_is_damaged_on_the_host_is_not_relied_on() throws Exception {
        String list = RELEASES + first + "/.decant/files";
        host.ssh("printf 0 | dd conv=notrunc bs=1 seek=300 of=" + list + " status=none");

        project.must("upload", "--release", second);

        assertThat(releases()).contains(second);
        host.ssh("rm -r " + RELEASES + first);
    }

    @Test
    void what_runs_there_for_it_may_be_killed() throws Exception {
        has();
        relay.slow(2_000_000);
        Thread killer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(2_000);
                                        host.ssh("pkill -KILL -u deploy");
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });

        completes(first);

        killer.join();
    }

    @Test
    void decant_may_be_killed_and_goes_on_where_it_was() throws Exception {
        has();
        relay.slow(2_000_000);
        long before = relay.passed();
        Process decant = project.apart("upload", "--release", first).converse();
        assertThat(Seen.within(Duration.ofSeconds(20), () -> relay.passed() - before > 2_500_000))
                .isTrue();
        // Its ssh, and nobody else's: other hosts on this machine are deployed to as well.
        List<ProcessHandle> all = decant.descendants().toList();
        decant.destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
        assertThat(releases()).isEmpty();
        relay.slow(Long.MAX_VALUE);
        long again = relay.passed();

        completes(first);

        assertThat(relay.passed() - again).isLessThan(ALL - 1_500_000);
    }

    @Test
    void the_host_may_lose_power() throws Exception {
        has();
        relay.slow(2_000_000);
        long before = relay.passed();
        Thread uploading =
                Thread.ofVirtual().start(() -> project.run("upload", "--release", first));
        assertThat(Seen.within(Duration.ofSeconds(20), () -> relay.passed() - before > 2_500_000))
                .isTrue();

        host.kill();
        host.boot();
        uploading.join();

        relay.slow(Long.MAX_VALUE);
        completes(first);
    }
}
