package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.SshKeys;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
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
import java.util.List;
import java.util.Map;

/// Releases signed with SSH keys, from decant.toml to a host that takes no others.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SigningLabTest {

    private Lab lab;
    private LabHost host;
    private Path keys = Path.of("");
    private SampleProject project;

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        keys = Files.createTempDirectory("keys");
        for (String owner : List.of("alice", "mallory")) {
            SshKeys.make(keys, owner + "@laptop");
        }
        project = SampleProject.create();
        sign(Path.of("alice"));
    }

    private void sign(Path key) throws Exception {
        project.config(
                lab.sshConfig(),
                List.of(host),
                "signing_key = \"" + keys.resolve(key) + "\"\nsecrets = [\"COUNTER_SECRET\"]",
                "");
        project.set(SampleProject.SECRET, "x");
    }

    @AfterAll
    void end() throws Exception {
        project.close();
        lab.close();
    }

    private List<String> releases() throws InterruptedException {
        return host.ssh("ls /srv/counter/releases").out();
    }

    @Test
    @Order(1)
    void setup_has_the_host_know_the_key_for_this_app_only() throws Exception {
        assertThat(project.must("setup", "--dry-run").out())
                .contains("/etc/decant/allowed_signers");

        project.must("setup");

        assertThat(host.ssh("cat /etc/decant/allowed_signers").out())
                .singleElement()
                .asString()
                .startsWith(
                        "alice@laptop namespaces=\"decant-counter,decant-counter-order\""
                                + " ssh-ed25519 ");
        assertThat(host.ssh("stat -c '%a %U' /etc/decant/allowed_signers").text())
                .isEqualTo("644 root");
        host.ssh("echo '# mine' >>/etc/decant/allowed_signers");
        assertThat(project.must("setup").out()).contains("nothing to change");
    }

    @Test
    @Order(2)
    void a_signed_release_is_deployed() throws Exception {
        project.must("deploy");

        assertThat(releases()).hasSize(1);
        assertThat(host.ssh("ls /srv/counter/current/.decant").out()).contains("manifest.json.sig");
        assertThat(project.must("release", "verify").out()).contains("as it was built and signed");
    }

    @Test
    @Order(3)
    void one_that_is_not_signed_is_refused_before_anything_is_sent() throws Exception {
        project.config(
                Files.readString(project.folder().resolve("decant.toml"))
                        .replaceFirst("signing_key.*", ""));

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains("web1 takes only signed releases", "signing_key")
                .doesNotContain("send ");
        assertThat(releases()).hasSize(1);
    }

    @Test
    @Order(4)
    void one_that_somebody_else_has_signed_is_refused_before_it_is_unpacked() throws Exception {
        sign(Path.of("mallory"));

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains("web1 does not accept the signature", "allowed_signers does not name");
        assertThat(releases()).hasSize(1);
        assertThat(host.ssh("ls -A /srv/counter/incoming").out())
                .allMatch(name -> name.startsWith("lock"));
    }

    @Test
    @Order(5)
    void a_key_that_only_the_agent_has_will_do() throws Exception {
        Path socket = keys.resolve("agent");
        Process agent = Program.of("ssh-agent", "-D", "-a", socket.toString()).converse();
        try {
            assertThat(Seen.within(java.time.Duration.ofSeconds(5), () -> Files.exists(socket)))
                    .isTrue();
            Map<String, String> with = Map.of("SSH_AUTH_SOCK", socket.toString());
            Program.of("ssh-add", "-q", keys.resolve("alice").toString()).env(with).run();
            Files.move(keys.resolve("alice"), keys.resolve("locked away"));
            sign(Path.of("alice.pub"));
            project.version("0.3.0");

            Result ran = project.apart("deploy").env(with).run();

            assertThat(ran.ok()).as("%s", ran).isTrue();
            assertThat(releases()).hasSize(2);
        } finally {
            agent.destroy();
        }
    }

    @Test
    @Order(6)
    void a_key_that_is_not_there_is_named() throws Exception {
        project.set("DECANT_SIGNING_KEY", keys.resolve("nowhere").toString());
        project.version("0.4.0");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err()).contains("could not be signed with", "nowhere", "ssh-add -L");
        project.unset("DECANT_SIGNING_KEY");
    }
}
