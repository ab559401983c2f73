package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Files that age encrypts; its own program says whether they are right.
class SecretsEditTest {

    @TempDir private Path folder = Path.of("");

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void project() throws IOException {
        Files.writeString(
                folder.resolve("decant.toml"),
                """
                app = "shop"
                hosts.web1.address = "web1.example.com"
                [sources.age]
                files = ["secrets/shop.env.age"]
                """);
        environment.put("XDG_RUNTIME_DIR", Files.createDirectory(folder.resolve("run")).toString());
    }

    private Path encrypted() {
        return folder.resolve("secrets/shop.env.age");
    }

    private Path key() {
        return folder.resolve(".config/decant/age.key");
    }

    private Path recipients() {
        return folder.resolve("age-recipients.txt");
    }

    private Decant run(String... args) {
        return Decant.run(folder, environment, args);
    }

    /// An editor that does what a script for `sh` does with the file `$1`.
    private Decant edit(String script) throws IOException {
        editor(script);
        return run("secrets", "edit");
    }

    private void editor(String script) throws IOException {
        Path editor = folder.resolve("editor");
        Files.writeString(editor, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
        environment.put("EDITOR", editor.toString());
    }

    private String byAge(String... words) throws IOException, InterruptedException {
        Result result =
                Program.of(Stream.concat(Stream.of("age"), Stream.of(words)).toList()).run();
        assertThat(result.ok()).as("%s", result).isTrue();
        return String.join("\n", result.out());
    }

    private String decrypted() throws IOException, InterruptedException {
        return byAge("-d", "-i", key().toString(), encrypted().toString());
    }

    @Test
    void the_first_edit_makes_a_key_and_a_file_that_age_opens() throws Exception {
        Decant first = edit("stat -c '%a %F' \"$1\" >mode; echo \"A='hidden'\" >>\"$1\"");

        assertThat(first.status()).isZero();
        assertThat(first.out()).contains(key().toString(), "Keep a copy", "age-recipients.txt");
        assertThat(decrypted()).isEqualTo("A='hidden'");
        assertThat(Files.getPosixFilePermissions(key()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(folder.resolve("mode"))).startsWith("600 regular");
        assertThat(folder.resolve("run")).isEmptyDirectory();
        assertThat(run("secrets", "ls").out()).isEqualTo("A  secrets/shop.env.age\n");
        assertThat(run("secrets", "ls", "--json").out()).contains("\"A\"").doesNotContain("hidden");
    }

    @Test
    void what_age_encrypts_is_read_armored_or_not() throws Exception {
        edit("echo A=1 >\"$1\"");
        Path plain = Files.writeString(folder.resolve("plain.env"), "B='x\ny'\nC=2\n");
        for (List<String> more : List.of(List.of("-a"), List.<String>of())) {
            Files.delete(encrypted());
            byAge(
                    Stream.concat(
                                    more.stream(),
                                    Stream.of(
                                            "-R",
                                            recipients().toString(),
                                            "-o",
                                            encrypted().toString(),
                                            plain.toString()))
                            .toArray(String[]::new));

            assertThat(run("secrets", "ls").out()).contains("B  ", "C  ").doesNotContain("A  ");
        }
    }

    @Test
    void what_was_not_changed_is_not_encrypted_anew() throws Exception {
        edit("echo A=1 >\"$1\"");
        byte[] before = Files.readAllBytes(encrypted());

        Decant second = edit("touch \"$1\"");

        assertThat(second.out()).contains("Nothing was changed.");
        assertThat(Files.readAllBytes(encrypted())).isEqualTo(before);
    }

    @Test
    void what_cannot_be_read_is_not_encrypted_and_nothing_of_it_is_left_or_shown()
            throws Exception {
        edit("echo A=1 >\"$1\"");
        byte[] before = Files.readAllBytes(encrypted());

        Decant second = edit("echo B=hid#den >>\"$1\"; cp \"$1\" \"$1~\"");

        assertThat(second.status()).isEqualTo(3);
        assertThat(second.err())
                .contains("secrets/shop.env.age:2:6")
                .doesNotContain("den\n", "hid");
        assertThat(Files.readAllBytes(encrypted())).isEqualTo(before);
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void an_editor_that_fails_changes_nothing_and_what_a_kill_has_left_goes() throws Exception {
        Path left = Files.createDirectory(folder.resolve("run/decant-edit-999999999-1"));
        Files.writeString(left.resolve("shop.env"), "A=hidden");

        Decant edit = edit("echo A=1 >\"$1\"; exit 7");

        assertThat(edit.status()).isEqualTo(3);
        assertThat(edit.err()).contains("status 7");
        assertThat(encrypted()).doesNotExist();
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void nothing_is_left_where_it_is_stopped() throws Exception {
        assertThat(edit("echo A=1 >\"$1\"").status()).isZero();
        editor("touch started; exec sleep 20");
        environment.put("HOME", folder.toString());
        Process process =
                Program.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.decant.cli.Main",
                                "secrets",
                                "edit")
                        .in(folder)
                        .env(environment)
                        .converse();
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () -> Files.exists(folder.resolve("started"))))
                .isTrue();
        assertThat(folder.resolve("run")).isNotEmptyDirectory();

        process.destroy();

        assertThat(process.waitFor()).isNotZero();
        assertThat(folder.resolve("run")).isEmptyDirectory();
        assertThat(decrypted()).isEqualTo("A=1");
    }

    @Test
    void what_somebody_else_has_encrypted_meanwhile_stays() throws Exception {
        edit("echo A=1 >\"$1\"");

        Decant edit = edit("echo A=2 >\"$1\"; echo other >" + encrypted());

        assertThat(edit.status()).isEqualTo(3);
        assertThat(edit.err()).contains("someone else");
        assertThat(encrypted()).hasContent("other");
    }

    @Test
    void a_file_for_others_or_none_at_all_is_said_so() throws Exception {
        edit("echo A=hidden >\"$1\"");
        byte[] right = Files.readAllBytes(encrypted());
        Files.delete(key());

        assertThat(run("secrets", "ls").err()).contains("there is no key", key().toString());
        Decant another = edit("exit 1");
        assertThat(another.status()).isEqualTo(3);
        assertThat(another.err()).contains("age1", "decant secrets rotate");
        assertThat(run("secrets", "ls").err()).contains("does not open it");
        for (int length : List.of(0, 1, 30, 100, 250, right.length - 60)) {
            Files.write(encrypted(), Arrays.copyOf(right, length));

            Decant damaged = run("secrets", "ls");

            assertThat(damaged.status()).as("%s bytes", length).isEqualTo(3);
            assertThat(damaged.err()).contains("secrets/shop.env.age");
        }
    }

    @Test
    void whoever_is_added_can_read_after_a_rotation_also_by_a_key_of_ssh() throws Exception {
        edit("echo A=1 >\"$1\"");
        Path ssh = folder.resolve("id_ed25519");
        Result made =
                Program.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ssh.toString())
                        .run();
        assertThat(made.ok()).isTrue();
        Files.writeString(
                recipients(),
                Files.readString(recipients())
                        + Files.readString(folder.resolve("id_ed25519.pub")));

        Decant rotated = run("secrets", "rotate");

        assertThat(rotated.out()).contains("secrets/shop.env.age", "change the values");
        assertThat(byAge("-d", "-i", ssh.toString(), encrypted().toString())).isEqualTo("A=1");
        environment.put("DECANT_AGE_KEY_FILE", ssh.toString());
        assertThat(run("secrets", "ls").out()).contains("A  ");
        environment.put("DECANT_AGE_KEY", Files.readString(key(), StandardCharsets.UTF_8));
        assertThat(run("secrets", "ls").out()).contains("A  ");
    }
}
