package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.SshKeys;
import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.release.Release;
import dev.decant.release.Signer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Which releases a host keeps, and whose it serves; on a lab host, with a script for a VM.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PruneTest {

    private final Lab lab;
    private final AtomicInteger apps = new AtomicInteger();

    @TempDir private Path folder = Path.of("");

    PruneTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        lab.boot("web1", Suite.BOOKWORM);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    /// An app of its own for each test.
    private SetUp host() throws InterruptedException {
        int number = apps.incrementAndGet();
        return SetUp.of(lab.hosts().getFirst(), "shop" + number, 4000 + number);
    }

    private Release release(int number) throws Exception {
        return SetUp.standIn(Files.createTempDirectory(folder, "r"), number);
    }

    private void deploy(SetUp host, int... numbers) throws Exception {
        for (int number : numbers) {
            assertThat(host.deploy(release(number), Map.of()).value("verdict")).hasValue("live");
        }
    }

    private void fail(SetUp host, int number) throws Exception {
        assertThat(host.deploy(release(number), Map.of("MODE", "dead")).value("verdict"))
                .hasValue("went-back");
    }

    /// @return versions of the releases that are left
    private static List<String> left(SetUp host, int keep) throws Exception {
        try (Host session = host.session()) {
            session.must(new Verb.Prune(keep));
        }
        return host.root("ls /srv/" + host.unit() + "/releases").out().stream()
                .map(id -> id.split("-")[1])
                .toList();
    }

    @Test
    void the_newest_that_served_are_kept() throws Exception {
        SetUp host = host();
        deploy(host, 1, 2, 3, 4);

        assertThat(left(host, 3)).containsExactly("0.2.0", "0.3.0", "0.4.0");
        assertThat(left(host, 1))
                .as("with the one to go back to")
                .containsExactly("0.3.0", "0.4.0");
        assertThat(host.awaitAnswer()).contains("0.4.0");
    }

    @Test
    void what_failed_does_not_use_up_the_count_and_only_the_last_such_is_kept() throws Exception {
        SetUp host = host();
        deploy(host, 1, 2);
        fail(host, 3);
        fail(host, 4);

        assertThat(left(host, 2)).containsExactly("0.1.0", "0.2.0", "0.4.0");
        try (Host session = host.session()) {
            assertThat(HostFacts.of(session, List.of()).deployments())
                    .filteredOn(deployment -> deployment.release().value().contains("-0.4.0-"))
                    .singleElement()
                    .satisfies(
                            failed ->
                                    assertThat(failed.verdict())
                                            .hasValue(Deployment.Verdict.WENT_BACK));
        }
    }

    @Test
    void a_failure_that_two_have_served_since_is_forgotten() throws Exception {
        SetUp host = host();
        deploy(host, 1);
        fail(host, 2);
        deploy(host, 3);
        assertThat(left(host, 5)).containsExactly("0.1.0", "0.2.0", "0.3.0");
        deploy(host, 4);

        assertThat(left(host, 5)).containsExactly("0.1.0", "0.3.0", "0.4.0");
    }

    @Test
    void what_was_rolled_back_to_is_kept_however_old() throws Exception {
        SetUp host = host();
        deploy(host, 1, 2, 3);
        try (Host session = host.session()) {
            Reply repeated = session.must(new Verb.Repeat(1, "me@here", Verb.Repeat.As.BACK));
            int number = Integer.parseInt(repeated.value("deployment").orElseThrow());
            session.must(new Verb.Activate(number, Duration.ZERO));
            assertThat(host.ending(session, number).value("verdict")).hasValue("live");
        }

        assertThat(left(host, 2)).containsExactly("0.1.0", "0.3.0");
    }

    @Test
    void what_a_process_still_runs_from_is_kept_whatever_the_link_says() throws Exception {
        SetUp host = host();
        deploy(host, 1, 2, 3);
        String home = "/srv/" + host.unit();
        assertThat(
                        host.root(
                                        "cd "
                                                + home
                                                + " && now=$(readlink current) && ln -sfn"
                                                + " releases/*-0.1.0-* current && systemctl restart"
                                                + " "
                                                + host.unit()
                                                + " && ln -sfn $now current")
                                .ok())
                .isTrue();
        assertThat(host.awaitAnswer()).contains("0.1.0");

        assertThat(left(host, 1)).containsExactly("0.1.0", "0.2.0", "0.3.0");
    }

    @Test
    void what_was_uploaded_and_is_newer_waits_for_its_deploy() throws Exception {
        SetUp host = host();
        deploy(host, 2);
        try (Host session = host.session()) {
            host.send(session, release(1));
            host.send(session, release(3));
        }

        assertThat(left(host, 5)).containsExactly("0.2.0", "0.3.0");
    }

    @Test
    void root_takes_no_release_that_the_deploy_user_has_put_there_unsigned() throws Exception {
        SetUp host = host();
        deploy(host, 1);
        Signer alice = new Signer(SshKeys.make(folder, "alice"), host.unit());
        host.root(
                "mkdir -p /etc/decant && printf '%s' '"
                        + alice.allowed()
                        + "' >/etc/decant/allowed_signers");
        try (Host session = host.session()) {
            Release one = release(1);

            Reply refused =
                    host.prepare(session, one.id(), host.settings(Map.of()), Map.of("SECRET", "x"));

            assertThat(refused.status()).isEqualTo(Reply.NOT_SIGNED);
            assertThat(refused.all("signature")).containsExactly("unsigned");
        } finally {
            host.root("rm /etc/decant/allowed_signers");
        }
        assertThat(host.awaitAnswer()).contains("0.1.0");
    }
}
