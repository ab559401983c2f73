package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.List;

/// What visitors notice of a deploy and of a rollback, by each way to switch: a release made by
/// `mix release`, on a host of its own.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrategiesLabTest {

    private Lab lab;
    private SampleProject project;

    @BeforeAll
    void open() throws Exception {
        lab = Lab.open(LabLog.nop());
        project = SampleProject.create().set(SampleProject.SECRET, "s3cret");
    }

    @AfterAll
    void close() throws Exception {
        project.close();
        lab.close();
    }

    private LabHost served(Suite suite, List<String> packages, String more) throws Exception {
        LabHost host = lab.boot("web" + (lab.hosts().size() + 1), suite, packages);
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]\n" + more);
        project.version("0.1.0");
        project.must("setup");
        project.must("deploy");
        return host;
    }

    /// Deploys another version and goes back, with people there.
    private void assertNobodyNotices(LabHost host, String version) throws Exception {
        try (Visitors visitors = Visitors.to(host.address(), 80)) {
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > 20))
                    .isTrue();
            project.version(version);
            project.must("deploy");
            int then = visitors.answered();
            assertThat(
                            Seen.within(
                                    Duration.ofSeconds(10),
                                    () -> visitors.versions().contains(version)))
                    .isTrue();
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > then + 50))
                    .isTrue();
            project.must("rollback");
            Thread.sleep(1000);

            assertThat(visitors.complaints()).isEmpty();
            assertThat(visitors.versions()).containsExactlyInAnyOrder("0.1.0", version);
        }
    }

    private static void assertEnds(LabHost host, String unit) throws Exception {
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () ->
                                        host.ssh("systemctl is-active " + unit)
                                                .text()
                                                .equals("inactive")))
                .as(unit + " ends when it has drained")
                .isTrue();
    }

    @Test
    void with_slots_nobody_notices() throws Exception {
        LabHost host = served(Suite.TRIXIE, List.of(), "");

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        assertThat(host.ssh("systemctl is-active counter@1").text()).isEqualTo("active");
        assertThat(host.ssh("ls /srv/counter/slots").text()).isEqualTo("1");
        assertThat(project.must("status").out()).contains("active (slot 1)");
        assertThat(project.must("plan").out()).contains("counter@2 on port 4010");
        assertThat(host.ssh("systemd-analyze verify counter@1.service 2>&1").text()).isEmpty();
    }

    @Test
    void with_a_shared_socket_nobody_notices() throws Exception {
        LabHost host = served(Suite.BOOKWORM, List.of(), "[service]\nstrategy = \"socket\"");
        assertThat(host.ssh("nft list ruleset").text()).isEmpty();

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        assertThat(host.ssh("nft list ruleset").text()).isEmpty();
        host.kill();
        host.boot();
        try (Visitors visitors = Visitors.to(host.address(), 80)) {
            assertThat(Seen.within(Duration.ofSeconds(20), () -> visitors.answered() > 20))
                    .as("after a power cut")
                    .isTrue();
            assertThat(visitors.versions()).containsExactly("0.1.0");
        }
    }

    @Test
    void behind_nginx_nobody_notices() throws Exception {
        LabHost host =
                served(
                        Suite.BOOKWORM,
                        List.of("nginx-light"),
                        "[service]\nstrategy = \"nginx\"\n[nginx]\nserver_names ="
                                + " [\"shop.example.com\", \"x\"]");

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        assertThat(host.ssh("nginx -t -q 2>&1").text()).isEmpty();
        assertThat(host.ssh("cat /etc/nginx/conf.d/decant-counter.conf").text())
                .contains("server 127.0.0.1:4000;");
    }
}
