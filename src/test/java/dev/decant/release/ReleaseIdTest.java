package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

class ReleaseIdTest {

    private static final Instant EVENING = Instant.parse("2026-11-23T19:15:00.999Z");
    private static final String COMMIT = "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567";

    @Test
    void it_says_when_what_and_from_which_commit() {
        assertThat(ReleaseId.of(EVENING, "0.2.0", COMMIT, false).value())
                .isEqualTo("20261123T191500Z-0.2.0-1f3a9c2");
        assertThat(ReleaseId.of(EVENING, "0.2.0", COMMIT, true).value())
                .isEqualTo("20261123T191500Z-0.2.0-1f3a9c2-dirty");
    }

    @Test
    void build_metadata_of_a_version_becomes_a_file_name() {
        assertThat(ReleaseId.of(EVENING, "1.0.0-rc.1+20 ü/x", COMMIT, false).value())
                .isEqualTo("20261123T191500Z-1.0.0-rc.1_20___x-1f3a9c2");
    }

    @Test
    void an_endless_version_still_makes_a_name() {
        ReleaseId id = ReleaseId.of(EVENING, "1.0.0-" + "rc.".repeat(60) + "1", COMMIT, true);

        assertThat(id.value()).startsWith("20261123T191500Z-1.0.0-rc.").endsWith("-1f3a9c2-dirty");
    }

    @Test
    void they_sort_by_age() {
        ReleaseId monday = ReleaseId.of(EVENING, "0.10.0", COMMIT, false);
        ReleaseId tuesday = ReleaseId.of(EVENING.plusSeconds(86_400), "0.9.0", COMMIT, false);

        assertThat(monday).isLessThan(tuesday);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "0.2.0",
                "20261123T191500Z",
                "20261123T191500Z-",
                "20261123T191500Z--dirty",
                "20261123T191500Z-.2.0",
                "20261123T191500Z-0.2.0/../..",
                "20261123T191500Z-0.2.0 1",
                "20261123T191500Z-0.2.0\n",
                "20261123T191500Z-0.2.0;reboot",
                "x20261123T191500Z-0.2.0"
            })
    void what_is_no_name_of_a_release_is_none(String text) {
        assertThat(ReleaseId.isOne(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new ReleaseId(text));
    }

    @Test
    void a_hundred_characters_are_the_most() {
        String most = "20261123T191500Z-" + "9".repeat(83);

        assertThat(ReleaseId.isOne(most)).isTrue();
        assertThat(ReleaseId.isOne(most + "9")).isFalse();
    }
}
