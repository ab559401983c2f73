package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.deploy.RolloutEvent;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class ConsoleLogTest {

    private final StringWriter text = new StringWriter();

    private ConsoleLog log(boolean terminal, boolean verbose) {
        return new ConsoleLog(new PrintWriter(text), terminal, Map.of(), verbose);
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

    private static final String ALL =
            """
            build  compile        12.3 s
            note   the commit has been built already
            tools  erlang 27.1.2  3.0 s
            web1   send           0.9 s
            web1   activate       1 min 1 s  failed
            web1   stays on the new release: it had none before
            """;

    @Test
    void a_log_file_gets_a_line_for_what_has_ended_and_no_control_characters() {
        tellAll(log(false, false));

        assertThat(text).hasToString(ALL);
    }

    @Test
    void a_verbose_log_shows_what_the_build_prints() {
        log(false, true).line("Compiling 3 files");

        assertThat(text).hasToString("       | Compiling 3 files\n");
    }

    @Test
    void a_terminal_is_left_as_a_log_file_is() {
        VisibleTerminal terminal = new VisibleTerminal(80, 10);
        tellAll(new ConsoleLog(new PrintWriter(terminal), true, Map.of(), false));

        assertThat(terminal.all()).isEqualTo(ALL);
    }

    @Test
    void a_terminal_has_lines_that_change_and_go() throws Exception {
        VisibleTerminal terminal = new VisibleTerminal(80, 10);
        ConsoleLog log = new ConsoleLog(new PrintWriter(terminal), true, Map.of(), false);

        log.tell(
                new RolloutEvent.Began(
                        Instant.now(),
                        "deploy",
                        Samples.NEW,
                        List.of("web1", "web2"),
                        List.of(List.of("web1", "web2"))));
        log.step("web1", "send");
        Instant until = Instant.now().plusSeconds(10);
        while (!terminal.all().contains("web2") && Instant.now().isBefore(until)) {
            Thread.sleep(20);
        }

        assertThat(terminal.all()).contains("0 of 2 serve it", "web1  send", "web2");
        log.done("web1", "send", Duration.ofMillis(900));
        log.note("web1", "a note");
        log.clear();
        assertThat(terminal.all()).isEqualTo("web1   a note\n");
    }

    @Test
    void there_is_no_colour_where_none_is_wanted() {
        for (String value : List.of("", "1")) {
            StringWriter err = new StringWriter();
            new ConsoleLog(new PrintWriter(err), true, Map.of("NO_COLOR", value), false)
                    .failed("web1", "send", Duration.ZERO);

            assertThat(err.toString().contains("\033[31m")).isEqualTo(value.isEmpty());
        }
    }
}
