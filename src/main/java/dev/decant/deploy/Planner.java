package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.Privilege;
import dev.decant.host.HostFacts;
import dev.decant.host.HostProblem;
import dev.decant.host.HostProgram;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Delta;
import dev.decant.release.Release;
import dev.decant.release.Target;
import dev.decant.systemd.Units;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides from facts what a deploy does. Pure: it asks nobody and changes nothing.
public final class Planner {

    /// What unpacking takes beyond the files themselves, and what a host should keep free.
    private static final long MARGIN = 32L << 20;

    private final Config config;
    private final Release release;
    private final Map<String, Delta> deltas;
    private final Set<String> given;
    private final boolean again;

    private Planner(
            Config config,
            Release release,
            Map<String, Delta> deltas,
            Set<String> given,
            boolean again) {
        this.config = config;
        this.release = release;
        this.deltas = deltas;
        this.given = given;
        this.again = again;
    }

    /// @param facts of every host of the config, by its name
    /// @param deltas what hosts lack of the release, by their names; none for one that has it
    /// @param given names of secrets that have a value on this side
    /// @param again deploy even where nothing would change
    /// @throws Failure with every problem of every host, if there is one: then no host is to be
    ///   changed
    public static Plan plan(
            Config config,
            Release release,
            Map<String, HostFacts> facts,
            Map<String, Delta> deltas,
            Set<String> given,
            boolean again) {
        Planner planner = new Planner(config, release, deltas, given, again);
        List<Problem> problems = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            problems.addAll(planner.problems(fact(facts, host)));
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        boolean newCode =
                config.hosts().stream()
                        .anyMatch(
                                host ->
                                        !fact(facts, host)
                                                .liveDeployment()
                                                .map(live -> live.release().equals(release.id()))
                                                .orElse(false));
        List<HostPlan> hosts = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            boolean migrates =
                    newCode && config.migrate().isPresent() && host.equals(config.migrationHost());
            hosts.add(planner.hostPlan(fact(facts, host), migrates));
        }
        return new Plan(config.names().unit(), release.id(), hosts);
    }

    /// Decides what it takes to get the release onto the hosts, and no more: nothing of it serves.
    ///
    /// @throws Failure as [#plan]
    public static Plan upload(
            Config config,
            Release release,
            Map<String, HostFacts> facts,
            Map<String, Delta> deltas) {
        Planner planner = new Planner(config, release, deltas, Set.of(), false);
        List<Problem> problems = new ArrayList<>();
        List<HostPlan> hosts = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            HostFacts fact = fact(facts, host);
            problems.addAll(planner.transferProblems(fact));
            hosts.add(
                    new HostPlan(
                            fact.host(),
                            fact.liveDeployment().map(live -> live.release()),
                            planner.sending(fact),
                            List.of()));
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return new Plan(config.names().unit(), release.id(), hosts);
    }

    private List<Step> sending(HostFacts facts) {
        Delta delta = deltas.get(facts.host());
        return delta == null ? List.of() : List.of(new Step.Send(release.id(), delta));
    }

    private static HostFacts fact(Map<String, HostFacts> facts, HostConfig host) {
        HostFacts fact = facts.get(host.name());
        if (fact == null) {
            throw new IllegalArgumentException("No facts of " + host.name());
        }
        return fact;
    }

    private List<Problem> problems(HostFacts facts) {
        List<Problem> problems = new ArrayList<>(transferProblems(facts));
        if (isSetUp(facts)) {
            problems.addAll(0, unitProblems(facts));
            problems.addAll(privilegeProblems(facts));
            problems.addAll(secretProblems(facts));
        }
        return problems;
    }

    private static boolean isSetUp(HostFacts facts) {
        return facts.setUp() && facts.hostProgram().isPresent();
    }

    private List<Problem> transferProblems(HostFacts facts) {
        if (!isSetUp(facts)) {
            return List.of(new HostProblem.NotSetUp(facts.host()));
        }
        List<Problem> problems = new ArrayList<>();
        if (!isOwnProgram(facts)) {
            problems.add(new DeployProblem.SetupIsOld(facts.host(), "The host program"));
        }
        targetProblem(facts, problems);
        Delta delta = deltas.get(facts.host());
        // Twice, as it arrives and unpacked.
        long needed = delta == null ? 0 : 2 * delta.size() + MARGIN;
        if (facts.freeBytes() < needed) {
            problems.add(new DeployProblem.DiskTooFull(facts.host(), needed, facts.freeBytes()));
        }
        if (delta != null
                && facts.store().signers()
                && !release.signed()
                && config.signingKey().isEmpty()) {
            problems.add(new DeployProblem.NotSigned(facts.host(), release.id().value()));
        }
        return problems;
    }

    private List<Problem> secretProblems(HostFacts facts) {
        List<Problem> problems = new ArrayList<>();
        List<String> missing =
                config.secrets().stream()
                        .filter(name -> !given.contains(name) && !facts.secrets().contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            problems.add(new DeployProblem.SecretMissing(facts.host(), missing));
        }
        return problems;
    }

    private List<Problem> privilegeProblems(HostFacts facts) {
        if (!isOwnProgram(facts)) {
            return List.of();
        }
        if (!facts.privilege().equals(config.privilege().word())) {
            return List.of(
                    new DeployProblem.SetupIsOld(
                            facts.host(), "The privilege (" + facts.privilege() + ")"));
        }
        return config.privilege() == Privilege.STRICT && config.signingKey().isEmpty()
                ? List.of(new DeployProblem.NoKeyForOrders(facts.host()))
                : List.of();
    }

    private List<Problem> unitProblems(HostFacts facts) {
        Units units = Settings.units(config, facts.systemd());
        boolean same =
                facts.serviceUnit().equals(Optional.of(Digest.of(units.service())))
                        && facts.evalUnit().equals(Optional.of(Digest.of(units.eval())));
        // Where the program is another, setup is needed anyway, and one reason will do.
        return same || !isOwnProgram(facts)
                ? List.of()
                : List.of(
                        new DeployProblem.SetupIsOld(
                                facts.host(), "The unit " + config.names().unit() + ".service"));
    }

    private static boolean isOwnProgram(HostFacts facts) {
        return facts.hostProgram().equals(Optional.of(HostProgram.digest()));
    }

    private void targetProblem(HostFacts facts, List<Problem> problems) {
        Target target = release.manifest().target();
        if (!facts.os().equals(target.os()) || !facts.arch().equals(target.arch())) {
            problems.add(
                    new DeployProblem.WrongMachine(
                            facts.host(),
                            target.os() + " on " + target.arch(),
                            facts.os() + " on " + facts.arch()));
        } else if (target.libc().equals("glibc")
                && (!facts.libc().equals("glibc")
                        || Target.compareVersions(facts.libcVersion(), target.libcVersion()) < 0)) {
            problems.add(
                    new DeployProblem.OldLibc(
                            facts.host(),
                            "glibc " + target.libcVersion(),
                            facts.libc().equals("glibc")
                                    ? "glibc " + facts.libcVersion()
                                    : "another C library"));
        } else if (!facts.lacks().isEmpty()) {
            problems.add(new DeployProblem.LacksLibraries(facts.host(), facts.lacks()));
        }
    }

    private HostPlan hostPlan(HostFacts facts, boolean migrates) {
        List<String> notes = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        var live = facts.liveDeployment();
        if (facts.activating().isPresent()) {
            steps.add(new Step.Settle());
            notes.add(
                    "deployment "
                            + facts.activating().getAsInt()
                            + (facts.applying() ? " is still being activated" : " was cut short"));
        }
        if (steps.isEmpty() && !again && isAsWanted(facts)) {
            return new HostPlan(
                    facts.host(), live.map(deployment -> deployment.release()), List.of(), notes);
        }
        steps.addAll(sending(facts));
        Set<String> names = new HashSet<>(given);
        names.retainAll(config.secrets());
        steps.add(
                new Step.Prepare(
                        release.id(),
                        names.stream().sorted().toList(),
                        config.secrets().stream().filter(name -> !names.contains(name)).toList()));
        steps.add(new Step.Preflight());
        if (migrates) {
            steps.add(new Step.Migrate(config.migrate().orElseThrow()));
        }
        steps.add(new Step.Activate(release.id(), config.service().confirmTimeout()));
        steps.add(new Step.Prune(config.keepReleases()));
        if (live.isEmpty()) {
            notes.add("first deploy: there is nothing to go back to if it fails");
        } else if (live.get().release().equals(release.id())) {
            notes.add("same release, other settings or secrets");
        } else {
            notes.add("one instance is restarted: requests are refused for a second or two");
        }
        if (!facts.service().running() && live.isPresent()) {
            notes.add("the service is " + facts.service().state() + " now");
        }
        return new HostPlan(
                facts.host(), live.map(deployment -> deployment.release()), steps, notes);
    }

    /// Values of secrets cannot be compared from here, so that one which is given counts as a
    /// change.
    private boolean isAsWanted(HostFacts facts) {
        Settings wanted = Settings.of(config);
        return facts.liveDeployment().map(live -> live.release().equals(release.id())).orElse(false)
                && facts.current().equals(Optional.of(release.id()))
                && facts.service().running()
                && facts.environment().equals(Optional.of(wanted.environmentDigest()))
                && facts.settings().equals(Optional.of(wanted.settingsDigest()))
                && config.secrets().stream().noneMatch(given::contains)
                && Set.copyOf(config.secrets()).equals(Set.copyOf(facts.secrets()));
    }
}
