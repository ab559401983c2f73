package dev.decant.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

class DigestTest {

    /// `printf foo | sha256sum`
    private static final String FOO =
            "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    private static final String NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir private Path temp = Path.of("");

    @Test
    void it_is_what_sha256sum_prints() throws IOException {
        assertThat(Digest.of("foo").hex()).isEqualTo(FOO);
        assertThat(Digest.of("foo".getBytes(StandardCharsets.UTF_8)).hex()).isEqualTo(FOO);
        assertThat(Digest.of(Files.writeString(temp.resolve("a"), "foo")).hex()).isEqualTo(FOO);
        assertThat(Digest.of("").hex()).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 199_999, 200_000, 200_001})
    void the_beginning_of_a_file_has_a_digest(int bytes) throws IOException {
        byte[] contents = new byte[200_000];
        new Random(1).nextBytes(contents);
        Path file = Files.write(temp.resolve("a"), contents);

        assertThat(Digest.of(file, bytes))
                .isEqualTo(Digest.of(Arrays.copyOf(contents, Math.min(bytes, contents.length))));
    }

    @Test
    void what_is_written_through_it_is_counted_and_arrives() throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (Digest.Stream stream = new Digest.Stream(to)) {
            stream.write('f');
            stream.write("xoox".getBytes(StandardCharsets.UTF_8), 1, 2);
            stream.write(new byte[0]);

            assertThat(stream.count()).isEqualTo(3);
            assertThat(stream.digest().hex()).isEqualTo(FOO);
        }
        assertThat(to).hasToString("foo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7a",
                "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7aee",
                "2C26B46B68FFC68FF99B453C1D30413413422D706483BFA0F98A5E886266E7AE",
                "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ag",
                "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\n",
            })
    void what_is_no_digest_is_none(String text) {
        assertThat(Digest.isOne(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new Digest(text));
    }
}
