package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Apps without an Erlang, one of Go, one of Java with a runtime of its own and one of Bun, beside
/// each other on one host, in slots.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GenericLabTest {

    /// All that somebody on the way could take for something else.
    private static final String ODD_WORDS =
            """
            seed = ["/usr/bin/printf", "%s|", "two  words", "it's \\"so\\" \\\\ `x` %i", ""]
            """;

    private Lab lab;
    private LabHost host;

    private App go;
    private App java;
    private App bun;

    /// @param port on which the world finds it
    private record App(SampleProject project, String name, int port) {

        void version(String version) throws Exception {
            project.file("VERSION", version + "\n");
            project.commit();
        }
    }

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        go = app("hello-go", 80, 4000);
        java = app("hello-java", 81, 4100);
        bun = app("hello-bun", 82, 4200);
        List<App> all = List.of(go, java, bun);
        all.forEach(app -> app.project().must("setup"));
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Ran> deployed :
                    each.invokeAll(
                            all.stream()
                                    .<Callable<Ran>>map(app -> () -> app.project().must("deploy"))
                                    .toList())) {
                deployed.get();
            }
        }
    }

    /// As its decant.toml has it, with other ports, and a lab host in place of an example.
    private App app(String name, int port, int own) throws Exception {
        SampleProject project = SampleProject.of(name);
        String toml = project.read("decant.toml");
        project.config(
                toml.replace(
                                        "\"make\"",
                                        "\"make\", \"JAVA_HOME=%s\""
                                                .formatted(System.getProperty("java.home")))
                                .replace("[build]", ODD_WORDS + "[build]")
                                .replace("port = 4000", "port = " + own)
                                .replace("80:4000", port + ":" + own)
                                .replace("address = \"web1.example.com\"", "")
                                .replace(
                                        "path = \"/health\"",
                                        "path = \"/health\"\ntimeout = \"6s\"")
                        + "[ssh]\nconfig = \""
                        + lab.sshConfig()
                        + "\"\n");
        return new App(project, name, port);
    }

    @AfterAll
    void down() throws Exception {
        for (App app : new App[] {go, java, bun}) {
            app.project().close();
        }
        lab.close();
    }

    private String page(App app) throws Exception {
        return new Seen(host, app.port()).get("/");
    }

    /// A new version and back, with people there.
    private String assertNobodyNotices(App app) throws Exception {
        try (Visitors visitors = Visitors.toPages(host.address(), app.port(), app.name())) {
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > 20))
                    .isTrue();
            app.version("0.2.0");
            String plan = app.project().must("deploy").err();
            assertThat(
                            Seen.within(
                                    Duration.ofSeconds(10),
                                    () -> visitors.versions().contains("0.2.0")))
                    .isTrue();
            app.project().must("rollback");
            int then = visitors.answered();
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > then + 20))
                    .isTrue();

            assertThat(visitors.complaints()).isEmpty();
            assertThat(page(app)).contains(app.name() + " 0.1.0");
            return plan;
        }
    }

    private void assertEndedWell(App app) throws Exception {
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () ->
                                        host.ssh("systemctl is-active '" + app.name() + "@*'")
                                                .text()
                                                .equals("active")))
                .as("one slot is left")
                .isTrue();
        assertThat(host.ssh("systemctl is-failed '" + app.name() + "@*'").text())
                .doesNotContain("failed");
    }

    @Test
    @Order(1)
    void a_program_of_go_is_replaced_and_goes_back_without_a_complaint() throws Exception {
        assertNobodyNotices(go);

        assertEndedWell(go);
        assertThat(host.ssh("journalctl -u 'hello-go-eval@*' -o cat --no-pager").text())
                .contains("migrated for 0.1.0", "migrated for 0.2.0");
        assertThat(host.ssh("systemd-analyze security --no-pager hello-go@1 | tail -n 1").text())
                .containsPattern(": 1\\.[0-5] OK");
    }

    @Test
    @Order(2)
    void a_java_with_its_own_runtime_does_too_and_only_its_jar_is_sent() throws Exception {
        String plan = assertNobodyNotices(java);

        assertEndedWell(java);
        assertThat(plan).contains("web1: 1 file changed (");
    }

    @Test
    @Order(3)
    void a_program_of_bun_does_too_and_bun_itself_is_sent_once() throws Exception {
        String plan = assertNobodyNotices(bun);

        assertEndedWell(bun);
        assertThat(plan).contains("web1: 1 file changed (");
    }

    @Test
    @Order(4)
    void one_that_is_not_healthy_or_not_ready_changes_nothing_for_visitors() throws Exception {
        go.project().edit("main.go", "http.StatusOK", "http.StatusTeapot");
        Ran unhealthy = go.project().run("deploy");
        go.project().edit("main.go", "http.StatusTeapot", "http.StatusOK");
        go.project()
                .edit(
                        "decant.toml",
                        "[build]",
                        "[env]\nGREETING = \"%s\"\n[build]".formatted("x".repeat(101)));
        Ran unready = go.project().run("deploy");

        assertThat(unhealthy.status()).as(unhealthy.all()).isEqualTo(3);
        assertThat(unhealthy.all()).contains("418");
        assertThat(unready.status()).as(unready.all()).isEqualTo(3);
        assertThat(unready.all()).contains("GREETING is 101 characters long, and may be 100");
        assertThat(page(go)).contains("hello-go 0.1.0");
    }

    @Test
    @Order(5)
    void its_programs_can_be_run_and_expressions_cannot() {
        Ran ran = go.project().must("exec", "--", "bin/hello-go", "version");
        Ran migrated = go.project().must("migrate");
        Ran seeded = go.project().must("seed");
        Ran refused = go.project().run("eval", "1 + 1");

        assertThat(ran.out()).isEqualTo("0.1.0\n");
        assertThat(migrated.out()).contains("migrated for 0.1.0");
        assertThat(seeded.out()).isEqualTo("two  words|it's \"so\" \\ `x` %i||\n");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.all()).contains("decant eval", "kind = \"generic\"", "decant exec --");
    }
}
