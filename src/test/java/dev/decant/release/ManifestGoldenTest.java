package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.Samples;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

class ManifestGoldenTest {

    private static final Manifest MANIFEST = Samples.manifest(Samples.NEW, Samples.DEBIAN_12);

    @Test
    void a_manifest_is_readable_json() {
        Golden.check(
                Golden.folder("release").resolve("manifest.json"),
                new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8));
    }

    @Test
    void what_was_written_can_be_read() throws IOException {
        assertThat(ManifestJson.read(ManifestJson.write(MANIFEST))).isEqualTo(MANIFEST);
    }

    @Test
    void what_a_newer_decant_adds_is_passed_over() throws IOException {
        String json = new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8);
        String newer = json.replaceFirst("\\{", "{ \"colour\": [\"red\"],");

        assertThat(ManifestJson.read(newer.getBytes(StandardCharsets.UTF_8))).isEqualTo(MANIFEST);
    }

    @Test
    void sums_are_as_sha256sum_reads_them() {
        assertThat(MANIFEST.sha256sums())
                .startsWith(MANIFEST.files().getFirst().sha256().hex() + "  bin/shop_web\n");
        assertThat(MANIFEST.unpackedSize()).isEqualTo(20_000_000);
    }
}
