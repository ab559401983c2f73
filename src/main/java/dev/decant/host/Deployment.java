package dev.decant.host;

import dev.decant.release.ReleaseId;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// One deployment, as the host keeps it: a release together with the settings it ran under.
///
/// @param number counts up on each host by itself
/// @param verdict how its activation ended; empty where it was never activated
/// @param at UTC, such as `2026-11-23T19:15:00Z`
/// @param by who made it, such as `alice@laptop`
/// @param before the deployment that served when it was made; where a rollback goes
public record Deployment(
        int number,
        ReleaseId release,
        Optional<Verdict> verdict,
        String at,
        String by,
        OptionalInt before) {

    private static final String NUMBER = "[0-9]{1,9}";

    /// How an activation ended, in the host's words.
    public enum Verdict {
        /// It serves, or served.
        LIVE,
        /// It could not be put in place; the old one was never stopped.
        UNTOUCHED,
        /// It never got healthy beside the old one, which went on serving.
        KEPT,
        /// It never got healthy; the old one serves again.
        WENT_BACK,
        /// It never got healthy, and there was no old one.
        STOPPED,
        /// It never got healthy, and the old one does not either.
        DOWN,
        /// The host or the host program was cut off; the old one was put back.
        INTERRUPTED;

        /// @return empty where the host has not said how it ended
        public static Optional<Verdict> of(String word) {
            for (Verdict verdict : values()) {
                if (verdict.word().equals(word)) {
                    return Optional.of(verdict);
                }
            }
            return Optional.empty();
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @param line `NUMBER RELEASE VERDICT AT BY [BEFORE]`
    /// @return empty where it is not such a line: a host whose disk was full may keep half of one
    static Optional<Deployment> parse(String line) {
        String[] words = line.split(" ");
        if (words.length < 5
                || !words[0].matches(NUMBER)
                || !ReleaseId.isOne(words[1])
                || (words.length > 5 && !words[5].matches(NUMBER))) {
            return Optional.empty();
        }
        return Optional.of(
                new Deployment(
                        Integer.parseInt(words[0]),
                        new ReleaseId(words[1]),
                        Verdict.of(words[2]),
                        words[3],
                        words[4],
                        words.length > 5
                                ? OptionalInt.of(Integer.parseInt(words[5]))
                                : OptionalInt.empty()));
    }
}
