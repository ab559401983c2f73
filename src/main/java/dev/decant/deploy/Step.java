package dev.decant.deploy;

import dev.decant.config.PublicPort;
import dev.decant.config.Strategy;
import dev.decant.release.Delta;
import dev.decant.release.ReleaseId;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One step of a plan for one host, as data: the planner makes it, the printer words it, the
/// rollout does it. Holds names of secrets, never values.
public sealed interface Step {

    /// An earlier deploy was cut short; what served before it is put back first.
    record Settle() implements Step {}

    /// The host makes the release from what it has and from what is sent, and verifies it.
    ///
    /// @param delta what it lacks
    /// @param fetched the host fetches it from the release store, if that can be
    record Send(ReleaseId release, Delta delta, boolean fetched) implements Step {}

    /// @param given secrets whose values come from this side
    /// @param kept secrets whose values the host has
    record Prepare(ReleaseId release, List<String> given, List<String> kept) implements Step {
        public Prepare {
            given = List.copyOf(given);
            kept = List.copyOf(kept);
        }
    }

    /// Reads its configuration in the new release, as the service would.
    record Preflight() implements Step {}

    record Migrate(String expression) implements Step {}

    /// Switches, restarts, waits for health; the host goes back by itself where it does not come.
    ///
    /// @param confirmWithin how long the host then waits to be reached again; 0 for not at all
    /// @param beside where it starts beside the old one; empty where it takes its place
    record Activate(ReleaseId release, Duration confirmWithin, Optional<Beside> beside)
            implements Step {}

    /// The slot that a release starts in, while the other one goes on serving.
    ///
    /// @param unit such as `shop@2`
    /// @param port where it listens
    /// @param publicPorts that then lead there
    /// @param old the unit that ends afterwards; empty where there is none
    /// @param drain how long the old one may go on with what it has begun
    /// @param warm how long it stays ready before that
    record Beside(
            Strategy strategy,
            String unit,
            int port,
            List<PublicPort> publicPorts,
            String old,
            Duration drain,
            Duration warm) {
        public Beside {
            publicPorts = List.copyOf(publicPorts);
        }
    }

    /// @param keep releases
    record Prune(int keep) implements Step {}
}
