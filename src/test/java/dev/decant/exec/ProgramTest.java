package dev.decant.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

@Timeout(60)
class ProgramTest {

    private static Program sh(String script) {
        return Program.of("sh", "-c", script);
    }

    @Test
    void the_status_and_both_streams_come_back_apart() throws Exception {
        Result result = sh("echo one; echo two >&2; echo three; exit 7").run();

        assertThat(result).isEqualTo(new Result(7, List.of("one", "three"), List.of("two")));
        assertThat(result.ok()).isFalse();
    }

    @Test
    void a_signal_is_a_status_above_128() throws Exception {
        assertThat(sh("kill -TERM $$").run().status()).isEqualTo(143);
    }

    @Test
    void both_streams_may_be_read_as_one_line_by_line() throws Exception {
        List<String> lines = new ArrayList<>();

        Result result = sh("echo one; echo two >&2; printf three; exit 3").run(lines::add);

        assertThat(lines).containsExactly("one", "two", "three");
        assertThat(result).isEqualTo(new Result(3, lines, List.of()));
    }

    @Test
    void words_stay_words() throws Exception {
        Result result = Program.of("printf", "[%s]", "a b", "$HOME", "", "*", "'").run();

        assertThat(result.text()).isEqualTo("[a b][$HOME][][*][']");
    }

    @Test
    void standard_input_is_empty_unless_given() throws Exception {
        assertThat(Program.of("cat").run().out()).isEmpty();
        assertThat(Program.of("cat").input("größe\nzwei").run().out())
                .containsExactly("größe", "zwei");
    }

    @Test
    void a_program_may_end_without_reading_its_input() throws Exception {
        assertThat(Program.of("true").input("x".repeat(5_000_000)).run().ok()).isTrue();
    }

    @Test
    void an_empty_value_takes_a_variable_away() throws Exception {
        Program print = sh("echo \"${HOME-none} ${COLOUR-none}\"");

        assertThat(print.env(Map.of("HOME", "", "COLOUR", "red")).run().text())
                .isEqualTo("none red");
        assertThat(print.env(Map.of("COLOUR", "red")).env(Map.of("COLOUR", "")).run().text())
                .isEqualTo(System.getenv("HOME") + " none");
    }

    @Test
    void it_runs_in_the_folder_that_was_said(@TempDir Path folder) throws Exception {
        assertThat(Program.of("pwd").in(folder.toRealPath()).run().text())
                .isEqualTo(folder.toRealPath().toString());
    }

    @Test
    void much_output_on_both_streams_blocks_nothing() throws Exception {
        Program noisy =
                sh(
                        "i=0; while [ $i -lt 4000 ]; do i=$((i+1));"
                                + " echo 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';"
                                + " echo 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' >&2;"
                                + " done");

        Result result = noisy.run();

        assertThat(result.out()).hasSize(4000);
        assertThat(result.err()).hasSize(4000);
    }

    @Test
    void bytes_that_are_no_text_do_no_harm() throws Exception {
        assertThat(sh("printf 'a\\377b\\n'").run().text()).isEqualTo("a\uFFFDb");
    }

    @Test
    void what_is_not_there_cannot_be_started() {
        assertThatIOException().isThrownBy(() -> Program.of("no-such-program-here").run());
    }

    @Test
    void an_interrupt_ends_the_program_and_what_it_started(@TempDir Path folder) throws Exception {
        Path pids = folder.resolve("pids");
        AtomicReference<Object> end = new AtomicReference<>("still running");
        Thread waiting =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        end.set(
                                                sh("sleep 300 & echo $! $$ >pids.new;"
                                                                + " mv pids.new pids; wait")
                                                        .in(folder)
                                                        .run());
                                    } catch (Exception e) {
                                        end.set(e);
                                    }
                                });
        while (!Files.exists(pids)) {
            Thread.sleep(10);
        }

        waiting.interrupt();

        assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        for (String pid : Files.readString(pids).strip().split(" ")) {
            assertGone(Long.parseLong(pid));
        }
    }

    private static void assertGone(long pid) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                        Thread.sleep(10);
                    }
                });
    }

    @Test
    void what_was_let_go_goes_on_and_writes_to_its_log(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "before\n");

        ProcessHandle handle = sh("echo out; echo err >&2; cat; echo end").detach(log);

        handle.onExit().get();
        assertThat(log).hasContent("before\nout\nerr\nend");
    }

    @Test
    void a_program_is_found_on_the_path(@TempDir Path folder) throws Exception {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.createDirectory(first.resolve("tool"));
        Path tool = Files.writeString(second.resolve("tool"), "#!/bin/sh\n");
        String path = first + ":" + second;

        assertThat(Program.find("tool", path)).isEmpty();
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        assertThat(Program.find("tool", path)).contains(tool);
        assertThat(Program.find("tool", first + "::" + folder)).isEmpty();
        assertThat(Program.find("sh")).isPresent();
    }

    @Test
    void last_words_are_of_standard_error_if_it_said_anything() {
        List<String> out = List.of("o1", "o2", "o3");

        assertThat(new Result(1, out, List.of("e1", "e2")).lastWords(1)).containsExactly("e2");
        assertThat(new Result(1, out, List.of(" ")).lastWords(2)).containsExactly("o2", "o3");
        assertThat(new Result(1, out, List.of()).lastWords(9)).isEqualTo(out);
        assertThat(new Result(1, List.of(), List.of()).lastWords(9)).isEmpty();
    }

    @Test
    void a_program_shows_its_words_and_not_its_input() {
        Program program = Program.of("ssh", "web1").input("hunter2").env(Map.of("A", "hunter2"));

        assertThat(program.shown()).isEqualTo("ssh web1");
    }
}
