package dev.decant.deploy;

import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.host.Deployment;
import dev.decant.host.Deployment.Verdict;
import dev.decant.host.HistoryEntry;
import dev.decant.host.HostFacts;
import dev.decant.host.HostFiles;
import dev.decant.host.HostPast;
import dev.decant.host.HostProgram;
import dev.decant.host.HostSecrets;
import dev.decant.host.HostStore;
import dev.decant.io.Digest;
import dev.decant.release.Delta;
import dev.decant.release.ReleaseId;
import dev.decant.secrets.Secret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Facts of a host with which all is well: set up by this Decant for this config, with a lot of
/// room, and nothing deployed. A test says what is different.
final class FactsBuilder {

    private static final int SYSTEMD = 252;

    private static final String SALT = "00ff";

    private final String host;
    private Optional<Digest> program = Optional.of(HostProgram.digest());
    private int edition = HostProgram.edition();
    private String arch = "x86_64";
    private String libc = "glibc";
    private String libcVersion = "2.36";
    private boolean setUp = true;
    private long free = 20_000_000_000L;
    private Optional<ReleaseId> current = Optional.empty();
    private final List<ReleaseId> releases = new ArrayList<>();
    private Optional<Digest> serviceUnit;
    private Optional<Digest> slotUnit;
    private Optional<Digest> evalUnit;
    private Optional<Digest> moreUnits;
    private Optional<Digest> ports;
    private long available = 900_000_000L;
    private int slot;
    private Optional<Digest> livePorts = Optional.empty();
    private List<String> published = List.of();
    private List<String> unpublished = List.of();
    private HostPast past = HostPast.NONE;
    private String osRelease = "Debian GNU/Linux 12";
    private List<String> lacks = List.of();
    private List<String> instead = List.of();
    private String state = "inactive";
    private OptionalInt live = OptionalInt.empty();
    private OptionalInt activating = OptionalInt.empty();
    private boolean applying;
    private final Set<Integer> migrated = new HashSet<>();
    private String privilege = "sudo";
    private final List<Deployment> deployments = new ArrayList<>();
    private Optional<Digest> environment = Optional.empty();
    private Optional<Digest> settings = Optional.empty();
    private Map<String, String> secrets = Map.of();
    private final Map<Integer, Integer> versions = new HashMap<>();
    private boolean signers;

    FactsBuilder(String host, Config config) {
        this.host = host;
        HostFiles files = Settings.files(config, known(config), SYSTEMD, "");
        this.serviceUnit = digest(files.service());
        this.slotUnit = digest(files.slot());
        this.evalUnit = digest(files.eval());
        this.ports = Optional.of(Digest.of(files.ports()));
        this.moreUnits =
                Optional.of(files.moreText()).filter(text -> !text.isEmpty()).map(Digest::of);
    }

    /// A host that the config does not name has the same as one that it does.
    private String known(Config config) {
        return config.hosts().stream()
                .map(HostConfig::name)
                .filter(host::equals)
                .findFirst()
                .orElse(config.hosts().getFirst().name());
    }

    private static Optional<Digest> digest(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Digest.of(text));
    }

    /// It serves what was deployed last, after this config.
    FactsBuilder serving(Config config) {
        Settings wanted = Settings.of(config);
        environment = Optional.of(wanted.environmentDigest());
        settings = Optional.of(wanted.settingsDigest());
        livePorts =
                Optional.of(Digest.of(Settings.files(config, known(config), SYSTEMD, "").ports()));
        secrets(config.secrets().toArray(String[]::new));
        state = "active";
        return this;
    }

    /// One more deployment, which serves; numbers begin at 1.
    FactsBuilder deployed(ReleaseId release) {
        return deployed(release, live);
    }

    /// @param before the number of the one that it went before
    FactsBuilder deployed(ReleaseId release, OptionalInt before) {
        add(release, Optional.of(Verdict.LIVE), before);
        live = OptionalInt.of(deployments.size());
        current = Optional.of(release);
        return this;
    }

    /// One more deployment, which never served.
    FactsBuilder failed(ReleaseId release, Verdict verdict) {
        add(release, Optional.of(verdict), live);
        return this;
    }

    private void add(ReleaseId release, Optional<Verdict> verdict, OptionalInt before) {
        if (!releases.contains(release)) {
            releases.add(release);
        }
        deployments.addFirst(
                new Deployment(
                        deployments.size() + 1,
                        release,
                        verdict,
                        "2026-11-23T19:15:00Z",
                        "alice@laptop",
                        before));
    }

    FactsBuilder pruned(ReleaseId release) {
        releases.remove(release);
        return this;
    }

    FactsBuilder unpacked(ReleaseId release) {
        releases.add(release);
        return this;
    }

    FactsBuilder activating(int number) {
        activating = OptionalInt.of(number);
        return this;
    }

    FactsBuilder applying() {
        applying = true;
        return this;
    }

    /// Its newest deployment ran a migration.
    FactsBuilder migrated() {
        migrated.add(deployments.size());
        return this;
    }

    FactsBuilder privilege(String word) {
        privilege = word;
        return this;
    }

    FactsBuilder state(String said) {
        state = said;
        return this;
    }

    FactsBuilder current(ReleaseId release) {
        current = Optional.of(release);
        return this;
    }

    FactsBuilder secrets(String... names) {
        secrets = new HashMap<>();
        for (String name : names) {
            secrets.put(name, "of nobody here");
        }
        return this;
    }

    /// These are the values of the secrets that it has.
    FactsBuilder having(Secret... values) {
        for (Secret value : values) {
            secrets.put(value.name(), HostSecrets.digest(SALT, value));
        }
        return this;
    }

    /// These deployments have the same environment and secrets.
    FactsBuilder version(int... numbers) {
        Arrays.stream(numbers).forEach(number -> versions.put(number, numbers[0]));
        return this;
    }

    /// Secrets of these names, each with a value of its own.
    static List<Secret> values(Collection<String> names) {
        return names.stream().map(name -> new Secret(name, "value of " + name)).toList();
    }

    FactsBuilder notSetUp() {
        setUp = false;
        program = Optional.empty();
        serviceUnit = Optional.empty();
        evalUnit = Optional.empty();
        return this;
    }

    FactsBuilder edition(int number) {
        edition = number;
        return this;
    }

    FactsBuilder program(String text) {
        program = Optional.of(Digest.of(text));
        return this;
    }

    FactsBuilder serviceUnit(String text) {
        serviceUnit = Optional.of(Digest.of(text));
        return this;
    }

    /// What setup has said of its ports.
    FactsBuilder ports(String text) {
        ports = Optional.of(Digest.of(text));
        return this;
    }

    FactsBuilder slot(int number) {
        slot = number;
        return this;
    }

    FactsBuilder available(long bytes) {
        available = bytes;
        return this;
    }

    FactsBuilder unpublished(String... publicPorts) {
        unpublished = List.of(publicPorts);
        return this;
    }

    /// Where its public ports lead.
    FactsBuilder published(String... publicPorts) {
        published = List.of(publicPorts);
        return this;
    }

    /// The settings that it serves with, and deploys that took so long, in milliseconds.
    FactsBuilder remembers(Map<String, String> variables, long... deploys) {
        past =
                new HostPast(
                        Optional.of(variables),
                        Arrays.stream(deploys)
                                .mapToObj(
                                        took ->
                                                HistoryEntry.parse(
                                                        "what=deploy result=live milliseconds="
                                                                + took))
                                .toList());
        return this;
    }

    /// What it serves with now.
    FactsBuilder environment(String text) {
        environment = Optional.of(Digest.of(text));
        return this;
    }

    FactsBuilder moreUnits(String text) {
        moreUnits = Optional.of(Digest.of(text));
        return this;
    }

    FactsBuilder evalUnit(String text) {
        evalUnit = Optional.of(Digest.of(text));
        return this;
    }

    FactsBuilder arch(String machine) {
        arch = machine;
        return this;
    }

    FactsBuilder libc(String name, String version) {
        libc = name;
        libcVersion = version;
        return this;
    }

    /// It takes only signed releases.
    FactsBuilder signers() {
        signers = true;
        return this;
    }

    FactsBuilder lacks(String... sonames) {
        lacks = List.of(sonames);
        return this;
    }

    /// What it has of other versions.
    FactsBuilder instead(String... sonames) {
        instead = List.of(sonames);
        return this;
    }

    /// Nothing says which it is.
    FactsBuilder unknownOs() {
        osRelease = "";
        return this;
    }

    FactsBuilder free(long bytes) {
        free = bytes;
        return this;
    }

    /// What these hosts lack of [Samples#NEW].
    static Map<String, Delta> deltas(Map<String, HostFacts> facts) {
        Map<String, Delta> deltas = new LinkedHashMap<>();
        facts.forEach(
                (host, fact) -> {
                    if (!fact.releases().contains(Samples.NEW)) {
                        deltas.put(
                                host, fact.releases().isEmpty() ? Samples.all() : Samples.some());
                    }
                });
        return deltas;
    }

    HostFacts build() {
        return new HostFacts(
                host,
                program,
                edition,
                "deploy",
                "Linux",
                arch,
                libc,
                libcVersion,
                SYSTEMD,
                setUp,
                available,
                free,
                current,
                releases.stream().sorted().toList(),
                serviceUnit,
                slotUnit,
                evalUnit,
                moreUnits,
                ports,
                osRelease,
                lacks,
                instead,
                privilege,
                new HostFacts.Service(
                        slot,
                        state,
                        state.equals("active") ? "running" : "dead",
                        state.equals("active") ? 4711 : 0,
                        state.equals("active") ? 90_000_000 : 0,
                        0,
                        "Mon 2026-11-23 19:15:02 UTC"),
                List.of(),
                live,
                activating,
                applying,
                migrated,
                deployments,
                environment,
                settings,
                livePorts,
                published,
                unpublished,
                Optional.empty(),
                new HostSecrets(SALT, secrets),
                versions,
                Optional.empty(),
                new HostStore(false, signers, Map.of(), Map.of(), List.of()),
                past);
    }
}
