package dev.decant.deploy;

import dev.decant.config.AssetsConfig;
import dev.decant.config.Config;
import dev.decant.config.HooksConfig.Moment;
import dev.decant.config.HostConfig;
import dev.decant.config.ServiceConfig;
import dev.decant.config.Strategy;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Delta;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Target;
import dev.decant.secrets.Secret;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Decides from facts what a deploy does. Pure: it asks nobody and changes nothing.
public final class Planner {

    /// What unpacking takes beyond the files themselves, and what a host should keep free.
    private static final long MARGIN = 32L << 20;

    /// What an instance of a small app was seen to take, in bytes.
    private static final long SMALL_INSTANCE = 100_000_000;

    private final Config config;
    private final ReleaseId id;
    private final Map<String, Delta> deltas;
    private final List<Secret> given;
    private final boolean again;
    private final HostChecks checks;

    private Planner(
            Config config,
            ReleaseId id,
            Map<String, Delta> deltas,
            List<Secret> given,
            boolean again) {
        this.config = config;
        this.id = id;
        this.deltas = deltas;
        this.given =
                given.stream().filter(secret -> config.secrets().contains(secret.name())).toList();
        this.again = again;
        this.checks = new HostChecks(config, names());
    }

    /// @param facts of every host of the config, by its name
    /// @param deltas what hosts lack of the release, by their names; none for one that has it
    /// @param given secrets that have a value on this side
    /// @param again deploy even where nothing would change
    /// @throws Failure with every problem of every host, if there is one: then no host is to be
    ///   changed
    public static Plan plan(
            Config config,
            Release release,
            Map<String, HostFacts> facts,
            Map<String, Delta> deltas,
            List<Secret> given,
            boolean again) {
        Planner planner = new Planner(config, release.id(), deltas, given, again);
        List<Problem> problems = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            problems.addAll(planner.problems(release, fact(facts, host)));
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
        return new Plan(
                config.names().unit(),
                release.id(),
                release.manifest().target().needs(),
                hosts,
                config.rollout().batches(working(hosts)),
                hooks(config, hosts),
                hosts.stream().allMatch(HostPlan::nothingToDo)
                        ? Optional.empty()
                        : config.assets().map(AssetsConfig::url));
    }

    /// Decides what it takes for hosts to have the settings and secrets that are here, in the
    /// release that they serve: what a deploy of it would do, but nothing that is for a release
    /// (what is sent and pruned, migrations, programs that are run at moments of a deploy).
    ///
    /// @param given secrets that have a value on this side
    /// @throws Failure with every problem of every host; one is that they serve different releases
    public static Plan push(Config config, Map<String, HostFacts> facts, List<Secret> given) {
        ReleaseId id = Rollback.restart(facts).release();
        Planner planner = new Planner(config, id, Map.of(), given, false);
        List<Problem> problems = new ArrayList<>();
        List<HostPlan> hosts = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            HostFacts fact = fact(facts, host);
            problems.addAll(planner.checks.settings(fact));
            problems.addAll(HostChecks.room(fact, MARGIN));
            hosts.add(planner.hostPlan(fact, false).without(Step.Prune.class));
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return new Plan(
                config.names().unit(),
                id,
                List.of(),
                hosts,
                config.rollout().batches(working(hosts)),
                Map.of(),
                Optional.empty());
    }

    private static List<String> working(List<HostPlan> hosts) {
        return hosts.stream().filter(host -> !host.nothingToDo()).map(HostPlan::host).toList();
    }

    private static Map<Moment, List<String>> hooks(Config config, List<HostPlan> hosts) {
        Map<Moment, List<String>> hooks = new EnumMap<>(Moment.class);
        hooks.putAll(config.hooks().programs());
        if (hosts.stream().allMatch(HostPlan::nothingToDo)) {
            hooks.clear();
        }
        if (hosts.stream().noneMatch(HostPlan::migrates)) {
            hooks.remove(Moment.AFTER_MIGRATE);
        }
        return hooks;
    }

    /// What is wrong with the hosts, whatever is to be deployed.
    ///
    /// @param facts of every host of the config, by its name
    /// @param given names of secrets that have a value on this side
    public static List<Problem> problems(
            Config config, Map<String, HostFacts> facts, Set<String> given) {
        HostChecks checks = new HostChecks(config, given);
        List<Problem> problems = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            HostFacts fact = fact(facts, host);
            problems.addAll(checks.settings(fact));
            problems.addAll(HostChecks.room(fact, MARGIN));
        }
        return problems;
    }

    /// Decides what it takes to get the release onto the hosts, and no more: nothing of it serves.
    ///
    /// @throws Failure as [#plan]
    public static Plan upload(
            Config config,
            Release release,
            Map<String, HostFacts> facts,
            Map<String, Delta> deltas) {
        Planner planner = new Planner(config, release.id(), deltas, List.of(), false);
        List<Problem> problems = new ArrayList<>();
        List<HostPlan> hosts = new ArrayList<>();
        for (HostConfig host : config.hosts()) {
            HostFacts fact = fact(facts, host);
            problems.addAll(planner.transferProblems(release, fact));
            hosts.add(
                    new HostPlan(
                            fact.host(),
                            fact.osRelease(),
                            fact.liveDeployment().map(live -> live.release()),
                            fact.live(),
                            planner.sending(fact),
                            List.of()));
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return new Plan(
                config.names().unit(),
                release.id(),
                release.manifest().target().needs(),
                hosts,
                List.of(),
                Map.of(),
                Optional.empty());
    }

    private List<Step> sending(HostFacts facts) {
        Delta delta = deltas.get(facts.host());
        return delta == null
                ? List.of()
                : List.of(new Step.Send(id, delta, config.store().isPresent()));
    }

    private static HostFacts fact(Map<String, HostFacts> facts, HostConfig host) {
        HostFacts fact = facts.get(host.name());
        if (fact == null) {
            throw new IllegalArgumentException("No facts of " + host.name());
        }
        return fact;
    }

    private List<Problem> problems(Release release, HostFacts facts) {
        List<Problem> problems = new ArrayList<>(transferProblems(release, facts));
        if (HostChecks.isSetUp(facts)) {
            problems.addAll(0, checks.units(facts));
            problems.addAll(checks.privilege(facts));
            problems.addAll(checks.secrets(facts));
        }
        return problems;
    }

    private List<Problem> transferProblems(Release release, HostFacts facts) {
        List<Problem> problems = new ArrayList<>(HostChecks.setUp(facts));
        if (!HostChecks.isSetUp(facts)) {
            return problems;
        }
        targetProblem(release, facts, problems);
        Delta delta = deltas.get(facts.host());
        // Twice, as it arrives and unpacked.
        long needed = delta == null ? 0 : 2 * delta.size() + MARGIN;
        problems.addAll(HostChecks.room(facts, needed));
        if (delta != null
                && facts.store().signers()
                && !release.signed()
                && config.signingKey().isEmpty()) {
            problems.add(new DeployProblem.NotSigned(facts.host(), release.id().value()));
        }
        return problems;
    }

    private static void targetProblem(Release release, HostFacts facts, List<Problem> problems) {
        Target target = release.manifest().target();
        Misfit.Host host = new Misfit.Host(facts.host(), facts.osRelease());
        boolean anyArch = target.arch().equals(Target.ANY);
        if (!facts.os().equals(target.os()) || !(anyArch || facts.arch().equals(target.arch()))) {
            problems.add(
                    new Misfit.WrongMachine(
                            host,
                            release.manifest().emulator(),
                            target.os() + " on " + target.arch(),
                            facts.os() + " on " + facts.arch()));
            return;
        }
        boolean glibc = facts.libc().equals(Target.GLIBC);
        if (target.libc().equals(Target.GLIBC)
                && (!glibc
                        || Target.compareVersions(facts.libcVersion(), target.libcVersion()) < 0)) {
            problems.add(
                    new Misfit.OldLibc(
                            host,
                            neededBy(target, Target.GLIBC),
                            Target.GLIBC + " " + target.libcVersion(),
                            glibc
                                    ? Target.GLIBC + " " + facts.libcVersion()
                                    : "another C library"));
        }
        // Where the C library is another, none of its libraries is of use.
        if (!facts.lacks().isEmpty() && (glibc || !target.libc().equals(Target.GLIBC))) {
            problems.add(
                    new Misfit.LacksLibraries(
                            host,
                            facts.lacks().stream()
                                    .map(
                                            soname ->
                                                    new Misfit.Library(
                                                            neededBy(target, soname),
                                                            soname,
                                                            facts.inPlaceOf(soname)))
                                    .toList()));
        }
    }

    private static String neededBy(Target target, String need) {
        return target.neededBy().getOrDefault(need, "The release");
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
                    facts.host(),
                    facts.osRelease(),
                    live.map(deployment -> deployment.release()),
                    facts.live(),
                    List.of(),
                    notes);
        }
        steps.addAll(sending(facts));
        Set<String> names = names();
        steps.add(
                new Step.Prepare(
                        id,
                        names.stream().sorted().toList(),
                        wanted(facts).stream().filter(name -> !names.contains(name)).toList()));
        steps.add(new Step.Preflight());
        if (migrates) {
            steps.add(new Step.Migrate(config.migrate().orElseThrow()));
        }
        Optional<Step.Beside> beside =
                config.service().beside() ? Optional.of(beside(facts)) : Optional.empty();
        steps.add(new Step.Activate(id, config.health().confirmTimeout(), beside));
        steps.add(new Step.Prune(config.keepReleases()));
        if (live.isEmpty()) {
            notes.add("first deploy: there is nothing to go back to if it fails");
        } else if (live.get().release().equals(id)) {
            notes.add("same release, other settings or secrets");
        }
        if (beside.isEmpty()) {
            if (live.isPresent()) {
                notes.add("one instance is restarted: requests are refused for a second or two");
            }
        } else {
            memory(facts).ifPresent(notes::add);
        }
        if (config.service().strategy() == Strategy.SOCKET && live.isPresent()) {
            notes.add(
                    "both share the socket: the new release is met by the world as soon as it"
                            + " listens, before it is known to be healthy");
        }
        if (facts.maintenance().isPresent()) {
            notes.add(
                    "visitors see the maintenance page, and do so afterwards, until"
                            + " decant maintenance off");
        }
        if (!facts.unpublished().isEmpty()) {
            notes.add(
                    "public ports that lead nowhere now, since the firewall was changed: "
                            + String.join(
                                    ", ",
                                    facts.unpublished().stream()
                                            .map(ports -> ports.replace(' ', ':'))
                                            .toList()));
        }
        if (!facts.service().running() && live.isPresent()) {
            notes.add("the service is " + facts.service().state() + " now");
        }
        return new HostPlan(
                facts.host(),
                facts.osRelease(),
                live.map(deployment -> deployment.release()),
                facts.live(),
                steps,
                notes);
    }

    private Step.Beside beside(HostFacts facts) {
        ServiceConfig service = config.service();
        boolean serves = facts.live().isPresent();
        // As `spare_slot` has it in the host program, whose word counts.
        int slot = facts.service().slot() == 1 || (facts.service().slot() == 0 && serves) ? 2 : 1;
        int offset = slot == 2 ? service.slotOffset() : 0;
        String name = config.names().unit();
        String old =
                !serves
                        ? ""
                        : facts.service().slot() == 0 ? name : name + "@" + facts.service().slot();
        return new Step.Beside(
                service.strategy(),
                name + "@" + slot,
                service.port() + offset,
                service.publicPorts().stream().map(port -> port.shifted(offset)).toList(),
                old,
                service.drainTimeout(),
                service.keepWarm());
    }

    /// A second instance takes about what the first has; of the first nothing is known but what
    /// small ones take.
    private static Optional<String> memory(HostFacts facts) {
        long needed =
                facts.service().bytes() > 0
                        ? facts.service().bytes() + facts.service().bytes() / 10
                        : SMALL_INSTANCE;
        return facts.availableBytes() > needed
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "memory for a second instance is short: %.0f MB are available, and"
                                        + " it may take %.0f MB while both run",
                                facts.availableBytes() / 1e6,
                                needed / 1e6));
    }

    private Set<String> names() {
        return given.stream().map(Secret::name).collect(Collectors.toSet());
    }

    /// One that is given and is not known to be what the host has counts as a change.
    private boolean isAsWanted(HostFacts facts) {
        Settings wanted = Settings.of(config);
        return facts.liveDeployment().map(live -> live.release().equals(id)).orElse(false)
                && facts.current().equals(Optional.of(id))
                && facts.service().running()
                && facts.environment().equals(Optional.of(wanted.environmentDigest()))
                && facts.settings().equals(Optional.of(wanted.settingsDigest()))
                && facts.livePorts().equals(facts.ports())
                && facts.unpublished().isEmpty()
                && given.stream().allMatch(facts.secrets()::has)
                && wanted(facts).equals(Set.copyOf(facts.secrets().names()));
    }

    /// Those that the deployment is to have. The host may have others from what it asks itself.
    private Set<String> wanted(HostFacts facts) {
        Set<String> wanted = new TreeSet<>(config.secrets());
        if (!config.bootSources().isEmpty()) {
            Set<String> names = names();
            wanted.removeIf(name -> !names.contains(name) && !facts.secrets().has(name));
        }
        return wanted;
    }
}
