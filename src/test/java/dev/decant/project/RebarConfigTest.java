package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebarConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{relx, []}.",
                "{ erl_opts, [] }.\n{\n  relx, [{release, {a, \"1\"}, [a]}]}.",
                "{profiles, [{prod, [{relx, [{mode, prod}]}]}]}.",
                "{sep, $\"}. {relx, []}.",
                "{a, \"%\"}. {relx, []}.",
            })
    void a_release_is_recognised(String config) {
        assertThat(RebarConfig.hasRelx(config)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{erl_opts, [debug_info]}.",
                "%% {relx, []}.",
                "{a, \"{relx, []}\"}.",
                "{a, \"\\\"{relx, []}\"}.",
                "{a, '{relx'}.",
                "{relxx, []}.",
                "{a, \"no end {relx, []}.",
            })
    void what_is_only_spoken_of_is_none(String config) {
        assertThat(RebarConfig.hasRelx(config)).isFalse();
    }
}
