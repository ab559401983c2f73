package dev.decant.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.host.LogEntry;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;

class LogPrinterTest {

    private final StringWriter out = new StringWriter();

    private static LogEntry entry(String host, long milli, String message) {
        return new LogEntry(host, Instant.ofEpochMilli(milli), "shop", 7, 6, message);
    }

    @Test
    void entries_of_several_hosts_come_in_the_order_of_their_times() {
        LogPrinter printer = new LogPrinter(new PrintWriter(out), true, false);
        printer.add(entry("web1", 2000, "second"));
        printer.add(entry("web2", 1000, "first"));
        printer.add(entry("web2", 3000, "third\nand on"));

        printer.print(Duration.ofHours(1));
        assertThat(out).as("they wait for others").hasToString("");
        printer.print(Duration.ZERO);
        printer.print(Duration.ZERO);

        assertThat(out)
                .hasToString(
                        """
                        web2  1970-01-01T00:00:01Z shop[7]: first
                        web1  1970-01-01T00:00:02Z shop[7]: second
                        web2  1970-01-01T00:00:03Z shop[7]: third
                            and on
                        """);
    }

    @Test
    void as_json_each_is_a_line() {
        LogPrinter printer = new LogPrinter(new PrintWriter(out), false, true);
        printer.add(entry("web1", 0, "two\nlines"));

        printer.print(Duration.ZERO);

        assertThat(out)
                .hasToString(
                        "{\"host\":\"web1\",\"at\":\"1970-01-01T00:00:00.000000Z\",\"source\":\"shop\",\"pid\":7,\"priority\":6,\"message\":\"two\\n"
                            + "lines\"}\n");
    }
}
