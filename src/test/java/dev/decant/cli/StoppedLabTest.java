package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.EventSchema;
import dev.decant.Relay;
import dev.decant.exec.Program;
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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Who stops a deploy in the middle, by Ctrl-C; two hosts of which one switches after the other.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoppedLabTest {

    private Lab lab;
    private Relay relay;
    private LabHost web1;
    private LabHost web2;
    private SampleProject project;

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        web1 = lab.boot("web1", Suite.BOOKWORM);
        web2 = lab.boot("web2", Suite.BOOKWORM);
        relay = Relay.to(web1.address());
        project =
                SampleProject.create()
                        .config(
                                relay.config(lab.sshConfig()),
                                List.of(web1, web2),
                                "secrets = [\"COUNTER_SECRET\"]",
                                "confirm_timeout = \"8s\"")
                        .set(SampleProject.SECRET, "x");
        project.must("setup");
        project.must("deploy");
    }

    @AfterAll
    void end() throws Exception {
        relay.close();
        project.close();
        lab.close();
    }

    /// A deploy in a process of its own, as on a terminal: what it prints, and how it ends.
    private final class Run {
        final Process process;
        final List<String> out = Collections.synchronizedList(new ArrayList<>());
        final Path err = Files.createTempFile("stopped", ".err");

        Run(String... words) throws Exception {
            process = project.apart(words).converse();
            Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(out::add));
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var to = Files.newOutputStream(err)) {
                                    process.getErrorStream().transferTo(to);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }

        void stopOnce(Seen.Check check) throws Exception {
            assertThat(Seen.within(Duration.ofSeconds(30), check)).as("%s", this).isTrue();
            interrupt();
        }

        void interrupt() throws Exception {
            Program.of("kill", "-INT", Long.toString(process.pid())).run();
        }

        boolean told(String part) {
            return List.copyOf(out).stream().anyMatch(line -> line.contains(part));
        }

        int status() throws InterruptedException {
            return process.waitFor();
        }

        String errors() {
            try {
                return Files.readString(err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return String.join("\n", List.copyOf(out)) + "\n" + errors();
        }
    }

    /// Who hangs up on a slow line is heard of when all has got through.
    private void mend() throws IOException {
        relay.slow(Long.MAX_VALUE);
        relay.cut();
    }

    private String versions() throws Exception {
        return new Seen(web1).version() + " " + new Seen(web2).version();
    }

    @Test
    @Order(1)
    void a_second_time_it_ends_at_once() throws Exception {
        project.version("0.2.0").must("build");
        relay.slow(3_000);

        Run run = new Run("deploy", "--json");
        run.stopOnce(() -> run.told("\"event\":\"sent\","));
        Thread.sleep(20);
        run.interrupt();
        Instant second = Instant.now();

        assertThat(run.status()).as("%s", run).isEqualTo(130);
        assertThat(Duration.between(second, Instant.now())).isLessThan(Duration.ofMillis(1500));
        mend();
    }

    @Test
    @Order(2)
    void while_it_is_sent_nothing_has_changed_and_the_next_deploy_works() throws Exception {
        relay.slow(3_000);

        Run run = new Run("deploy", "--json", "--wait", "1m");
        run.stopOnce(() -> run.told("\"event\":\"sent\",") && run.told("\"host\":\"web1\""));

        assertThat(run.status()).as("%s", run).isEqualTo(130);
        EventSchema.mustFit(run.out);
        assertThat(run.errors()).isEmpty();
        assertThat(run.out.getLast())
                .startsWith("{\"event\":\"ended\",")
                .contains(
                        "\"status\":130",
                        "{\"host\":\"web1\",\"outcome\":\"untouched\"}",
                        "{\"host\":\"web2\",\"outcome\":\"untouched\"}",
                        "\"what\":\"Stopped. No host had begun to switch.\"");
        assertThat(versions()).isEqualTo("0.1.0 0.1.0");
        mend();
        // A host notices it when it has done what it was at.
        project.must("deploy", "--wait", "1m");
        assertThat(versions()).isEqualTo("0.2.0 0.2.0");
    }

    @Test
    @Order(3)
    void a_migration_goes_on_by_itself_and_no_host_switches() throws Exception {
        project.edit("decant.toml", "secrets", "migrate = \"Process.sleep(2_500)\"\nsecrets")
                .version("0.3.0")
                .must("build");

        Run run = new Run("deploy");
        run.stopOnce(
                () ->
                        run.errors().contains("web1   preflight")
                                && run.errors().contains("web2   preflight")
                                && web1.ssh("systemctl is-active 'counter-eval@*'")
                                        .text()
                                        .contains("activ"));

        assertThat(run.status()).as("%s", run).isEqualTo(130);
        assertThat(run.out)
                .containsSubsequence(
                        "web1  untouched; the migration goes on there by itself",
                        "web2  untouched");
        assertThat(run.errors()).contains("decant: Stopped. No host had begun to switch.");
        assertThat(versions()).isEqualTo("0.2.0 0.2.0");
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(8),
                                () -> project.run("deploy", "--wait", "1m").status() == 0))
                .isTrue();
        assertThat(versions()).isEqualTo("0.3.0 0.3.0");
    }

    @Test
    @Order(4)
    void hosts_that_had_begun_to_switch_say_where_they_stand() throws Exception {
        project.edit("decant.toml", "migrate = \"Process.sleep(2_500)\"\n", "")
                .edit("decant.toml", "timeout = \"6s\"", "timeout = \"20s\"");
        project.version("0.4.0").must("build");

        // Only this machine says so.
        web2.ssh("echo COUNTER_BOOT_DELAY_MS=7000 >/etc/counter/environment");
        Run run = new Run("deploy");
        run.stopOnce(() -> web2.ssh("test -e /var/lib/decant/counter/activating").ok());

        assertThat(run.status()).as("%s", run).isEqualTo(130);
        assertThat(run.out)
                .anyMatch(line -> line.matches("web1  serves .*-0.4.0-.*"))
                .contains("web2  still switching; goes on by itself, to the new release or back");
        assertThat(run.errors())
                .contains(
                        "decant: Stopped. 2 of 2 hosts had begun to switch.",
                        "decant status",
                        "decant resume");
        web2.ssh("rm /etc/counter/environment");
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () -> new Seen(web2).version().equals("0.3.0")))
                .as("nobody has confirmed the new one")
                .isTrue();
        project.must("deploy");
        assertThat(versions()).isEqualTo("0.4.0 0.4.0");
    }
}
