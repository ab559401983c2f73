package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.PublicPort;
import dev.decant.config.Strategy;
import dev.decant.host.Deployment.Verdict;
import dev.decant.host.HistoryEntry;
import dev.decant.host.HostFacts;
import dev.decant.host.HostPast;
import dev.decant.io.Digest;
import dev.decant.release.FileChanges;
import dev.decant.release.FileList;
import dev.decant.release.Parcel;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.secrets.Secret;
import dev.decant.systemd.EnvironmentFile;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/// What is another on a host when its plan has been carried out, as far as that can be known before
/// anything is run: of what a migration finds, it cannot. Of values of secrets there is nothing in
/// it, whoever may know them.
///
/// @param files of the release; empty where nobody knows what the one has that serves
/// @param firstRelease nothing serves: all of its files are new
/// @param variables of the deployment's settings that are new, others or gone; empty where it is
///   known only that some are
/// @param checks the health check or an expression for migrations and seeds is another
/// @param secrets names
/// @param ports public ones that lead elsewhere afterwards
/// @param migrations files that the release which serves has not; empty as `files`
/// @param migrates they are run on this host
public record HostChanges(
        Optional<FileChanges> files,
        boolean firstRelease,
        Optional<List<Variable>> variables,
        boolean checks,
        Secrets secrets,
        List<Port> ports,
        Optional<List<Migration>> migrations,
        boolean migrates,
        Estimate estimate) {

    /// A systemd that knows all.
    private static final int NEWEST = 999;

    /// How many deploys are looked at.
    private static final int LATEST = 5;

    public HostChanges {
        ports = List.copyOf(ports);
    }

    /// @param from empty where it is new
    /// @param to empty where it goes
    /// @param hidden it is one of the app's secrets, or was: no value is there
    public record Variable(
            String name, Optional<String> from, Optional<String> to, boolean hidden) {

        static final String HIDDEN = "<hidden>";

        private Variable redacted() {
            return new Variable(name, from.map(_ -> HIDDEN), to.map(_ -> HIDDEN), true);
        }
    }

    /// @param given those that have a value here, which the host gets
    /// @param kept those whose values the host has
    /// @param added those of `given` that it had none of
    /// @param changed those of `given` that it had other values of
    /// @param removed those that decant.toml does not list any more
    public record Secrets(
            List<String> given,
            List<String> kept,
            List<String> added,
            List<String> changed,
            List<String> removed) {}

    /// @param from where it leads; empty for nowhere
    /// @param to likewise
    public record Port(int port, OptionalInt from, OptionalInt to) {}

    /// @param bytes to be sent at most, since it is not known how well they can be compressed
    /// @param took from settings to serving: the median of the latest deploys; empty where the host
    ///   remembers none
    /// @param deploys of how many
    public record Estimate(long bytes, Optional<Duration> took, int deploys) {}

    /// What changes on each host on which something is done, in the order of the plan.
    ///
    /// @param given secrets that have a value on this side
    /// @param facts with what hosts remember, if they were asked for it
    public static Map<String, HostChanges> of(
            Plan plan,
            Config config,
            Parcels parcels,
            List<Secret> given,
            Map<String, HostFacts> facts) {
        return of(
                plan,
                config,
                parcels.release(),
                given,
                facts,
                (host, id) -> parcels.files(host.store(), id));
    }

    static Map<String, HostChanges> of(
            Plan plan,
            Config config,
            Release release,
            List<Secret> given,
            Map<String, HostFacts> facts,
            BiFunction<HostFacts, ReleaseId, Optional<FileList>> files) {
        // Mostly all hosts serve the same, which is compared once.
        Map<Served, Optional<Compared>> compared = new HashMap<>();
        Map<String, HostChanges> changes = new LinkedHashMap<>();
        for (HostPlan host : plan.hosts()) {
            if (host.nothingToDo()) {
                continue;
            }
            HostFacts fact = Objects.requireNonNull(facts.get(host.host()));
            Served served =
                    new Served(
                            host.serving(),
                            host.serving()
                                    .flatMap(
                                            id ->
                                                    Optional.ofNullable(
                                                            fact.store().holds().get(id))));
            Optional<Compared> difference = compared.get(served);
            if (difference == null) {
                difference =
                        served(host, fact, release, files)
                                .map(old -> Compared.of(old, release.files()));
                compared.put(served, difference);
            }
            changes.put(host.host(), of(host, config, given, fact, difference));
        }
        return changes;
    }

    /// As [#of(Plan, Config, Parcels, List, Map)], in the release that each host serves.
    public static Map<String, HostChanges> ofPush(
            Plan plan, Config config, List<Secret> given, Map<String, HostFacts> facts) {
        FileList none = new FileList(List.of());
        Optional<Compared> same = Optional.of(Compared.of(none, none));
        Map<String, HostChanges> changes = new LinkedHashMap<>();
        for (HostPlan host : plan.hosts()) {
            if (!host.nothingToDo()) {
                HostFacts fact = Objects.requireNonNull(facts.get(host.host()));
                changes.put(host.host(), of(host, config, given, fact, same));
            }
        }
        return changes;
    }

    /// @param files digest of its list, as far as the host has said it
    private record Served(Optional<ReleaseId> release, Optional<Digest> files) {}

    private record Compared(FileChanges files, List<Migration> migrations) {
        static Compared of(FileList before, FileList after) {
            return new Compared(FileChanges.of(before, after), Migration.added(before, after));
        }
    }

    private static Optional<FileList> served(
            HostPlan host,
            HostFacts facts,
            Release release,
            BiFunction<HostFacts, ReleaseId, Optional<FileList>> files) {
        if (host.serving().isEmpty()) {
            return Optional.of(new FileList(List.of()));
        }
        return host.serving().get().equals(release.id())
                ? Optional.of(release.files())
                : files.apply(facts, host.serving().get());
    }

    private static HostChanges of(
            HostPlan plan,
            Config config,
            List<Secret> values,
            HostFacts facts,
            Optional<Compared> compared) {
        Settings wanted = Settings.of(config);
        return new HostChanges(
                compared.map(Compared::files),
                plan.serving().isEmpty(),
                variables(config, wanted, facts),
                facts.live().isPresent()
                        && !facts.settings().equals(Optional.of(wanted.settingsDigest())),
                secrets(plan, config, values, facts),
                ports(plan, config, facts),
                compared.map(Compared::migrations),
                plan.migrates(),
                estimate(plan, facts.past()));
    }

    private static Optional<List<Variable>> variables(
            Config config, Settings wanted, HostFacts facts) {
        if (facts.environment().equals(Optional.of(wanted.environmentDigest()))) {
            return Optional.of(List.of());
        }
        Optional<Map<String, String>> before = variables(facts);
        Map<String, String> after =
                EnvironmentFile.read(wanted.environment().getBytes(StandardCharsets.UTF_8), NEWEST)
                        .orElseThrow();
        Set<String> hidden = new HashSet<>(Set.of("RELEASE_COOKIE"));
        hidden.addAll(config.secrets());
        hidden.addAll(facts.secrets().names());
        return before.map(old -> differing(old, after, hidden));
    }

    /// What the host serves with, if it says so; none where it serves nothing.
    static Optional<Map<String, String>> variables(HostFacts facts) {
        return facts.live().isEmpty() ? Optional.of(Map.of()) : facts.past().variables();
    }

    private static List<Variable> differing(
            Map<String, String> before, Map<String, String> after, Set<String> hidden) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Variable> variables = new ArrayList<>();
        for (String name : names) {
            Variable variable =
                    new Variable(
                            name,
                            Optional.ofNullable(before.get(name)),
                            Optional.ofNullable(after.get(name)),
                            false);
            if (!variable.from().equals(variable.to())) {
                variables.add(hidden.contains(name) ? variable.redacted() : variable);
            }
        }
        return variables;
    }

    private static Secrets secrets(
            HostPlan plan, Config config, List<Secret> values, HostFacts facts) {
        List<String> given = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step instanceof Step.Prepare prepare) {
                given.addAll(prepare.given());
                kept.addAll(prepare.kept());
            }
        }
        return new Secrets(
                given,
                kept,
                given.stream().filter(name -> !facts.secrets().has(name)).toList(),
                values.stream()
                        .filter(secret -> given.contains(secret.name()))
                        .filter(secret -> facts.secrets().has(secret.name()))
                        .filter(secret -> !facts.secrets().has(secret))
                        .map(Secret::name)
                        .sorted()
                        .toList(),
                facts.secrets().names().stream()
                        .filter(name -> !config.secrets().contains(name))
                        .toList());
    }

    private static List<Port> ports(HostPlan plan, Config config, HostFacts facts) {
        // What shares a socket leads nowhere.
        if (config.service().strategy() == Strategy.SOCKET) {
            return List.of();
        }
        Map<Integer, Integer> before = new TreeMap<>();
        for (String line : facts.published()) {
            String[] words = line.split(" ");
            before.put(Integer.valueOf(words[0]), Integer.valueOf(words[1]));
        }
        Map<Integer, Integer> after = new TreeMap<>();
        for (Step step : plan.steps()) {
            if (step instanceof Step.Activate activate && activate.beside().isPresent()) {
                for (PublicPort port : activate.beside().get().publicPorts()) {
                    after.put(port.port(), port.to());
                }
            }
        }
        Set<Integer> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        return all.stream()
                .map(port -> new Port(port, number(before.get(port)), number(after.get(port))))
                .filter(port -> !port.from().equals(port.to()))
                .toList();
    }

    private static OptionalInt number(@Nullable Integer port) {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static Estimate estimate(HostPlan plan, HostPast past) {
        long bytes =
                plan.steps().stream()
                        .mapToLong(
                                step ->
                                        step instanceof Step.Send send
                                                ? Parcel.sizeAtMost(send.delta())
                                                : 0)
                        .sum();
        List<Long> took =
                past.history().reversed().stream()
                        .filter(
                                entry ->
                                        entry.what().equals("deploy")
                                                && entry.result().equals(Verdict.LIVE.word()))
                        .map(HistoryEntry::milliseconds)
                        .flatMap(Optional::stream)
                        .limit(LATEST)
                        .sorted()
                        .toList();
        return new Estimate(
                bytes,
                took.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(took.get(took.size() / 2))),
                took.size());
    }
}
