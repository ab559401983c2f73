package dev.decant.web;

import dev.decant.config.Config;
import dev.decant.host.HistoryEntry;
import dev.decant.host.HostFacts;
import dev.decant.ui.Words;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What the dashboard shows at this moment: of the hosts, as they were heard of last, and of the
/// rollouts that are written down on this machine, whichever process writes them.
public final class Board implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int PAST = 15;
    private static final int ENTRIES = 40;

    private final Config config;
    private final Recordings recordings;
    private final Function<Recorded.Pair, Optional<Changes>> changes;
    private final List<HostWatch> watches;
    private final Map<Recordings.Name, Kept> kept = new ConcurrentHashMap<>();
    private final Thread looking;
    private volatile List<Past> past = List.of();
    private long version;

    /// @param size of its file when it was read
    private record Kept(long size, Recorded recorded) {}

    /// A rollout that is written down.
    public record Past(Recordings.Name name, Rollup rollup) {

        public boolean underWay() {
            return rollup.timeline().state() == Timeline.State.WORKING;
        }
    }

    /// A line of the hosts' own history.
    public record Entry(
            String host,
            String at,
            String what,
            String release,
            String result,
            String tone,
            String by,
            String took,
            String reason) {}

    Board(
            Config config,
            Recordings recordings,
            Function<Recorded.Pair, Optional<Changes>> changes) {
        this.config = config;
        this.recordings = recordings;
        this.changes = changes;
        look();
        this.watches =
                config.hosts().stream()
                        .map(host -> new HostWatch(config, host, this::underWay, this::changed))
                        .toList();
        this.looking = Thread.ofVirtual().start(this::keepLooking);
    }

    private boolean underWay() {
        return past.stream().anyMatch(Past::underWay);
    }

    private synchronized void changed() {
        version++;
        notifyAll();
    }

    /// Waits for something new.
    ///
    /// @param seen what is known already
    /// @return as much is known now
    synchronized long await(long seen, Duration patience) throws InterruptedException {
        Instant until = Instant.now().plus(patience);
        while (version == seen && Instant.now().isBefore(until)) {
            wait(Math.max(1, Duration.between(Instant.now(), until).toMillis()));
        }
        return version;
    }

    // ---- rollouts

    private void keepLooking() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                List<Past> before = past;
                look();
                // What is under way changes with every moment.
                if (!past.equals(before)) {
                    changed();
                }
                if (before.stream().anyMatch(Past::underWay) && !underWay()) {
                    watches.forEach(HostWatch::askNow);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        List<Past> found = new ArrayList<>();
        try {
            for (Recordings.Name name : recordings.names()) {
                recorded(name)
                        .filter(it -> it.header().environment().equals(environment()))
                        .ifPresent(it -> found.add(new Past(name, rollup(it))));
                if (found.size() == PAST) {
                    break;
                }
            }
            past = found;
        } catch (IOException e) {
            // Somebody makes room at this moment: the next look sees what is left.
        }
    }

    private String environment() {
        return config.environment().orElse("");
    }

    private Optional<Recorded> recorded(Recordings.Name name) throws IOException {
        long size = recordings.size(name);
        Kept before = kept.get(name);
        if (before != null && before.size() == size) {
            return Optional.of(before.recorded());
        }
        Optional<Recorded> read = recordings.read(name);
        read.ifPresent(it -> kept.put(name, new Kept(size, it)));
        return read;
    }

    private static Rollup rollup(Recorded recorded) {
        return Rollup.of(recorded, Instant.now(), recorded.header().underWay(), Optional.empty());
    }

    /// Rollouts from this machine, the newest first.
    List<Past> past() {
        return past;
    }

    /// What is under way, or was last.
    Optional<Past> latest() {
        List<Past> all = past;
        return all.stream().filter(Past::underWay).findFirst().or(() -> all.stream().findFirst());
    }

    /// One of them as a page of its own.
    Optional<Rollup> page(Recordings.Name name) throws IOException {
        return recordings
                .read(name)
                .map(
                        it ->
                                Rollup.of(
                                        it,
                                        Instant.now(),
                                        it.header().underWay(),
                                        it.releases().flatMap(changes)));
    }

    /// What was told last, for whoever listens rather than looks.
    String said() {
        return latest().map(latest -> latest.rollup().said()).orElse("");
    }

    // ---- hosts

    List<HostView> hosts() {
        Instant now = Instant.now();
        return watches.stream().map(watch -> HostView.of(watch.known(), now)).toList();
    }

    /// Of those that can be reached.
    Map<String, HostFacts> facts() {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (HostWatch watch : watches) {
            HostWatch.Known known = watch.known();
            if (known.problem().isEmpty()) {
                known.facts().ifPresent(it -> facts.put(known.host().name(), it));
            }
        }
        return facts;
    }

    /// What hosts have written down, the newest first.
    List<Entry> history() {
        List<Entry> entries = new ArrayList<>();
        for (HostWatch watch : watches) {
            watch.known().history().forEach(each -> entries.add(entry(watch, each)));
        }
        entries.sort(Comparator.comparing(Entry::at).reversed());
        return List.copyOf(entries.subList(0, Math.min(ENTRIES, entries.size())));
    }

    private static Entry entry(HostWatch watch, HistoryEntry entry) {
        return new Entry(
                watch.known().host().name(),
                entry.at(),
                entry.what(),
                entry.release(),
                entry.result(),
                switch (entry.result()) {
                    case "live", "done" -> "good";
                    case "down", "stopped" -> "bad";
                    default -> "warn";
                },
                entry.by(),
                entry.milliseconds().map(it -> Words.of(Duration.ofMillis(it))).orElse(""),
                Objects.equals(entry.result(), "done") ? "" : entry.reason());
    }

    @Override
    public void close() {
        looking.interrupt();
        watches.forEach(HostWatch::close);
    }
}
