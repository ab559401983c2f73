package dev.decant.release;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The name of a release on every host: `20261123T191500Z-0.2.0-1f3a9c2`, the UTC time of the
/// build, the version and the commit; `-dirty` follows where the tree was not as committed. Sorts
/// by age.
///
/// @param value has this shape because it becomes a file name, a unit's instance and a word for the
///   host program; at most 100 characters of `A-Z a-z 0-9 . _ -`
public record ReleaseId(String value) implements Comparable<ReleaseId> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// What the time, the commit and `-dirty` leave of the hundred.
    private static final int VERSION_AT_MOST = 68;

    public ReleaseId {
        if (!isOne(value)) {
            throw new IllegalArgumentException("Not the name of a release: " + value);
        }
    }

    public static boolean isOne(String value) {
        return value.length() <= 100
                && value.matches("[0-9]{8}T[0-9]{6}Z-[0-9A-Za-z][0-9A-Za-z._-]*");
    }

    /// @param version as mix.exs has it; what a file name should not have (such as the + of build
    ///   metadata) becomes _, and a very long one is cut
    /// @param commit at least seven hexadecimal digits
    public static ReleaseId of(Instant built, String version, String commit, boolean dirty) {
        String safe = version.replaceAll("[^0-9A-Za-z._-]", "_");
        safe = safe.substring(0, Math.min(VERSION_AT_MOST, safe.length()));
        return new ReleaseId(
                TIME.format(built)
                        + "-"
                        + safe
                        + "-"
                        + commit.substring(0, 7)
                        + (dirty ? "-dirty" : ""));
    }

    @Override
    public int compareTo(ReleaseId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
