package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.io.Digest;
import dev.decant.release.Compression;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

class HostStoreTest {

    private static HostStore read(String... lines) {
        return HostStore.of(
                new Reply(
                        0,
                        Stream.of(lines)
                                .map(line -> line.split("=", 2))
                                .map(pair -> new Reply.Value(pair[0], pair[1]))
                                .toList(),
                        List.of()));
    }

    private static String packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    @Test
    void what_a_host_has_is_read() throws IOException {
        String sum = Samples.FILES.digest().hex();
        HostStore store =
                read(
                        "zstd=yes",
                        "signers=yes",
                        "holds=" + Samples.OLD + " " + sum,
                        "holds=" + Samples.NEW + " " + sum,
                        "list=" + Samples.OLD + " " + packed(Samples.FILES.text()),
                        "part=" + sum + " 17 " + sum);

        assertThat(store.zstd()).isTrue();
        assertThat(store.signers()).isTrue();
        assertThat(store.holds())
                .containsExactly(
                        Map.entry(Samples.NEW, new Digest(sum)),
                        Map.entry(Samples.OLD, new Digest(sum)));
        assertThat(store.lists()).containsExactly(Map.entry(Samples.OLD, Samples.FILES));
        assertThat(store.parts())
                .containsExactly(new HostStore.Part(new Digest(sum), 17, new Digest(sum)));
    }

    @Test
    void a_list_that_is_not_the_one_the_host_says_it_holds_is_passed_over() throws IOException {
        String list = "list=" + Samples.OLD + " " + packed(Samples.FILES.text());

        assertThat(read(list).lists()).isEmpty();
        assertThat(read("holds=" + Samples.OLD + " " + Digest.of("x").hex(), list).lists())
                .isEmpty();
        assertThat(read("list=" + Samples.OLD + " no-base64!").lists()).isEmpty();
        assertThat(read("list=" + Samples.OLD + " AAAA").lists()).isEmpty();
    }

    @Test
    void what_makes_no_sense_counts_as_none() {
        assertThat(
                        read(
                                "holds=x y",
                                "holds=" + Samples.OLD,
                                "list=",
                                "part=1 2 3",
                                "part=" + Digest.of("x").hex() + " -1 " + Digest.of("x").hex(),
                                "unknown=1"))
                .isEqualTo(HostStore.NONE);
    }

    @Test
    void zstd_is_taken_where_the_host_has_it_and_it_is_worth_loading() {
        assertThat(read("zstd=yes").compression(100_000)).isEqualTo(Compression.GZIP);
        assertThat(read("zstd=yes").compression(1_000_000)).isEqualTo(Compression.ZSTD);
        assertThat(HostStore.NONE.compression(1_000_000)).isEqualTo(Compression.GZIP);
    }
}
