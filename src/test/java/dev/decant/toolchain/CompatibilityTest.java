package dev.decant.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityTest {

    @ParameterizedTest
    @CsvSource({
        "1.9.4, 20, 22",
        "1.10.2, 21, 22",
        "1.10.3, 21, 23",
        "1.11.3, 21, 23",
        "1.11.4, 21, 24",
        "1.12.3, 22, 24",
        "1.13.3, 22, 24",
        "1.13.4, 22, 25",
        "1.14.0, 23, 25",
        "1.14.5, 23, 26",
        "1.15.8, 24, 26",
        "1.16.0, 24, 26",
        "1.17.3, 25, 27",
        "1.18.0-rc.0, 25, 27",
        "1.18.4, 25, 28",
        "1.19.0, 26, 28",
        "1.20.1, 27, 29"
    })
    void an_elixir_runs_on_what_its_table_says_and_on_nothing_else(
            String elixir, int first, int last) {
        Compatibility.Row row = Compatibility.of(elixir).orElseThrow();

        assertThat(row.takes(first - 1)).isFalse();
        assertThat(row.takes(first)).isTrue();
        assertThat(row.takes(last)).isTrue();
        assertThat(row.takes(last + 1)).isFalse();
    }

    @Test
    void what_is_older_than_the_table_is_out_and_what_is_newer_is_unknown() {
        assertThat(Compatibility.of("1.8.2")).isEmpty();
        assertThat(Compatibility.of("1.22.0").orElseThrow().isKnown()).isFalse();
        assertThat(Compatibility.of("1.22.0").orElseThrow().takes(31)).isTrue();
    }

    @Test
    void an_otp_has_elixirs_that_run_on_it() {
        assertThat(Compatibility.elixirsOn(25)).contains("1.13.4 to 1.18.x");
        assertThat(Compatibility.elixirsOn(29)).contains("1.20.0 to 1.20.x");
        assertThat(Compatibility.elixirsOn(30)).isEmpty();
    }

    @Test
    void versions_are_in_the_order_of_their_numbers() {
        assertThat(Compatibility.BY_NUMBERS.compare("27.1.2", "27.1.10")).isNegative();
        assertThat(Compatibility.BY_NUMBERS.compare("27.0", "27.0-rc1")).isZero();
        assertThat(Compatibility.BY_NUMBERS.compare("1.9.4", "1.10.0")).isNegative();
    }
}
