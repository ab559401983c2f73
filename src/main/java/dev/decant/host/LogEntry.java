package dev.decant.host;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One entry of a host's journal.
///
/// Shape: an object of `journalctl -o json`; source: systemd.journal-fields(7).
///
/// @param at when it was written, in microseconds
/// @param source who wrote it, such as `shop`, `shop@1` for a slot, or `systemd`
/// @param pid of whoever wrote it; 0 where that is not known
/// @param priority 0 (emergency) to 7 (debug)
/// @param message without a line end at its end; may have some in it
public record LogEntry(
        String host, Instant at, String source, int pid, int priority, String message) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SLOT = Pattern.compile(".*@([12])\\.service");
    private static final int INFO = 6;

    /// @param line as the host has sent it
    /// @return empty if it is none
    public static Optional<LogEntry> parse(String host, String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            long micros = Long.parseLong(text(entry, "__REALTIME_TIMESTAMP"));
            Matcher slot = SLOT.matcher(text(entry, "_SYSTEMD_UNIT"));
            String source = text(entry, "SYSLOG_IDENTIFIER");
            return Optional.of(
                    new LogEntry(
                            host,
                            Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
                            slot.matches() ? source + "@" + slot.group(1) : source,
                            number(text(entry, "_PID"), 0),
                            number(text(entry, "PRIORITY"), INFO),
                            text(entry, "MESSAGE").stripTrailing()));
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// What is not UTF-8 comes as an array of bytes, and a field that is there twice as an array of
    /// its values.
    private static String text(JsonNode entry, String field) {
        JsonNode value = entry.path(field);
        if (!value.isArray()) {
            return value.asString("");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode each : value) {
            if (!each.isNumber()) {
                return each.asString("");
            }
            bytes.write(each.asInt());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int number(String text, int otherwise) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : otherwise;
    }
}
