package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.secrets.Secret;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class GeneratedSecretsTest {

    private static final Config CONFIG =
            Configs.of(
                    "app = \"shop_web\"\nsecrets = [\"DATABASE_URL\"]\n"
                            + "generate = [\"SECRET_KEY_BASE\"]\n"
                            + "[hosts.web1]\n[hosts.web2]\n");

    private static final Secret DATABASE = new Secret("DATABASE_URL", "x");

    private static FactsBuilder having(String name, String... secrets) {
        return new FactsBuilder(name, CONFIG)
                .deployed(Samples.NEW)
                .serving(CONFIG)
                .secrets(secrets);
    }

    private static Map<String, HostFacts> facts(FactsBuilder... hosts) {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (FactsBuilder host : hosts) {
            HostFacts fact = host.build();
            facts.put(fact.host(), fact);
        }
        return facts;
    }

    private static List<Problem> problems(boolean whole, FactsBuilder... hosts) {
        return Objects.requireNonNull(
                        catchThrowableOfType(
                                Failure.class,
                                () ->
                                        GeneratedSecrets.with(
                                                CONFIG, whole, List.of(), facts(hosts))))
                .problems();
    }

    @Test
    void what_is_generated_is_a_secret() {
        assertThat(CONFIG.secrets()).containsExactly("DATABASE_URL", "SECRET_KEY_BASE");
    }

    @Test
    void a_value_that_nobody_has_is_made_up_anew_and_not_shown() {
        Map<String, HostFacts> facts =
                facts(new FactsBuilder("web1", CONFIG), new FactsBuilder("web2", CONFIG));

        List<Secret> first = GeneratedSecrets.with(CONFIG, true, List.of(DATABASE), facts);
        List<Secret> second = GeneratedSecrets.with(CONFIG, true, List.of(DATABASE), facts);

        assertThat(first)
                .extracting(Secret::name)
                .containsExactly("DATABASE_URL", "SECRET_KEY_BASE");
        assertThat(first.getLast().value()).matches("[A-Za-z0-9_-]{86}");
        assertThat(second.getLast().value()).isNotEqualTo(first.getLast().value());
        assertThat(first.toString()).doesNotContain(first.getLast().value());
    }

    @Test
    void a_value_that_is_given_or_that_all_hosts_have_stays() {
        Secret given = new Secret("SECRET_KEY_BASE", "mine");

        assertThat(
                        GeneratedSecrets.with(
                                CONFIG,
                                true,
                                List.of(given),
                                facts(having("web1"), having("web2"))))
                .containsExactly(given);
        assertThat(
                        GeneratedSecrets.with(
                                CONFIG, false, List.of(), facts(having("web1", "SECRET_KEY_BASE"))))
                .isEmpty();
    }

    @Test
    void a_value_that_some_hosts_have_is_not_made_up_for_the_others() {
        assertThat(problems(true, having("web1", "SECRET_KEY_BASE"), having("web2")))
                .containsExactly(
                        new DeployProblem.NotGenerated(
                                "SECRET_KEY_BASE", List.of("web1"), List.of("web2")));
    }

    @Test
    void where_not_all_hosts_are_asked_nothing_is_made_up() {
        assertThat(problems(false, having("web1")))
                .containsExactly(
                        new DeployProblem.NotGenerated(
                                "SECRET_KEY_BASE", List.of(), List.of("web1")));
    }
}
