package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;

class ConsoleLogTest {

    private static final String CLEAR = "\r\033[K";

    private final StringWriter text = new StringWriter();

    private ConsoleLog log(boolean terminal, boolean verbose) {
        return new ConsoleLog(new PrintWriter(text), terminal, verbose);
    }

    /// All that a log can be told.
    private static void tellAll(ConsoleLog log) {
        log.step("compile");
        log.line("Compiling 3 files");
        log.done("compile", Duration.ofMillis(12_300));
        log.note("the commit has been built already");
        log.downloading("erlang 27.1.2", 1_000_000, 4_000_000);
        log.installed("erlang 27.1.2", Duration.ofSeconds(3));
        log.step("web1", "send 5.5 MB");
        log.sent("web1", 2_750_000, 5_500_000);
        log.done("web1", "send", Duration.ofMillis(900));
        log.step("web1", "activate");
        log.doing("web1", "waiting for health, asked 3 times");
        log.failed("web1", "activate", Duration.ofSeconds(61));
        log.note("web1", "stays on the new release: it had none before");
        log.clear();
    }

    @Test
    void a_log_file_gets_a_line_for_what_has_ended_and_no_control_characters() {
        tellAll(log(false, false));

        assertThat(text)
                .hasToString(
                        """
                        build  compile        12.3 s
                        note   the commit has been built already
                        tools  erlang 27.1.2  3.0 s
                        web1   send           0.9 s
                        web1   activate       1 min 1 s  failed
                        web1   stays on the new release: it had none before
                        """);
    }

    @Test
    void a_verbose_log_shows_what_the_build_prints() {
        log(false, true).line("Compiling 3 files");

        assertThat(text).hasToString("       | Compiling 3 files\n");
    }

    @Test
    void a_terminal_has_a_last_line_that_changes_and_goes() {
        ConsoleLog log = log(true, false);

        log.step("web1", "send 5.5 MB");
        log.sent("web1", 2_750_000, 5_500_000);
        log.done("web1", "send", Duration.ofMillis(900));
        log.clear();

        assertThat(text)
                .hasToString(
                        CLEAR
                                + "web1  send 5.5 MB"
                                + CLEAR
                                + "web1  send  50 % of 5.5 MB"
                                + CLEAR
                                + "web1   send           0.9 s\n");
    }

    @Test
    void a_terminal_is_left_clean() {
        tellAll(log(true, false));

        assertThat(text.toString()).endsWith("had none before\n");
        assertThat(text.toString().replace(CLEAR, "")).doesNotContain("\033", "\r");
    }

    @Test
    void a_long_last_line_is_cut_so_that_it_stays_one_line() {
        log(true, false).step("web1", "x".repeat(200));

        assertThat(text.toString()).hasSize(CLEAR.length() + 78);
    }

    @Test
    void nothing_of_nothing_is_still_a_percentage() {
        log(true, false).sent("web1", 0, 0);

        assertThat(text.toString()).endsWith("0 % of 0 B");
    }
}
