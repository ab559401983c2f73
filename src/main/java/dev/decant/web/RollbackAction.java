package dev.decant.web;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Rollback;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.deploy.Unfinished;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Does what somebody has confirmed, as `decant rollback` does it: one at a time, under the lock,
/// written down for the page to show.
final class RollbackAction {

    private final Config config;
    private final String owner;
    private final Recordings recordings;
    private final Path unfinished;
    private final AtomicBoolean busy = new AtomicBoolean();

    /// @param unfinished where it is kept that a rollout is unfinished
    RollbackAction(Config config, String owner, Recordings recordings, Path unfinished) {
        this.config = config;
        this.owner = owner;
        this.recordings = recordings;
        this.unfinished = unfinished;
    }

    /// What was shown to whoever has confirmed it.
    ///
    /// @param serving by host
    /// @param given as [Proposal#given()]
    record Confirmed(Map<String, String> serving, Optional<String> given, String to) {}

    /// Takes the lock, sees that all is as it was shown, and begins; does not wait for the end.
    ///
    /// @throws Failure if somebody is at work there, a host cannot be reached or goes elsewhere;
    ///   nothing was changed then
    void begin(Confirmed confirmed) throws InterruptedException {
        if (!busy.compareAndSet(false, true)) {
            throw new Failure(new WebProblem.AtWork("rollback"));
        }
        Config chosen =
                config.on(
                        config.hosts().stream()
                                .filter(host -> confirmed.serving().containsKey(host.name()))
                                .toList());
        Optional<Fleet> fleet = Optional.empty();
        boolean begun = false;
        try {
            fleet = Optional.of(Fleet.connect(chosen));
            Fleet locked = fleet.get();
            Map<String, HostFacts> facts =
                    locked.lockedFacts(new Fleet.Claim(owner, "rollback", Duration.ZERO));
            Rollback rollback = agreed(confirmed, facts);
            Thread.ofVirtual().start(() -> run(chosen, locked, facts, rollback));
            begun = true;
        } finally {
            if (!begun) {
                fleet.ifPresent(Fleet::close);
                busy.set(false);
            }
        }
    }

    private static Rollback agreed(Confirmed confirmed, Map<String, HostFacts> facts) {
        facts.forEach(
                (host, fact) ->
                        mustBe(
                                host,
                                Objects.requireNonNull(confirmed.serving().get(host)),
                                Proposal.serves(fact)));
        Rollback rollback = Rollback.plan(facts, confirmed.given());
        mustBe(
                facts.keySet().iterator().next(),
                "goes to " + confirmed.to(),
                "goes to " + rollback.release());
        return rollback;
    }

    private void run(Config chosen, Fleet fleet, Map<String, HostFacts> facts, Rollback rollback) {
        Recording recording =
                recordings.begin(config.names().unit(), config.environment(), "rollback", owner);
        try (fleet;
                recording) {
            recording.serving(facts);
            rollback.warnings().forEach(warning -> recording.note("", warning));
            RolloutLog told = recording.beside(Unfinished.keeper(unfinished, facts, recording));
            carryOut(new Rollout(fleet, told, owner, chosen), rollback, facts, recording);
        } finally {
            busy.set(false);
        }
    }

    private static void carryOut(
            Rollout rollout, Rollback rollback, Map<String, HostFacts> facts, Recording recording) {
        try {
            rollout.rollback(rollback, facts);
        } catch (Failure failure) {
            recording.stopped(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void mustBe(String host, String shown, String now) {
        if (!shown.equals(now)) {
            throw new Failure(new WebProblem.Moved(host, shown, now));
        }
    }
}
