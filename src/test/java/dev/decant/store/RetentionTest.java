package dev.decant.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.Samples;
import dev.decant.aws.Bucket.Held;
import dev.decant.io.Digest;
import dev.decant.release.Compression;
import dev.decant.release.ReleaseId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration OLD = Duration.ofDays(30);

    private final Map<String, Held> held = new TreeMap<>();
    private final Map<String, Published> published = new TreeMap<>();

    private static Link link(
            ReleaseId release, Optional<ReleaseId> base, String parcel, long size) {
        return new Link(
                release,
                Digest.of(release.value()),
                base,
                Compression.GZIP,
                Digest.of(parcel),
                700,
                size);
    }

    private static Published of(String environment, String bundle, String... parcels) {
        List<Link> links = new ArrayList<>();
        for (String parcel : parcels) {
            links.add(link(Samples.NEW, Optional.empty(), parcel, 1_000));
        }
        return new Published(
                "shop",
                environment,
                Samples.NEW,
                Digest.of("files"),
                "alice@laptop",
                NOW,
                List.of(new Published.Piece(Digest.of(bundle), 100)),
                new Chain(links));
    }

    private void has(String key, Duration age) {
        held.put(key, new Held(key, 10, "", NOW.minus(age)));
    }

    private void says(String key, Published it) {
        has(key, OLD);
        published.put(key, it);
        it.needs().forEach(each -> has(each, OLD));
    }

    private List<String> go(int keep) {
        List<Held> all = List.copyOf(held.values());
        Map<String, Published> read = new TreeMap<>();
        for (String key : Retention.toRead(all, keep)) {
            read.put(key, published.get(key));
        }
        return Retention.mayGo(all, read, NOW).stream().map(Held::key).toList();
    }

    private static String parcel(String name) {
        return ReleaseStore.parcel(Digest.of(name));
    }

    @Test
    void what_is_current_in_any_environment_stays_with_all_that_it_needs() {
        says("environments/production/current", of("production", "b1", "p1", "p2"));
        says("environments/staging/current", of("staging", "b2", "p1", "p3"));

        assertThat(go(2)).isEmpty();
    }

    @Test
    void of_what_was_published_the_newest_stay_and_what_only_older_ones_need_goes() {
        says("environments/e/current", of("e", "b", "p3"));
        says("environments/e/published/20261103T000000.000Z", of("e", "b", "p3"));
        says("environments/e/published/20261102T000000.000Z", of("e", "b", "p1", "p2"));
        says("environments/e/published/20261101T000000.000Z", of("e", "b0", "p1", "p0"));

        assertThat(go(2))
                .containsExactlyInAnyOrder(
                        "environments/e/published/20261101T000000.000Z",
                        parcel("p0"),
                        ReleaseStore.bundle(Digest.of("b0")));
        assertThat(go(3)).isEmpty();
    }

    @Test
    void what_nobody_needs_goes_once_it_is_a_day_old() {
        has(parcel("sent to a host"), Duration.ofHours(23));
        has(parcel("sent to a host long ago"), Duration.ofHours(25));

        assertThat(go(2)).containsExactly(parcel("sent to a host long ago"));
    }

    @Test
    void what_it_does_not_know_stays() {
        has("README", OLD);
        has("parcels/notes.txt", OLD);
        has("parcels/" + "0".repeat(64) + "/x", OLD);
        has("environments/e/locked", OLD);

        assertThat(go(2)).isEmpty();
    }

    @Test
    void what_is_published_is_read_as_it_was_written() {
        Published one = of("production", "b1", "p1", "p2");

        assertThat(Published.parse(one.text())).isEqualTo(one);
        assertThat(
                        Published.parse(
                                one.text()
                                        + "-----BEGIN SSH SIGNATURE-----\nx\n"
                                        + "-----END SSH SIGNATURE-----\n"))
                .isEqualTo(one);
        for (String wrong :
                List.of(
                        "",
                        "decant=2\n",
                        one.text().replace("files=", "file="),
                        one.text() + "x")) {
            assertThatThrownBy(() -> Published.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_chain_goes_on_until_it_is_long_or_half_as_heavy_again() {
        Chain chain = new Chain(List.of(link(Samples.OLD, Optional.empty(), "all of it", 1_000)));
        Link small = link(Samples.NEW, Optional.of(Samples.OLD), "some", 300);
        Link large = link(Samples.NEW, Optional.of(Samples.OLD), "much", 501);

        assertThat(chain.and(small).map(Chain::bytes)).hasValue(1_300L);
        assertThat(chain.and(large)).isEmpty();
        Chain two = chain.and(small).orElseThrow();
        assertThat(two.and(link(Samples.OLD, Optional.of(Samples.NEW), "more", 201))).isEmpty();
        assertThat(two.and(link(Samples.OLD, Optional.of(Samples.OLD), "other", 1))).isEmpty();
        while (chain.goesOn()) {
            ReleaseId last = chain.last().release();
            chain = chain.and(link(Samples.NEW, Optional.of(last), "x", 1)).orElseThrow();
        }
        assertThat(chain.links()).hasSize(16);
        assertThat(chain.and(link(Samples.NEW, Optional.of(Samples.NEW), "x", 1))).isEmpty();
    }
}
