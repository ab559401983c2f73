package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "2.34, 2.34, 0",
        "2.9, 2.34, -1",
        "2.34, 2.9, 1",
        "2, 2.0, 0",
        "2.34, 2.34.1, -1",
        "3, 2.99, 1",
        "0, 2.17, -1",
    })
    void versions_are_compared_part_by_part(String a, String b, int sign) {
        assertThat(Integer.signum(Target.compareVersions(a, b))).isEqualTo(sign);
    }

    /// Some distributions write more than numbers there.
    @ParameterizedTest
    @CsvSource({"2.36-9, 2.36, 0", "2.36.9000-x, 2.36, 1", "unknown, 2.17, -1", "'', 2.17, -1"})
    void what_is_no_number_ends_the_comparison(String a, String b, int sign) {
        assertThat(Integer.signum(Target.compareVersions(a, b))).isEqualTo(sign);
    }
}
