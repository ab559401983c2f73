package dev.decant.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

class AllocationTest {

    @TempDir private Path folder;

    @Test
    void the_first_network_is_taken_where_nothing_is_in_the_way() {
        List<String> addresses =
                List.of("2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0");
        List<String> routes =
                List.of("default via 10.77.0.1 dev eth0", "192.0.2.0/24 dev eth0 proto kernel");

        assertThat(Subnet.free(addresses, routes)).contains(new Subnet(77));
    }

    @Test
    void a_network_is_not_taken_where_an_address_or_a_route_is_in_it() {
        List<String> addresses =
                List.of("7: tun0    inet 10.77.0.9 peer 10.9.9.9/32 scope global tun0");
        List<String> routes =
                List.of(
                        "10.78.0.128/25 via 192.0.2.1 dev eth0",
                        "unreachable 10.79.0.0/16 metric 4",
                        "local 10.80.0.3 dev lo table local proto kernel");

        assertThat(Subnet.free(addresses, routes)).contains(new Subnet(81));
    }

    @Test
    void no_network_is_free_where_a_route_covers_them_all() {
        assertThat(Subnet.free(List.of(), List.of("10.0.0.0/8 dev wg0 scope link"))).isEmpty();
    }

    @Test
    void a_number_is_not_given_again_soon() throws Exception {
        Places places = places();

        int first = Lab.freeNumber(places);
        int second = Lab.freeNumber(places);

        assertThat(List.of(first, second)).containsExactly(2, 3);
    }

    @Test
    void numbers_begin_anew_at_the_end_and_leave_out_those_in_use() throws Exception {
        Places places = places();
        Files.writeString(places.state().resolve("last-number"), "253");
        Files.createDirectory(places.host(254));
        Files.createDirectory(places.host(2));

        assertThat(Lab.freeNumber(places)).isEqualTo(3);
    }

    @Test
    void the_last_address_is_the_last() throws Exception {
        Places places = places();
        for (int number : IntStream.rangeClosed(2, 254).toArray()) {
            Files.createDirectory(places.host(number));
        }

        assertThatThrownBy(() -> Lab.freeNumber(places))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("253 lab hosts");
    }

    private Places places() throws Exception {
        Places places =
                new Places(folder.resolve("cache"), folder.resolve("state"), folder.resolve("apt"));
        Files.createDirectories(places.hosts());
        return places;
    }
}
