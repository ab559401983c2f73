package dev.decant.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class NearestTest {

    private static final List<String> KNOWN = List.of("secrets", "service", "health", "env", "ssh");

    @ParameterizedTest
    @CsvSource({
        "secret, secrets",
        "secretts, secrets",
        "sevrice, service",
        "helath, health",
        "health, health",
        "enb, env",
        "shs, ssh",
    })
    void a_mistyped_name_is_recognised(String given, String meant) {
        assertThat(Nearest.to(given, KNOWN)).contains(meant);
        assertThat(Nearest.hint(given, KNOWN)).isEqualTo("Did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @CsvSource({"hosts", "x", "environment", "''"})
    void what_is_near_to_nothing_gets_the_list(String given) {
        assertThat(Nearest.to(given, KNOWN)).isEmpty();
        assertThat(Nearest.hint(given, KNOWN))
                .isEqualTo("Known: env, health, secrets, service, ssh.");
    }

    @Test
    void of_two_that_are_as_near_the_first_in_the_alphabet_is_taken() {
        assertThat(Nearest.to("web3", List.of("web2", "web1"))).contains("web1");
    }
}
