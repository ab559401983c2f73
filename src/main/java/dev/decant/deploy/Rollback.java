package dev.decant.deploy;

import dev.decant.config.Privilege;
import dev.decant.host.Deployment;
import dev.decant.host.Deployment.Verdict;
import dev.decant.host.HostFacts;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Decides where a rollback goes, of all or of the environment alone, or a restart, which goes to
/// what serves. Pure.
///
/// @param release that every host goes to
/// @param targets the deployment of it on each host
/// @param as where a further rollback goes on from
/// @param tried whether the release is first tried with the settings it is to run with
/// @param warnings what the operator should know of it
public record Rollback(
        ReleaseId release,
        Map<String, Integer> targets,
        Verb.Repeat.As as,
        boolean tried,
        List<String> warnings) {

    public Rollback {
        warnings = List.copyOf(warnings);
    }

    /// One of a release and settings that have run together, or may never have.
    Rollback(
            ReleaseId release,
            Map<String, Integer> targets,
            Verb.Repeat.As as,
            List<String> warnings) {
        this(release, targets, as, as == Verb.Repeat.As.ENVIRONMENT, warnings);
    }

    /// How an activation ends that depends on the release.
    private static final Set<Verdict> JUDGED =
            Set.of(Verdict.LIVE, Verdict.KEPT, Verdict.WENT_BACK, Verdict.STOPPED, Verdict.DOWN);

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
            Optional<Deployment> failed =
                    meant.size() == 1 ? failed(host, meant.getFirst()) : Optional.empty();
            if (failed.isPresent()) {
                problems.add(
                        new DeployProblem.MarkedBad(
                                host.host(),
                                failed.get().release().value(),
                                failed.get().verdict().map(Verdict::word).orElse("")));
            } else if (meant.size() == 1) {
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
        List<String> warnings = new ArrayList<>();
        facts.values().forEach(host -> warnings.addAll(warnings(host, targets.get(host.host()))));
        return new Rollback(
                targets.values().iterator().next().release(),
                numbers,
                given.isEmpty() ? Verb.Repeat.As.BACK : Verb.Repeat.As.AGAIN,
                warnings);
    }

    /// What serves, once more.
    ///
    /// @throws Failure if nothing serves on a host, or not the same release on all
    public static Rollback restart(Map<String, HostFacts> facts) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Integer> targets = new LinkedHashMap<>();
        Map<String, ReleaseId> releases = new LinkedHashMap<>();
        for (HostFacts host : facts.values()) {
            host.liveDeployment()
                    .ifPresentOrElse(
                            live -> {
                                targets.put(host.host(), live.number());
                                releases.put(host.host(), live.release());
                            },
                            () -> problems.add(new DeployProblem.NothingDeployed(host.host())));
        }
        if (problems.isEmpty() && Set.copyOf(releases.values()).size() > 1) {
            problems.add(new DeployProblem.DifferentReleases(releases));
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return new Rollback(
                releases.values().iterator().next(), targets, Verb.Repeat.As.RESTART, List.of());
    }

    /// As [#restart(Map)], with what the hosts' own sources say now: asking them is part of trying.
    public static Rollback refreshed(Map<String, HostFacts> facts) {
        Rollback again = restart(facts);
        return new Rollback(again.release(), again.targets(), again.as(), true, again.warnings());
    }

    /// The environment and secrets of an earlier deployment, with the release that serves.
    ///
    /// @param facts with versions
    /// @param given its number; empty for the one before the present one that has others, and so on
    ///   back
    /// @throws Failure with a problem for each host that cannot go there
    public static Rollback environment(Map<String, HostFacts> facts, OptionalInt given) {
        ReleaseId release = restart(facts).release();
        List<Problem> problems = new ArrayList<>();
        Map<String, Integer> targets = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        for (HostFacts host : facts.values()) {
            List<Problem> old = HostChecks.setUp(host);
            Optional<Deployment> target =
                    given.isPresent()
                            ? others(host).stream()
                                    .filter(each -> each.number() == given.getAsInt())
                                    .findFirst()
                            : otherBefore(host);
            if (!old.isEmpty()) {
                problems.addAll(old);
            } else if (target.isEmpty()) {
                problems.add(new DeployProblem.NoEnvironment(host.host(), given, others(host)));
            } else if (host.privilege().equals(Privilege.STRICT.word())
                    && !target.get().release().equals(release)) {
                problems.add(
                        new DeployProblem.EnvironmentNotSigned(
                                host.host(), release.value(), target.get()));
            } else {
                targets.put(host.host(), target.get().number());
                warnings.add(
                        host.host()
                                + ": the environment and secrets of deployment "
                                + target.get().number()
                                + ", made "
                                + target.get().at()
                                + " by "
                                + target.get().by());
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return new Rollback(release, targets, Verb.Repeat.As.ENVIRONMENT, warnings);
    }

    /// Those that have served with another environment or other secrets, newest first.
    private static List<Deployment> others(HostFacts host) {
        return host.deployments().stream()
                .filter(each -> each.verdict().equals(Optional.of(Verdict.LIVE)))
                .filter(each -> !version(host, each.number()).equals(live(host)))
                .toList();
    }

    private static Optional<Deployment> otherBefore(HostFacts host) {
        List<Deployment> others = others(host);
        Set<Integer> seen = new HashSet<>();
        Optional<Deployment> before = host.beforeLive();
        while (before.isPresent() && !others.contains(before.get())) {
            OptionalInt further = before.get().before();
            before =
                    further.isPresent() && seen.add(further.getAsInt())
                            ? host.deployment(further.getAsInt())
                            : Optional.empty();
        }
        return before;
    }

    private static Optional<Integer> live(HostFacts host) {
        return host.live().isPresent() ? version(host, host.live().getAsInt()) : Optional.empty();
    }

    private static Optional<Integer> version(HostFacts host, int number) {
        return Optional.ofNullable(host.versions().get(number));
    }

    /// What served before the present one, and before that where it is marked bad.
    private static Optional<Deployment> before(HostFacts host) {
        Set<Integer> seen = new HashSet<>();
        Optional<Deployment> before = host.beforeLive();
        while (before.isPresent() && failed(host, before.get()).isPresent()) {
            OptionalInt further = before.get().before();
            before =
                    further.isPresent() && seen.add(further.getAsInt())
                            ? host.deployment(further.getAsInt())
                            : Optional.empty();
        }
        return before.filter(deployment -> host.releases().contains(deployment.release()));
    }

    /// The newest deployment of the same release that says anything about it, if it says that it is
    /// bad. What serves is not: then it was its settings.
    private static Optional<Deployment> failed(HostFacts host, Deployment target) {
        if (host.liveDeployment().map(Deployment::release).equals(Optional.of(target.release()))) {
            return Optional.empty();
        }
        return host.deployments().stream()
                .filter(deployment -> deployment.release().equals(target.release()))
                .filter(deployment -> deployment.verdict().map(JUDGED::contains).orElse(false))
                .findFirst()
                .filter(newest -> !newest.verdict().equals(Optional.of(Verdict.LIVE)));
    }

    private static List<String> warnings(HostFacts host, @Nullable Deployment target) {
        if (target == null) {
            return List.of();
        }
        return host.deployments().stream()
                .filter(deployment -> host.migrated().contains(deployment.number()))
                .filter(deployment -> deployment.number() > target.number())
                .filter(deployment -> !deployment.release().equals(target.release()))
                .map(
                        deployment ->
                                host.host()
                                        + ": migrations ran since, for "
                                        + deployment.release()
                                        + " at "
                                        + deployment.at()
                                        + ". Only code goes back: what they did to the database"
                                        + " stays.")
                .toList();
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
