package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// How a host finds out whether a release is well. Each test has an app of its own.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthTest {

    private final Lab lab;
    private final LabHost bare;
    private final LabHost withCurl;
    private final AtomicInteger apps = new AtomicInteger();

    @TempDir private Path folder = Path.of("");

    HealthTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        bare = lab.boot("web1", Suite.BOOKWORM);
        withCurl = lab.boot("web2", Suite.BOOKWORM, List.of("curl", "nginx-light"));
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private SetUp host(boolean curl) {
        int number = apps.incrementAndGet();
        return SetUp.of(curl ? withCurl : bare, "app" + number, 4300 + number);
    }

    /// @param mode of the stand-in
    /// @param lines of settings
    private Reply judged(SetUp host, String mode, String... lines) throws Exception {
        Release release = SetUp.standIn(folder, 1);
        SetUp.Settings settings = host.settings(Map.of("MODE", mode, "ANSWER", "all is well"));
        for (String line : lines) {
            settings = settings.and(line);
        }
        try (Host session = host.session()) {
            host.send(session, release);
            int number = host.prepared(session, release.id(), settings);
            session.must(new Verb.Activate(number, Duration.ZERO));
            return host.ending(session, number);
        }
    }

    private static void assertWell(Reply ending) {
        assertThat(ending.value("verdict")).as("%s", ending).hasValue("live");
    }

    private static void assertIll(Reply ending, String reason) {
        assertThat(ending.value("verdict")).as("%s", ending).hasValue("stopped");
        assertThat(ending.value("reason")).hasValue(reason);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_answer_has_to_have_the_status_and_the_words_that_were_asked_for(boolean curl)
            throws Exception {
        SetUp host = host(curl);

        assertWell(judged(host, "", "health_match=all is well s3cret"));
        assertWell(judged(host(curl), "sick", "health_status=503-503"));
        assertIll(
                judged(host(curl), "", "health_match=all is ill"),
                "GET /health answered 200 without \"all is ill\" for 3 s");
        assertIll(
                judged(host(curl), "", "health_status=201-204"),
                "GET /health answered 200 for 3 s");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void it_is_asked_by_the_name_and_with_the_headers_that_it_wants(boolean curl) throws Exception {
        assertIll(judged(host(curl), "picky"), "GET /health answered 404 for 3 s");
        assertIll(
                judged(host(curl), "picky", "health_host=shop.example"),
                "GET /health answered 404 for 3 s");
        assertWell(
                judged(
                        host(curl),
                        "picky",
                        "health_host=shop.example",
                        "health_header=X-More: 1",
                        "health_header=X-Probe: yes"));
    }

    @Test
    void whether_it_listens_may_be_enough() throws Exception {
        SetUp host = host(false);

        assertIll(
                judged(host, "mute", "health=tcp"),
                "nothing listens on port " + host.port() + " for 3 s");
        assertWell(judged(host, "sick", "health=tcp"));
    }

    @Test
    void a_command_may_judge_it_as_the_user_of_the_app() throws Exception {
        SetUp host = host(false);

        assertWell(
                judged(
                        host,
                        "sick",
                        "health=command",
                        "health_command=test \"$(id -un) $PORT\" = '%s %d' && test -x bin/shop"
                                .formatted(host.unit(), host.port())));
        assertIll(
                judged(
                        host(false),
                        "",
                        "health=command",
                        "health_attempts=2",
                        "health_command=echo the queue is full >&2; exit 3"),
                "the health command ended with status 3: the queue is full, 2 times");
    }

    @Test
    void who_is_found_ill_so_often_is_given_up_before_the_time_is_up() throws Exception {
        SetUp host = host(false);
        long began = System.nanoTime();

        try (Host session = host.session()) {
            Release release = SetUp.standIn(folder, 1);
            host.send(session, release);
            int number =
                    host.prepared(
                            session,
                            release.id(),
                            host.settings(Map.of("MODE", "sick"))
                                    .within(600)
                                    .and("health_attempts=20")
                                    .and("health_interval=0.05"));
            session.must(new Verb.Activate(number, Duration.ZERO));
            assertThat(host.ending(session, number).value("reason").orElse(""))
                    .matches(
                            "(GET /health answered 503|nothing answered on port [0-9]+), 20 times");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void once_may_not_be_enough() throws Exception {
        SetUp host = host(false);
        host.root("touch /tmp/asked; chmod 666 /tmp/asked");

        assertWell(
                judged(
                        host,
                        "",
                        "health=command",
                        "health_successes=4",
                        "health_interval=0.01",
                        "health_command=echo x >>/tmp/asked; test $(wc -l </tmp/asked) -ne 3"));

        // Well twice, ill, and well four times in a row.
        assertThat(host.root("wc -l </tmp/asked").text()).isEqualTo("7");
    }

    @Test
    void it_may_tell_systemd_when_it_is_ready() throws Exception {
        SetUp host = host(false);
        host.root(
                """
                mkdir /etc/systemd/system/%1$s.service.d
                printf '[Service]\\nType=notify\\nNotifyAccess=main\\nTimeoutStartSec=2\\n' \\
                    >/etc/systemd/system/%1$s.service.d/notify.conf
                systemctl daemon-reload
                """
                        .formatted(host.unit()));

        assertIll(judged(host, "", "health=notify"), "it has not said that it is ready");
        assertWell(judged(host, "ready", "health=notify"));
    }

    @Test
    void over_tls_it_is_asked_with_curl_only() throws Exception {
        SetUp host = host(false);
        Release release = SetUp.standIn(folder, 1);
        try (Host session = host.session()) {
            host.send(session, release);
            Reply refused =
                    host.prepare(
                            session,
                            release.id(),
                            host.settings(Map.of()).and("health_tls=yes"),
                            Map.of("SECRET", "s3cret"));

            assertThat(refused.status()).isEqualTo(Reply.LACKING);
            assertThat(refused.text()).anyMatch(line -> line.contains("no curl"));
        }
        SetUp other = host(true);
        other.root(
                "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=elsewhere -keyout"
                        + " /tmp/key -out /tmp/cert 2>/dev/null; cat /tmp/key /tmp/cert"
                        + " >/etc/stand-in.pem; chmod 644 /etc/stand-in.pem");
        assertIll(
                judged(other, "", "health_tls=yes"),
                "nothing answered on port " + other.port() + " for 3 s");
        assertWell(judged(other, "tls", "health_tls=yes", "health_host=shop.example"));
    }
}
