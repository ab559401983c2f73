package dev.decant.deploy;

import dev.decant.release.ReleaseId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a rollout tells while it runs, as data. Whoever shows, keeps or passes it on is a
/// [RolloutLog].
public sealed interface RolloutEvent {

    /// When it was told.
    Instant at();

    /// All is decided, and the first host is about to change.
    ///
    /// @param what a word such as `deploy`, `upload` or `rollback`
    /// @param release that every host is to serve, or to have
    /// @param hosts all, in the order in which they switch
    /// @param batches those of them that switch at once
    record Began(
            Instant at,
            String what,
            ReleaseId release,
            List<String> hosts,
            List<List<String>> batches)
            implements RolloutEvent {
        public Began {
            hosts = List.copyOf(hosts);
            batches = List.copyOf(batches);
        }
    }

    /// A batch begins to switch.
    ///
    /// @param number from 1
    record BatchBegan(Instant at, int number, List<String> hosts) implements RolloutEvent {
        public BatchBegan {
            hosts = List.copyOf(hosts);
        }
    }

    /// A step begins.
    ///
    /// @param host empty for what concerns all
    /// @param step for example `send`
    record StepBegan(Instant at, String host, String step) implements RolloutEvent {}

    /// Bytes of the step's payload that have gone out.
    record Sent(Instant at, String host, long bytes, long all) implements RolloutEvent {}

    /// How the step stands, for steps that take long.
    record Doing(Instant at, String host, String text) implements RolloutEvent {}

    /// The step has ended well.
    ///
    /// @param bytes what travelled to the host; 0 where that does not count
    record StepDone(Instant at, String host, String step, Duration took, long bytes)
            implements RolloutEvent {}

    /// The step has ended badly; the problem comes with how the host ended.
    record StepFailed(Instant at, String host, String step, Duration took)
            implements RolloutEvent {}

    /// Something the operator should know, which stops nothing.
    record Note(Instant at, String host, String text) implements RolloutEvent {}

    /// A host has got where it goes; where hosts are taken back, there is a second one of it.
    record HostEnded(Instant at, HostOutcome outcome) implements RolloutEvent {}

    /// Hosts that had switched go back.
    ///
    /// @param because what has failed, such as `web2`
    record TakingBack(Instant at, List<String> hosts, String because) implements RolloutEvent {
        public TakingBack {
            hosts = List.copyOf(hosts);
        }
    }

    /// Nothing more comes.
    record Ended(Instant at, DeployReport report) implements RolloutEvent {}
}
