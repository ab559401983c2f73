package dev.decant.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How the cases of a crash matrix ended, by operation and fault.
final class CrashTable {

    enum Ending {
        OLD_SERVES("old serves"),
        NEW_SERVES("new serves"),
        NOT_REACHED("not reached"),
        FAILED("failed");

        private final String words;

        Ending(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private record Line(Crash crash, Ending ending, String note) {}

    private final List<Line> lines = new ArrayList<>();

    synchronized void add(Crash crash, Ending ending, String note) {
        lines.add(new Line(crash, ending, note));
    }

    synchronized long count(Ending ending) {
        return lines.stream().filter(line -> line.ending == ending).count();
    }

    synchronized String summary() {
        StringBuilder text =
                new StringBuilder("%-12s %-16s %6s".formatted("operation", "fault", "cases"));
        for (Ending ending : Ending.values()) {
            text.append("  %11s".formatted(ending));
        }
        Map<String, Map<Ending, Integer>> rows = new LinkedHashMap<>();
        lines.stream()
                .sorted(
                        (one, other) ->
                                one.crash.operation() == other.crash.operation()
                                        ? one.crash.fault().compareTo(other.crash.fault())
                                        : one.crash.operation().compareTo(other.crash.operation()))
                .forEach(
                        line -> {
                            count(rows, line.crash.operation(), line.crash.fault(), line.ending);
                        });
        lines.forEach(line -> count(rows, "all", "", line.ending));
        rows.forEach(
                (name, counts) -> {
                    int sum = counts.values().stream().mapToInt(Integer::intValue).sum();
                    text.append("\n%s %6d".formatted(name, sum));
                    for (Ending ending : Ending.values()) {
                        text.append("  %11d".formatted(counts.getOrDefault(ending, 0)));
                    }
                });
        return text.append('\n').toString();
    }

    private static void count(
            Map<String, Map<Ending, Integer>> rows, Object operation, Object fault, Ending ending) {
        rows.computeIfAbsent(
                        "%-12s %-16s".formatted(operation, fault), _ -> new EnumMap<>(Ending.class))
                .merge(ending, 1, Integer::sum);
    }

    /// Each case with its outcome.
    synchronized String all() {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append("%-11s  %s%s\n".formatted(line.ending, line.crash, line.note));
        }
        return text.toString();
    }
}
