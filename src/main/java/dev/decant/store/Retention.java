package dev.decant.store;

import dev.decant.aws.Bucket.Held;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What may go of what a store has. Pure.
///
/// Stays: what is current in any environment and what that needs; the newest that were published
/// before, by the number of releases that hosts keep, and what these need; whatever is younger than
/// a day, since somebody may be about to rely on it; and what it does not know.
public final class Retention {

    /// What is younger stays.
    public static final Duration YOUNG = Duration.ofDays(1);

    private Retention() {}

    /// The keys that are to be read before it can be said what may go.
    public static List<String> toRead(List<Held> all, int keep) {
        List<String> keys = new ArrayList<>();
        Map<String, List<String>> earlier = new TreeMap<>();
        for (Held held : all) {
            String[] parts = held.key().split("/");
            if (isCurrent(parts)) {
                keys.add(held.key());
            } else if (isEarlier(parts)) {
                earlier.computeIfAbsent(parts[1], _ -> new ArrayList<>()).add(held.key());
            }
        }
        for (List<String> environment : earlier.values()) {
            environment.stream().sorted(Comparator.reverseOrder()).limit(keep).forEach(keys::add);
        }
        return keys;
    }

    private static boolean isCurrent(String[] parts) {
        return parts.length == 3 && parts[0].equals("environments") && parts[2].equals("current");
    }

    private static boolean isEarlier(String[] parts) {
        return parts.length == 4 && parts[0].equals("environments") && parts[2].equals("published");
    }

    /// @param all listed before anything was read
    /// @param read what the keys of [#toRead(List, int)] say
    public static List<Held> mayGo(List<Held> all, Map<String, Published> read, Instant now) {
        Set<String> needed = new HashSet<>(read.keySet());
        read.values().forEach(published -> published.needs().forEach(needed::add));
        return all.stream()
                .filter(held -> !needed.contains(held.key()))
                .filter(held -> held.at().isBefore(now.minus(YOUNG)))
                .filter(held -> isOurs(held.key().split("/")))
                .toList();
    }

    private static boolean isOurs(String[] parts) {
        return isEarlier(parts)
                || (parts.length == 2
                        && (parts[0].equals("parcels") || parts[0].equals("bundles"))
                        && parts[1].matches("[0-9a-f]{64}"));
    }
}
