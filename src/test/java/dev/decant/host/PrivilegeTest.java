package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.decant.SshKeys;
import dev.decant.config.Privilege;
import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.problem.Failure;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Signer;
import dev.decant.secrets.Secret;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// What each user can and cannot do, under each kind of privilege; `docs/concepts/security.md`
/// refers to these tests. Each has an app of its own; a host takes signatures or not as a whole, so
/// that there is one for those that are strict.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivilegeTest {

    private final Lab lab;
    private final Map<Privilege, SetUp> machines = new EnumMap<>(Privilege.class);
    private final AtomicInteger apps = new AtomicInteger();

    @TempDir private Path folder = Path.of("");
    private Path key = Path.of("");

    PrivilegeTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
    }

    @BeforeAll
    void boot(@TempDir Path keys) throws Exception {
        SetUp open = new SetUp(lab.boot("web1", Suite.BOOKWORM), "first", 4000);
        SetUp strict = new SetUp(lab.boot("web2", Suite.BOOKWORM), "first", 4000);
        machines.put(Privilege.SUDO, open);
        machines.put(Privilege.NONE, open);
        machines.put(Privilege.STRICT, strict);
        key = SshKeys.make(keys, "alice@laptop");
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private SetUp host(Privilege privilege) {
        int number = apps.incrementAndGet();
        return host(privilege, "app" + number, 4300 + number);
    }

    private SetUp host(Privilege privilege, String unit, int port) {
        SetUp machine = machines.get(privilege);
        if (machine == null) {
            throw new IllegalStateException("No machine for " + privilege);
        }
        SetUp host =
                new SetUp(
                        machine.machine(),
                        unit,
                        port,
                        privilege,
                        privilege == Privilege.STRICT
                                ? Optional.of(new Signer(key, unit))
                                : Optional.empty());
        host.setUp(false);
        return host;
    }

    @ParameterizedTest
    @EnumSource(Privilege.class)
    void releases_go_forward_and_back(Privilege privilege) throws Exception {
        SetUp host = host(privilege);
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);

        assertThat(host.deploy(one, Map.of("ANSWER", "old")).value("verdict")).hasValue("live");
        assertThat(host.deploy(two, Map.of("ANSWER", "new")).value("verdict")).hasValue("live");
        assertThat(host.answer()).isEqualTo(two.id() + " new s3cret");
        try (Host session = host.session()) {
            session.must(new Verb.Repeat(1, "me@here", Verb.Repeat.As.BACK));
            session.must(new Verb.Activate(3, Duration.ZERO));
            assertThat(host.ending(session, 3).value("verdict")).hasValue("live");
            session.must(new Verb.Prune(2));
            assertThat(session.ask(new Verb.Repeat(9, "me", Verb.Repeat.As.BACK)).status())
                    .isEqualTo(Reply.NO_SUCH);
            List<Verb> verbs = List.of(new Verb.Facts(List.of()), new Verb.Inspect("00ff"));
            HostFacts facts = HostFacts.read(session, verbs, session.ask(verbs, (_, _) -> {}));
            assertThat(facts.privilege()).isEqualTo(privilege.word());
            assertThat(facts.secrets().has(new Secret("SECRET", "s3cret"))).isTrue();
            assertThat(facts.manifest()).contains(one.digest());
            // Nobody has signed a release with the environment of another.
            Verb mixed = new Verb.Repeat(2, "me@here", Verb.Repeat.As.ENVIRONMENT);
            assertThat(session.ask(mixed).status())
                    .isEqualTo(privilege == Privilege.STRICT ? Reply.NOT_SIGNED : 0);
            Verb whole = new Verb.Repeat(1, "me@here", Verb.Repeat.As.ENVIRONMENT);
            assertThat(session.ask(whole).ok()).isTrue();
        }
        assertThat(host.answer()).isEqualTo(one.id() + " old s3cret");
        assertThat(host.setUp(true)).as("nothing more to set up").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Privilege.class)
    void the_deploy_user_gets_nothing_done_but_the_verbs(Privilege privilege) throws Exception {
        SetUp host = host(privilege);
        assertThat(host.deploy(SetUp.standIn(folder, 6), Map.of()).ok()).isTrue();
        String unit = host.unit();
        String program = "/usr/local/lib/decant/decant-host";
        String sudo = "echo 0 0 | sudo -n " + program;
        // Sound, so that what fails below fails for the reason that it is there for.
        assertThat(host.as(SetUp.DEPLOY, sudo + " as-root " + unit + " inspect").ok())
                .isEqualTo(privilege != Privilege.NONE);
        String answer = host.answer();

        List<String> attempts =
                new ArrayList<>(
                        List.of(
                                "sudo -n id",
                                "sudo -n sh -c id",
                                "sudo -n -u " + unit + " id",
                                "sudo -n systemctl restart " + unit,
                                sudo + " as-root sshd inspect",
                                sudo + " as-root " + unit + " inspect extra",
                                sudo + " as-root " + unit + " 'inspect extra'",
                                sudo + " as-root " + unit + " setup",
                                sudo + " as-root " + unit + " session",
                                sudo + " as-root '" + unit + " inspect'",
                                sudo + " as-root " + unit,
                                sudo + " session " + unit,
                                sudo + " session " + unit + " /tmp",
                                sudo + " apply " + unit + " 1",
                                sudo + " recover " + unit,
                                sudo,
                                "LD_PRELOAD=/tmp/x.so " + sudo + " recover " + unit,
                                "echo 0 0 | sudo -n FOO=1 "
                                        + program
                                        + " as-root "
                                        + unit
                                        + " inspect",
                                "systemctl restart " + unit,
                                "systemctl stop " + unit,
                                "cat /etc/" + unit + "/secrets",
                                "cat /etc/" + unit + "/cookie",
                                "cat /var/lib/decant/" + unit + "/deployments/1/secrets",
                                "cat /var/lib/decant/" + unit + "/deployments/1/secret/SECRET",
                                "cat /var/lib/decant/" + unit + "/deployments/1/environment",
                                "cat /proc/$(systemctl show -p MainPID --value "
                                        + unit
                                        + ")/environ",
                                "ln -sfn releases /srv/" + unit + "/current",
                                "rm /srv/" + unit + "/current",
                                "mv /srv/" + unit + "/current /srv/" + unit + "/other",
                                "touch /srv/" + unit + "/x",
                                "mv /srv/" + unit + "/releases /srv/" + unit + "/gone",
                                "echo x >> /srv/" + unit + "/etc/environment",
                                "echo x >> /etc/" + unit + "/environment",
                                "echo x >> /run/" + unit + "/environment",
                                "echo x >> " + program,
                                "rm -f " + program,
                                "mv " + program + " /tmp/x",
                                "touch /usr/local/lib/decant/x",
                                "echo x >> /etc/systemd/system/" + unit + ".service",
                                "mkdir /etc/systemd/system/" + unit + ".service.d",
                                "echo x >> /etc/sudoers.d/decant-" + unit,
                                "cat /etc/sudoers.d/decant-" + unit,
                                "echo strict >> /etc/" + unit + "/privilege",
                                "echo x >> /etc/decant/allowed_signers",
                                "echo public=22:4000 >> /etc/decant/ports/" + unit,
                                "mv /etc/decant/ports/" + unit + " /tmp",
                                "ln -sfn /tmp /srv/" + unit + "/slots/1",
                                "ln -sfn /tmp /var/lib/decant/" + unit + "/slots/1",
                                "nft add table inet decant_" + unit,
                                sudo + " publish " + unit,
                                sudo + " vacate " + unit + " 1",
                                sudo + " as-root " + unit + " remove",
                                "touch /run/decant/" + unit + "/results/x",
                                "ls /run/decant/" + unit + "/taken",
                                "mv /run/decant/" + unit + "/requests /run/decant/x",
                                "systemctl start decant-" + unit + "-requests.service",
                                "systemd-run id",
                                "touch /var/lib/decant/" + unit + "/live",
                                "echo x >> /var/lib/decant/" + unit + "/history",
                                "rm -rf /var/lib/decant/" + unit + "/deployments/1"));
        for (String attempt : attempts) {
            Result result = host.as(SetUp.DEPLOY, attempt);
            assertThat(result.ok()).as("%s: %s", attempt, result).isFalse();
        }

        assertThat(host.answer()).isEqualTo(answer);
        assertThat(host.root("visudo -c").ok()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Privilege.class)
    void what_the_app_is_started_with_is_said_without_secrets(Privilege privilege)
            throws Exception {
        SetUp host = host(privilege);
        assertThat(host.deploy(SetUp.standIn(folder, 8), Map.of("ANSWER", "x")).ok()).isTrue();
        String machine = "/etc/" + host.unit() + "/environment";
        host.root("(umask 077; echo SECRET=0ther >" + machine + ")");

        List<String> files;
        try (Host session = host.session()) {
            files = session.must(new Verb.Environment()).all("file");
        }

        assertThat(files).hasSize(4);
        String[] deployed = files.get(1).split(" ", 2);
        assertThat(deployed[1]).isEqualTo("/srv/" + host.unit() + "/etc/environment");
        assertThat(new String(Base64.getDecoder().decode(deployed[0]), UTF_8))
                .contains("ANSWER=\"x\"");
        assertThat(List.of(files.get(0), files.get(2), files.get(3)))
                .containsExactly(
                        "- /etc/" + host.unit() + "/cookie",
                        "- /etc/" + host.unit() + "/secrets",
                        "- " + machine);
    }

    @ParameterizedTest
    @EnumSource(Privilege.class)
    void the_app_can_neither_log_in_nor_write_its_own_code(Privilege privilege) throws Exception {
        SetUp host = host(privilege);
        assertThat(host.deploy(SetUp.standIn(folder, 7), Map.of()).ok()).isTrue();
        String unit = host.unit();

        assertThat(host.root("getent passwd " + unit).text())
                .endsWith(":/nonexistent:/usr/sbin/nologin");
        assertThat(host.root("getent shadow " + unit).text()).matches(unit + ":!.*");
        assertThat(host.root("su " + unit + " -c id").ok()).isFalse();
        String writable =
                "runuser -u "
                        + unit
                        + " -- find /srv/"
                        + unit
                        + " /etc/"
                        + unit
                        + " /var/lib/decant /usr/local/lib/decant ! -type l -writable";
        assertThat(host.root(writable).out()).isEmpty();
        String readable = "runuser -u " + unit + " -- cat /srv/" + unit + "/current/bin/shop";
        assertThat(host.root(readable).ok()).isTrue();
        for (String file : List.of("secrets", "cookie")) {
            assertThat(host.root("runuser -u " + unit + " -- cat /etc/" + unit + "/" + file).ok())
                    .isFalse();
        }
        assertThat(host.root("runuser -u " + unit + " -- ls /srv/" + unit + "/incoming").ok())
                .isFalse();
    }

    @Test
    void one_kind_of_privilege_takes_the_place_of_another() throws Exception {
        SetUp sudo = host(Privilege.SUDO, "turncoat", 4390);
        Release one = SetUp.standIn(folder, 1);
        assertThat(sudo.deploy(one, Map.of()).ok()).isTrue();
        String rules = "/etc/sudoers.d/decant-turncoat";
        String watch = "systemctl is-active decant-turncoat-requests.path";

        SetUp none = host(Privilege.NONE, "turncoat", 4390);

        assertThat(none.root("ls " + rules).ok()).isFalse();
        assertThat(none.root(watch).text()).isEqualTo("active");
        assertThat(none.deploy(one, Map.of("ANSWER", "none")).value("verdict")).hasValue("live");

        host(Privilege.SUDO, "turncoat", 4390);

        assertThat(sudo.root("ls " + rules).ok()).isTrue();
        assertThat(sudo.root(watch).text()).isEqualTo("inactive");
        assertThat(sudo.root("ls -d /run/decant/turncoat/requests").ok()).isFalse();
        assertThat(sudo.deploy(one, Map.of("ANSWER", "sudo")).value("verdict")).hasValue("live");
        assertThat(sudo.answer()).isEqualTo(one.id() + " sudo s3cret");
    }

    // ---- tricks in folders that deploy owns

    @ParameterizedTest
    @EnumSource(
            value = Privilege.class,
            names = {"SUDO", "NONE"})
    void root_follows_no_link_out_of_the_releases(Privilege privilege) throws Exception {
        SetUp host = host(privilege);
        assertThat(host.deploy(SetUp.standIn(folder, 1), Map.of()).ok()).isTrue();
        String victim = "/root/victim-" + host.unit();
        host.root("mkdir -p " + victim + "/deep; echo kept > " + victim + "/deep/file");
        String releases = "/srv/" + host.unit() + "/releases/";
        String link = "ln -s " + victim + " " + releases;
        // Older than what serves, so that they are to go.
        assertThat(host.as(SetUp.DEPLOY, link + "20250101T000000Z-0.0.1-aaaaaaa").ok()).isTrue();
        assertThat(host.as(SetUp.DEPLOY, link + ".20250101T000000Z-0.0.2-aaaaaaa.new").ok())
                .isTrue();
        String inner = releases + "20250101T000000Z-0.0.3-aaaaaaa";
        assertThat(
                        host.as(
                                        SetUp.DEPLOY,
                                        "mkdir -p "
                                                + inner
                                                + " && ln -s "
                                                + victim
                                                + " "
                                                + inner
                                                + "/lib && ln -s /etc/shadow "
                                                + inner
                                                + "/.decant")
                                .ok())
                .isTrue();

        try (Host session = host.session()) {
            session.must(new Verb.Prune(2));
            Reply prepared =
                    host.prepare(
                            session,
                            new ReleaseId("20250101T000000Z-0.0.3-aaaaaaa"),
                            host.settings(Map.of()),
                            Map.of("SECRET", "x"));
            assertThat(prepared.status()).isEqualTo(Reply.NO_SUCH);
        }

        assertThat(host.root("cat " + victim + "/deep/file").text()).isEqualTo("kept");
        assertThat(host.root("stat -c '%a %U' " + victim + "/deep").text()).isEqualTo("755 root");
        assertThat(host.root("ls " + releases).out()).hasSize(1);
    }

    // ---- requests in files

    private static String requests(SetUp host) {
        return "/run/decant/" + host.unit() + "/requests/";
    }

    private static String id(int number) {
        return String.format("%032x", number);
    }

    private static void awaitEmpty(SetUp host) throws Exception {
        for (int i = 0; i < 100; i++) {
            if (host.root("ls " + requests(host)).text().isEmpty()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(host.root("ls -la " + requests(host)).toString());
    }

    @Test
    void without_sudo_deploy_may_not_use_it_at_all() throws Exception {
        SetUp host = host(Privilege.NONE, "nosudo", 4391);
        assertThat(host.root("grep -rl nosudo /etc/sudoers /etc/sudoers.d").ok()).isFalse();
        assertThat(host.as(SetUp.DEPLOY, "sudo -n -l").toString()).doesNotContain("nosudo");
    }

    @Test
    void odd_requests_get_nothing_and_stop_nothing() throws Exception {
        SetUp host = host(Privilege.NONE);
        String to = requests(host);
        String inspect = "printf 'inspect\\n0 0\\n' > ";
        List<String> odd =
                List.of(
                        "ln -s /etc/shadow " + to + id(1),
                        "ln -s /nowhere " + to + id(2),
                        "mkdir " + to + id(3) + " && touch " + to + id(3) + "/x",
                        "mkfifo " + to + id(4),
                        inspect + to + "-rf",
                        inspect + to + "'x\ny'",
                        inspect + to + "'$(touch /tmp/owned)'",
                        inspect + to + "x && ln " + to + "x " + to + id(5) + "; rm -f " + to + "x",
                        "printf 'setup\\n0 0\\n' > " + to + id(6),
                        "printf 'inspect\\n9999 0\\n' > " + to + id(7),
                        "printf 'inspect; id\\n0 0\\n' > " + to + id(8),
                        ": > " + to + id(9),
                        "head -c 300000 /dev/urandom > " + to + id(10));

        for (String request : odd) {
            host.as(SetUp.DEPLOY, request);
        }
        awaitEmpty(host);

        assertThat(host.root("ls /tmp/owned").ok()).isFalse();
        String answers = host.root("cat /run/decant/" + host.unit() + "/results/*").toString();
        assertThat(answers).doesNotContain("root:").doesNotContain(":/bin/").contains(". 64");
        assertThat(host.root("ls -A /run/decant/" + host.unit() + "/taken").out()).isEmpty();
        try (Host session = host.session()) {
            assertThat(session.must(new Verb.Inspect("")).ok()).isTrue();
        }
    }

    @Test
    void a_request_is_carried_out_once_however_often_it_is_put_there() throws Exception {
        SetUp host = host(Privilege.NONE);
        Release one = SetUp.standIn(folder, 1);
        assertThat(host.deploy(one, Map.of()).ok()).isTrue();
        String request =
                "printf 'repeat\\n3 0\\n1\\nme\\nagain\\n' > "
                        + requests(host)
                        + ".x && mv "
                        + requests(host)
                        + ".x "
                        + requests(host)
                        + id(77);

        for (int i = 0; i < 5; i++) {
            assertThat(host.as(SetUp.DEPLOY, request).ok()).isTrue();
            awaitEmpty(host);
        }

        try (Host session = host.session()) {
            assertThat(HostFacts.of(session, List.of()).deployments()).hasSize(2);
        }
    }

    @Test
    void no_request_is_missed_however_many_come_and_whoever_was_not_there() throws Exception {
        SetUp host = host(Privilege.NONE);
        String unit = host.unit();
        String path = "decant-" + unit + "-requests.path";
        // More than systemd starts a service in a short time, unless told otherwise.
        try (Host session = host.session()) {
            for (int i = 0; i < 60; i++) {
                assertThat(session.ask(new Verb.Inspect("")).ok()).as("request " + i).isTrue();
            }
        }
        assertThat(host.root("systemctl is-failed " + path).ok()).isFalse();

        // What came while nobody looked is found by whoever looks again.
        host.root("systemctl stop " + path);
        String inspect = "printf 'inspect\\n0 0\\n' > " + requests(host) + id(5);
        assertThat(host.as(SetUp.DEPLOY, inspect).ok()).isTrue();
        host.root("systemctl start " + path);
        awaitEmpty(host);
        assertThat(host.root("cat /run/decant/" + unit + "/results/" + id(5)).text())
                .endsWith(". 0");
    }

    @Test
    void where_nobody_takes_requests_that_is_told() throws Exception {
        SetUp host = host(Privilege.NONE);
        host.root("systemctl stop decant-" + host.unit() + "-requests.path");
        try (Host session = host.session()) {
            assertThatThrownBy(() -> session.ask(new Verb.Recover()))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure ->
                                    assertThat(failure.problems().toString())
                                            .contains("requests.path"));
            assertThat(session.ask(new Verb.Facts(List.of())).ok()).isTrue();
        }
        assertThat(host.root("ls " + requests(host)).out()).isEmpty();
    }

    @Test
    void a_reboot_carries_out_nothing_that_was_asked_for_before() throws Exception {
        SetUp host =
                new SetUp(
                        lab.boot("web3", Suite.BOOKWORM),
                        "reboot",
                        4000,
                        Privilege.NONE,
                        Optional.empty());
        host.setUp(false);
        Release one = SetUp.standIn(folder, 1);
        assertThat(host.deploy(one, Map.of()).ok()).isTrue();
        host.root("systemctl stop decant-reboot-requests.path");
        String request = "printf 'repeat\\n3 0\\n1\\nme\\nagain\\n' > ";
        assertThat(host.as(SetUp.DEPLOY, request + requests(host) + id(1)).ok()).isTrue();

        host.machine().kill();
        host.machine().boot();

        try (Host session = host.session()) {
            assertThat(HostFacts.of(session, List.of()).deployments()).hasSize(1);
            assertThat(session.must(new Verb.Repeat(1, "me", Verb.Repeat.As.AGAIN)).ok()).isTrue();
        }
        host.machine().close();
    }

    // ---- strict

    private static final String SETTINGS = "port=4999\nhealth_path=/\nhealth_seconds=3\n";

    private static Verb.Prepare order(
            Release release, String environment, String settings, List<Verb.SecretValue> secrets) {
        return new Verb.Prepare(release.id(), "me@here", environment, settings, "", secrets);
    }

    /// In a session of its own: a refused payload ends it.
    private static int ask(SetUp host, Verb verb) {
        try (Host session = host.session()) {
            return session.ask(verb).status();
        }
    }

    @Test
    void where_it_is_strict_nothing_runs_that_was_not_signed() throws Exception {
        SetUp host = host(Privilege.STRICT);
        Release one = SetUp.standIn(folder, 1);
        assertThat(ask(host, Archives.all(SetUp.standIn(folder, 9)))).isEqualTo(Reply.NOT_SIGNED);
        try (Host session = host.session()) {
            host.send(session, one);
        }
        Verb.Prepare order = order(one, "PORT=\"1\"\n", SETTINGS, List.of());
        String signature = host.signature(order);
        List<Verb.SecretValue> flags =
                List.of(
                        new Verb.SecretValue(
                                "ERL_FLAGS", Optional.of(new Secret("ERL_FLAGS", "-eval x"))));
        Map<String, Verb.Prepare> wrong =
                Map.of(
                        "not signed",
                        order,
                        "another environment",
                        order(one, "ERL_FLAGS=\"-eval x\"\n", SETTINGS, List.of()),
                        "one more secret",
                        order(one, order.environment(), SETTINGS, flags),
                        "a migration of one's own",
                        order(one, order.environment(), SETTINGS + "migrate=x()\n", List.of()));
        wrong.forEach(
                (what, it) ->
                        assertThat(ask(host, it.equals(order) ? it : it.signed(signature)))
                                .as(what)
                                .isEqualTo(Reply.NOT_SIGNED));
        // A signature of the release is none of what it is to run with.
        String manifest = Files.readString(one.signatureFile());
        assertThat(ask(host, order.signed(manifest))).isEqualTo(Reply.NOT_SIGNED);
        try (Host session = host.session()) {
            assertThat(HostFacts.of(session, List.of()).deployments()).isEmpty();
        }

        assertThat(ask(host, order.signed(signature))).isZero();
        assertThat(ask(host, new Verb.Exec(List.of("id")))).as("no such verb").isEqualTo(64);
        assertThat(ask(host, new Verb.Evaluate("1"))).isEqualTo(64);
        assertThat(host.root("find /var/lib/decant/" + host.unit() + " -name 'order*'").out())
                .isEmpty();
    }

    @Test
    void where_it_is_strict_deploy_can_change_nothing_of_a_release() throws Exception {
        SetUp host = host(Privilege.STRICT);
        assertThat(host.deploy(SetUp.standIn(folder, 1), Map.of()).ok()).isTrue();
        String srv = "/srv/" + host.unit();

        assertThat(host.root("find " + srv + "/releases ! -user root").out()).isEmpty();
        String writable = "find " + srv + "/releases ! -type l -writable";
        assertThat(host.as(SetUp.DEPLOY, writable).out()).isEmpty();
        for (String attempt :
                List.of(
                        "echo x >> " + srv + "/current/bin/shop",
                        "rm -rf " + srv + "/releases/*",
                        "mkdir " + srv + "/releases/20260101T000000Z-0.0.1-aaaaaaa",
                        "touch /var/lib/decant/" + host.unit() + "/incoming/x")) {
            assertThat(host.as(SetUp.DEPLOY, attempt).ok()).as(attempt).isFalse();
        }
        // It is what tells the kinds of privilege apart.
        SetUp open = host(Privilege.SUDO);
        assertThat(open.deploy(SetUp.standIn(folder, 1), Map.of()).ok()).isTrue();
        assertThat(
                        open.as(SetUp.DEPLOY, "echo x >> /srv/" + open.unit() + "/current/bin/shop")
                                .ok())
                .isTrue();
    }

    @Test
    void what_was_deploys_own_before_is_neither_run_nor_built_upon() throws Exception {
        SetUp before =
                new SetUp(
                        lab.boot("web4", Suite.BOOKWORM),
                        "convert",
                        4000,
                        Privilege.SUDO,
                        Optional.empty());
        before.setUp(false);
        Release one = SetUp.standIn(folder, 1);
        Release two = SetUp.standIn(folder, 2);
        assertThat(before.deploy(one, Map.of()).ok()).isTrue();
        SetUp host =
                new SetUp(
                        before.machine(),
                        "convert",
                        4000,
                        Privilege.STRICT,
                        Optional.of(new Signer(key, "convert")));

        host.setUp(false);

        assertThat(host.answer()).startsWith(one.id().value());
        try (Host session = host.session()) {
            assertThat(HostFacts.of(session, List.of()).releases()).isEmpty();
            assertThat(HostStore.ask(session, List.of()).holds()).isEmpty();
            assertThat(session.ask(new Verb.Repeat(1, "me", Verb.Repeat.As.AGAIN)).status())
                    .isEqualTo(Reply.NO_SUCH);
        }
        assertThat(host.deploy(two, Map.of()).value("verdict")).hasValue("live");
        // It serves again all the same where the next one fails.
        assertThat(
                        host.deploy(SetUp.standIn(folder, 3), Map.of("MODE", "sick"), 1)
                                .value("verdict"))
                .hasValue("went-back");
        host.machine().close();
    }

    @Test
    void a_strict_host_without_signers_is_not_set_up() throws Exception {
        SetUp host =
                new SetUp(
                        lab.boot("web5", Suite.BOOKWORM),
                        "nobody",
                        4000,
                        Privilege.STRICT,
                        Optional.empty());
        assertThatThrownBy(() -> host.setUp(false))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("status 64");
        assertThat(host.root("ls -d /srv/nobody").ok()).isFalse();
        host.machine().close();
    }
}
