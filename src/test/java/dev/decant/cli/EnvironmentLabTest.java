package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.io.Digest;
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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Environment and secrets of two hosts, compared, pushed and taken back; told in order.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EnvironmentLabTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String ONE = "one-f81d4fae7dec";
    private static final String TWO = "two-9c41bb02ffab";
    private static final String THREE = "three-1a7e66d0c9a8";

    private Lab lab;
    private LabHost web1;
    private LabHost web2;
    private SampleProject project;

    private String generated = "";

    /// All that was printed.
    private final StringBuilder said = new StringBuilder();

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        web1 = lab.boot("web1", Suite.BOOKWORM);
        web2 = lab.boot("web2", Suite.BOOKWORM);
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(web1, web2),
                                "secrets = [\"COUNTER_SECRET\"]\nmigrate = \"IO.puts(42)\"",
                                "[service]\ndrain_timeout = \"1s\"\n"
                                        + "[hooks]\nbefore_deploy = [\"false\"]\n"
                                        + "[env]\nGREETING = \"Hello\"")
                        .set(SampleProject.SECRET, ONE);
        project.must("setup");
        project.edit("decant.toml", "[\"false\"]", "[\"true\"]").must("deploy");
        project.edit("decant.toml", "[\"true\"]", "[\"false\"]");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private Ran run(String... words) {
        Ran ran = project.run(words);
        said.append(ran.all());
        return ran;
    }

    private Ran must(String... words) {
        Ran ran = run(words);
        assertThat(ran.status()).as(ran.all()).isZero();
        return ran;
    }

    private static String secret(LabHost host) throws InterruptedException {
        return new Seen(host).get("/secret-digest").strip();
    }

    private static String digest(String value) {
        return Digest.of(value).hex().substring(0, 8);
    }

    private List<Integer> pids() throws InterruptedException {
        return List.of(new Seen(web1).pid(), new Seen(web2).pid());
    }

    private static String variable(LabHost host, String name) throws InterruptedException {
        return host.ssh("grep '^" + name + "=' /srv/counter/etc/environment").text();
    }

    @Test
    @Order(1)
    void a_push_of_what_is_there_restarts_nothing() throws Exception {
        List<Integer> pids = pids();

        assertThat(must("env", "diff", "--exit-code").out()).isEqualTo("web1, web2\n    as here\n");
        assertThat(must("env", "push").out()).contains("unchanged");
        assertThat(pids()).isEqualTo(pids);
    }

    @Test
    @Order(2)
    void what_differs_is_shown_by_names_and_digests() throws Exception {
        project.edit("decant.toml", "\"Hello\"", "\"Good day\"").set(SampleProject.SECRET, TWO);
        String before = new Seen(web1).everything();

        Ran secrets = run("secrets", "diff", "--exit-code");
        JsonNode all = JSON.readTree(run("env", "diff", "--json").out());
        Ran plan = must("env", "push", "--dry-run");

        assertThat(secrets.status()).isEqualTo(1);
        assertThat(secrets.out())
                .matches(
                        "web1, web2\n"
                                + "    ~ COUNTER_SECRET=<secret [0-9a-f]{12}> -> <secret"
                                + " [0-9a-f]{12}>\n");
        assertThat(all.path("differs").asBoolean()).isTrue();
        assertThat(all.path("drifts")).isEmpty();
        assertThat(all.path("hosts").path(1).path("variables").valueStream())
                .filteredOn(each -> !each.path("state").asString().equals("same"))
                .singleElement()
                .hasToString(
                        "{\"name\":\"GREETING\",\"state\":\"differs\",\"here\":\"Good day\","
                                + "\"there\":\"Hello\"}");
        assertThat(plan.out())
                .contains("~ GREETING=Hello -> Good day", "secrets     changed: COUNTER_SECRET")
                .doesNotContain("migrate", "send", "hooks");
        assertThat(new Seen(web1).everything()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void a_push_to_one_host_makes_the_two_differ_and_one_to_all_goes_to_the_other()
            throws Exception {
        List<Integer> pids = pids();

        Ran first = must("env", "push", "--hosts", "web1");

        assertThat(first.all()).doesNotContain("before_deploy", "42");
        assertThat(secret(web1)).isEqualTo(digest(TWO));
        assertThat(secret(web2)).isEqualTo(digest(ONE));
        assertThat(must("env", "diff").out())
                .contains("web1\n    as here\nweb2\n    ~ GREETING=Hello -> Good day\n")
                .contains(
                        "Hosts differ from each other:\n"
                                + "    GREETING: Good day on web1; Hello on web2\n"
                                + "    COUNTER_SECRET: <secret ");
        int restarted = new Seen(web1).pid();
        assertThat(restarted).isNotEqualTo(pids.getFirst());

        assertThat(must("secrets", "push").out()).contains("web1  unchanged", "web2  serves");

        assertThat(new Seen(web1).pid()).isEqualTo(restarted);
        assertThat(secret(web2)).isEqualTo(digest(TWO));
        assertThat(variable(web2, "GREETING")).isEqualTo("GREETING=\"Good day\"");
        assertThat(must("env", "diff").out()).isEqualTo("web1, web2\n    as here\n");
    }

    @Test
    @Order(4)
    void what_the_app_does_not_boot_with_is_not_switched_to() throws Exception {
        List<Integer> pids = pids();
        project.edit("decant.toml", "[env]\n", "[env]\nCOUNTER_BOOT_DELAY_MS = \"soon\"\n");

        Ran ran = run("env", "push");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("COUNTER_BOOT_DELAY_MS must be a whole number");
        assertThat(pids()).isEqualTo(pids);
        project.edit("decant.toml", "COUNTER_BOOT_DELAY_MS = \"soon\"\n", "");
    }

    @Test
    @Order(5)
    void where_one_host_does_not_get_healthy_the_other_gets_its_secrets_back() throws Exception {
        project.set(SampleProject.SECRET, THREE);
        web2.ssh("echo COUNTER_HEALTH=fail >/etc/counter/environment");

        Ran ran = run("env", "push");

        assertThat(ran.status()).as(ran.all()).isIn(4, 5);
        assertThat(secret(web1)).isEqualTo(digest(TWO));
        web2.ssh("rm /etc/counter/environment");
        must("restart");
        assertThat(secret(web2)).isEqualTo(digest(TWO));
    }

    @Test
    @Order(6)
    void an_environment_is_gone_back_to_with_its_secrets_and_the_release_stays() throws Exception {
        Ran ran = must("env", "rollback");

        assertThat(ran.err()).contains("web1: the environment and secrets of deployment 1, made ");
        for (LabHost host : List.of(web1, web2)) {
            assertThat(secret(host)).isEqualTo(digest(ONE));
            assertThat(variable(host, "GREETING")).isEqualTo("GREETING=\"Hello\"");
        }
        Ran further = run("env", "rollback");
        assertThat(further.status()).isEqualTo(3);
        assertThat(further.err())
                .contains("web1 has no earlier environment, nor earlier secrets, to go back to.")
                .contains("decant env rollback ");
    }

    @Test
    @Order(7)
    void a_secret_is_made_up_once_and_is_the_same_on_all_hosts() throws Exception {
        project.unset(SampleProject.SECRET)
                .edit("decant.toml", "migrate =", "generate = [\"SECRET_KEY_BASE\"]\nmigrate =");
        assertThat(run("env", "push", "--hosts", "web1").err())
                .contains("a new one would be another than other hosts may have.");

        must("env", "push");

        String made = variable("/etc/counter/secrets", web1);
        assertThat(made).matches("SECRET_KEY_BASE=\"[A-Za-z0-9_-]{86}\"");
        assertThat(variable("/etc/counter/secrets", web2)).isEqualTo(made);
        assertThat(must("env", "push").out()).contains("unchanged");
        assertThat(must("secrets", "pull").out())
                .isEqualTo(
                        """
                        NAME             SOURCE  IN DECANT.TOML
                        COUNTER_SECRET   none    yes
                        SECRET_KEY_BASE  none    yes
                        """);
        generated = made.replaceAll("SECRET_KEY_BASE=|\"", "");
    }

    private static String variable(String file, LabHost host) throws InterruptedException {
        return host.ssh("grep '^SECRET_KEY_BASE=' " + file).text();
    }

    @Test
    @Order(9)
    void no_value_of_a_secret_is_in_what_was_said_or_written() throws Exception {
        List<String> values = List.of(ONE, TWO, THREE, generated);
        assertThat(said.toString()).doesNotContain(values);
        List<Path> here = new ArrayList<>();
        for (Path folder : List.of(project.folder(), SampleProject.cache())) {
            try (Stream<Path> walk = Files.walk(folder)) {
                here.addAll(walk.filter(Files::isRegularFile).toList());
            }
        }
        assertThat(here).isNotEmpty().noneMatch(file -> contains(file, values));
        for (LabHost host : List.of(web1, web2)) {
            assertThat(
                            host.ssh(
                                            "grep -rlE '"
                                                    + String.join("|", values)
                                                    + "' / --exclude-dir=proc --exclude-dir=sys"
                                                    + " 2>/dev/null")
                                    .out())
                    .allMatch(
                            file ->
                                    file.equals("/etc/counter/secrets")
                                            || file.matches(
                                                    "/var/lib/decant/counter/deployments/[0-9]+"
                                                            + "/secret(s|/[A-Z_]+)"));
            assertThat(host.ssh("journalctl --no-pager -o export").text()).doesNotContain(values);
        }
    }

    private static boolean contains(Path file, List<String> values) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return values.stream().anyMatch(text::contains);
        } catch (IOException e) {
            return false;
        }
    }
}
