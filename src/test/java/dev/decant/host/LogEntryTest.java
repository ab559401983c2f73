package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class LogEntryTest {

    @Test
    void a_line_of_a_slot_says_of_which() {
        assertThat(
                        LogEntry.parse(
                                "web1",
                                "{\"_SYSTEMD_UNIT\":\"shop@2.service\",\"PRIORITY\":\"4\","
                                        + "\"_PID\":\"71\",\"MESSAGE\":\"slow: 3 s\\n\","
                                        + "\"SYSLOG_IDENTIFIER\":\"shop\","
                                        + "\"__REALTIME_TIMESTAMP\":\"1795671776117545\"}"))
                .hasValue(
                        new LogEntry(
                                "web1",
                                Instant.parse("2026-11-26T05:42:56.117545Z"),
                                "shop@2",
                                71,
                                4,
                                "slow: 3 s"));
    }

    @Test
    void what_is_no_utf_8_and_what_is_there_twice_is_read_as_well() {
        LogEntry entry =
                LogEntry.parse(
                                "web1",
                                "{\"MESSAGE\":[103,114,252,110],\"_PID\":[\"7\",\"8\"],"
                                        + "\"__REALTIME_TIMESTAMP\":\"1\"}")
                        .orElseThrow();

        assertThat(entry.message()).isEqualTo("gr\ufffdn");
        assertThat(entry.pid()).isEqualTo(7);
        assertThat(entry.priority()).as("where nobody has said").isEqualTo(6);
        assertThat(entry.source()).isEmpty();
    }

    @Test
    void what_is_no_entry_is_none() {
        assertThat(LogEntry.parse("web1", "Failed to parse timestamp: x")).isEmpty();
        assertThat(LogEntry.parse("web1", "{}")).isEmpty();
        assertThat(LogEntry.parse("web1", "null")).isEmpty();
        assertThat(LogEntry.parse("web1", "")).isEmpty();
    }
}
