package dev.decant.deploy;

import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseId;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How a rollout that is unfinished goes on. Pure.
///
/// @param release that all hosts are to serve
/// @param hosts those that do not yet
/// @param deploys they get it as by a deploy, or else it has served there before
/// @param migrated a host serves it, so the migrations have run
public record Resumption(ReleaseId release, Set<String> hosts, boolean deploys, boolean migrated) {

    public Resumption {
        hosts = Set.copyOf(hosts);
    }

    /// @param unfinished what this machine knows of it
    /// @param facts of all hosts that can be reached
    /// @param back go back, although it had not failed
    /// @param given the release to go to, whatever was begun, if it is on this machine
    /// @throws Failure with a [ResumeProblem]
    public static Resumption decide(
            Optional<Unfinished> unfinished,
            Map<String, HostFacts> facts,
            boolean back,
            Optional<ReleaseId> given) {
        Map<String, ReleaseId> serving = new LinkedHashMap<>();
        facts.forEach(
                (name, fact) ->
                        fact.liveDeployment().ifPresent(live -> serving.put(name, live.release())));
        if (given.isPresent()) {
            return to(given.get(), true, facts);
        }
        if (unfinished.isEmpty()) {
            if (Set.copyOf(serving.values()).size() != 1) {
                throw new Failure(new ResumeProblem.NotKnown(serving));
            }
            return to(serving.values().iterator().next(), false, facts);
        }
        Unfinished rollout = unfinished.get();
        Map<String, ReleaseId> others = new LinkedHashMap<>(serving);
        others.values().removeIf(rollout::isOf);
        if (!others.isEmpty()) {
            throw new Failure(
                    new ResumeProblem.ChangedSince(rollout.what(), rollout.release(), others));
        }
        return back || rollout.back()
                ? to(rollout.backTo(), false, facts)
                : to(rollout.release(), rollout.what().equals(Unfinished.DEPLOY), facts);
    }

    private static Resumption to(ReleaseId release, boolean deploys, Map<String, HostFacts> facts) {
        Set<String> hosts = new LinkedHashSet<>();
        facts.forEach(
                (name, fact) -> {
                    if (!Unfinished.serves(fact, release)) {
                        hosts.add(name);
                    }
                });
        return new Resumption(release, hosts, deploys, hosts.size() < facts.size());
    }
}
