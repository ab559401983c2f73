package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.deploy.Tracing;
import dev.decant.deploy.Webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who is told of a rollout: the one who started it, and those whom settings name. When this is
/// closed, all of them have been told.
final class Observers implements AutoCloseable {

    private final Wiring wiring;
    private final RolloutLog all;
    private final Optional<Webhook> webhook;
    private final Optional<Tracing> tracing;

    private Observers(
            Wiring wiring, RolloutLog all, Optional<Webhook> webhook, Optional<Tracing> tracing) {
        this.wiring = wiring;
        this.all = all;
        this.webhook = webhook;
        this.tracing = tracing;
    }

    /// @param log what the one who started it reads
    static Observers of(Config config, Wiring wiring, RolloutLog log) {
        Optional<Webhook> webhook = Webhook.of(config, wiring.environment(), wiring.owner(), log);
        Optional<Tracing> tracing = Tracing.of(config, wiring.environment(), log);
        List<RolloutLog> logs = new ArrayList<>(List.of(log));
        webhook.ifPresent(logs::add);
        tracing.ifPresent(logs::add);
        return new Observers(wiring, RolloutLog.all(logs), webhook, tracing);
    }

    RolloutLog log() {
        return all;
    }

    /// One that they are told of.
    Rollout rollout(Fleet fleet, Config config) {
        return new Rollout(fleet, all, wiring.owner(), config, this::environment);
    }

    /// What programs that are run for a rollout find in their environment, besides.
    private Map<String, String> environment() {
        return tracing.map(Tracing::environment).orElse(Map.of());
    }

    @Override
    public void close() {
        tracing.ifPresent(Tracing::close);
        webhook.ifPresent(Webhook::close);
    }
}
