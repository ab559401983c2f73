package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.config.Privilege;
import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.problem.Failure;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What root does for the deploy user, and what nobody gets it to do. Each test has an app of its
/// own on one host.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RootVerbsTest {

    private static final String EVERYTHING =
            "find /etc /srv /usr/local /var/lib/decant /home -printf '%p %m %u %g %s %T@ %l\\n'"
                    + " 2>/dev/null | grep -v -e '\\.pwd\\.lock' | sort";

    private final Lab lab;
    private final SetUp first;
    private final AtomicInteger apps = new AtomicInteger();

    @TempDir private Path folder = Path.of("");

    RootVerbsTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        first = new SetUp(lab.boot("web1", Suite.BOOKWORM), "first", 4000);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private SetUp host() {
        return host(Privilege.SUDO);
    }

    private SetUp host(Privilege privilege) {
        int number = apps.incrementAndGet();
        SetUp host =
                new SetUp(
                        first.machine(),
                        "app" + number,
                        4100 + number,
                        privilege,
                        Optional.empty());
        host.setUp(false);
        return host;
    }

    private static String deployment(SetUp host, int number) {
        return "/var/lib/decant/" + host.unit() + "/deployments/" + number;
    }

    // ---- deployments

    @Test
    void prepare_makes_a_deployment_whose_secrets_only_root_can_read() throws Exception {
        SetUp host = host();
        Release release = SetUp.standIn(folder, 1);
        try (Host session = host.session()) {
            host.send(session, release);

            Reply made =
                    host.prepare(
                            session,
                            release.id(),
                            host.settings(Map.of("ANSWER", "$HOME 'x'")),
                            Map.of("A", "one\n. 0\n\"two\" $(id) \\", "B", "b"));

            assertThat(made.value("deployment")).hasValue("1");
            Reply inspected = session.must(new Verb.Inspect(""));
            assertThat(inspected.value("live")).isEmpty();
            assertThat(inspected.value("deployment").orElse(""))
                    .matches("1 " + release.id() + " none [0-9TZ:-]{20} me@here ");
        }
        String one = deployment(host, 1);
        assertThat(host.root("find " + one + " -printf '%P %y %m %u\\n' | sort").out())
                .containsExactly(
                        " d 755 root",
                        "at f 644 root",
                        "before f 644 root",
                        "by f 644 root",
                        "environment f 640 root",
                        "ports f 644 root",
                        "release f 644 root",
                        "secret d 700 root",
                        "secret/A f 600 root",
                        "secret/B f 600 root",
                        "secrets f 600 root",
                        "settings f 640 root",
                        "what f 644 root");
        assertThat(host.root("cat " + one + "/secrets").out())
                .containsExactly("A=\"one", ". 0", "\\\"two\\\" \\$(id) \\\\\"", "B=\"b\"");
        for (String user : List.of("runuser -u deploy --", "runuser -u " + host.unit() + " --")) {
            for (String file : List.of("/secrets", "/secret/A", "/environment")) {
                assertThat(host.root(user + " cat " + one + file).ok()).as(user + file).isFalse();
            }
            assertThat(host.root(user + " ls " + one + "/secret").ok()).as(user).isFalse();
        }
    }

    @Test
    void prepare_keeps_what_the_live_deployment_has_and_makes_nothing_without() throws Exception {
        SetUp host = host();
        Release release = SetUp.standIn(folder, 2);
        String all = "find /var/lib/decant/" + host.unit() + "/deployments -mindepth 1 | sort";
        try (Host session = host.session()) {
            host.send(session, release);

            Reply missing =
                    host.prepare(
                            session,
                            release.id(),
                            host.settings(Map.of()),
                            Map.of("A", "a", "SECRET", ""));

            assertThat(missing.status()).isEqualTo(Reply.NO_SUCH);
            assertThat(missing.text()).singleElement().asString().contains("SECRET");
            assertThat(host.root(all).out()).isEmpty();
        }
        assertThat(host.deploy(release, Map.of()).value("verdict")).hasValue("live");
        try (Host session = host.session()) {
            Reply kept =
                    host.prepare(
                            session,
                            release.id(),
                            host.settings(Map.of()),
                            Map.of("SECRET", "", "NEW", "n"));

            assertThat(kept.value("deployment")).hasValue("2");
        }
        assertThat(host.root("cat " + deployment(host, 2) + "/secrets").out())
                .containsExactly("NEW=\"n\"", "SECRET=\"s3cret\"");
    }

    @Test
    void prepare_makes_nothing_of_what_makes_no_sense() throws Exception {
        SetUp host = host();
        Release release = SetUp.standIn(folder, 3);
        String id = release.id().value();
        try (Host session = host.session()) {
            host.send(session, release);
        }
        String good = "port=4000\nhealth_path=/\nhealth_seconds=3\n";
        Map<String, Integer> requests =
                Map.ofEntries(
                        Map.entry(prepare(HostContract.NEVER_SENT.value(), "me", good, ""), 66),
                        Map.entry(prepare(id, "", good, ""), 64),
                        Map.entry(prepare(id, "a b", good, ""), 64),
                        Map.entry(prepare(id, "me", good, "a b:0\n"), 64),
                        Map.entry(prepare(id, "me", good, "../x:0\n"), 64),
                        Map.entry(prepare(id, "me", good, "A:x\n"), 64),
                        Map.entry(prepare(id, "me", good, "A\n"), 64),
                        Map.entry(prepare(id, "me", good, "A:5\n"), 64),
                        Map.entry(prepare(id, "me", "", ""), 65),
                        Map.entry(prepare(id, "me", good.replace("4000", "0"), ""), 65),
                        Map.entry(prepare(id, "me", good.replace("4000", "65536"), ""), 65),
                        Map.entry(prepare(id, "me", good.replace("=3", "=a[$(id)]"), ""), 65),
                        Map.entry(prepare(id, "me", good.replace("=/", "=@evil/"), ""), 65),
                        Map.entry(prepare(id, "me", good.replace("=/", "=/ x"), ""), 65));
        for (var request : requests.entrySet()) {
            try (Wire wire = Wire.open(host.transport(SetUp.DEPLOY))) {
                assertThat(wire.ask(request.getKey()))
                        .as(request.getKey())
                        .isEqualTo(request.getValue());
            }
        }
        // The connection may end within a secret, which must not become a shorter one.
        String whole =
                prepare(id, "me", good, "A:5\n")
                        .replace(" " + good.length() + "\n", " " + (good.length() + 5) + "\n");
        try (Wire wire = Wire.open(host.transport(SetUp.DEPLOY))) {
            wire.send(whole + "A=");
        }
        assertThat(host.root("ls -A /var/lib/decant/" + host.unit() + "/deployments").out())
                .isEmpty();
    }

    private static String prepare(String id, String by, String settings, String secret) {
        int words = secret.isEmpty() ? 5 : 6;
        int size = settings.length();
        return "prepare "
                + words
                + " "
                + size
                + "\n"
                + id
                + "\n"
                + by
                + "\n0\n"
                + size
                + "\n0\n"
                + secret
                + settings;
    }

    @Test
    void repeat_is_an_earlier_deployment_with_the_secrets_of_today() throws Exception {
        SetUp host = host();
        Release release = SetUp.standIn(folder, 4);
        assertThat(host.deploy(release, Map.of("ANSWER", "old")).ok()).isTrue();
        try (Host session = host.session()) {
            Reply second =
                    host.prepare(
                            session,
                            release.id(),
                            host.settings(Map.of("ANSWER", "new")),
                            Map.of("SECRET", "changed"));
            assertThat(second.value("deployment")).hasValue("2");
            session.must(new Verb.Activate(2, Duration.ZERO));
            assertThat(host.ending(session, 2).value("verdict")).hasValue("live");

            Reply third = session.must(new Verb.Repeat(1, "me@here", Verb.Repeat.As.BACK));
            assertThat(third.value("deployment")).hasValue("3");
            session.must(new Verb.Activate(3, Duration.ZERO));

            assertThat(host.ending(session, 3).value("verdict")).hasValue("live");
            assertThat(host.answer()).isEqualTo(release.id() + " old changed");
            HostFacts facts = HostFacts.of(session, List.of());
            assertThat(facts.live()).hasValue(3);
            assertThat(facts.deployments()).hasSize(3);
            // It was preceded by what deployment 1 was preceded by, which is nothing.
            assertThat(facts.beforeLive()).isEmpty();
            assertThat(facts.secrets().names()).containsExactly("SECRET");
            assertThat(session.ask(new Verb.Repeat(9, "me", Verb.Repeat.As.AGAIN)).status())
                    .isEqualTo(Reply.NO_SUCH);
        }
    }

    @Test
    void an_environment_goes_back_by_itself_with_its_secrets() throws Exception {
        SetUp host = host();
        Release old = SetUp.standIn(folder, 8);
        Release next = SetUp.standIn(folder, 9);
        assertThat(host.deploy(old, Map.of("ANSWER", "old")).ok()).isTrue();
        try (Host session = host.session()) {
            host.prepare(
                    session,
                    old.id(),
                    host.settings(Map.of("ANSWER", "new")),
                    Map.of("SECRET", "changed", "MORE", "m"));
            session.must(new Verb.Activate(2, Duration.ZERO));
            assertThat(host.ending(session, 2).value("verdict")).hasValue("live");

            session.must(new Verb.Repeat(1, "me@here", Verb.Repeat.As.ENVIRONMENT));
            session.must(new Verb.Activate(3, Duration.ZERO));

            assertThat(host.ending(session, 3).value("verdict")).hasValue("live");
            assertThat(host.answer()).isEqualTo(old.id() + " old s3cret");
            host.send(session, next);
            host.prepare(
                    session,
                    next.id(),
                    host.settings(Map.of("ANSWER", "newer")),
                    Map.of("SECRET", "newer"));
            session.must(new Verb.Activate(4, Duration.ZERO));
            assertThat(host.ending(session, 4).value("verdict")).hasValue("live");
            session.must(new Verb.Repeat(2, "me@here", Verb.Repeat.As.ENVIRONMENT));
            session.must(new Verb.Activate(5, Duration.ZERO));

            assertThat(host.ending(session, 5).value("verdict")).hasValue("live");
            assertThat(host.answer()).isEqualTo(next.id() + " new changed");
            List<Verb> verbs = List.of(new Verb.Facts(List.of()), new Verb.Inspect("00ff"));
            HostFacts facts = HostFacts.read(session, verbs, session.ask(verbs, (_, _) -> {}));
            assertThat(facts.versions()).isEqualTo(Map.of(1, 1, 2, 2, 3, 1, 4, 4, 5, 2));
            assertThat(facts.secrets().has(new Secret("SECRET", "changed"))).isTrue();
            assertThat(facts.secrets().names()).containsExactly("MORE", "SECRET");
            assertThat(facts.manifest()).contains(next.digest());
            // Its release was another, so that this is what a rollback goes to.
            assertThat(facts.beforeLive().map(Deployment::number)).hasValue(2);
            assertThat(facts.deployment(3).orElseThrow().before()).isEmpty();
        }
    }

    @Test
    void an_expression_runs_as_the_app_and_its_words_arrive() throws Exception {
        SetUp host = host();
        Release release = SetUp.standIn(folder, 5);
        try (Host session = host.session()) {
            host.send(session, release);
            String expression = "IO.puts(\"a b\" <> 'c') `id` $HOME \\ %s -x";
            SetUp.Settings settings = host.settings(Map.of());
            int number = host.prepared(session, release.id(), settings.migrating(expression));
            int failing = host.prepared(session, release.id(), settings.migrating("fail"));
            int without = host.prepared(session, release.id(), settings);

            Reply done = session.must(new Verb.Migrate(number));
            Reply failed = session.ask(new Verb.Migrate(failing));
            Reply again = session.must(new Verb.Preflight(number));

            assertThat(done.text())
                    .containsExactly("evaluated " + expression + " as " + host.unit());
            assertThat(failed.status()).isEqualTo(1);
            assertThat(failed.value("exit_status")).hasValue("3");
            assertThat(failed.text()).contains("evaluated fail as " + host.unit());
            assertThat(again.ok()).isTrue();
            assertThat(session.ask(new Verb.Migrate(without)).status()).isEqualTo(Reply.NO_SUCH);
            assertThat(HostFacts.of(session, List.of()).migrated()).containsExactly(number);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Privilege.class,
            names = {"SUDO", "NONE"})
    void what_an_expression_says_is_heard_while_it_runs_and_no_other_is_taken_for_it(
            Privilege privilege) throws Exception {
        SetUp host = host(privilege);
        Release release = SetUp.standIn(folder, 6);
        SetUp.Settings settings = host.settings(Map.of());
        try (Host session = host.session();
                Host other = host.session();
                Host third = host.session();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            host.send(session, release);
            int number = host.prepared(session, release.id(), settings.migrating("slow"));
            int another = host.prepared(session, release.id(), settings.migrating("slow"));
            List<String> said = List.of("evaluated slow as " + host.unit(), "after a while");
            List<Long> heard = Collections.synchronizedList(new ArrayList<>());

            Future<Reply> first =
                    threads.submit(
                            () ->
                                    session.must(
                                            new Verb.Migrate(number),
                                            session.ask(
                                                    new Verb.Migrate(number),
                                                    _ -> heard.add(System.nanoTime()),
                                                    _ -> {})));
            while (heard.isEmpty() && !first.isDone()) {
                Thread.sleep(20);
            }
            Future<Reply> preflight = threads.submit(() -> third.ask(new Verb.Preflight(number)));
            Reply elsewhere = other.ask(new Verb.Migrate(another));
            Reply joined = other.must(new Verb.Migrate(number));

            assertThat(preflight.get().status()).isEqualTo(Reply.BUSY);
            assertThat(preflight.get().value("at_work")).hasValue(release.id().value());
            assertThat(elsewhere.status()).as("other settings").isEqualTo(Reply.BUSY);
            assertThat(first.get().text()).isEqualTo(said);
            assertThat(joined.text()).isEqualTo(said);
            assertThat(heard).hasSize(2);
            assertThat(Duration.ofNanos(heard.getLast() - heard.getFirst()))
                    .isGreaterThan(Duration.ofSeconds(1));
            assertThat(
                            host.root(
                                            "journalctl -o cat -u '"
                                                    + host.unit()
                                                    + "-eval@*' | grep -c evaluated")
                                    .text())
                    .as("it ran once")
                    .isEqualTo("1");
            assertThat(other.ask(new Verb.Preflight(number)).ok()).isTrue();
        }
    }

    @Test
    void all_that_an_expression_says_is_heard_once_and_in_order() throws Exception {
        SetUp host = host();
        Release release = SetUp.standIn(folder, 7);
        try (Host session = host.session()) {
            host.send(session, release);
            int number =
                    host.prepared(
                            session, release.id(), host.settings(Map.of()).migrating("20000"));

            List<String> heard = new ArrayList<>();
            session.must(
                    new Verb.Migrate(number),
                    session.ask(new Verb.Migrate(number), heard::add, _ -> {}));

            assertThat(heard.stream().skip(1))
                    .isEqualTo(
                            IntStream.rangeClosed(1, 20_000).mapToObj(i -> "line " + i).toList());
        }
    }

    @Test
    void a_program_gets_its_words_as_they_are_and_ends_with_who_asked_for_it() throws Exception {
        SetUp host = host();
        assertThat(host.deploy(SetUp.standIn(folder, 9), Map.of("ANSWER", "a b")).ok()).isTrue();
        List<String> words =
                List.of(
                        "two words",
                        "  blanks  around  ",
                        "'single' \"double\" `id` $(id)",
                        "%i %n %% %h %",
                        "$HOME",
                        "${HOME} $HOME$ $$ $",
                        "$ANSWER",
                        "back\\slash \\n \\",
                        "",
                        "-n",
                        "@x",
                        "; reboot",
                        "grüße");
        try (Host session = host.session()) {
            List<String> printf = new ArrayList<>(List.of("printf", "[%s]\n"));
            printf.addAll(words);
            printf.add("one\n\ntwo\n");

            Reply printed = session.must(new Verb.Exec(printf));

            List<String> expected = new ArrayList<>();
            words.forEach(word -> expected.add("[" + word + "]"));
            expected.addAll(List.of("[one", "", "two", "]"));
            assertThat(printed.text()).isEqualTo(expected);
            assertThat(printed.value("exit_status")).hasValue("0");
            assertThat(session.must(new Verb.Exec(List.of("printenv", "ANSWER", "SECRET"))).text())
                    .containsExactly("a b", "s3cret");
            Reply failed = session.ask(new Verb.Exec(List.of("sh", "-c", "echo x >&2; exit 7")));
            assertThat(failed.text()).containsExactly("x");
            assertThat(failed.value("exit_status")).hasValue("7");
            assertThat(session.ask(new Verb.Exec(List.of("nosuch"))).value("exit_status"))
                    .hasValue("127");
        }
        String units =
                "systemctl list-units --no-legend 'decant-" + host.unit() + "-exec-*' | wc -l";
        Process ssh = host.transport(SetUp.DEPLOY).session(Transport.Entry.INSTALLED).converse();
        ssh.outputWriter().write("exec 2 0\nsleep\n1000\n");
        ssh.outputWriter().flush();
        for (int i = 0; i < 100 && host.root(units).text().equals("0"); i++) {
            Thread.sleep(50);
        }
        assertThat(host.root(units).text()).isEqualTo("1");
        ssh.destroyForcibly();
        for (int i = 0; i < 100 && !host.root(units).text().equals("0"); i++) {
            Thread.sleep(50);
        }
        assertThat(host.root(units).text()).isEqualTo("0");
    }

    @Test
    void a_refusal_of_sudo_is_told_as_one_and_the_session_goes_on() throws Exception {
        SetUp host = host();
        host.root("mv /etc/sudoers.d/decant-" + host.unit() + " /root/rules");
        try (Host session = host.session()) {
            assertThatThrownBy(() -> session.ask(new Verb.Repeat(1, "me", Verb.Repeat.As.AGAIN)))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure ->
                                    assertThat(failure.problems())
                                            .singleElement()
                                            .isInstanceOf(HostProblem.SudoRefused.class));
            assertThatThrownBy(() -> session.ask(new Verb.Inspect(""))).isInstanceOf(Failure.class);
            assertThat(session.ask(new Verb.Facts(List.of())).ok()).isTrue();
        }
    }

    // ---- setup

    @Test
    void a_rehearsal_of_setup_changes_nothing_and_says_what_setup_does() throws Exception {
        SetUp fresh = new SetUp(lab.boot("web2", Suite.BOOKWORM), "fresh", 4000);
        List<String> before = fresh.root(EVERYTHING).out();

        List<String> rehearsed = fresh.setUp(true);

        assertThat(fresh.root(EVERYTHING).out()).isEqualTo(before);
        assertThat(fresh.setUp(false)).isEqualTo(rehearsed).isNotEmpty();

        List<String> done = fresh.root(EVERYTHING).out();
        assertThat(fresh.setUp(true)).isEmpty();
        assertThat(fresh.setUp(false)).isEmpty();
        assertThat(fresh.root(EVERYTHING).out()).isEqualTo(done);
        assertThat(fresh.root("visudo -c").ok()).isTrue();
        fresh.machine().close();
    }

    @Test
    void setup_brings_back_what_someone_changed() throws Exception {
        SetUp host = host();
        String unit = host.unit();
        host.root("echo x >> /etc/systemd/system/" + unit + ".service");
        host.root("chmod 777 /srv/" + unit + "/releases; chown deploy /usr/local/lib/decant");
        host.root("systemctl -q disable " + unit + "; chmod 666 /etc/sudoers.d/decant-" + unit);

        assertThat(host.setUp(false))
                .containsExactlyInAnyOrder(
                        "/etc/systemd/system/" + unit + ".service",
                        "/srv/" + unit + "/releases",
                        "/usr/local/lib/decant",
                        "/etc/sudoers.d/decant-" + unit,
                        unit + ".service starts at boot");

        assertThat(host.setUp(false)).isEmpty();
    }

    // ---- logs

    @Test
    void who_stops_following_the_log_leaves_nobody_behind() throws Exception {
        SetUp host = host();
        assertThat(host.deploy(SetUp.standIn(folder, 8), Map.of("MODE", "loud")).ok()).isTrue();
        String follower = "pgrep -c -f 'journalctl.* " + host.unit() + "@[1] '";
        try (Wire wire = Wire.open(host.transport(SetUp.DEPLOY))) {
            wire.send("logs 2 0\n10\nyes\n");
            for (int i = 0; i < 50 && host.root(follower).text().equals("0"); i++) {
                Thread.sleep(50);
            }
            assertThat(host.root(follower).text()).isNotEqualTo("0");
        }
        assertThat(host.root(follower).text()).isEqualTo("0");
        try (Host session = host.session()) {
            assertThat(session.must(new Verb.Logs(10, false, Verb.Logs.Filter.NONE)).text())
                    .anyMatch(line -> line.contains("starts in mode 'loud'"));
        }
    }
}
