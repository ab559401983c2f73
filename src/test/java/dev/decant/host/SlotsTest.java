package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.release.Release;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// An app that runs in one of two slots, between which the firewall's redirect is switched. Each
/// test has an app and ports of its own on one host.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlotsTest {

    private static final int OFFSET = 10;

    private final Lab lab;
    private final LabHost machine;
    private final AtomicInteger apps = new AtomicInteger();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path folder = Path.of("");

    SlotsTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        machine = lab.boot("web1", Suite.BOOKWORM);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private SetUp host() {
        return host(machine);
    }

    private SetUp host(LabHost on) {
        int number = apps.incrementAndGet();
        int port = 5000 + 100 * number;
        SetUp host =
                new SetUp(
                        on, "app" + number, port, List.of("public=" + (80 + number) + ":" + port));
        host.setUp(false);
        return host;
    }

    private static int publicPort(SetUp host) {
        return Integer.parseInt(host.ports().getFirst().replaceAll("public=|:.*", ""));
    }

    /// What the world sees.
    private String seen(SetUp host) throws IOException, InterruptedException {
        return answer(host).body();
    }

    private HttpResponse<String> answer(SetUp host) throws IOException, InterruptedException {
        return http.send(
                asking(host).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder asking(SetUp host) {
        return HttpRequest.newBuilder(
                URI.create("http://" + host.machine().address() + ":" + publicPort(host) + "/"));
    }

    private SetUp serving(Release release) throws Exception {
        SetUp host = host();
        Reply ending = host.deploy(release, Map.of("ANSWER", "old"));
        assertThat(ending.value("verdict")).as("%s", ending).hasValue("live");
        assertThat(seen(host)).isEqualTo(release.id() + " old s3cret");
        return host;
    }

    private static String state(SetUp host, int slot) throws InterruptedException {
        return host.root("systemctl is-active " + host.unit() + "@" + slot).text();
    }

    private static String pid(SetUp host, int slot) throws InterruptedException {
        return host.root("systemctl show -p MainPID --value " + host.unit() + "@" + slot).text();
    }

    private static String table(SetUp host) throws InterruptedException {
        return host.root("nft list table inet decant_" + host.unit()).text();
    }

    private static HostFacts facts(SetUp host) {
        try (Host session = host.session()) {
            return HostFacts.of(session, List.of());
        }
    }

    private static void awaitState(SetUp host, int slot, String state) throws InterruptedException {
        for (int i = 0; i < 100 && !state(host, slot).equals(state); i++) {
            Thread.sleep(100);
        }
        assertThat(state(host, slot)).isEqualTo(state);
    }

    @Test
    void a_release_starts_beside_the_old_one_and_takes_its_public_port() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);
        SetUp host = serving(one);
        assertThat(state(host, 1)).isEqualTo("active");
        assertThat(table(host))
                .contains(
                        "fib daddr type local tcp dport %d redirect to :%d"
                                .formatted(publicPort(host), host.port()));

        assertThat(host.deploy(two, Map.of("ANSWER", "new")).value("verdict")).hasValue("live");

        assertThat(seen(host)).isEqualTo(two.id() + " new s3cret");
        assertThat(host.answer(publicPort(host))).as("from the host itself").contains("new");
        assertThat(host.answer(host.port() + OFFSET)).contains("new");
        assertThat(table(host)).contains("redirect to :" + (host.port() + OFFSET));
        awaitState(host, 1, "inactive");
        HostFacts facts = facts(host);
        assertThat(facts.service().slot()).isEqualTo(2);
        assertThat(facts.service().running()).isTrue();
        assertThat(facts.service().bytes()).isPositive();
        assertThat(facts.unpublished()).isEmpty();
        assertThat(facts.livePorts()).isEqualTo(facts.ports()).isPresent();
        assertThat(facts.current()).hasValue(two.id());
    }

    @Test
    void nobody_meets_a_release_that_does_not_get_healthy() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        String served = pid(host, 1);
        String rules = table(host);

        Reply ending = host.deploy(SetUp.standIn(folder, 2), Map.of("MODE", "sick"), 1);

        assertThat(ending.value("verdict")).hasValue("kept");
        assertThat(ending.value("reason")).hasValue("GET /health answered 503 for 1 s");
        assertThat(pid(host, 1)).isEqualTo(served);
        assertThat(table(host)).isEqualTo(rules);
        assertThat(state(host, 2)).isEqualTo("inactive");
        assertThat(seen(host)).isEqualTo(one.id() + " old s3cret");
        assertThat(facts(host).current()).hasValue(one.id());
    }

    @Test
    void a_first_release_that_does_not_get_healthy_leaves_no_rule() throws Exception {
        SetUp host = host();

        Reply ending = host.deploy(SetUp.standIn(folder, 1), Map.of("MODE", "sick"), 1);

        assertThat(ending.value("verdict")).hasValue("stopped");
        assertThat(host.root("nft list table inet decant_" + host.unit()).ok()).isFalse();
        assertThat(host.root("ls /srv/" + host.unit() + "/slots").text()).isEmpty();
    }

    @Test
    void who_is_not_confirmed_gives_the_public_port_back() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);
        SetUp host = serving(one);
        String served = pid(host, 1);

        try (Host session = host.session()) {
            host.send(session, two);
            int number = host.prepared(session, two.id(), host.settings(Map.of("ANSWER", "new")));
            session.must(new Verb.Activate(number, Duration.ofSeconds(2)));
            host.awaitPhase(session, number, "confirming");
            assertThat(seen(host)).contains("new");

            assertThat(host.ending(session, number).value("verdict")).hasValue("went-back");
        }
        assertThat(seen(host)).isEqualTo(one.id() + " old s3cret");
        assertThat(pid(host, 1)).as("it was never stopped").isEqualTo(served);
    }

    @Test
    void a_rollback_starts_the_old_one_beside_the_new_one() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));

        assertThat(rollback(host, 1).value("verdict")).hasValue("live");

        assertThat(seen(host)).isEqualTo(one.id() + " old s3cret");
        assertThat(facts(host).service().slot()).isEqualTo(1);
    }

    private static Reply rollback(SetUp host, int deployment) throws InterruptedException {
        try (Host session = host.session()) {
            int number =
                    Integer.parseInt(
                            session.must(
                                            new Verb.Repeat(
                                                    deployment, "me@here", Verb.Repeat.As.BACK))
                                    .value("deployment")
                                    .orElseThrow());
            session.must(new Verb.Activate(number, Duration.ZERO));
            return host.ending(session, number);
        }
    }

    @Test
    void what_is_kept_warm_is_gone_back_to_without_a_start() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        host.root("echo warm=600 >>/etc/decant/ports/" + host.unit());
        host.deploy(one, Map.of("ANSWER", "old"));
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));
        assertThat(seen(host)).contains("new");
        assertThat(state(host, 2)).as("warm").isEqualTo("active");
        String warm = pid(host, 2);

        assertThat(rollback(host, 2).value("verdict")).hasValue("live");

        assertThat(seen(host)).isEqualTo(one.id() + " old s3cret");
        assertThat(pid(host, 2)).isEqualTo(warm);
        assertThat(state(host, 1)).as("warm in its turn").isEqualTo("active");
    }

    @Test
    void what_is_warm_ends_when_its_time_is_up() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));
        host.root("echo warm=2 >>/etc/decant/ports/" + host.unit());
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));

        assertThat(state(host, 1)).isEqualTo("active");
        awaitState(host, 1, "inactive");
        assertThat(seen(host)).contains("new");
    }

    @Test
    void the_ports_outlive_a_reload_of_the_firewall() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));

        for (String doing : List.of("restart", "reload", "stop", "start")) {
            Result done = host.root("systemctl " + doing + " nftables");
            assertThat(done.ok()).as(doing + done).isTrue();
            assertThat(seen(host)).as(doing).contains("old");
        }
    }

    private static void maintenance(SetUp host, boolean on) {
        try (Host session = host.session()) {
            session.must(new Verb.Maintenance(on, "me@here", on ? "Back at <b>10</b>" : ""));
        }
    }

    private void assertMaintenance(SetUp host, String when)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = answer(host);
        assertThat(answer.statusCode()).as(when).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("120");
        assertThat(answer.body()).contains("Back at &lt;b&gt;10&lt;/b&gt;");
        assertThat(facts(host).unpublished()).as(when).isEmpty();
    }

    @Test
    void during_maintenance_visitors_see_a_page_whatever_is_done_to_the_app() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));

        maintenance(host, true);

        assertMaintenance(host, "at once");
        assertThat(facts(host).maintenance().orElseThrow().message())
                .isEqualTo("Back at <b>10</b>");
        assertThat(host.answer()).as("behind it").contains("old");
        assertThat(host.answer(publicPort(host)))
                .as("from the host itself")
                .contains("Maintenance");
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));
        assertThat(host.answer(host.port() + OFFSET)).contains("new");
        assertMaintenance(host, "after a deploy");
        assertThat(rollback(host, 1).value("verdict")).hasValue("live");
        assertMaintenance(host, "after a rollback");
        assertThat(
                        host.deploy(SetUp.standIn(folder, 3), Map.of("MODE", "sick"), 1)
                                .value("verdict"))
                .hasValue("kept");
        assertMaintenance(host, "after a deploy that failed");
        host.root("systemctl reload nftables");
        assertMaintenance(host, "after a reload of the firewall");
        try (Host session = host.session()) {
            session.must(new Verb.Stop());
            assertMaintenance(host, "while the app is stopped");
            session.must(new Verb.Start());
            session.must(new Verb.Recover());
        }
        maintenance(host, true);
        assertMaintenance(host, "once more");

        maintenance(host, false);

        assertThat(answer(host).statusCode()).isEqualTo(200);
        assertThat(seen(host)).contains("old");
        assertThat(facts(host).maintenance()).isEmpty();
        assertThat(
                        host.root(
                                        "systemctl list-units --no-legend '%s-maintenance*'"
                                                .formatted(host.unit()))
                                .text())
                .isEmpty();
    }

    @Test
    void who_asks_during_maintenance_is_heard_to_the_end() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));
        maintenance(host, true);

        HttpResponse<String> posted =
                http.send(
                        asking(host)
                                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(300_000)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(503);
        HttpResponse<String> head =
                http.send(
                        asking(host).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(503);
        assertThat(head.body()).isEmpty();
        try (Socket tls = new Socket(host.machine().address(), publicPort(host))) {
            tls.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            assertThat(tls.getInputStream().readNBytes(7))
                    .as("an alert")
                    .containsExactly(21, 3, 1, 0, 2, 2, 80);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all =
                    Stream.generate(() -> threads.submit(() -> answer(host).statusCode()))
                            .limit(120)
                            .toList();
            for (Future<Integer> one : all) {
                assertThat(one.get()).isEqualTo(503);
            }
        }
        maintenance(host, false);
        assertThat(seen(host)).contains("old");
    }

    @Test
    void maintenance_that_was_cut_short_is_finished_either_way() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));
        maintenance(host, true);
        String flag = "/var/lib/decant/" + host.unit() + "/maintenance";
        String socket = "systemctl is-active " + host.unit() + "-maintenance.socket";

        host.root("cp %1$s %1$s.kept; rm %1$s".formatted(flag));
        try (Host session = host.session()) {
            session.must(new Verb.Recover());
            assertThat(seen(host)).contains("old");
            assertThat(host.root(socket).text()).isEqualTo("inactive");

            host.root("mv %1$s.kept %1$s".formatted(flag));
            assertThat(facts(host).unpublished()).isNotEmpty();
            session.must(new Verb.Recover());
        }
        assertMaintenance(host, "finished");
        host.root("systemctl stop " + host.unit() + "-maintenance.socket");
        assertThat(facts(host).unpublished()).isNotEmpty();
        maintenance(host, true);
        assertMaintenance(host, "asked for again");
        maintenance(host, false);
        maintenance(host, false);
        assertThat(seen(host)).contains("old");
    }

    @Test
    void what_was_flushed_by_hand_is_seen_and_repaired() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));
        host.root("nft delete table inet decant_" + host.unit());
        assertThat(facts(host).unpublished()).containsExactly(publicPort(host) + " " + host.port());

        try (Host session = host.session()) {
            assertThat(session.must(new Verb.Recover()).value("published")).hasValue("1");
        }

        assertThat(facts(host).unpublished()).isEmpty();
        assertThat(seen(host)).contains("old");
    }

    @Test
    void what_was_led_elsewhere_by_hand_is_mended_before_that_slot_is_filled() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        String served = table(host);
        int spare = host.port() + OFFSET;
        host.root(
                "{ echo delete table inet decant_%s; nft list table inet decant_%s; } | sed 's/:%d/:%d/' | nft -f -"
                        .formatted(host.unit(), host.unit(), host.port(), spare));
        assertThat(table(host)).contains("redirect to :" + spare);

        Reply ending = host.deploy(SetUp.standIn(folder, 2), Map.of("MODE", "sick"), 1);

        assertThat(ending.value("verdict")).hasValue("kept");
        assertThat(table(host)).isEqualTo(served);
        assertThat(seen(host)).isEqualTo(one.id() + " old s3cret");
    }

    @Test
    void while_it_boots_the_new_one_stands_back_and_the_old_one_comes_first() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));
        Release sick = SetUp.standIn(folder, 2);
        try (Host session = host.session()) {
            host.send(session, sick);
            int number =
                    host.prepared(
                            session,
                            sick.id(),
                            new SetUp.Settings(host.port(), 10, Map.of("MODE", "sick")));
            session.must(new Verb.Activate(number, Duration.ZERO));
            host.awaitPhase(session, number, "health");
            awaitState(host, 2, "active");
            Thread.sleep(300);
            assertThat(share(host, 2)).endsWith("nice 10");
            assertThat(share(host, 1)).endsWith("nice -10");
            awaitOwnShare(host, 2);
            awaitOwnShare(host, 1);
            assertThat(session.must(new Verb.Progress(number, "")).value("verdict")).isEmpty();
            host.ending(session, number);
        }

        host.deploy(SetUp.standIn(folder, 3), Map.of("ANSWER", "new"));
        assertThat(seen(host)).contains("new");
        // As soon as it serves, also if the one before drains.
        awaitOwnShare(host, 2);
    }

    private static void awaitOwnShare(SetUp host, int slot) throws InterruptedException {
        for (int i = 0; i < 50 && !share(host, slot).endsWith("nice 0"); i++) {
            Thread.sleep(100);
        }
        assertThat(share(host, slot)).endsWith("nice 0");
    }

    /// Its part of the processor, as the scheduler has it: `/autogroup-25 nice 0`.
    private static String share(SetUp host, int slot) throws InterruptedException {
        return host.root("cat /proc/" + pid(host, slot) + "/autogroup").text();
    }

    @Test
    void an_app_moves_into_slots_and_out_of_them_again() throws Exception {
        SetUp slots = host();
        SetUp alone = new SetUp(machine, slots.unit(), slots.port());
        alone.setUp(false);
        assertThat(alone.deploy(SetUp.standIn(folder, 1), Map.of()).value("verdict"))
                .hasValue("live");

        slots.setUp(false);
        assertThat(slots.deploy(SetUp.standIn(folder, 2), Map.of()).value("verdict"))
                .hasValue("live");
        assertThat(seen(slots)).contains("0.2.0");
        assertThat(facts(slots).service().slot()).as("the free one").isEqualTo(2);
        for (int i = 0; i < 50 && alone.root("systemctl -q is-active " + alone.unit()).ok(); i++) {
            Thread.sleep(100);
        }
        assertThat(alone.root("systemctl is-active " + alone.unit()).text()).isEqualTo("inactive");
        assertThat(slots.setUp(false))
                .anyMatch(line -> line.endsWith(alone.unit() + ".service goes"));

        alone.setUp(false);
        assertThat(alone.deploy(SetUp.standIn(folder, 3), Map.of()).value("verdict"))
                .hasValue("live");
        assertThat(alone.answer()).contains("0.3.0");
        assertThat(state(slots, 2)).isEqualTo("inactive");
        assertThat(alone.root("nft list table inet decant_" + alone.unit()).ok())
                .as("no port is public any more")
                .isFalse();
        assertThat(alone.setUp(false)).anyMatch(line -> line.endsWith("@.service goes"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Suite.class,
            names = {"BULLSEYE", "TRIXIE"})
    void older_and_newer_hosts_do_the_same(Suite suite) throws Exception {
        LabHost other = lab.boot("on-" + suite.name().toLowerCase(Locale.ROOT), suite);
        SetUp host = host(other);

        host.deploy(SetUp.standIn(folder, 1), Map.of("ANSWER", "old"));
        assertThat(seen(host)).contains("old");
        assertThat(facts(host).unpublished()).isEmpty();
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));
        assertThat(seen(host)).contains("new");
        awaitState(host, 1, "inactive");
        assertThat(rollback(host, 1).value("verdict")).hasValue("live");
        assertThat(seen(host)).contains("old");
        maintenance(host, true);
        assertMaintenance(host, "there");
        try (Host session = host.session()) {
            assertThat(session.must(new Verb.Exec(List.of("printf", "%s", "%i $HOME"))).text())
                    .containsExactly("%i $HOME");
        }
        maintenance(host, false);
        assertThat(seen(host)).contains("old");
        other.close();
    }

    @Test
    void where_there_is_no_nft_iptables_does_it() throws Exception {
        LabHost other = lab.boot("web4", Suite.BOOKWORM, List.of("ufw"));
        SetUp host = host(other);
        host.root("mv /usr/sbin/nft /usr/sbin/nft.away; iptables -t nat -N theirs");
        String before = host.root("(iptables-save; ip6tables-save -t nat) | grep -v '^#'").text();

        host.deploy(SetUp.standIn(folder, 1), Map.of("ANSWER", "old"));
        assertThat(seen(host)).contains("old");
        assertThat(host.answer(publicPort(host))).as("from the host itself").contains("old");
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));
        assertThat(seen(host)).contains("new");
        assertThat(facts(host).unpublished()).isEmpty();
        assertThat(host.root("iptables -t nat -S PREROUTING | grep -c decant").text())
                .isEqualTo("1");

        maintenance(host, true);
        assertMaintenance(host, "by iptables");
        maintenance(host, false);
        assertThat(seen(host)).contains("new");

        host.root("iptables -t nat -F PREROUTING");
        assertThat(facts(host).unpublished()).as("nothing leads there").isNotEmpty();
        try (Host session = host.session()) {
            session.must(new Verb.Recover());
        }
        assertThat(seen(host)).contains("new");

        try (Host root = host.asRoot()) {
            root.must(new Verb.Remove(false));
        }
        assertThat(host.root("(iptables-save; ip6tables-save -t nat) | grep -v '^#'").text())
                .isEqualTo(before);
        other.close();
    }

    // ---- cut off

    /// Activates, and kills what carries it out once it has come to a phase.
    private Reply cutOff(SetUp host, Release release, String phase, Duration confirm)
            throws Exception {
        try (Host session = host.session()) {
            host.send(session, release);
            Map<String, String> mode = phase.equals("health") ? Map.of("MODE", "mute") : Map.of();
            int number = host.prepared(session, release.id(), host.settings(mode).within(30));
            session.must(new Verb.Activate(number, confirm));
            host.awaitPhase(session, number, phase);
            host.root("systemctl kill -s KILL decant-" + host.unit() + "-activate.service");
            return host.ending(session, number);
        }
    }

    @Test
    void killed_before_the_switch_nothing_has_happened() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        String served = pid(host, 1);

        Reply ending = cutOff(host, SetUp.standIn(folder, 2), "health", Duration.ZERO);

        assertThat(ending.value("verdict")).hasValue("untouched");
        assertThat(pid(host, 1)).isEqualTo(served);
        assertThat(state(host, 2)).isEqualTo("inactive");
        assertThat(seen(host)).contains("old");
    }

    @Test
    void killed_after_the_switch_the_old_one_has_the_public_port_again() throws Exception {
        Release one = SetUp.standIn(folder, 1);
        SetUp host = serving(one);
        String served = pid(host, 1);

        Reply ending = cutOff(host, SetUp.standIn(folder, 2), "confirming", Duration.ofSeconds(60));

        assertThat(ending.value("verdict")).hasValue("interrupted");
        assertThat(pid(host, 1)).isEqualTo(served);
        assertThat(state(host, 2)).isEqualTo("inactive");
        assertThat(seen(host)).isEqualTo(one.id() + " old s3cret");
    }

    @Test
    void after_a_power_cut_exactly_one_slot_is_public_and_answers() throws Exception {
        LabHost other = lab.boot("web2", Suite.BOOKWORM);
        SetUp host = host(other);
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);
        host.deploy(one, Map.of("ANSWER", "old"));
        for (String phase : List.of("health", "confirming")) {
            try (Host session = host.session()) {
                host.send(session, two);
                Map<String, String> mode =
                        phase.equals("health") ? Map.of("MODE", "mute") : Map.of();
                int number = host.prepared(session, two.id(), host.settings(mode).within(60));
                session.must(new Verb.Activate(number, Duration.ofSeconds(60)));
                host.awaitPhase(session, number, phase);
                other.kill();
            }
            other.boot();
            assertOneAnswers(host, phase, one.id() + " old s3cret", 1);
        }
        // And once more after all went well, with the old one still warm when the power goes.
        host.root("echo warm=600 >>/etc/decant/ports/" + host.unit());
        assertThat(host.deploy(two, Map.of("ANSWER", "new")).value("verdict")).hasValue("live");
        assertThat(state(host, 1)).isEqualTo("active");
        other.kill();
        other.boot();
        assertOneAnswers(host, "warm", two.id() + " new s3cret", 2);
        other.close();
    }

    private void assertOneAnswers(SetUp host, String when, String answer, int slot)
            throws Exception {
        awaitState(host, slot, "active");
        String seen = "";
        for (int i = 0; i < 50 && !seen.equals(answer); i++) {
            Thread.sleep(100);
            try {
                seen = seen(host);
            } catch (IOException notYet) {
                seen = "";
            }
        }
        assertThat(seen).as(when).isEqualTo(answer);
        assertThat(state(host, 3 - slot)).as(when).isEqualTo("inactive");
        assertThat(facts(host).activating()).as(when).isEmpty();
        assertThat(facts(host).unpublished()).as(when).isEmpty();
    }

    // ---- whose a port is

    @Test
    void two_apps_cannot_have_a_port_in_common() throws Exception {
        SetUp first = host();
        SetUp samePublic =
                new SetUp(machine, "other", 4700, List.of("public=" + publicPort(first) + ":4700"));
        SetUp sameSlot =
                new SetUp(machine, "other", first.port() + OFFSET, List.of("public=99:4700"));

        Reply refused = samePublic.settingUp(false);
        assertThat(refused.status()).isEqualTo(Reply.IN_THE_WAY);
        assertThat(refused.all("claimed")).containsExactly(publicPort(first) + " " + first.unit());
        assertThat(sameSlot.settingUp(true).all("claimed"))
                .containsExactly((first.port() + OFFSET) + " " + first.unit());
        assertThat(first.root("id other").ok()).as("nothing was begun").isFalse();
    }

    @Test
    void whoever_may_deploy_cannot_lead_another_port_to_the_app() throws Exception {
        SetUp host = serving(SetUp.standIn(folder, 1));

        try (Host session = host.session()) {
            Release two = SetUp.standIn(folder, 2);
            host.send(session, two);
            int number =
                    host.prepared(
                            session,
                            two.id(),
                            host.settings(Map.of("PORT_22", "4000"))
                                    .and("public=22:" + host.port())
                                    .and("strategy=slots"));
            session.must(new Verb.Activate(number, Duration.ZERO));
            assertThat(host.ending(session, number).value("verdict")).hasValue("live");
        }

        assertThat(table(host)).contains("dport " + publicPort(host)).doesNotContain("dport 22 ");
        assertThat(machine.ssh("true").ok()).isTrue();
    }

    @Test
    void a_port_that_another_program_listens_on_is_not_redirected() {
        SetUp host = new SetUp(machine, "taker", 4800, List.of("public=22:4800"));

        Reply refused = host.settingUp(false);

        assertThat(refused.status()).isEqualTo(Reply.IN_THE_WAY);
        assertThat(refused.value("listening")).isEqualTo(Optional.of("22"));
    }

    @Test
    void beside_a_firewall_that_drops_what_it_does_not_know_it_says_what_to_allow()
            throws Exception {
        LabHost other = lab.boot("web3", Suite.BOOKWORM);
        SetUp host = new SetUp(other, "shop", 4000, List.of("public=80:4000"));
        host.root(
                """
                cat >/etc/nftables.conf <<'END'
                flush ruleset
                table inet filter {
                    chain input {
                        type filter hook input priority filter; policy drop;
                        iif lo accept
                        ct state established,related accept
                        tcp dport { 22, 80 } accept
                    }
                }
                END
                systemctl enable --now nftables
                """);
        String ruleset = host.root("nft list ruleset").text();

        Reply refused = host.settingUp(false);
        assertThat(refused.status()).isEqualTo(Reply.IN_THE_WAY);
        assertThat(refused.value("dropping")).isEqualTo(Optional.of("inet filter input"));
        assertThat(host.root("nft list ruleset").text()).isEqualTo(ruleset);

        host.root("sed -i 's/iif lo accept/&\\n        ct status dnat accept/' /etc/nftables.conf");
        assertThat(host.root("systemctl reload nftables").ok()).isTrue();
        host.setUp(false);
        assertThat(host.deploy(SetUp.standIn(folder, 1), Map.of("ANSWER", "old")).value("verdict"))
                .hasValue("live");
        assertThat(seen(host)).contains("old");
        host.deploy(SetUp.standIn(folder, 2), Map.of("ANSWER", "new"));
        assertThat(seen(host)).contains("new");
        assertThat(host.machine().ssh("true").ok()).isTrue();
        other.close();
    }

    /// Whether a connection from outside is let in.
    private static boolean isOpen(LabHost host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host.address(), port), 2000);
            return true;
        } catch (IOException dropped) {
            return false;
        }
    }

    @Test
    void beside_ufw_it_says_what_to_allow_and_no_more_is_open_then() throws Exception {
        LabHost other = lab.boot("web5", Suite.BOOKWORM, List.of("ufw"));
        SetUp host = new SetUp(other, "shop", 4000, List.of("public=80:4000"));
        Result enabled = host.root("ufw allow 22/tcp && ufw allow 80/tcp && ufw --force enable");
        assertThat(enabled.ok()).as("%s", enabled).isTrue();

        assertThat(host.settingUp(false).value("managed")).isEqualTo(Optional.of("ufw"));

        host.root(
                """
                sed -i 's/^COMMIT/-A ufw-before-input -p tcp -m conntrack --ctstate DNAT -j ACCEPT\\n&/' \\
                    /etc/ufw/before.rules
                ufw reload
                """);
        SetUp beside = new SetUp(other, "shop", 4000, List.of("public=80:4000", "firewall=beside"));
        beside.setUp(false);
        for (int number = 1; number <= 2; number++) {
            String answer = "answer " + number;
            beside.deploy(SetUp.standIn(folder, number), Map.of("ANSWER", answer));
            assertThat(seen(beside)).contains(answer);
        }
        assertThat(isOpen(other, 4000)).isFalse();
        assertThat(isOpen(other, 4010)).isFalse();
        beside.root("ufw reload");
        assertThat(seen(beside)).as("after a reload").contains("answer 2");
        other.close();
    }

    @Test
    void where_firewalld_manages_the_rules_it_wants_to_be_told() throws Exception {
        LabHost other = lab.boot("web6", Suite.BOOKWORM, List.of("firewalld", "netbase"));
        SetUp host = new SetUp(other, "shop", 4000, List.of("public=80:4000"));
        Result started = host.root("systemctl start firewalld 2>&1 || journalctl -u firewalld");
        assertThat(host.root("systemctl is-active firewalld").text())
                .as("%s", started)
                .isEqualTo("active");

        assertThat(host.settingUp(false).value("managed")).isEqualTo(Optional.of("firewalld"));

        SetUp beside = new SetUp(other, "shop", 4000, List.of("public=80:4000", "firewall=beside"));
        beside.setUp(false);
        beside.deploy(SetUp.standIn(folder, 1), Map.of("ANSWER", "old"));
        assertThat(seen(beside)).contains("old");
        assertThat(isOpen(other, 4000)).isFalse();
        beside.root("firewall-cmd --reload");
        assertThat(seen(beside)).as("after a reload").contains("old");
        beside.root("systemctl restart firewalld");
        assertThat(seen(beside)).as("after a restart").contains("old");
        other.close();
    }
}
