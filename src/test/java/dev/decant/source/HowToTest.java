package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// Pages of `docs/how-to` do what they say.
class HowToTest {

    @TempDir private Path folder;

    @Test
    void files() throws Exception {
        assertThat(new HowTo(folder).follow("files"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "DATABASE_URL", "ecto://shop:pa$$word@db/shop",
                                "SECRET_KEY_BASE", "one line\nand another",
                                "MAIL_PASSWORD", "1234",
                                "MAIL_PORT", "25"));
    }

    @Test
    void age() throws Exception {
        assertThat(new HowTo(folder).follow("age"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "DATABASE_URL", "ecto://shop:pa$$word@db/shop",
                                "MAIL_PASSWORD", "1234"));
    }

    /// Neither of the two programs is to be had here: they print what theirs would.
    @Test
    void command() throws Exception {
        assertThat(
                        new HowTo(folder)
                                .program(
                                        "op",
                                        "[ \"$*\" = 'read op://shop/production/url' ]\n"
                                                + "echo ecto://op")
                                .program(
                                        "sops",
                                        "[ \"$*\" = 'decrypt secrets.yaml' ]\n"
                                                + "echo 'mail: {password: x}'")
                                .follow("command"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("DATABASE_URL", "ecto://op", "MAIL_PASSWORD", "x"));
    }
}
