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
            List<Deployment> meant =
                    wanted.isPresent()
                            ? named(host, wanted.get())
                            : before(host).map(List::of).orElse(List.of());
            if (meant.size() == 1) {
                targets.put(host.host(), meant.getFirst());
                // All hosts go to one release: the first host's.
                wanted = Optional.of(meant.getFirst().release().value());
            } else if (wanted.isEmpty()) {
                problems.add(new DeployProblem.NothingBefore(host.host(), reason(host)));
            } else if (meant.isEmpty()) {
                problems.add(
                        new DeployProblem.NotThere(host.host(), wanted.get(), names(served(host))));
            } else {
                problems.add(
                        new DeployProblem.SeveralMeant(host.host(), wanted.get(), names(meant)));
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

    /// The last deployment of each release that is meant.
    private static List<Deployment> named(HostFacts host, String given) {
        List<Deployment> served = served(host);
        List<Deployment> exact =
                served.stream()
                        .filter(deployment -> deployment.release().value().equals(given))
                        .toList();
        return exact.isEmpty()
                ? served.stream()
                        .filter(deployment -> deployment.release().value().contains(given))
                        .toList()
                : exact;
    }

    /// The last deployment of each release that has served and is kept, newest first.
    private static List<Deployment> served(HostFacts host) {
        Map<ReleaseId, Deployment> last = new LinkedHashMap<>();
        for (Deployment deployment : host.deployments()) {
            if (deployment.verdict().equals(Optional.of(Verdict.LIVE))
                    && host.releases().contains(deployment.release())) {
                last.putIfAbsent(deployment.release(), deployment);
            }
        }
        return List.copyOf(last.values());
    }

    private static List<String> names(List<Deployment> deployments) {
        return deployments.stream().map(deployment -> deployment.release().value()).toList();
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
                        + " is no longer kept (keep_releases in decant.toml).";
    }
}
