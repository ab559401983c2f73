package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// How activations end, and what is there after one that was cut off at its worst moment. Each test
/// has an app of its own on one host.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {

    private final Lab lab;
    private final SetUp first;
    private final AtomicInteger apps = new AtomicInteger();

    @TempDir private Path folder = Path.of("");

    CrashTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        first = new SetUp(lab.boot("web1", Suite.BOOKWORM), "first", 4000);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private SetUp host() {
        int number = apps.incrementAndGet();
        return SetUp.of(first.machine(), "app" + number, 4200 + number);
    }

    private static void assertSettled(SetUp host, int live) {
        try (Host session = host.session()) {
            HostFacts facts = HostFacts.of(session, List.of());
            assertThat(facts.activating()).isEmpty();
            assertThat(facts.live().orElse(0)).isEqualTo(live);
            // Whoever asks once more changes nothing.
            assertThat(session.must(new Verb.Recover()))
                    .isEqualTo(new Reply(0, List.of(), List.of()));
        }
    }

    private SetUp serving(Release release) throws InterruptedException {
        SetUp host = host();
        assertThat(host.deploy(release, Map.of("ANSWER", "old")).value("verdict")).hasValue("live");
        assertThat(host.answer()).isEqualTo(release.id() + " old s3cret");
        return host;
    }

    /// Begins an activation that stays in its search for health for as long as it may.
    private static int begin(SetUp host, Host session, Release release, int seconds)
            throws InterruptedException {
        host.send(session, release);
        int number =
                host.prepared(
                        session,
                        release.id(),
                        host.settings(Map.of("MODE", "sick", "ANSWER", "new")).within(seconds));
        session.must(new Verb.Activate(number, Duration.ZERO));
        host.awaitHealthPhase(session, number);
        return number;
    }

    @Test
    void a_healthy_release_serves() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);
        SetUp host = serving(one);

        Reply ending = host.deploy(two, Map.of("ANSWER", "new"));

        assertThat(ending.value("verdict")).hasValue("live");
        assertThat(host.answer()).isEqualTo(two.id() + " new s3cret");
        assertSettled(host, 2);
    }

    @Test
    void an_unhealthy_release_makes_room_for_the_old_one() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        Map<String, String> modes =
                Map.of(
                        "sick", "GET /health answered 503 for 3 s",
                        "mute", "nothing answered on port " + host.port() + " for 3 s",
                        "dead", "it ends by itself");
        for (var mode : modes.entrySet()) {
            // Two restarts, a second apart, have to fit in on a busy machine as well.
            int seconds = mode.getKey().equals("dead") ? 30 : 3;
            Release two = SetUp.standIn(folder, 2);
            Reply ending = host.deploy(two, Map.of("MODE", mode.getKey()), seconds);

            assertThat(ending.value("verdict")).as(mode.getKey()).hasValue("went-back");
            assertThat(ending.value("reason").orElse("")).startsWith(mode.getValue());
            assertThat(ending.text()).contains("starts in mode '" + mode.getKey() + "'");
            assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        }
        assertSettled(host, 1);
    }

    @Test
    void an_unhealthy_release_with_none_before_it_is_stopped() throws Exception {
        SetUp host = host();

        Reply ending = host.deploy(SetUp.standIn(folder, 1), Map.of("MODE", "sick"));

        assertThat(ending.value("verdict")).hasValue("stopped");
        assertThat(host.answer()).isEmpty();
        assertThat(host.root("systemctl is-active " + host.unit()).text()).isEqualTo("inactive");
        assertThat(host.root("ls /srv/" + host.unit() + "/current").ok()).isFalse();
        assertSettled(host, 0);
    }

    @Test
    void activations_may_follow_one_another_at_once() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        try (Host session = host.session()) {
            for (int i = 2; i < 7; i++) {
                session.must(new Verb.Repeat(1, "me@here", Verb.Repeat.As.AGAIN));
                session.must(new Verb.Activate(i, Duration.ZERO));

                assertThat(host.ending(session, i).value("verdict")).hasValue("live");
            }
        }
        assertSettled(host, 6);
    }

    @Test
    void an_activation_that_cannot_begin_is_told() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        String unit = "/run/systemd/system/decant-" + host.unit() + "-activate.service";
        host.root("mkdir -p /run/systemd/system; ln -s /dev/null " + unit);
        host.root("systemctl daemon-reload");
        try (Host session = host.session()) {
            session.must(new Verb.Repeat(1, "me@here", Verb.Repeat.As.AGAIN));

            Reply refused = session.ask(new Verb.Activate(2, Duration.ZERO));

            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.text()).isNotEmpty();
        }
        host.root("rm " + unit + "; systemctl daemon-reload");
        assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        assertSettled(host, 1);
    }

    @Test
    void a_port_that_is_taken_is_the_reason() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        int taken = host.port() + 100;
        String listen =
                "nohup perl -MIO::Socket::INET -e"
                        + " '$s=IO::Socket::INET->new(Listen=>1,LocalPort=>"
                        + taken
                        + ") or die; sleep 1000' >/dev/null 2>&1 </dev/null &";
        assertThat(host.root(listen).ok()).isTrue();
        Thread.sleep(500);
        try (Host session = host.session()) {
            Reply made =
                    host.prepare(
                            session,
                            one.id(),
                            new SetUp.Settings(taken, 3, Map.of()),
                            Map.of("SECRET", ""));
            assertThat(made.ok()).isTrue();
            session.must(new Verb.Activate(2, Duration.ZERO));

            Reply ending = host.ending(session, 2);

            assertThat(ending.value("verdict")).hasValue("went-back");
            assertThat(ending.value("reason"))
                    .hasValue("port " + taken + " is taken by another program");
        }
        assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        assertSettled(host, 1);
    }

    private static String kill(SetUp host) {
        return "systemctl kill -s KILL decant-" + host.unit() + "-activate.service";
    }

    @Test
    void a_killed_activation_is_settled_at_once_though_nobody_asks() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        int number;
        try (Host session = host.session()) {
            number = begin(host, session, SetUp.standIn(folder, 2), 60);
            assertThat(session.ask(new Verb.Recover()).status()).isEqualTo(Reply.BUSY);
            assertThat(session.ask(new Verb.Activate(number, Duration.ZERO)).status())
                    .isEqualTo(Reply.BUSY);
        }

        host.root(kill(host));

        assertThat(host.awaitAnswer()).isEqualTo(one.id() + " old s3cret");
        try (Host session = host.session()) {
            assertThat(host.ending(session, number).value("verdict")).hasValue("interrupted");
        }
        assertSettled(host, 1);
    }

    @Test
    void where_that_is_killed_as_well_it_is_settled_by_whoever_comes_next() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        try (Host session = host.session()) {
            int number = begin(host, session, SetUp.standIn(folder, 2), 60);
            host.root("for _ in $(seq 40); do " + kill(host) + " || exit 0; sleep 0.05; done");
            int status = Reply.BUSY;
            for (int i = 0; i < 50 && status == Reply.BUSY; i++) {
                status = session.ask(new Verb.Recover()).status();
            }

            assertThat(status).isZero();
            assertThat(host.ending(session, number).value("verdict")).hasValue("interrupted");
            assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        }
        assertSettled(host, 1);
    }

    @Test
    void a_killed_first_activation_leaves_nothing_that_serves() throws Exception {
        SetUp host = host();
        try (Host session = host.session()) {
            int number = begin(host, session, SetUp.standIn(folder, 1), 60);

            host.root(kill(host));

            assertThat(host.ending(session, number).value("verdict")).hasValue("interrupted");
            assertThat(host.answer()).isEmpty();
        }
        assertSettled(host, 0);
    }

    // ---- confirming

    private static int beginConfirming(SetUp host, Host session, Release release, int seconds)
            throws InterruptedException {
        host.send(session, release);
        int number = host.prepared(session, release.id(), host.settings(Map.of("ANSWER", "new")));
        session.must(new Verb.Activate(number, Duration.ofSeconds(seconds)));
        host.awaitPhase(session, number, "confirming");
        return number;
    }

    @Test
    void a_healthy_release_that_is_confirmed_serves() throws Exception {
        Release two = SetUp.standIn(folder, 2);
        SetUp host = serving(SetUp.standIn(folder, 1));
        try (Host session = host.session()) {
            int number = beginConfirming(host, session, two, 30);
            try (Host second = host.session()) {
                second.must(new Verb.Confirm(number));
            }

            assertThat(host.ending(session, number).value("verdict")).hasValue("live");
            assertThat(session.ask(new Verb.Confirm(number)).status()).isEqualTo(Reply.NO_SUCH);
        }
        assertThat(host.answer()).isEqualTo(two.id() + " new s3cret");
        assertSettled(host, 2);
    }

    @Test
    void a_healthy_release_that_nobody_confirms_makes_room_for_the_old_one() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        int number;
        try (Host session = host.session()) {
            number = beginConfirming(host, session, SetUp.standIn(folder, 2), 2);
        }
        // The operator is gone, and so is the connection.
        Thread.sleep(2_000);

        try (Host session = host.session()) {
            Reply ending = host.ending(session, number);
            assertThat(ending.value("verdict")).hasValue("went-back");
            assertThat(ending.value("reason"))
                    .hasValue("healthy, but nobody confirmed it within 2 s");
        }
        assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        assertSettled(host, 1);
    }

    @Test
    void a_first_release_that_nobody_confirms_is_stopped() throws Exception {
        SetUp host = host();
        try (Host session = host.session()) {
            int number = beginConfirming(host, session, SetUp.standIn(folder, 1), 1);

            assertThat(host.ending(session, number).value("verdict")).hasValue("stopped");
        }
        assertThat(host.answer()).isEmpty();
        assertSettled(host, 0);
    }

    @Test
    void what_is_not_healthy_yet_cannot_be_confirmed() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));
        try (Host session = host.session()) {
            int number = begin(host, session, SetUp.standIn(folder, 2), 3);

            assertThat(session.ask(new Verb.Confirm(number)).status()).isEqualTo(Reply.BUSY);
            assertThat(session.ask(new Verb.Confirm(1)).status()).isEqualTo(Reply.NO_SUCH);
            assertThat(host.ending(session, number).value("verdict")).hasValue("went-back");
        }
    }

    @Test
    void a_power_cut_before_the_confirmation_brings_the_old_release_back() throws Exception {
        afterAPowerCut("web3", (host, session, two) -> beginConfirming(host, session, two, 600));
    }

    @Test
    void the_history_says_who_did_what_and_how_it_ended() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);
        SetUp host = serving(one);
        host.deploy(two, Map.of("MODE", "sick"), 1);
        try (Host session = host.session()) {
            session.must(new Verb.Repeat(1, "bob@ci", Verb.Repeat.As.BACK));
            session.must(new Verb.Activate(3, Duration.ZERO));
            host.ending(session, 3);

            List<HistoryEntry> all =
                    session.must(new Verb.History(20)).all("entry").stream()
                            .map(HistoryEntry::parse)
                            .toList();

            assertThat(all)
                    .extracting(
                            HistoryEntry::what,
                            HistoryEntry::deployment,
                            HistoryEntry::release,
                            HistoryEntry::result,
                            HistoryEntry::by)
                    .containsExactly(
                            tuple("setup", "", "", "done", "me@here"),
                            tuple("deploy", "1", one.id().value(), "live", "me@here"),
                            tuple("deploy", "2", two.id().value(), "went-back", "me@here"),
                            tuple("rollback", "3", one.id().value(), "live", "bob@ci"));
            assertThat(all.get(2).reason()).isEqualTo("GET /health answered 503 for 1 s");
            assertThat(all.get(2).switchMilliseconds().orElse(0L)).isBetween(100L, 30_000L);
            assertThat(all.get(2).milliseconds().orElse(0L))
                    .isGreaterThanOrEqualTo(all.get(2).switchMilliseconds().orElse(0L));
            assertThat(session.must(new Verb.History(1)).all("entry")).hasSize(1);
        }
        assertThat(host.root("journalctl -t decant-host -o cat").out())
                .anyMatch(
                        line ->
                                line.equals(
                                        "deploy asked for "
                                                + host.unit()
                                                + ": repeat 1 bob@ci back; status 0"));
    }

    @Test
    void an_activation_ends_without_anybody_watching() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        Release two = SetUp.standIn(folder, 2);
        int number;
        try (Host session = host.session()) {
            number = begin(host, session, two, 4);
        }
        try (Wire wire = Wire.open(host.transport(SetUp.DEPLOY))) {
            wire.send("progress 1 0\n" + number + "\n");
            wire.kill();
        }
        host.root("pkill -KILL -u deploy");

        try (Host session = host.session()) {
            assertThat(host.ending(session, number).value("verdict")).hasValue("went-back");
        }
        assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        assertSettled(host, 1);
    }

    private interface Begin {
        int begin(SetUp host, Host session, Release release) throws InterruptedException;
    }

    private void afterAPowerCut(String name, Begin begin) throws Exception {
        SetUp host = SetUp.of(lab.boot(name, Suite.BOOKWORM), "cut", 4000);
        Release one = SetUp.standIn(folder, 1);
        assertThat(host.deploy(one, Map.of("ANSWER", "old")).ok()).isTrue();
        int number;
        try (Host session = host.session()) {
            number = begin.begin(host, session, SetUp.standIn(folder, 2));
            host.machine().kill();
        }
        host.machine().boot();

        assertThat(host.awaitAnswer()).isEqualTo(one.id() + " old s3cret");
        try (Host session = host.session()) {
            assertThat(host.ending(session, number).value("verdict")).hasValue("interrupted");
        }
        assertSettled(host, 1);

        // A cut while nothing is under way is no more than a boot.
        host.machine().kill();
        host.machine().boot();
        assertThat(host.awaitAnswer()).isEqualTo(one.id() + " old s3cret");
        host.machine().close();
    }

    @Test
    void after_a_power_cut_the_old_release_serves() throws Exception {
        afterAPowerCut("web2", (host, session, two) -> begin(host, session, two, 60));
    }

    // ---- a full disk

    private static void full(SetUp host, String place, int megabytes) throws Exception {
        String path = "/srv/" + host.unit() + "/" + place;
        String mount =
                "set -e; o=$(stat -c uid=%u,gid=%g,mode=%a "
                        + path
                        + "); mount -t tmpfs -o size="
                        + megabytes
                        + "m,$o tmpfs "
                        + path;
        assertThat(host.root(mount).ok()).isTrue();
    }

    /// A release that gzip cannot make small.
    private Release large() throws IOException {
        byte[] bytes = new byte[8 << 20];
        new Random(1).nextBytes(bytes);
        return Archives.packed(
                folder,
                new ReleaseId("20261123T191509Z-0.9.0-1f3a9c2"),
                Map.of("bin/shop", "#!/bin/sh\n"),
                List.of(
                        Archives.Member.file(
                                "lib/large",
                                0644,
                                new String(bytes, StandardCharsets.ISO_8859_1))));
    }

    @Test
    void a_parcel_that_does_not_fit_leaves_nothing() throws Exception {
        SetUp host = host();
        full(host, "incoming", 1);
        try (Host session = host.session()) {
            session.must(new Verb.Lock("me@here", "run1", "deploy"));

            Reply refused = session.ask(Archives.all(large()));

            assertThat(refused.status()).isEqualTo(Reply.CANNOT_WRITE);
            assertThat(refused.text())
                    .singleElement()
                    .asString()
                    .contains("No space left on device");
        }
        assertThat(host.root("ls -A /srv/" + host.unit() + "/incoming").out())
                .containsExactlyInAnyOrder("lock", "lock.lease", "lock.renewed", "lock.session");
        try (Host session = host.session()) {
            session.must(new Verb.Lock("me@here", "run2", "deploy"));
            host.send(session, SetUp.standIn(folder, 1));
        }
    }

    @Test
    void a_release_that_does_not_fit_leaves_nothing_and_arrives_once_there_is_room()
            throws Exception {
        SetUp host = host();
        full(host, "releases", 1);
        Release large = large();
        try (Host session = host.session()) {
            Reply refused = session.ask(Archives.all(large));

            assertThat(refused.status()).isEqualTo(Reply.CANNOT_WRITE);
            assertThat(String.join("\n", refused.text())).contains("No space left on device");
        }
        assertThat(host.root("ls -A /srv/" + host.unit() + "/releases").out()).isEmpty();
        assertThat(host.root("ls -A /srv/" + host.unit() + "/incoming").out())
                .allMatch(name -> name.startsWith("lock"));
        host.root("mount -o remount,size=64m /srv/" + host.unit() + "/releases");
        try (Host session = host.session()) {
            session.must(Archives.all(large));
        }
    }

    @Test
    void where_the_new_settings_do_not_fit_the_old_release_is_never_stopped() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        String pid = host.root("systemctl show -p MainPID --value " + host.unit()).text();
        String etc = "/srv/" + host.unit() + "/etc";
        host.root("cp " + etc + "/environment /root/");
        full(host, "etc", 1);
        host.root("cp /root/environment " + etc + "/; dd if=/dev/zero of=" + etc + "/fill");
        try (Host session = host.session()) {
            host.prepare(
                    session,
                    one.id(),
                    host.settings(Map.of("LONG", "x".repeat(10_000))),
                    Map.of("SECRET", ""));
            session.must(new Verb.Activate(2, Duration.ZERO));

            Reply ending = host.ending(session, 2);

            assertThat(ending.value("verdict")).hasValue("untouched");
        }
        assertThat(host.root("systemctl show -p MainPID --value " + host.unit()).text())
                .isEqualTo(pid);
        assertThat(host.root("ls -A " + etc).out()).containsExactly("environment", "fill");
        assertSettled(host, 1);
    }
}
