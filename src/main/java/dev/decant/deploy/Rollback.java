package dev.decant.deploy;

import dev.decant.host.Deployment;
import dev.decant.host.Deployment.Verdict;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides where a rollback goes. Pure.
///
/// @param release that every host goes to
/// @param targets the deployment of it on each host
/// @param back a further rollback goes on from there; false where a release was named
public record Rollback(ReleaseId release, Map<String, Integer> targets, boolean back) {

    /// @param given a release, or an unambiguous part of its name; empty for what served before the
    ///   present one
    /// @throws Failure with a problem for each host that cannot go there
    public static Rollback plan(Map<String, HostFacts> facts, Optional<String> given) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Deployment> targets = new LinkedHashMap<>();
        Optional<String> wanted = given;
        for (HostFacts host : facts.values()) {
            Optional<Deployment> target =
                    wanted.isPresent() ? named(host, wanted.get()) : before(host);
            if (target.isEmpty() && wanted.isPresent()) {
                problems.add(new DeployProblem.NotThere(host.host(), wanted.get(), kept(host)));
            } else if (target.isEmpty()) {
                problems.add(new DeployProblem.NothingBefore(host.host(), reason(host)));
            } else {
                targets.put(host.host(), target.get());
                // All hosts go to one release: the first host's.
                wanted = Optional.of(target.get().release().value());
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        Map<String, Integer> numbers = new LinkedHashMap<>();
        targets.forEach((host, deployment) -> numbers.put(host, deployment.number()));
        return new Rollback(targets.values().iterator().next().release(), numbers, given.isEmpty());
    }

    private static Optional<Deployment> before(HostFacts host) {
        return host.beforeLive()
                .filter(deployment -> host.releases().contains(deployment.release()));
    }

    private static Optional<Deployment> named(HostFacts host, String given) {
        List<Deployment> meant =
                host.deployments().stream()
                        .filter(
                                deployment ->
                                        deployment.verdict().equals(Optional.of(Verdict.LIVE)))
                        .filter(deployment -> host.releases().contains(deployment.release()))
                        .filter(deployment -> deployment.release().value().contains(given))
                        .toList();
        boolean one = meant.stream().map(Deployment::release).distinct().count() == 1;
        return one ? Optional.of(meant.getFirst()) : Optional.empty();
    }

    private static List<String> kept(HostFacts host) {
        return host.deployments().stream()
                .filter(deployment -> deployment.verdict().equals(Optional.of(Verdict.LIVE)))
                .map(deployment -> deployment.release().value())
                .distinct()
                .toList();
    }

    private static String reason(HostFacts host) {
        if (host.liveDeployment().isEmpty()) {
            return "Nothing has been deployed there.";
        }
        Deployment live = host.liveDeployment().get();
        return live.before().isEmpty()
                ? live.release() + " was the first to serve."
                : "What served before "
                        + live.release()
                        + " is no longer kept (keep in decant.toml).";
    }
}
