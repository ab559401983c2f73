package dev.decant.lab;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One process and no other: a number alone is used again, sooner or later.
///
/// @param pid its number
/// @param started when, in clock ticks since the machine was booted; source: field 22 of
///   `/proc/PID/stat`
/// @param boot which boot of the machine, since ticks begin anew; source: the first eight digits of
///   `/proc/sys/kernel/random/boot_id`
record ProcessId(long pid, long started, String boot) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})-([0-9a-f]{8})");

    /// `PID-TICKS-BOOT`; can be part of a file name.
    String text() {
        return pid + "-" + started + "-" + boot;
    }

    static Optional<ProcessId> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new ProcessId(
                                Long.parseLong(parts.group(1)),
                                Long.parseLong(parts.group(2)),
                                parts.group(3)))
                : Optional.empty();
    }
}
