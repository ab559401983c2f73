package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.decant.config.HooksConfig.Moment;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.systemd.EnvironmentFile;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a plan says is what a deploy then does, on two hosts whose ports are public; told in order.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlanLabTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LIVE = "/srv/counter/etc/environment";

    @TempDir private Path folder = Path.of("");

    private Lab lab;
    private Map<String, LabHost> hosts;
    private SampleProject project;
    private Path hooked = Path.of("");
    private String release = "";

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        LabHost web1 = lab.boot("web1", Suite.BOOKWORM);
        LabHost web2 = lab.boot("web2", Suite.BOOKWORM);
        hosts = Map.of("web1", web1, "web2", web2);
        hooked = Files.createTempFile("decant-test", ".hooks");
        StringBuilder hooks = new StringBuilder("[hooks]\n");
        for (Moment moment : Moment.values()) {
            hooks.append(moment.word())
                    .append(" = ['sh', '-c', 'echo $DECANT_HOOK $DECANT_HOSTS $DECANT_RESULT >>")
                    .append(hooked)
                    .append("']\n");
        }
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(web1, web2),
                                "migrate = \"IO.puts(42)\"\nsecrets = [\""
                                        + SampleProject.SECRET
                                        + "\"]",
                                "[public]\nports = [\"80:4000\"]\n"
                                        + "[service]\ndrain_timeout = \"1s\"\n"
                                        + "[env]\nGREETING = \"Hello you\"\nLEVEL = \"info\"\n"
                                        + hooks)
                        .set(SampleProject.SECRET, "a value");
        project.must("setup");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        Files.delete(hooked);
        lab.close();
    }

    /// Outside of the project, which is to be as it was committed.
    private String file() {
        return folder.resolve("plan.json").toString();
    }

    private JsonNode json(String... words) {
        return JSON.readTree(project.must(words).out());
    }

    /// The last of the events that a deploy tells.
    private JsonNode ended(String... words) {
        String events = project.must(words).out().strip();
        return JSON.readTree(events.substring(events.lastIndexOf('\n') + 1));
    }

    private Map<String, String> environment(String host) throws InterruptedException {
        String text =
                requireNonNull(hosts.get(host)).ssh("cat " + LIVE + " 2>/dev/null || true").text()
                        + "\n";
        return EnvironmentFile.read(text.getBytes(StandardCharsets.UTF_8), 252).orElseThrow();
    }

    /// `NAME: from -> to`, a line each.
    private static List<String> differences(Map<String, String> before, Map<String, String> after) {
        List<String> lines = new ArrayList<>();
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String was = before.getOrDefault(name, "(none)");
            String is = after.getOrDefault(name, "(none)");
            if (!was.equals(is)) {
                lines.add(name + ": " + was + " -> " + is);
            }
        }
        return lines;
    }

    private static List<String> words(JsonNode array, String field) {
        return array.valueStream().map(each -> each.path(field).asString()).toList();
    }

    /// Plans, deploys by the same words, and looks at whether the one was what the other did.
    ///
    /// @return the plan
    private JsonNode carriedOut(String... more) throws Exception {
        JsonNode plan = json(with("plan", more));
        Map<String, Map<String, String>> before = new TreeMap<>();
        for (String host : hosts.keySet()) {
            before.put(host, environment(host));
        }

        JsonNode done = ended(with("deploy", more));

        assertThat(done.path("release")).isEqualTo(plan.path("release"));
        for (JsonNode host : plan.path("hosts")) {
            isWhatWasDone(host, done, requireNonNull(before.get(host.path("host").asString())));
        }
        List<String> switched =
                done.path("steps")
                        .valueStream()
                        .filter(step -> step.path("step").asString().equals("activate"))
                        .map(step -> step.path("host").asString())
                        .toList();
        assertThat(
                        plan.path("batches")
                                .valueStream()
                                .flatMap(batch -> batch.valueStream().map(JsonNode::asString)))
                .as("the order of the batches, each of one host")
                .containsExactlyElementsOf(switched);
        return plan;
    }

    private static String[] with(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command, "--json"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private void isWhatWasDone(JsonNode planned, JsonNode done, Map<String, String> before)
            throws Exception {
        String host = planned.path("host").asString();
        List<JsonNode> steps =
                done.path("steps")
                        .valueStream()
                        .filter(step -> step.path("host").asString().equals(host))
                        .toList();
        assertThat(steps)
                .extracting(step -> step.path("step").asString())
                .as("%s", planned)
                .containsExactlyElementsOf(words(planned.path("steps"), "step"));
        assertThat(
                        done.path("hosts")
                                .valueStream()
                                .filter(each -> each.path("host").asString().equals(host))
                                .map(each -> each.path("outcome").asString()))
                .containsExactly(steps.isEmpty() ? "unchanged" : "deployed");
        JsonNode changes = planned.path("changes");
        List<String> variables = new ArrayList<>();
        changes.path("environment")
                .forEach(
                        each ->
                                variables.add(
                                        each.path("name").asString()
                                                + ": "
                                                + each.path("from").asString("(none)")
                                                + " -> "
                                                + each.path("to").asString("(none)")));
        assertThat(variables).isEqualTo(differences(before, environment(host)));
        if (steps.isEmpty()) {
            assertThat(changes.isNull()).isTrue();
            return;
        }
        assertThat(steps.stream().mapToLong(step -> step.path("bytes").asLong()).sum())
                .isLessThanOrEqualTo(planned.path("estimate").path("bytes_at_most").asLong());
        JsonNode port = changes.path("ports").path(0);
        assertThat(port.path("port").asInt()).isEqualTo(80);
        assertThat(requireNonNull(hosts.get(host)).ssh("nft list table inet decant_counter").text())
                .contains("redirect to :" + port.path("to").asInt());
    }

    @Test
    @Order(1)
    void a_first_deploy() throws Exception {
        JsonNode plan = carriedOut();

        JsonNode changes = plan.path("hosts").path(0).path("changes");
        assertThat(changes.path("secrets").path("added").toString()).contains("COUNTER_SECRET");
        assertThat(changes.path("ports").toString())
                .isEqualTo("[{\"port\":80,\"from\":null,\"to\":4000}]");
        assertThat(plan.toString()).doesNotContain("a value");
        assertThat(words(plan.path("hooks"), "hook"))
                .containsExactly(
                        "before_deploy",
                        "after_upload",
                        "after_migrate",
                        "after_deploy",
                        "on_failure");
        assertThat(Files.readAllLines(hooked))
                .containsExactly(
                        "before_deploy web1 web2",
                        "after_upload web1 web2",
                        "after_migrate web1 web2",
                        "after_deploy web1 web2 deployed");
        project.unset(SampleProject.SECRET);
    }

    @Test
    @Order(2)
    void nothing_to_do() throws Exception {
        assertThat(carriedOut().path("nothing_to_do").asBoolean()).isTrue();
        assertThat(Files.readAllLines(hooked)).as("no hook runs for nothing").hasSize(4);
    }

    @Test
    @Order(3)
    void other_code() throws Exception {
        project.edit("lib/counter/greeting.ex", "Hello", "Good evening");
        project.file("priv/repo/migrations/20260101_add_visits.exs", "# Nothing runs this.\n");
        project.version("0.2.0");

        JsonNode plan = carriedOut();

        // What is committed from here on need not be built.
        release = plan.path("release").asString();
        JsonNode changes = plan.path("hosts").path(1).path("changes");
        assertThat(changes.path("libraries").toString())
                .isEqualTo("{\"counter\":{\"from\":\"0.1.0\",\"to\":\"0.2.0\"}}");
        assertThat(changes.path("files").path("changed").asInt()).isBetween(1, 30);
        assertThat(changes.path("migrations").toString())
                .isEqualTo("[\"counter/repo/20260101_add_visits.exs\"]");
        assertThat(changes.path("ports").toString())
                .isEqualTo("[{\"port\":80,\"from\":4000,\"to\":4010}]");
    }

    @Test
    @Order(4)
    void other_settings() throws Exception {
        project.edit("decant.toml", "LEVEL = \"info\"", "LEVEL = \"debug\"\nMORE = \"yes\"");
        project.edit("decant.toml", "GREETING = \"Hello you\"\n", "");

        JsonNode changes =
                carriedOut("--hosts", "web1", "--release", release)
                        .path("hosts")
                        .path(0)
                        .path("changes");

        assertThat(words(changes.path("environment"), "name"))
                .containsExactly("GREETING", "LEVEL", "MORE");
        assertThat(changes.path("files").path("changed").asInt()).isZero();
    }

    @Test
    @Order(5)
    void the_same_again() throws Exception {
        JsonNode estimate =
                carriedOut("--again", "--hosts", "web1", "--release", release)
                        .path("hosts")
                        .path(0)
                        .path("estimate");

        assertThat(estimate.path("bytes_at_most").asInt()).isZero();
        assertThat(estimate.path("deploys").asInt()).isBetween(2, 5);
        assertThat(estimate.path("milliseconds").asInt()).isBetween(100, 60_000);
    }

    @Test
    @Order(6)
    void a_plan_that_was_written_down_is_carried_out_once() throws Exception {
        project.must("plan", "--again", "--hosts", "web1", "--release", release, "--out", file());
        assertThat(project.run("deploy", "--plan", file(), "--again").status()).isEqualTo(2);

        JsonNode done = ended("deploy", "--json", "--plan", file());
        Ran again = project.run("deploy", "--plan", file());

        assertThat(words(done.path("hosts"), "host")).containsExactly("web1");
        assertThat(again.status()).as(again.all()).isEqualTo(3);
        assertThat(again.err())
                .contains("plan.json says is not what would be done now. Nothing was changed.")
                .contains("web1: deployment was 4 and is 5 now.")
                .contains("web1: changes ports from was ")
                .doesNotContain("web2");
    }

    @Test
    @Order(7)
    void or_is_refused_where_its_release_or_its_settings_are_not_there_any_more() throws Exception {
        project.must("plan", "--again", "--release", release, "--out", file());
        project.edit("decant.toml", "MORE = \"yes\"", "MORE = \"no\"");

        Ran other = project.run("deploy", "--plan", file());

        assertThat(other.status()).as(other.all()).isEqualTo(3);
        assertThat(other.err())
                .contains("decant.toml has changed.")
                .contains("web1: changes environment was [] and is ");
        Path file = Path.of(file());
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceAll("[0-9]{8}T[0-9]{6}Z-0[.]2[.]0", "20000101T000000Z-0.2.0"));
        Ran gone = project.run("deploy", "--plan", file());
        assertThat(gone.status()).as(gone.all()).isEqualTo(3);
        assertThat(gone.err()).contains("is not on this machine").contains("decant release import");
    }

    @Test
    @Order(8)
    void a_hook_that_fails_before_leaves_all_hosts_as_they_are() throws Exception {
        project.edit("decant.toml", "before_deploy = ['sh'", "before_deploy = ['false'");
        JsonNode before = json("plan", "--json", "--again", "--release", release);

        Ran ran = project.run("deploy", "--again", "--release", release);

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("The hook before_deploy has failed; no host was changed.");
        assertThat(json("plan", "--json", "--again", "--release", release)).isEqualTo(before);
        assertThat(Files.readAllLines(hooked)).endsWith("on_failure web1 web2 untouched");
    }

    @Test
    @Order(9)
    void one_that_fails_after_it_calls_for_someone_and_the_release_serves() throws Exception {
        project.edit("decant.toml", "before_deploy = ['false'", "before_deploy = ['true'");
        project.edit("decant.toml", "after_deploy = ['sh'", "after_deploy = ['false'");

        Ran ran = project.run("deploy", "--again", "--hosts", "web1", "--release", release);

        assertThat(ran.status()).as(ran.all()).isEqualTo(5);
        assertThat(ran.err()).contains("The hook after_deploy has failed. The new release serves.");
        assertThat(new Seen(requireNonNull(hosts.get("web1")), 80).version()).isEqualTo("0.2.0");
    }
}
