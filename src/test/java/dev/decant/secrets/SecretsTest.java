package dev.decant.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class SecretsTest {

    @Test
    void they_come_from_the_environment_in_the_order_of_the_names() {
        List<Secret> secrets =
                Secrets.from(List.of("B", "A"), Map.of("A", "1", "B", "2", "OTHER", "3"));

        assertThat(secrets).containsExactly(new Secret("B", "2"), new Secret("A", "1"));
    }

    @Test
    void an_empty_value_counts_as_none() {
        assertThat(Secrets.from(List.of("A", "B"), Map.of("A", ""))).isEmpty();
    }

    @Test
    void a_value_is_never_shown() {
        Secret secret = new Secret("DATABASE_URL", "hunter2");

        assertThat(secret).hasToString("DATABASE_URL=<hidden>");
        assertThat(List.of(Optional.of(secret)).toString()).doesNotContain("hunter2");
    }
}
