package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.host.Deployment;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.Verb;
import dev.decant.problem.ExitStatus;
import dev.decant.release.ReleaseId;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was put in order on a host.
///
/// @param unfinished the deployment that had been cut short; empty where there was none
/// @param removed releases that nobody needs, and what was left of unfinished ones
/// @param live the release that is to serve; empty before the first deploy
/// @param serves it does
public record Repair(
        String host,
        Optional<Deployment> unfinished,
        List<String> removed,
        Optional<ReleaseId> live,
        boolean serves) {

    /// Has every host settle what was cut short, all at once.
    ///
    /// @throws dev.decant.problem.Failure if somebody else is at work, or a host cannot settle it
    public static List<Repair> run(Fleet fleet, Config config, Fleet.Claim claim, RolloutLog log)
            throws InterruptedException {
        Map<String, HostFacts> before = fleet.lockedFacts(claim);
        Rollout rollout = new Rollout(fleet, log, claim.owner(), config);
        return fleet.each(
                name -> {
                    rollout.settle(name);
                    Host host = fleet.get(name);
                    List<String> removed =
                            host.must(new Verb.Prune(config.keepReleases())).all("removed");
                    HostFacts facts = HostFacts.of(host, List.of());
                    return new Repair(
                            name,
                            Optional.ofNullable(before.get(name)).flatMap(HostFacts::unfinished),
                            removed,
                            facts.liveDeployment().map(Deployment::release),
                            facts.service().running());
                });
    }

    public static ExitStatus status(List<Repair> repairs) {
        return repairs.stream().allMatch(repair -> repair.serves() || repair.live().isEmpty())
                ? ExitStatus.DONE
                : ExitStatus.INCOMPLETE;
    }
}
