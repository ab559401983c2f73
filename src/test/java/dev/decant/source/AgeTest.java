package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

class AgeTest {

    @TempDir private Path folder = Path.of("");

    private final Age.Key key = Age.Key.make();
    private final AgeIdentity identity = new AgeIdentity("key", List.of(key.secret()));

    private String encrypted(String text) throws Exception {
        return Age.encrypt(
                text, Files.writeString(folder.resolve("recipients"), key.recipient() + "\n"));
    }

    private String decrypted(byte[] encrypted) throws Exception {
        return Age.decrypt(Files.write(folder.resolve("f.age"), encrypted), "f.age", identity);
    }

    @Test
    void texts_of_all_lengths_come_back() throws Exception {
        for (int length : List.of(0, 1, 47, 48, 49, 65_535, 65_536, 65_537, 200_000)) {
            String text = "é".repeat(length);

            assertThat(decrypted(encrypted(text).getBytes(StandardCharsets.US_ASCII)))
                    .isEqualTo(text);
        }
    }

    @Test
    void a_key_that_is_none_is_not_shown() throws Exception {
        Path file = Files.writeString(folder.resolve("f.age"), encrypted("A=1"));
        String mistyped = key.secret().substring(0, 40) + "QQQQ" + key.secret().substring(44);

        for (List<String> keys : List.of(List.<String>of(), List.of(mistyped))) {
            Failure failure =
                    catchThrowableOfType(
                            Failure.class,
                            () -> Age.decrypt(file, "f.age", new AgeIdentity("key", keys)));

            assertThat(String.valueOf(failure.problems()))
                    .contains("no key, or one that was mistyped")
                    .doesNotContain(key.secret().substring(20, 40));
        }
    }

    @Test
    void what_is_damaged_is_a_problem_and_never_another_text() throws Exception {
        String armored = encrypted("A=hidden\n".repeat(100));
        byte[] binary = Base64.getMimeDecoder().decode(armored.replaceAll("-----.*-----", ""));
        SplittableRandom random = new SplittableRandom(1);
        for (byte[] whole : List.of(armored.getBytes(StandardCharsets.US_ASCII), binary)) {
            for (int i = 0; i < 300; i++) {
                byte[] damaged =
                        i % 3 == 0
                                ? Arrays.copyOf(whole, random.nextInt(whole.length))
                                : whole.clone();
                if (damaged.length > 0) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
                }

                try {
                    // White space in armor does not count.
                    assertThat(decrypted(damaged)).isEqualTo("A=hidden\n".repeat(100));
                } catch (Failure failure) {
                    assertThat(failure.problems().getFirst()).isInstanceOf(SourceProblem.class);
                }
            }
        }
    }
}
