package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.host.HostFacts;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;
import dev.decant.secrets.Secret;
import dev.decant.systemd.EnvironmentFile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// What decant.toml and the sources of secrets say, against what the live deployments of hosts
/// have; and where hosts differ from each other.
///
/// @param hosts in the order of decant.toml
/// @param drifts nothing of what hosts agree on
public record EnvironmentDiff(List<OnHost> hosts, List<Drift> drifts) {

    /// A systemd that knows all.
    private static final int NEWEST = 999;

    public EnvironmentDiff {
        hosts = List.copyOf(hosts);
        drifts = List.copyOf(drifts);
    }

    /// @param release that serves; empty before the first deploy
    /// @param entries variables by name, then secrets by name
    /// @param unknown its variables are others, and it does not say which
    /// @param checks the health check or an expression for migrations and seeds is another
    public record OnHost(
            String host,
            Optional<ReleaseId> release,
            List<Entry> entries,
            boolean unknown,
            boolean checks) {

        public OnHost {
            entries = List.copyOf(entries);
        }

        public boolean differs() {
            return unknown
                    || checks
                    || entries.stream().anyMatch(entry -> entry.state().difference);
        }

        private OnHost secretsOnly() {
            return new OnHost(
                    host, release, entries.stream().filter(Entry::secret).toList(), false, false);
        }
    }

    /// @param here the value; of a secret its digest, and of what has become one nothing
    /// @param there likewise
    public record Entry(
            String name,
            boolean secret,
            State state,
            Optional<String> here,
            Optional<String> there) {}

    public enum State {
        SAME(false),
        DIFFERS(true),
        ONLY_HERE(true),
        ONLY_THERE(true),
        /// A secret that nobody gives, of which the host has a value.
        KEPT(false),
        /// A secret that nobody gives, of which the host has none either.
        MISSING(true);

        private final boolean difference;

        State(boolean difference) {
            this.difference = difference;
        }
    }

    public enum What {
        RELEASE,
        CHECKS,
        VARIABLE,
        SECRET
    }

    /// Something in which hosts that serve differ.
    ///
    /// @param name of the variable or secret; empty for what has none
    /// @param values at least two
    public record Drift(What what, String name, List<Having> values) {}

    /// @param value of a secret the digest; empty for those that have none
    public record Having(Optional<String> value, List<String> hosts) {}

    public boolean differs() {
        return !drifts.isEmpty() || hosts.stream().anyMatch(OnHost::differs);
    }

    /// Without what is no secret.
    public EnvironmentDiff secretsOnly() {
        return new EnvironmentDiff(
                hosts.stream().map(OnHost::secretsOnly).toList(),
                drifts.stream().filter(drift -> drift.what() == What.SECRET).toList());
    }

    /// @param secrets that have a value on this side
    /// @param facts of every host of the config, with what they remember
    /// @throws Failure for hosts that are not set up by this Decant, which cannot be asked
    public static EnvironmentDiff of(
            Config config, List<Secret> secrets, Map<String, HostFacts> facts) {
        List<HostFacts> all =
                config.hosts().stream()
                        .map(HostConfig::name)
                        .map(name -> Objects.requireNonNull(facts.get(name)))
                        .toList();
        List<Problem> problems =
                all.stream().flatMap(fact -> HostChecks.setUp(fact).stream()).toList();
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        // What is a secret anywhere is one everywhere.
        Set<String> hidden = new HashSet<>(config.secrets());
        hidden.add("RELEASE_COOKIE");
        all.forEach(fact -> hidden.addAll(fact.secrets().names()));
        Settings wanted = Settings.of(config);
        return new EnvironmentDiff(
                all.stream().map(fact -> of(config, wanted, secrets, hidden, fact)).toList(),
                drifts(hidden, all));
    }

    private static OnHost of(
            Config config,
            Settings wanted,
            List<Secret> secrets,
            Set<String> hidden,
            HostFacts facts) {
        Map<String, String> here = variables(wanted.environment());
        boolean same = facts.environment().equals(Optional.of(wanted.environmentDigest()));
        Optional<Map<String, String>> there =
                same ? Optional.of(here) : HostChanges.variables(facts);
        List<Entry> entries = new ArrayList<>();
        there.ifPresent(
                variables -> {
                    for (String name : names(here.keySet(), variables.keySet())) {
                        entries.add(
                                variable(
                                        name,
                                        Optional.ofNullable(here.get(name)),
                                        Optional.ofNullable(variables.get(name)),
                                        hidden));
                    }
                });
        SortedMap<String, String> given = new TreeMap<>();
        for (Secret secret : secrets) {
            if (config.secrets().contains(secret.name())) {
                given.put(secret.name(), facts.secrets().digest(secret));
            }
        }
        for (String name : names(config.secrets(), facts.secrets().names())) {
            Optional<String> value = Optional.ofNullable(given.get(name));
            Optional<String> has = Optional.ofNullable(facts.secrets().digests().get(name));
            State state =
                    value.isPresent()
                            ? state(value, has)
                            : !config.secrets().contains(name)
                                    ? State.ONLY_THERE
                                    : has.isPresent() ? State.KEPT : State.MISSING;
            // What neither has, the host may ask for itself.
            if (state != State.MISSING || config.bootSources().isEmpty()) {
                entries.add(new Entry(name, true, state, value, has));
            }
        }
        return new OnHost(
                facts.host(),
                facts.liveDeployment().map(live -> live.release()),
                entries,
                there.isEmpty(),
                facts.live().isPresent()
                        && !facts.settings().equals(Optional.of(wanted.settingsDigest())));
    }

    private static Entry variable(
            String name, Optional<String> here, Optional<String> there, Set<String> hidden) {
        return hidden.contains(name)
                ? new Entry(name, false, state(here, there), Optional.empty(), Optional.empty())
                : new Entry(name, false, state(here, there), here, there);
    }

    private static State state(Optional<String> here, Optional<String> there) {
        return there.isEmpty()
                ? State.ONLY_HERE
                : here.isEmpty()
                        ? State.ONLY_THERE
                        : here.equals(there) ? State.SAME : State.DIFFERS;
    }

    private static Map<String, String> variables(String environment) {
        return EnvironmentFile.read(environment.getBytes(StandardCharsets.UTF_8), NEWEST)
                .orElseThrow();
    }

    private static Set<String> names(Iterable<String> some, Iterable<String> others) {
        Set<String> names = new TreeSet<>();
        some.forEach(names::add);
        others.forEach(names::add);
        return names;
    }

    /// Hosts that serve nothing differ from all others in everything, which nobody need be told.
    private static List<Drift> drifts(Set<String> hidden, List<HostFacts> all) {
        List<Drift> drifts = new ArrayList<>();
        add(
                drifts,
                What.RELEASE,
                "",
                all,
                fact -> fact.liveDeployment().map(live -> live.release().value()));
        List<HostFacts> serving = all.stream().filter(fact -> fact.live().isPresent()).toList();
        add(drifts, What.CHECKS, "", serving, fact -> fact.settings().map(Digest::hex));
        // Of those that do not say what they have nothing is known.
        List<HostFacts> telling =
                serving.stream().filter(fact -> HostChanges.variables(fact).isPresent()).toList();
        Set<String> variables = new TreeSet<>();
        telling.forEach(fact -> variables.addAll(variables(fact).keySet()));
        variables.removeAll(hidden);
        for (String name : variables) {
            add(
                    drifts,
                    What.VARIABLE,
                    name,
                    telling,
                    fact -> Optional.ofNullable(variables(fact).get(name)));
        }
        Set<String> secrets = new TreeSet<>();
        serving.forEach(fact -> secrets.addAll(fact.secrets().names()));
        for (String name : secrets) {
            add(
                    drifts,
                    What.SECRET,
                    name,
                    serving,
                    fact -> Optional.ofNullable(fact.secrets().digests().get(name)));
        }
        return drifts;
    }

    private static Map<String, String> variables(HostFacts facts) {
        return HostChanges.variables(facts).orElseThrow();
    }

    private static void add(
            List<Drift> drifts,
            What what,
            String name,
            List<HostFacts> hosts,
            Function<HostFacts, Optional<String>> value) {
        Map<Optional<String>, List<String>> values = new LinkedHashMap<>();
        for (HostFacts host : hosts) {
            values.computeIfAbsent(value.apply(host), _ -> new ArrayList<>()).add(host.host());
        }
        if (values.size() > 1) {
            drifts.add(
                    new Drift(
                            what,
                            name,
                            values.entrySet().stream()
                                    .map(each -> new Having(each.getKey(), each.getValue()))
                                    .toList()));
        }
    }
}
