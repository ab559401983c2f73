package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

class ManifestGoldenTest {

    private static final Manifest MANIFEST = Samples.manifest(Samples.DEBIAN_12);

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
    void one_that_does_not_say_which_file_needs_what_can_be_read() throws IOException {
        String json = new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8);
        String older = json.replaceFirst("(?s),\\s*\"needed_by\" : \\{.*?\\}", "");

        Manifest read = ManifestJson.read(older.getBytes(StandardCharsets.UTF_8));

        assertThat(older).doesNotContain("needed_by");
        assertThat(read.target().neededBy()).isEmpty();
        assertThat(read.target().needs())
                .containsExactly("Linux on x86_64", "glibc 2.34", "libcrypto.so.3");
    }

    @Test
    void the_host_program_finds_the_digest_of_the_list_in_it() throws Exception {
        Result sed =
                Program.of("sed", "-n", "s/^ *\"files_sha256\" : \"\\([0-9a-f]*\\)\",*$/\\1/p")
                        .input(new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8))
                        .run();

        assertThat(sed.text()).isEqualTo(MANIFEST.filesSha256().hex());
    }
}
