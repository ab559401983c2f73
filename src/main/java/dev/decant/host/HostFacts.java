package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a host says of itself before anything on it is changed.
///
/// Shape: the replies to `facts` and `inspect`, lines of `key=value`; unknown keys are ignored, so
/// that an older Decant can read a newer host. A value that is not of its shape counts as none, a
/// number that is none as 0.
///
/// @param hostProgram digest of the installed host program; empty where there is none
/// @param edition of the program that has answered; 0 where it is older than editions are
/// @param user whom the session runs as
/// @param os `Linux`; source: `uname -s`
/// @param arch such as `x86_64`; source: `uname -m`
/// @param libc `glibc` or `other`; source: `getconf GNU_LIBC_VERSION`
/// @param libcVersion such as `2.36`; `0` where it is not glibc
/// @param systemd major version, such as `252`; 0 where there is none
/// @param setUp the app's folders are there
/// @param availableBytes memory that can be had without swapping; source: `MemAvailable`
/// @param freeBytes where the app's folders are or would be; source: `df -Pk`
/// @param current what the link points at; empty before the first deploy
/// @param releases unpacked and verified, oldest first
/// @param serviceUnit digest of the unit; empty where there is none
/// @param slotUnit digest of the unit of slots; likewise
/// @param evalUnit likewise
/// @param moreUnits digest of what setup has brought there besides, as [HostFiles#moreText()] has
///   it; likewise
/// @param ports digest of what setup has said of its ports; likewise
/// @param osRelease such as `Debian GNU/Linux 12`; empty where that is not known; source:
///   `/etc/os-release`
/// @param lacks those of the libraries that were asked for
/// @param instead what it has under the names of those, of other versions
/// @param privilege how the deploy user has things done by root; source: `/etc/APP/privilege`
/// @param processes other units of the app, and timers
/// @param live the deployment that serves; empty before the first
/// @param activating one that is under way, or was cut short
/// @param applying it is under way
/// @param migrated deployments that a migration ran for
/// @param deployments newest first
/// @param environment digest of the live deployment's environment file
/// @param settings digest of the live deployment's settings
/// @param livePorts digest of what setup had said of its ports when the live deployment was made
/// @param published its public ports and where they lead, such as `80 4000`
/// @param unpublished its public ports that do not lead to it, such as `80 4000`: someone has
///   changed the firewall
/// @param maintenance what the public sees instead of the app; empty where it sees the app
/// @param secrets that the live deployment has values for
/// @param versions deployments by their numbers, each with the first one that has the same
///   environment and secrets; empty where nobody asked
/// @param manifest digest of that of the release that serves; likewise
/// @param store what need not be sent; empty where nobody asked
/// @param past what it remembers; likewise
public record HostFacts(
        String host,
        Optional<Digest> hostProgram,
        int edition,
        String user,
        String os,
        String arch,
        String libc,
        String libcVersion,
        int systemd,
        boolean setUp,
        long availableBytes,
        long freeBytes,
        Optional<ReleaseId> current,
        List<ReleaseId> releases,
        Optional<Digest> serviceUnit,
        Optional<Digest> slotUnit,
        Optional<Digest> evalUnit,
        Optional<Digest> moreUnits,
        Optional<Digest> ports,
        String osRelease,
        List<String> lacks,
        List<String> instead,
        String privilege,
        Service service,
        List<OtherUnit> processes,
        OptionalInt live,
        OptionalInt activating,
        boolean applying,
        Set<Integer> migrated,
        List<Deployment> deployments,
        Optional<Digest> environment,
        Optional<Digest> settings,
        Optional<Digest> livePorts,
        List<String> published,
        List<String> unpublished,
        Optional<Maintenance> maintenance,
        HostSecrets secrets,
        Map<Integer, Integer> versions,
        Optional<Digest> manifest,
        HostStore store,
        HostPast past) {

    private static final Reply NOTHING = new Reply(0, List.of(), List.of());

    /// What systemd says of the app's unit, which is that of the slot that serves.
    ///
    /// @param slot 1 or 2; 0 where the app runs alone
    /// @param bytes of memory that the VM has; 0 where that is not known
    /// @param state such as `active`, `inactive` or `failed`
    /// @param sub such as `running` or `auto-restart`
    /// @param pid of the VM; 0 where there is none
    /// @param restarts how often systemd has started it again by itself
    /// @param since as systemd prints it; empty where it never ran
    public record Service(
            int slot, String state, String sub, int pid, long bytes, int restarts, String since) {
        public boolean running() {
            return state.equals("active");
        }
    }

    /// @param unit such as `shop.worker.service`
    /// @param state as [Service#state()]; a timer that waits is active
    public record OtherUnit(String unit, String state) {
        public boolean running() {
            return state.equals("active");
        }

        private static OtherUnit of(String line) {
            String[] words = line.split(" ", 2);
            return new OtherUnit(words[0], words.length > 1 ? words[1] : "");
        }
    }

    /// @param since such as `2026-11-24T09:30:00Z`
    /// @param by whom, such as `alice@laptop`
    /// @param message for visitors; empty for a common one
    public record Maintenance(String since, String by, String message) {
        @Override
        public String toString() {
            return "since " + since + ", by " + by + (message.isEmpty() ? "" : ": " + message);
        }
    }

    /// Asks a host.
    ///
    /// @param sonames libraries to look for
    public static HostFacts of(Host host, List<String> sonames) {
        List<Verb> verbs = List.of(new Verb.Facts(sonames), new Verb.Inspect(""));
        return read(host, verbs, host.ask(verbs, (_, _) -> {}));
    }

    /// Reads what a host has answered.
    ///
    /// @param verbs what it was asked: `facts`, `inspect`, maybe `store`, `environment` and
    ///   `history`, and others, which do not matter here
    /// @param replies to each
    /// @throws Failure if one that matters was refused
    public static HostFacts read(Host host, List<Verb> verbs, List<Reply> replies) {
        Reply facts = reply(host, Verb.Facts.class, verbs, replies);
        // A host that is not set up has nothing more to say.
        if (!facts.value("set_up").orElse("no").equals("yes")) {
            return of(host.name(), facts, NOTHING, "", HostStore.NONE, HostPast.NONE);
        }
        Reply inspected = reply(host, Verb.Inspect.class, verbs, replies);
        int environment = asked(Verb.Environment.class, verbs);
        HostPast past =
                HostPast.of(
                        // Of whatever status: where nothing is deployed, there is none.
                        environment < 0 ? NOTHING : replies.get(environment),
                        reply(host, Verb.History.class, verbs, replies),
                        digest(inspected, "environment_sha256"),
                        smallNumber(facts, "systemd"));
        return of(
                host.name(),
                facts,
                inspected,
                verbs.stream()
                        .filter(Verb.Inspect.class::isInstance)
                        .map(verb -> ((Verb.Inspect) verb).salt())
                        .findFirst()
                        .orElse(""),
                HostStore.of(reply(host, Verb.Store.class, verbs, replies)),
                past);
    }

    private static Reply reply(
            Host host, Class<? extends Verb> kind, List<Verb> verbs, List<Reply> replies) {
        int asked = asked(kind, verbs);
        return asked < 0 ? NOTHING : host.must(verbs.get(asked), replies.get(asked));
    }

    /// @return less than 0 where it was not
    private static int asked(Class<? extends Verb> kind, List<Verb> verbs) {
        return IntStream.range(0, verbs.size())
                .filter(i -> kind.isInstance(verbs.get(i)))
                .findFirst()
                .orElse(-1);
    }

    static HostFacts of(
            String host,
            Reply facts,
            Reply inspected,
            String salt,
            HostStore store,
            HostPast past) {
        return new HostFacts(
                host,
                digest(facts, "host_program"),
                smallNumber(facts, "host_edition"),
                facts.value("user").orElse(""),
                facts.value("os").orElse(""),
                facts.value("arch").orElse(""),
                facts.value("libc").orElse("other"),
                facts.value("libc_version").orElse("0"),
                smallNumber(facts, "systemd"),
                facts.value("set_up").orElse("no").equals("yes"),
                number(facts, "available_bytes"),
                number(facts, "free_bytes"),
                facts.value("current").filter(ReleaseId::isOne).map(ReleaseId::new),
                facts.all("release").stream()
                        .filter(ReleaseId::isOne)
                        .map(ReleaseId::new)
                        .sorted()
                        .toList(),
                digest(facts, "unit_sha256"),
                digest(facts, "slot_unit_sha256"),
                digest(facts, "eval_unit_sha256"),
                digest(facts, "more_units_sha256"),
                digest(facts, "ports_sha256"),
                facts.value("os_release").orElse(""),
                facts.all("lacks"),
                facts.all("instead").stream().distinct().sorted().toList(),
                facts.value("privilege").orElse(""),
                new Service(
                        smallNumber(facts, "slot"),
                        facts.value("service").orElse("unknown"),
                        facts.value("service_sub").orElse(""),
                        smallNumber(facts, "service_pid"),
                        number(facts, "service_bytes"),
                        smallNumber(facts, "service_restarts"),
                        facts.value("service_since").orElse("")),
                facts.all("process").stream().map(OtherUnit::of).toList(),
                optionalNumber(inspected, "live"),
                optionalNumber(inspected, "activating"),
                Set.of("active", "activating", "deactivating")
                        .contains(inspected.value("applying").orElse("")),
                inspected.all("migrated").stream()
                        .filter(number -> number.matches("[0-9]{1,9}"))
                        .map(Integer::valueOf)
                        .collect(Collectors.toUnmodifiableSet()),
                deployments(inspected),
                digest(inspected, "environment_sha256"),
                digest(inspected, "settings_sha256"),
                digest(inspected, "live_ports_sha256"),
                inspected.all("public"),
                inspected.all("unpublished"),
                inspected
                        .value("maintenance_since")
                        .map(
                                since ->
                                        new Maintenance(
                                                since,
                                                inspected.value("maintenance_by").orElse(""),
                                                inspected.value("maintenance_message").orElse(""))),
                HostSecrets.of(inspected, salt),
                versions(inspected),
                digest(inspected, "live_manifest_sha256"),
                store,
                past);
    }

    private static List<Deployment> deployments(Reply inspected) {
        List<Deployment> deployments = new ArrayList<>();
        for (String line : inspected.all("deployment")) {
            Deployment.parse(line).ifPresent(deployments::add);
        }
        return deployments;
    }

    private static Map<Integer, Integer> versions(Reply inspected) {
        return inspected.all("version").stream()
                .filter(line -> line.matches("[0-9]{1,9} [0-9]{1,9}"))
                .map(line -> line.split(" "))
                .collect(
                        Collectors.toUnmodifiableMap(
                                words -> Integer.valueOf(words[0]),
                                words -> Integer.valueOf(words[1]),
                                (first, _) -> first));
    }

    private static long number(Reply reply, String key) {
        return reply.value(key)
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    private static int smallNumber(Reply reply, String key) {
        long number = number(reply, key);
        return number > Integer.MAX_VALUE ? 0 : (int) number;
    }

    private static Optional<Digest> digest(Reply reply, String key) {
        return reply.value(key).filter(value -> value.matches("[0-9a-f]{64}")).map(Digest::new);
    }

    private static OptionalInt optionalNumber(Reply reply, String key) {
        return reply.value(key).isPresent()
                ? OptionalInt.of(smallNumber(reply, key))
                : OptionalInt.empty();
    }

    /// Other versions of a library that it lacks: `libcrypto.so.3` in place of `libcrypto.so.1.1`.
    public List<String> inPlaceOf(String soname) {
        String stem = soname.replaceFirst("[.]so.*", ".so");
        return instead.stream().filter(name -> name.startsWith(stem + ".")).toList();
    }

    public Optional<Deployment> deployment(int number) {
        return deployments.stream().filter(deployment -> deployment.number() == number).findFirst();
    }

    /// The deployment that serves.
    public Optional<Deployment> liveDeployment() {
        return live.isPresent() ? deployment(live.getAsInt()) : Optional.empty();
    }

    /// One that is under way, or was cut short; empty also where nothing but its number is known.
    public Optional<Deployment> unfinished() {
        return activating.isPresent() ? deployment(activating.getAsInt()) : Optional.empty();
    }

    /// What the deployment that serves was preceded by, if the host still has it.
    public Optional<Deployment> beforeLive() {
        return liveDeployment()
                .flatMap(
                        deployment ->
                                deployment.before().isPresent()
                                        ? deployment(deployment.before().getAsInt())
                                        : Optional.empty());
    }
}
