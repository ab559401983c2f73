package dev.decant.host;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Something that was done to an app on a host, as the host has written it down.
///
/// Shape: `at=… what=… deployment=… release=… result=… by=… milliseconds=… switch_milliseconds=…
/// reason=…`; values without spaces, but for the reason, which comes last.
///
/// @param at when it ended, UTC, such as `2026-11-23T19:15:00Z`
/// @param what `deploy`, `rollback` or `setup`
/// @param deployment its number; empty for what is none
/// @param result a [Deployment.Verdict], or `done`
/// @param by such as `alice@laptop`
/// @param milliseconds from its beginning on the host
/// @param switchMilliseconds from when the old release was told to go; empty for what is no switch
public record HistoryEntry(
        String at,
        String what,
        String deployment,
        String release,
        String result,
        String by,
        Optional<Long> milliseconds,
        Optional<Long> switchMilliseconds,
        String reason) {

    /// @param history reply to [Verb.History]
    /// @return oldest first
    public static List<HistoryEntry> of(Reply history) {
        return history.all("entry").stream().map(HistoryEntry::parse).toList();
    }

    /// What is missing in the line is empty.
    public static HistoryEntry parse(String line) {
        Map<String, String> values = new LinkedHashMap<>();
        int reason = line.indexOf(" reason=");
        String words = reason < 0 ? line : line.substring(0, reason);
        for (String word : words.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return new HistoryEntry(
                values.getOrDefault("at", ""),
                values.getOrDefault("what", ""),
                values.getOrDefault("deployment", ""),
                values.getOrDefault("release", ""),
                values.getOrDefault("result", ""),
                values.getOrDefault("by", ""),
                number(values, "milliseconds"),
                number(values, "switch_milliseconds"),
                reason < 0 ? "" : line.substring(reason + " reason=".length()));
    }

    private static Optional<Long> number(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key))
                .filter(value -> value.matches("[0-9]{1,15}"))
                .map(Long::valueOf);
    }
}
