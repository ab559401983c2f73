package dev.decant.ui;

import dev.decant.host.LogEntry;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Prints what several hosts have logged as one log. Hosts may speak at the same time, and each is
/// a little late in its own way: an entry waits a moment for those before it.
public final class LogPrinter {

    private final PrintWriter out;
    private final boolean several;
    private final boolean json;
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(LogEntry entry, Instant since) {}

    /// @param several each line is to say of which host it is
    /// @param json one object a line instead
    public LogPrinter(PrintWriter out, boolean several, boolean json) {
        this.out = out;
        this.several = several;
        this.json = json;
    }

    public synchronized void add(LogEntry entry) {
        waiting.add(new Waiting(entry, Instant.now()));
    }

    /// Prints, in the order of their times, those that have waited so long.
    public synchronized void print(Duration waited) {
        Instant until = Instant.now().minus(waited);
        List<LogEntry> due = new ArrayList<>();
        waiting.removeIf(each -> !each.since().isAfter(until) && due.add(each.entry()));
        due.sort(Comparator.comparing(LogEntry::at));
        due.forEach(this::print);
        out.flush();
    }

    private void print(LogEntry entry) {
        if (json) {
            out.println(Json.line(entry));
            return;
        }
        StringBuilder line = new StringBuilder();
        if (several) {
            line.append(entry.host()).append("  ");
        }
        line.append(entry.at().truncatedTo(ChronoUnit.MILLIS)).append(' ').append(entry.source());
        if (entry.pid() > 0) {
            line.append('[').append(entry.pid()).append(']');
        }
        out.println(line.append(": ").append(entry.message().replace("\n", "\n    ")));
    }
}
