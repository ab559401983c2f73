package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.host.HostFacts;
import dev.decant.io.Digest;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.ui.Json;
import dev.decant.ui.PlanJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

class PlanFileTest {

    private static final Config CONFIG =
            Configs.of(Configs.SHOP + "[hosts.web1]\n[hosts.web2]\n[rollout]\nbatch = \"100%\"\n");

    private static final Set<String> NONE = Set.of();

    @TempDir private Path folder = Path.of("");

    private static FactsBuilder host(String name) {
        return new FactsBuilder(name, CONFIG).deployed(Samples.OLD).serving(CONFIG);
    }

    private static String plan(Set<String> given, String toml, FactsBuilder... hosts) {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (FactsBuilder each : hosts) {
            HostFacts fact = each.build();
            facts.put(fact.host(), fact);
        }
        var release = Samples.release(Samples.NEW);
        Plan plan =
                Planner.plan(
                        CONFIG,
                        release,
                        facts,
                        FactsBuilder.deltas(facts),
                        FactsBuilder.values(given),
                        false);
        return Json.text(
                PlanJson.of(
                        plan,
                        HostChanges.of(
                                plan,
                                CONFIG,
                                release,
                                FactsBuilder.values(given),
                                facts,
                                (_, _) -> Optional.empty()),
                        new PlanJson.Basis(
                                Optional.empty(),
                                Optional.of(release.digest()),
                                Digest.of(toml),
                                false)));
    }

    private PlanFile written(String plan) {
        PlanFile.write(folder.resolve("plan.json"), plan);
        return PlanFile.read(folder.resolve("plan.json"), "plan.json");
    }

    private PlanFile written() {
        return written(plan(NONE, "toml", host("web1"), host("web2")));
    }

    private static List<String> differences(PlanFile planned, String now) {
        List<Problem> problems =
                Objects.requireNonNull(
                                catchThrowableOfType(Failure.class, () -> planned.mustBe(now)))
                        .problems();
        assertThat(problems)
                .singleElement()
                .isInstanceOf(DeployProblem.PlanOutOfDate.class)
                .returns(ExitStatus.REFUSED, Problem::status);
        return problems.getFirst().why();
    }

    @Test
    void a_plan_that_would_be_made_again_is_carried_out() {
        assertThatCode(() -> written().mustBe(plan(NONE, "toml", host("web1"), host("web2"))))
                .doesNotThrowAnyException();
        assertThat(written().release()).isEqualTo(Samples.NEW);
        assertThat(written().on(CONFIG).hosts())
                .extracting(HostConfig::name)
                .containsExactly("web1", "web2");
    }

    @Test
    void what_is_only_noted_or_estimated_may_change() {
        PlanFile planned = written();

        assertThatCode(
                        () ->
                                planned.mustBe(
                                        plan(
                                                NONE,
                                                "toml",
                                                host("web1").state("failed"),
                                                host("web2").remembers(Map.of(), 3000))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_host_that_serves_something_else_by_now_is_named() {
        assertThat(
                        differences(
                                written(),
                                plan(
                                        NONE,
                                        "toml",
                                        host("web1"),
                                        host("web2").deployed(Samples.OLDER))))
                .containsExactly(
                        "web2: deployment was 1 and is 2 now.",
                        "web2: serving was 20261122T090000Z-0.1.1-bbbbbbb and is"
                                + " 20261121T080000Z-0.1.0-aaaaaaa now.");
    }

    @Test
    void so_is_one_that_somebody_has_deployed_the_same_to() {
        assertThat(
                        differences(
                                written(),
                                plan(
                                        NONE,
                                        "toml",
                                        host("web1"),
                                        host("web2").deployed(Samples.OLD))))
                .containsExactly("web2: deployment was 1 and is 2 now.");
    }

    @Test
    void steps_and_given_secrets_are_part_of_it() {
        assertThat(
                        differences(
                                written(),
                                plan(
                                        Set.of("DATABASE_URL"),
                                        "toml",
                                        host("web1").unpacked(Samples.NEW),
                                        host("web2"))))
                .anyMatch(line -> line.startsWith("web1: steps was [{\"step\":\"send\""))
                .anyMatch(line -> line.startsWith("web2: steps secrets_given was []"))
                .noneMatch(line -> line.startsWith("web1: estimate"));
    }

    @Test
    void another_decant_toml_is_another_plan() {
        assertThat(differences(written(), plan(NONE, "another toml", host("web1"), host("web2"))))
                .containsExactly("decant.toml has changed.");
    }

    @Test
    void a_host_that_decant_toml_does_not_have_is_named() {
        Config one = Configs.of(Configs.SHOP + "[hosts.web1]\n");

        assertThat(
                        Objects.requireNonNull(
                                        catchThrowableOfType(
                                                Failure.class, () -> written().on(one)))
                                .problems()
                                .getFirst()
                                .why())
                .containsExactly("web2 is not in decant.toml.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"release\": \"../x\", \"hosts\": [{}]}",
                "{\"release\": \"20261122T090000Z-0.1.1-bbbbbbb\", \"hosts\": []}"
            })
    void what_is_no_plan_is_refused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("odd.json"), text);

        Failure failure =
                Objects.requireNonNull(
                        catchThrowableOfType(Failure.class, () -> PlanFile.read(file, "odd.json")));

        assertThat(failure.problems())
                .singleElement()
                .isInstanceOf(DeployProblem.NoPlan.class)
                .returns(ExitStatus.REFUSED, Problem::status);
    }
}
