package dev.decant.deploy;

import dev.decant.config.HooksConfig.Moment;
import dev.decant.release.ReleaseId;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a deploy is to do, as data: printed by `decant plan`, carried out by [Rollout].
///
/// @param release that every host is to serve
/// @param needs what the release needs of a host, a text each; all of these have it
/// @param hosts in the order in which they switch
/// @param batches those of them that switch at once; without those that need not
/// @param hooks what is run here, and when
/// @param assets the bucket that static files go to first; empty where they stay in the release
public record Plan(
        String app,
        ReleaseId release,
        List<String> needs,
        List<HostPlan> hosts,
        List<List<String>> batches,
        Map<Moment, List<String>> hooks,
        Optional<String> assets) {

    public Plan {
        needs = List.copyOf(needs);
        hosts = List.copyOf(hosts);
        batches = List.copyOf(batches);
    }

    /// The same where the migrations have run.
    public Plan migrated() {
        Map<Moment, List<String>> left = new EnumMap<>(Moment.class);
        left.putAll(hooks);
        left.remove(Moment.AFTER_MIGRATE);
        return new Plan(
                app,
                release,
                needs,
                hosts.stream().map(HostPlan::migrated).toList(),
                batches,
                left,
                assets);
    }

    /// The first host on which something is done; there is one.
    String first() {
        return hosts.stream().filter(host -> !host.nothingToDo()).findFirst().orElseThrow().host();
    }

    boolean migrates() {
        return hosts.stream().anyMatch(HostPlan::migrates);
    }

    public boolean nothingToDo() {
        return hosts.stream().allMatch(HostPlan::nothingToDo);
    }
}
