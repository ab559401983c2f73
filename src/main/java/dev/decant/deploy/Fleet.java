package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.Privilege;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.HostStore;
import dev.decant.host.LocalTransport;
import dev.decant.host.Reply;
import dev.decant.host.SshTransport;
import dev.decant.host.Transport;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/// All hosts of an environment: one session each, held until this is closed.
public final class Fleet implements AutoCloseable {

    /// A fraction of what a host takes for the end of whoever has its lock.
    private static final Duration RENEW_EVERY = Duration.ofSeconds(15);

    private static final Duration TRY_AGAIN_AFTER = Duration.ofMillis(500);

    /// Lines of a host's history that are asked for.
    private static final int HISTORY = 30;

    /// How much is asked of a host: each has what those before it have.
    enum Asked {
        /// What the deploy user sees.
        ANYBODY,
        /// What only root can know.
        INSPECTED,
        /// What tells its settings and secrets from those here.
        COMPARED,
        /// What it remembers.
        PAST
    }

    /// Connections that are being made at a time. All at once, those of some hundred hosts would
    /// share this machine's processor for longer than each may take, and a jump host lets no more
    /// than so many wait.
    private static final int STARTS = 48;

    /// Who takes the deploy lock.
    ///
    /// @param owner such as `alice@laptop`
    /// @param what a word such as `deploy`
    /// @param patience how long to wait for someone else to finish
    public record Claim(String owner, String what, Duration patience) {}

    private final Config config;
    private final Map<String, Host> hosts;

    /// By which a host knows a second session of this run from somebody else's.
    private final String token = "run" + Long.toHexString(new SecureRandom().nextLong());

    /// What one run is told of values is of no use to another.
    private final String salt = HexFormat.of().formatHex(new SecureRandom().generateSeed(16));

    private Optional<Claim> claim = Optional.empty();
    private volatile boolean cut;
    private final List<Thread> renewing = Collections.synchronizedList(new ArrayList<>());

    private final Semaphore starts = new Semaphore(STARTS);
    private final ExecutorService connecting = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<?> connected;

    private Fleet(Config config, Transport.Entry entry) {
        if (config.hosts().contains(HostConfig.ELSEWHERE)) {
            throw new Failure(new DeployProblem.HostsElsewhere(config.environment()));
        }
        this.config = config;
        this.hosts = Collections.synchronizedMap(new LinkedHashMap<>());
        this.connected =
                connecting.submit(
                        () ->
                                each(
                                        config.hosts(),
                                        host -> {
                                            starts.acquireUninterruptibly();
                                            try {
                                                Host session = open(config, host, entry);
                                                hosts.put(host.name(), session);
                                                // Of few nobody has to wait for another.
                                                if (config.hosts().size() > STARTS) {
                                                    session.reach();
                                                }
                                                return session;
                                            } finally {
                                                starts.release();
                                            }
                                        }));
    }

    /// Begins to connect to all hosts at once, as the deploy user, and does not wait for it: there
    /// is other work to be done meanwhile.
    public static Fleet begin(Config config) {
        return new Fleet(config, Transport.Entry.INSTALLED);
    }

    /// Waits until every host is connected.
    ///
    /// @throws Failure with the problem of every host that cannot be reached
    public void await() throws InterruptedException {
        begun();
        each(
                names(),
                name -> {
                    get(name).reach();
                    return name;
                });
    }

    /// Waits until something can be asked.
    private void begun() throws InterruptedException {
        try {
            connected.get();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case Failure failure -> failure;
            case Error error -> throw error;
            case RuntimeException bug -> throw bug;
            case null, default -> throw new IllegalStateException(e);
        };
    }

    /// Connects to all hosts at once, as the deploy user.
    ///
    /// @throws Failure with the problem of every host that cannot be reached
    public static Fleet connect(Config config) throws InterruptedException {
        return awaited(begin(config));
    }

    /// As [#connect(Config)], for setup: as root, with the host program brought along.
    static Fleet connectAsRoot(Config config) throws InterruptedException {
        return awaited(new Fleet(config, Transport.Entry.BROUGHT));
    }

    private static Fleet awaited(Fleet fleet) throws InterruptedException {
        try {
            fleet.await();
            return fleet;
        } catch (Failure | InterruptedException e) {
            fleet.close();
            throw e;
        }
    }

    private static Host open(Config config, HostConfig host, Transport.Entry entry) {
        String unit = config.names().unit();
        String user =
                entry == Transport.Entry.BROUGHT
                        ? host.access().setupUser().orElse(config.ssh().setupUser())
                        : config.ssh().user();
        Transport transport =
                host.local()
                        ? new LocalTransport(host.name(), user, unit)
                        : new SshTransport(host, config.ssh(), user, unit);
        return Host.begin(host.name(), unit, transport, entry);
    }

    /// A second session to a host, where the first was lost; with the lock, if this run has it.
    ///
    /// @throws Failure if the host cannot be reached, or somebody else has the lock now
    void reconnect(String name) {
        unlessCut();
        HostConfig host = config(name);
        get(name).close();
        Host session = anew(host);
        hosts.put(name, session);
        unlessCut();
        claim.ifPresent(mine -> locked(session, session.ask(lock(mine))));
    }

    /// One more session to a host, beside the one that is held; to be closed.
    ///
    /// @throws Failure if the host cannot be reached
    Host another(String name) {
        unlessCut();
        return anew(config(name));
    }

    private Host anew(HostConfig host) {
        starts.acquireUninterruptibly();
        try {
            Host session = open(config, host, Transport.Entry.INSTALLED_ANEW);
            session.reach();
            return session;
        } finally {
            starts.release();
        }
    }

    /// Lets go of all hosts at once: what they do by themselves they go on with, and nobody begins
    /// anything on them any more. The locks are free.
    ///
    /// @param waiting for whatever is being done with them; it is interrupted
    public void cut(Thread waiting) {
        cut = true;
        waiting.interrupt();
        List.copyOf(hosts.values()).forEach(Host::cut);
    }

    boolean isCut() {
        return cut;
    }

    private void unlessCut() {
        if (cut) {
            throw new CancellationException();
        }
    }

    /// A session to ask a host how it stands, also after [#cut(Thread)]; to be closed.
    ///
    /// @param within after which it ends by itself
    Host look(String name, Duration within) {
        Host session = open(config, config(name), Transport.Entry.INSTALLED_ANEW);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Thread.sleep(within);
                                session.cut();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        return session;
    }

    private HostConfig config(String name) {
        return config.hosts().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Verb.Lock lock(Claim mine) {
        return new Verb.Lock(mine.owner(), token, mine.what());
    }

    private static void locked(Host host, Reply reply) {
        if (reply.status() == Reply.BUSY) {
            throw new Failure(DeployProblem.Busy.of(host.name(), reply));
        }
    }

    /// Takes the lock on one host after the other, and waits for each as long as there is patience.
    private void claim(Claim mine, List<String> names) throws InterruptedException {
        Instant until = Instant.now().plus(mine.patience());
        for (String name : names) {
            Host host = get(name);
            Reply reply = host.ask(lock(mine));
            while (reply.status() == Reply.BUSY && Instant.now().isBefore(until)) {
                Thread.sleep(TRY_AGAIN_AFTER);
                reply = host.ask(lock(mine));
            }
            locked(host, reply);
        }
    }

    /// While one host is worked on, others wait; none is to think that nobody is there any more.
    private void renew(Claim mine) {
        for (String name : names()) {
            renewing.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (true) {
                                                Thread.sleep(RENEW_EVERY);
                                                get(name).askInPassing(lock(mine));
                                            }
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    }));
        }
    }

    public Host get(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("Not of this fleet: " + name);
        }
        return host;
    }

    /// How long to look for a host that was lost.
    Duration reconnectTimeout() {
        return config.ssh().reconnectTimeout();
    }

    Privilege privilege() {
        return config.privilege();
    }

    public List<String> names() {
        return config.hosts().stream().map(HostConfig::name).toList();
    }

    /// What every host says of itself, asked at once.
    public Map<String, HostFacts> facts() throws InterruptedException {
        return survey(Optional.empty(), List.of(), Optional.empty(), Asked.INSPECTED, _ -> {});
    }

    /// As [#facts()], and takes the deploy lock on every host first; all are let go when this is
    /// closed.
    ///
    /// @throws Failure with a [DeployProblem.Busy] for each host that somebody else has
    public Map<String, HostFacts> lockedFacts(Claim mine) throws InterruptedException {
        return survey(Optional.of(mine), List.of(), Optional.empty(), Asked.INSPECTED, _ -> {});
    }

    /// As [#facts()], with what tells settings and secrets from those here.
    ///
    /// @param mine who takes the deploy lock; empty to leave it
    /// @param past with what hosts remember, too
    public Map<String, HostFacts> comparedFacts(Optional<Claim> mine, boolean past)
            throws InterruptedException {
        return survey(
                mine, List.of(), Optional.empty(), past ? Asked.PAST : Asked.COMPARED, _ -> {});
    }

    /// Asks all that must be known before a release can be sent, in one round trip.
    ///
    /// @param mine who takes the deploy lock; empty to leave it
    /// @param sonames libraries to look for
    /// @param known releases whose lists of files are known on this side; empty to leave out what
    ///   need not be sent
    /// @param asked how much besides
    /// @param early is told what need not be sent as soon as a host has said it, from any thread
    /// @throws Failure with the problems of all hosts
    Map<String, HostFacts> survey(
            Optional<Claim> mine,
            List<String> sonames,
            Optional<List<ReleaseId>> known,
            Asked asked,
            Consumer<HostStore> early)
            throws InterruptedException {
        List<Verb> verbs = new ArrayList<>();
        begun();
        if (mine.isPresent()) {
            verbs.add(lock(mine.get()));
            boolean waits = mine.get().patience().isPositive();
            // Of two that begin at once, the one that gets the first host gets the others, too.
            claim(mine.get(), waits ? names() : names().subList(0, names().size() > 1 ? 1 : 0));
        }
        // First what there is to do on this side meanwhile.
        known.ifPresent(releases -> verbs.add(new Verb.Store(releases)));
        verbs.add(new Verb.Facts(sonames));
        if (asked != Asked.ANYBODY) {
            verbs.add(new Verb.Inspect(asked == Asked.INSPECTED ? "" : salt));
        }
        if (asked == Asked.PAST) {
            verbs.add(new Verb.Environment());
            verbs.add(new Verb.History(HISTORY));
        }
        claim = mine;
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        each(
                        names(),
                        name -> {
                            Host host = get(name);
                            List<Reply> replies =
                                    host.ask(
                                            verbs,
                                            (verb, reply) -> {
                                                if (verb instanceof Verb.Store && reply.ok()) {
                                                    early.accept(HostStore.of(reply));
                                                }
                                            });
                            if (mine.isPresent()) {
                                locked(host, replies.getFirst());
                            }
                            return HostFacts.read(host, verbs, replies);
                        })
                .forEach(each -> facts.put(each.host(), each));
        mine.ifPresent(this::renew);
        return facts;
    }

    /// Does something with every host at once, by its name.
    ///
    /// @throws Failure with the problems of all that failed
    public <T> List<T> each(Function<String, T> work) throws InterruptedException {
        return each(names(), work);
    }

    /// Does the same for each, all at once; waits for all.
    ///
    /// @return the answers in the order asked
    /// @throws Failure with the problems of all that failed
    static <A, B> List<B> each(List<A> all, Function<A, B> work) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<B>> futures = new ArrayList<>();
            for (A one : all) {
                futures.add(threads.submit(() -> work.apply(one)));
            }
            List<B> answers = new ArrayList<>();
            List<Problem> problems = new ArrayList<>();
            for (Future<B> future : futures) {
                try {
                    answers.add(future.get());
                } catch (ExecutionException e) {
                    if (unwrapped(e) instanceof Failure failure) {
                        problems.addAll(failure.problems());
                    }
                } catch (InterruptedException e) {
                    threads.shutdownNow();
                    throw e;
                }
            }
            if (!problems.isEmpty()) {
                throw new Failure(problems);
            }
            return answers;
        }
    }

    @Override
    public void close() {
        renewing.forEach(Thread::interrupt);
        connected.cancel(true);
        connecting.close();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            hosts.values().forEach(host -> threads.execute(host::close));
        }
    }
}
