package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class WordsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "49, 0.0 s",
        "50, 0.1 s",
        "1440, 1.4 s",
        "59949, 59.9 s",
        "59999, 60.0 s",
        "60000, 1 min 0 s",
        "125900, 2 min 5 s",
        "3725000, 62 min 5 s",
    })
    void a_time_is_said_as_exactly_as_it_matters(long millis, String words) {
        assertThat(Words.of(Duration.ofMillis(millis))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "17234, 17.2 kB",
        "5500000, 5.5 MB",
        "2345678901, 2.3 GB",
    })
    void an_amount_is_said_in_decimal_units(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }
}
