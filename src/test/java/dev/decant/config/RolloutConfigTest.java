package dev.decant.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.RolloutConfig.OnFailure;
import dev.decant.config.RolloutConfig.Share;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class RolloutConfigTest {

    private static List<Integer> sizes(String batch, int canary, String most, int hosts) {
        RolloutConfig config =
                new RolloutConfig(
                        Share.of(batch),
                        canary,
                        Duration.ZERO,
                        Duration.ZERO,
                        List.of(),
                        OnFailure.TAKE_BACK,
                        Optional.of(most).filter(text -> !text.isEmpty()).map(Share::of));
        List<String> names = IntStream.rangeClosed(1, hosts).mapToObj(n -> "web" + n).toList();
        List<List<String>> batches = config.batches(names);

        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(names);
        return batches.stream().map(List::size).toList();
    }

    @Test
    void hosts_switch_in_batches_in_their_order() {
        assertThat(sizes("1", 0, "", 3)).containsExactly(1, 1, 1);
        assertThat(sizes("2", 0, "", 5)).containsExactly(2, 2, 1);
        assertThat(sizes("9", 0, "", 3)).containsExactly(3);
        assertThat(sizes("1", 0, "", 0)).isEmpty();
    }

    @Test
    void a_part_of_them_is_rounded_down_and_one_at_the_least() {
        assertThat(sizes("25%", 0, "", 10)).containsExactly(2, 2, 2, 2, 2);
        assertThat(sizes("25%", 0, "", 3)).containsExactly(1, 1, 1);
        assertThat(sizes("100%", 0, "", 3)).containsExactly(3);
    }

    @Test
    void canaries_go_first_and_are_a_batch_of_their_own() {
        assertThat(sizes("50%", 1, "", 6)).containsExactly(1, 3, 2);
        assertThat(sizes("2", 3, "", 6)).containsExactly(2, 1, 2, 1);
        assertThat(sizes("100%", 9, "", 3)).containsExactly(3);
    }

    @Test
    void no_batch_is_larger_than_what_may_be_out_of_service() {
        assertThat(sizes("50%", 0, "2", 6)).containsExactly(2, 2, 2);
        assertThat(sizes("2", 0, "50%", 6)).containsExactly(2, 2, 2);
    }
}
