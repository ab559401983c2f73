package dev.decant.web;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.deploy.Fleet;
import dev.decant.host.HistoryEntry;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Asks one host again and again how it is, over a session of its own, so that nobody else waits
/// for it.
final class HostWatch implements AutoCloseable {

    private static final Duration ASK_EVERY = Duration.ofSeconds(10);
    private static final Duration ASK_OFTEN = Duration.ofSeconds(2);
    private static final int ENTRIES = 30;

    /// What it has said last.
    ///
    /// @param since when it was asked what it has not answered yet; empty where it has
    /// @param at when it has answered last, or could not be reached
    /// @param problem why it cannot be asked
    record Known(
            HostConfig host,
            Optional<Instant> since,
            Optional<Instant> at,
            Optional<HostFacts> facts,
            List<HistoryEntry> history,
            Optional<Problem> problem) {}

    private final Config config;
    private final HostConfig host;
    private final BooleanSupplier often;
    private final Runnable changed;
    private final BlockingQueue<Boolean> now = new ArrayBlockingQueue<>(1);
    private final Thread asking;
    private volatile Known known;
    private @Nullable Fleet session;

    /// @param often whether it is worth to ask more often
    /// @param changed is told when there is something new
    HostWatch(Config config, HostConfig host, BooleanSupplier often, Runnable changed) {
        this.config = config.on(List.of(host));
        this.host = host;
        this.often = often;
        this.changed = changed;
        this.known =
                new Known(
                        host,
                        Optional.of(Instant.now()),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty());
        this.asking = Thread.ofVirtual().start(this::run);
    }

    Known known() {
        return known;
    }

    /// Asks without waiting until it is time.
    void askNow() {
        now.offer(true);
    }

    private void run() {
        try {
            while (true) {
                ask();
                changed.run();
                Duration wait = often.getAsBoolean() ? ASK_OFTEN : ASK_EVERY;
                now.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void ask() throws InterruptedException {
        Known before = known;
        known =
                new Known(
                        host,
                        Optional.of(Instant.now()),
                        before.at(),
                        before.facts(),
                        before.history(),
                        before.problem());
        try {
            if (session == null) {
                session = Fleet.connect(config);
            }
            Host asked = session.get(host.name());
            HostFacts facts = HostFacts.of(asked, List.of());
            List<HistoryEntry> history =
                    facts.setUp()
                            ? HistoryEntry.of(asked.must(new Verb.History(ENTRIES)))
                            : List.of();
            known =
                    new Known(
                            host,
                            Optional.empty(),
                            Optional.of(Instant.now()),
                            Optional.of(facts),
                            history,
                            Optional.empty());
        } catch (Failure failure) {
            end();
            known =
                    new Known(
                            host,
                            Optional.empty(),
                            Optional.of(Instant.now()),
                            before.facts(),
                            before.history(),
                            Optional.of(failure.problems().getFirst()));
        }
    }

    private void end() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    @Override
    public void close() {
        asking.interrupt();
    }
}
