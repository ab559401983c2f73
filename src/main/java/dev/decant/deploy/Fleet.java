package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.LocalTransport;
import dev.decant.host.Reply;
import dev.decant.host.SshTransport;
import dev.decant.host.Transport;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// All hosts of an environment, connected: one session each, held until this is closed.
public final class Fleet implements AutoCloseable {

    private final Config config;
    private final Map<String, Host> hosts;

    private Fleet(Config config, Map<String, Host> hosts) {
        this.config = config;
        this.hosts = hosts;
    }

    /// Connects to all hosts at once, as the deploy user.
    ///
    /// @throws Failure with the problem of every host that cannot be reached
    public static Fleet connect(Config config) throws InterruptedException {
        return connect(config, Transport.Entry.INSTALLED);
    }

    /// As [#connect(Config)], for setup: as root, with the host program brought along.
    static Fleet connect(Config config, Transport.Entry entry) throws InterruptedException {
        Map<String, Host> connected = Collections.synchronizedMap(new LinkedHashMap<>());
        try {
            each(
                    config.hosts(),
                    host -> {
                        Host session = open(config, host, entry);
                        connected.put(host.name(), session);
                        return session;
                    });
        } catch (Failure | InterruptedException e) {
            connected.values().forEach(Host::close);
            throw e;
        }
        return new Fleet(config, connected);
    }

    private static Host open(Config config, HostConfig host, Transport.Entry entry) {
        String unit = config.names().unit();
        String user =
                entry == Transport.Entry.INSTALLED ? config.ssh().user() : config.ssh().setupUser();
        Transport transport =
                host.local()
                        ? new LocalTransport(host.name(), user, unit)
                        : new SshTransport(host, config.ssh(), user, unit);
        return Host.connect(host.name(), unit, transport, entry);
    }

    /// A second session to a host, where the first was lost.
    void reconnect(String name) {
        HostConfig host =
                config.hosts().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        get(name).close();
        hosts.put(name, open(config, host, Transport.Entry.INSTALLED));
    }

    public Host get(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("Not of this fleet: " + name);
        }
        return host;
    }

    public List<String> names() {
        return config.hosts().stream().map(HostConfig::name).toList();
    }

    /// What every host says of itself, asked at once.
    ///
    /// @param sonames libraries to look for
    public Map<String, HostFacts> facts(List<String> sonames) throws InterruptedException {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        each(names(), name -> HostFacts.of(get(name), sonames))
                .forEach(each -> facts.put(each.host(), each));
        return facts;
    }

    /// Does something with every host at once, by its name.
    ///
    /// @throws Failure with the problems of all that failed
    public <T> List<T> each(Function<String, T> work) throws InterruptedException {
        return each(names(), work);
    }

    /// Takes the deploy lock on every host that is set up; all are let go when this is closed.
    ///
    /// @param owner such as `alice@laptop`
    /// @throws Failure with a [DeployProblem.Busy] for each host that somebody else has
    public void lock(String owner) throws InterruptedException {
        each(
                names(),
                name -> {
                    Reply reply = get(name).ask(new Verb.Lock(owner));
                    if (reply.status() == Reply.BUSY) {
                        throw new Failure(
                                new DeployProblem.Busy(name, reply.value("holder").orElse("")));
                    }
                    return reply;
                });
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
                    switch (e.getCause()) {
                        case Failure failure -> problems.addAll(failure.problems());
                        case Error error -> throw error;
                        case RuntimeException bug -> throw bug;
                        case null, default -> throw new IllegalStateException(e);
                    }
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
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            hosts.values().forEach(host -> threads.execute(host::close));
        }
    }
}
