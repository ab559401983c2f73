package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A release that is brought to a host as a bundle, and nobody reaches the host for it but root
/// there.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BundleLabTest {

    private Lab lab;
    private LabHost host;
    private SampleProject project;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("alone", Suite.BOOKWORM);
        project =
                SampleProject.create()
                        .config(
                                """
                                app = "counter"
                                hosts = "elsewhere"
                                keep_releases = 2
                                secrets = ["COUNTER_SECRET"]
                                seed = "IO.puts(\\"seeded\\")"
                                [health]
                                path = "/health"
                                timeout = "6s"
                                """);
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    /// A bundle of what is there, on the host.
    private void bring() throws Exception {
        project.must("export", "bundle", "--to", ".git/bundle");
        Result copied = host.copy(project.folder().resolve(".git/bundle"), "/opt/bundle");
        assertThat(copied.status()).as(copied.err().toString()).isZero();
    }

    private Result run(String command) throws Exception {
        return host.ssh("sh /opt/bundle/decant-bundle " + command);
    }

    private String must(String command) throws Exception {
        Result result = run(command);
        assertThat(result.status()).as(result.text() + result.err()).isZero();
        return result.text();
    }

    private static List<String> changes(String said) {
        return said.lines().filter(line -> line.startsWith("changed ")).toList();
    }

    @Test
    @Order(1)
    void without_a_value_for_a_secret_nothing_serves_and_it_says_where_to_put_one()
            throws Exception {
        bring();

        Result result = run("install");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .containsExactly(
                        "Error: There is no value for the secrets that the app is to have:"
                                + " COUNTER_SECRET",
                        "  This host has none, and there is none in /etc/decant/secrets/counter.",
                        "  Write each to a file of that name there (root's own, mode 600), or have"
                                + " the host ask a source: docs/reference/sources.md");
        assertThat(new Seen(host).version()).isEqualTo("no answer");
    }

    @Test
    @Order(2)
    void a_bundle_installs_itself_and_says_what_it_changes() throws Exception {
        host.ssh(
                "umask 077; mkdir -p /etc/decant/secrets/counter; printf '%s' 'a \"b\" $c \\d `e`"
                        + " %f ü' >/etc/decant/secrets/counter/COUNTER_SECRET");
        String rehearsed = must("check");

        String said = must("install");

        assertThat(new Seen(host).version()).isEqualTo("0.1.0");
        assertThat(said).contains("changed what serves: ");
        assertThat(changes(rehearsed)).isEqualTo(changes(said));
    }

    @Test
    @Order(3)
    void a_second_time_it_changes_nothing() throws Exception {
        assertThat(must("check")).doesNotContain("changed");
        assertThat(must("install")).doesNotContain("changed");
        must("validate");
    }

    @Test
    @Order(4)
    void another_release_takes_its_place_step_by_step() throws Exception {
        project.version("0.2.0");
        bring();
        assertThat(changes(must("check unpack switch"))).hasSize(2);

        for (String step : "setup unpack prepare migrate switch validate prune".split(" ")) {
            must(step);
            must(step);
        }

        assertThat(new Seen(host).version()).isEqualTo("0.2.0");
    }

    @Test
    @Order(5)
    void one_that_is_not_healthy_is_taken_back() throws Exception {
        host.ssh("echo COUNTER_HEALTH=fail >/etc/counter/environment");
        project.version("0.3.0");
        bring();

        Result result = run("install");

        assertThat(result.status()).as(result.text() + result.err()).isEqualTo(5);
        host.ssh("rm /etc/counter/environment");
        List<String> rehearsed = changes(must("check"));
        assertThat(changes(must("install"))).isEqualTo(rehearsed);
        assertThat(rehearsed.getLast()).matches("changed release .*-0[.]1[.]0-\\w+ is gone");
        assertThat(new Seen(host).version()).isEqualTo("0.3.0");
    }

    @Test
    @Order(6)
    void it_goes_back_to_what_served_before() throws Exception {
        must("rollback");

        assertThat(new Seen(host).version()).isEqualTo("0.2.0");
        assertThat(run("validate").status()).isEqualTo(4);
    }

    @Test
    @Order(7)
    void what_serves_is_asked_seeded_and_restarted() throws Exception {
        int before = new Seen(host).pid();
        assertThat(must("rollback --if-serving")).contains("need not be taken back");

        assertThat(must("eval 'IO.puts(6 * 7)'")).contains("42");
        assertThat(must("seed")).contains("seeded").contains("changed data, by the seed");
        must("restart");

        assertThat(new Seen(host).version()).isEqualTo("0.2.0");
        assertThat(new Seen(host).pid()).isNotEqualTo(before);
    }

    @Test
    @Order(8)
    void decant_itself_says_that_it_does_not_reach_these_hosts() throws Exception {
        Ran ran = project.run("status");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err())
                .contains("Decant does not reach the hosts itself.", "hosts = \"elsewhere\"");
    }

    @Test
    @Order(9)
    void what_a_newer_decant_has_set_up_is_left_alone() throws Exception {
        String program = "/usr/local/lib/decant/decant-host";
        host.ssh("sed -i 's/^PROTOCOL=.*/PROTOCOL=99/' " + program);

        for (String command : List.of("install", "status", "remove")) {
            Result result = run(command);

            assertThat(result.status()).as(command + result.err()).isEqualTo(3);
            assertThat(result.err().toString())
                    .contains("This host was set up by a newer Decant", "speaks protocol 99");
        }
        assertThat(host.ssh("grep ^PROTOCOL= " + program).text()).isEqualTo("PROTOCOL=99");
        host.ssh("sed -i 's/^PROTOCOL=.*/PROTOCOL=1/' " + program);
    }

    @Test
    @Order(10)
    void it_leaves_without_a_trace() throws Exception {
        must("remove");

        assertThat(host.ssh("ls -d /srv/counter /var/lib/decant/counter /etc/counter").status())
                .isNotZero();
    }

    /// The host's own disk, while it is off, is the image.
    @Test
    @Order(11)
    void a_release_in_an_image_serves_when_a_machine_boots_it() throws Exception {
        host.kill();
        Path root = host.folder().resolve("root");
        String program = project.folder().resolve(".git/bundle/decant-bundle").toString();
        Path secrets = Files.createDirectories(project.folder().resolve(".git/secrets"));
        Files.writeString(secrets.resolve("COUNTER_SECRET"), "of the image");
        List<String> words = new ArrayList<>(List.of("sh", program, "check", "install"));
        words.addAll(List.of("--root", root.toString(), "--secrets", secrets.toString()));

        Result check = Program.of(words).run();
        words.remove("check");
        Result first = Program.of(words).run();
        Result second = Program.of(words).run();

        assertThat(first.status()).as(first.text() + first.err()).isZero();
        assertThat(changes(first.text()))
                .isEqualTo(changes(check.text()))
                .contains("changed user counter", "changed counter.service starts at boot");
        assertThat(changes(second.text())).as(second.text() + second.err()).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(root + "/");
        host.boot();
        assertThat(Seen.within(Duration.ofSeconds(30), () -> seen().equals("0.3.0"))).isTrue();
        must("install");
    }

    private String seen() throws InterruptedException {
        return new Seen(host).version();
    }
}
