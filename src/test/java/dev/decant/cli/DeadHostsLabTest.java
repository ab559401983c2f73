package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Relay;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// Three hosts that die, one after the other, in each phase of a deploy; told in order.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadHostsLabTest {

    private static final String ACTIVATING = "test -e /var/lib/decant/counter/activating";

    private Lab lab;
    private LabHost web1;
    private LabHost web2;
    private LabHost web3;
    private Relay relay;
    private SampleProject project;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        web1 = lab.boot("web1", Suite.BOOKWORM);
        web2 = lab.boot("web2", Suite.BOOKWORM);
        web3 = lab.boot("web3", Suite.BOOKWORM);
        relay = Relay.to(web2.address());
        project =
                SampleProject.create()
                        .config(
                                config(),
                                List.of(web1, web2, web3),
                                "secrets = [\"COUNTER_SECRET\"]",
                                "")
                        .edit(
                                "decant.toml",
                                "[ssh]\n",
                                "[ssh]\nconnect_timeout = \"3s\"\nreconnect_timeout = \"4s\"\n")
                        .set(SampleProject.SECRET, "one");
        project.must("setup");
        project.must("deploy");
        project.unset(SampleProject.SECRET);
    }

    /// As the lab's own, but that web2 is reached through the relay.
    private Path config() throws Exception {
        String own = Files.readString(lab.sshConfig());
        int begin = own.indexOf("Host web2");
        int end = own.indexOf("Host ", begin + 1);
        Path part = Files.createTempFile("web2", ".ssh_config");
        Files.writeString(part, own.substring(begin, end < 0 ? own.length() : end));
        String relayed = Files.readString(relay.config(part));
        Files.delete(part);
        return Files.writeString(
                Files.createTempFile("fleet", ".ssh_config"),
                own.substring(0, begin) + relayed + (end < 0 ? "" : own.substring(end)));
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        relay.close();
        lab.close();
    }

    private String versions() throws Exception {
        StringBuilder versions = new StringBuilder();
        for (LabHost host : List.of(web1, web2, web3)) {
            Seen seen = new Seen(host);
            Seen.within(Duration.ofSeconds(20), () -> seen.version().startsWith("0."));
            versions.append(seen.version()).append(' ');
        }
        return versions.toString().strip();
    }

    /// Cuts the power as soon as another host, or the same, switches.
    private static Thread kill(LabHost host, LabHost switching) {
        return kill(host, () -> switching.ssh(ACTIVATING).ok());
    }

    private static Thread kill(LabHost host, Seen.Check when) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                if (Seen.within(Duration.ofMinutes(1), when)) {
                                    host.kill();
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    @Test
    @Order(1)
    void one_that_is_dead_before_anything_begins_is_named_and_nothing_changes() throws Exception {
        project.version("0.2.0");
        web3.kill();

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("web3 cannot be reached.", "--without web3");
        assertThat(new Seen(web1).version()).isEqualTo("0.1.0");
    }

    @Test
    @Order(2)
    void it_can_be_left_out_knowingly_and_gets_the_release_later() throws Exception {
        Ran ran = project.must("deploy", "--without", "web3");
        assertThat(ran.out()).doesNotContain("web3");

        web3.boot();
        assertThat(versions()).isEqualTo("0.2.0 0.2.0 0.1.0");
        project.must("deploy");
        assertThat(versions()).isEqualTo("0.2.0 0.2.0 0.2.0");
    }

    @Test
    @Order(3)
    void where_one_dies_while_it_is_sent_to_none_switches() throws Exception {
        // What takes seconds to send.
        StringBuilder ballast = new StringBuilder();
        new Random(1).ints(400_000, '!', '~').forEach(ballast::appendCodePoint);
        project.file("priv/ballast", ballast.toString()).version("0.3.0");
        relay.slow(40_000);
        long begun = relay.passed();
        Thread killer = kill(web2, () -> relay.passed() > begun + 100_000);

        Ran ran = project.run("deploy");

        killer.join(Duration.ofSeconds(1));
        relay.slow(Long.MAX_VALUE);
        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.out()).contains("web1  untouched", "web2  untouched", "web3  untouched");
        web2.boot();
        assertThat(versions()).isEqualTo("0.2.0 0.2.0 0.2.0");
    }

    @Test
    @Order(4)
    void where_one_dies_as_it_switches_the_others_go_back_and_resume_settles_it() throws Exception {
        Thread killer = kill(web3, web3);

        Ran ran = project.run("deploy");

        killer.join(Duration.ofSeconds(1));
        assertThat(ran.status()).as(ran.all()).isEqualTo(5);
        assertThat(ran.err())
                .contains("web3 was lost from sight while it switched.")
                .contains("web1 had switched and was taken back, because web3 failed.");
        assertThat(ran.out()).contains("web1  went back", "web2  went back", "web3  NEEDS YOU");
        assertThat(new Seen(web1).version()).isEqualTo("0.2.0");
        Ran dead = project.run("resume");
        assertThat(dead.status()).as(dead.all()).isEqualTo(3);
        assertThat(dead.err()).contains("web3 cannot be reached.");

        web3.boot();
        project.must("resume");
        assertThat(versions()).isEqualTo("0.2.0 0.2.0 0.2.0");
    }

    @Test
    @Order(5)
    void where_one_dies_that_is_to_be_taken_back_the_others_go_back_all_the_same()
            throws Exception {
        web3.ssh("echo COUNTER_HEALTH=fail >/etc/counter/environment");
        Thread killer = kill(web1, web3);

        Ran ran = project.run("deploy");

        killer.join(Duration.ofSeconds(1));
        web3.ssh("rm /etc/counter/environment; systemctl restart counter");
        assertThat(ran.status()).as(ran.all()).isEqualTo(5);
        assertThat(ran.err()).contains("web1 serves the new release, was to be taken back because");
        assertThat(ran.out()).contains("web1  NEEDS YOU", "web2  went back");

        web1.boot();
        assertThat(versions()).isEqualTo("0.3.0 0.2.0 0.2.0");
        Ran resumed = project.must("resume");
        assertThat(resumed.out()).contains("web1  serves").doesNotContain("web2");
        assertThat(versions()).isEqualTo("0.2.0 0.2.0 0.2.0");
    }

    /// Begins to deploy, and dies as the second host switches.
    private void dieWhileDeploying() throws Exception {
        Process deploy = project.apart("deploy").converse();
        Seen.within(Duration.ofSeconds(60), () -> web2.ssh(ACTIVATING).ok());
        deploy.destroyForcibly().waitFor();
        Seen.within(Duration.ofSeconds(20), () -> !web2.ssh(ACTIVATING).ok());
        // Nobody else need wait until it is certain that this one will not come again.
        project.must("unlock");
    }

    @Test
    @Order(6)
    void where_the_operators_own_machine_dies_resume_goes_on() throws Exception {
        project.version("0.4.0");
        dieWhileDeploying();

        Ran on = project.must("resume");

        assertThat(on.out()).contains("web3  serves").doesNotContain("web1");
        assertThat(versions()).isEqualTo("0.4.0 0.4.0 0.4.0");
        assertThat(project.must("resume").out()).contains("web1  unchanged");
    }

    @Test
    @Order(7)
    void or_it_goes_back_where_that_is_wanted() throws Exception {
        project.version("0.5.0");
        dieWhileDeploying();

        project.must("resume", "--back");

        assertThat(versions()).isEqualTo("0.4.0 0.4.0 0.4.0");
    }
}
