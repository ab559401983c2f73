package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What decant answers to a shell, and what a person sees of that in each of the three.
class CompletionTest {

    private static final String RELEASE = "20261123T191500Z-0.2.0-1f3a9c2";

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void project() throws IOException {
        Files.writeString(
                folder.resolve("decant.toml"),
                """
                app = "shop"
                [environments.staging.hosts.web9]
                [environments.production.hosts.web1]
                roles = ["web", "db"]
                [environments.production.hosts.web2]
                address = "10.0.0.2"
                roles = ["web"]
                """);
    }

    private List<String> answer(String... words) {
        List<String> all = new ArrayList<>(List.of(Completion.WORD));
        all.addAll(List.of(words));
        Decant decant = Decant.run(folder, all.toArray(String[]::new));
        assertThat(decant.status()).isZero();
        assertThat(decant.err()).isEmpty();
        return decant.out().lines().toList();
    }

    @Test
    void commands_come_with_the_first_sentence_of_what_they_say() {
        assertThat(answer("dep"))
                .contains("words", "deploy\tPut a release on the hosts")
                .anyMatch(line -> line.startsWith("deps\t"))
                .hasSize(3);
        assertThat(answer("env", "sh")).hasSize(2).anyMatch(line -> line.startsWith("show\t"));
        assertThat(answer("")).hasSameSizeAs(answer()).hasSizeGreaterThan(30);
    }

    @Test
    void options_are_those_of_the_command_that_are_not_there_yet() {
        assertThat(answer("deploy", "--ho")).hasSize(2).last().asString().startsWith("--hosts\t");
        assertThat(answer("deploy", "--dirty", "--di"))
                .noneMatch(line -> line.startsWith("--dirty"))
                .anyMatch(line -> line.startsWith("--directory"));
        assertThat(answer("deploy", "--hosts", "web1", "--ho")).hasSize(2);
        assertThat(answer("deploy", "--", "--ho")).noneMatch(line -> line.startsWith("--"));
    }

    @Test
    void values_are_what_the_project_has() throws IOException {
        assertThat(answer("deploy", "--hosts", ""))
                .containsExactly("words", "web1\tweb, db", "web2\t10.0.0.2 web", "web9");
        assertThat(answer("deploy", "-e", "production", "--hosts=web1,"))
                .containsExactly("words", "--hosts=web1,web2\t10.0.0.2 web");
        // As bash takes it apart.
        assertThat(answer("deploy", "--hosts", "=", "web9")).containsExactly("words", "web9");
        assertThat(answer("deploy", "--hosts", "=")).hasSize(4);
        assertThat(answer("deploy", "--roles", "w")).containsExactly("words", "web\tweb1, web2");
        assertThat(answer("plan", "-e", "")).containsExactly("words", "production", "staging");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        assertThat(answer("plan", "-C", elsewhere.toString(), "-e", "")).containsExactly("words");

        Files.createDirectories(
                folder.resolve(".local/share/decant/releases/shop-staging").resolve(RELEASE));
        Files.createDirectories(
                folder.resolve(".local/share/decant/releases/shop").resolve(RELEASE));
        assertThat(answer("release", "show", "2026")).containsExactly("words", RELEASE);
        assertThat(answer("deploy", "--release", "2026")).containsExactly("words", RELEASE);
    }

    @Test
    void hosts_of_an_inventory_of_ansible_are_not_asked_for() throws IOException {
        Files.writeString(folder.resolve("inventory.ini"), "[web]\nweb3\n");
        Files.writeString(
                folder.resolve("decant.toml"),
                """

                [environments.cloud]
                hosts = "ansible:inventory.ini#web"
                """,
                StandardOpenOption.APPEND);

        assertThat(answer("deploy", "-e", "cloud", "--hosts", "")).containsExactly("words");
        assertThat(answer("deploy", "--hosts", "")).hasSize(4);
        assertThat(answer("deploy", "-e", "cl")).containsExactly("words", "cloud");
    }

    @Test
    void values_of_a_kind_are_all_there_are() {
        assertThat(answer("completion", "")).containsExactly("words", "bash", "zsh", "fish");
        assertThat(answer("maintenance", "o")).containsExactly("words", "on", "off");
        assertThat(answer("build", "--print-ci", "gi"))
                .containsExactly("words", "github", "gitlab");
        assertThat(answer("deploy", "--artifact", "")).containsExactly("files");
        assertThat(answer("release", "import", "")).containsExactly("files");
        assertThat(answer("status", "-C", "")).containsExactly("folders");
    }

    @Test
    void a_file_that_is_wrong_is_no_matter_here() throws IOException {
        Files.writeString(folder.resolve("decant.toml"), "app = ");

        assertThat(answer("deploy", "--hosts", "")).containsExactly("words");
        assertThat(answer("deploy", "-e", "")).containsExactly("words");
        assertThat(answer("nonsense", "x", "")).isNotEmpty();
    }

    /// In a terminal of tmux's, which says what a person sees there. With those that take a while.
    @Tag("lab")
    @ParameterizedTest
    @EnumSource
    void a_shell_completes_what_is_typed(CompletionCommand.Shell shell) throws Exception {
        assumeTrue(Program.find("tmux").isPresent(), "no tmux here");
        assumeTrue(Program.find(shell.toString()).isPresent(), "no such shell here");
        program();
        String start =
                switch (shell) {
                    case BASH -> "bash --norc --noprofile -i";
                    case ZSH -> "zsh -f -i";
                    case FISH -> "fish --no-config -i";
                };
        try (Terminal terminal = new Terminal(folder, start)) {
            terminal.type(
                    switch (shell) {
                        case BASH -> "source <(decant completion bash)";
                        case ZSH ->
                                "autoload -Uz compinit; compinit -u -D; source <(decant completion"
                                        + " zsh)";
                        case FISH -> "decant completion fish | source";
                    },
                    "Enter");
            terminal.type("echo re''ady", "Enter");
            terminal.sees("ready");

            // One that there is.
            terminal.type("decant env sh", "Tab");
            terminal.sees("decant env show");
            terminal.type("C-u");
            terminal.type("decant deploy --hosts=web1,web2,w", "Tab");
            terminal.sees("--hosts=web1,web2,web9");
            terminal.type("C-u");
            terminal.type("decant release import deca", "Tab");
            terminal.sees("import decant.toml");
            terminal.type("C-u");

            // Several, with what they are where the shell shows that.
            terminal.type("decant dep", "Tab");
            terminal.type("Tab");
            terminal.sees("deps");
            if (shell != CompletionCommand.Shell.BASH) {
                terminal.sees("Put a release on the hosts");
            }
        }
    }

    /// As one calls it, of the classes that are tested.
    private void program() throws IOException {
        Path file = Files.createDirectory(folder.resolve("bin")).resolve("decant");
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classes = System.getProperty("java.class.path");
        Files.writeString(
                file,
                "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.decant.cli.Main \"$@\"\n"
                        .formatted(java, classes));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// A shell at a terminal.
    private static final class Terminal implements AutoCloseable {

        private final Path socket;

        Terminal(Path folder, String shell) throws InterruptedException {
            socket = folder.resolve("tmux");
            List<String> words = new ArrayList<>(List.of("new-session", "-d", "-x", "110", "-y"));
            words.addAll(List.of("30", "-c", folder.toString(), "--", "env"));
            words.addAll(List.of("HOME=" + folder, "PS1=> ", "ENV=", "TERM=screen"));
            words.add("HISTFILE=");
            words.add("PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH"));
            words.addAll(List.of(shell.split(" ", -1)));
            tmux(words.toArray(String[]::new));
        }

        private List<String> tmux(String... words) throws InterruptedException {
            List<String> all =
                    new ArrayList<>(List.of("tmux", "-S", socket.toString(), "-f", "/dev/null"));
            all.addAll(List.of(words));
            try {
                return Program.of(all).run().out();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Text, and then keys; or a key.
        void type(String text, String... keys) throws InterruptedException {
            if (keys.length == 0) {
                tmux("send-keys", text);
            } else {
                tmux("send-keys", "-l", text);
                for (String key : keys) {
                    tmux("send-keys", key);
                }
            }
        }

        void sees(String text) throws InterruptedException {
            boolean seen =
                    Seen.within(
                            Duration.ofSeconds(40),
                            () -> String.join("\n", tmux("capture-pane", "-p")).contains(text));
            assertThat(seen)
                    .as("%s in: %s", text, String.join("\n", tmux("capture-pane", "-p")))
                    .isTrue();
        }

        /// Once this is over nothing writes here any more: a shell that loses its terminal still
        /// keeps its history, and by then the folder is being deleted.
        @Override
        public void close() {
            try {
                long shell =
                        Long.parseLong(tmux("display-message", "-p", "#{pane_pid}").getFirst());
                List<ProcessHandle> programs =
                        ProcessHandle.of(shell).stream()
                                .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
                                .toList();
                tmux("kill-server");
                boolean gone =
                        Seen.within(
                                Duration.ofSeconds(20),
                                () -> programs.stream().noneMatch(ProcessHandle::isAlive));
                assertThat(gone).as("%s have ended", programs).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
