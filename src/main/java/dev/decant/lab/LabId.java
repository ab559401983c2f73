package dev.decant.lab;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which lab a host belongs to: the persistent one, or one that goes with the process that opened
/// it.
///
/// @param owner the process; empty for the persistent lab
/// @param count which lab of that process, from 1; 0 for the persistent lab
record LabId(Optional<ProcessId> owner, int count) {

    static final LabId PERSISTENT = new LabId(Optional.empty(), 0);

    private static final Pattern OWNED = Pattern.compile("(.+)-(\\d{1,9})");

    static LabId of(ProcessId owner, int count) {
        return new LabId(Optional.of(owner), count);
    }

    /// `persistent`, or `PID-TICKS-BOOT-COUNT`; can be the name of a file.
    String text() {
        return owner.map(process -> process.text() + "-" + count).orElse("persistent");
    }

    static Optional<LabId> parse(String text) {
        if (text.equals(PERSISTENT.text())) {
            return Optional.of(PERSISTENT);
        }
        Matcher parts = OWNED.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return ProcessId.parse(parts.group(1))
                .map(owner -> of(owner, Integer.parseInt(parts.group(2))));
    }
}
