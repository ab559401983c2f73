package dev.decant.lab;

import dev.decant.io.Guard;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Throw-away hosts on this machine: a Debian with its own systemd, sshd, disk and address each, up
/// in about a second.
///
/// They reach one another and this machine, and nothing beyond. Whatever is opened here begins by
/// removing the hosts of processes that have died. Safe for use by several threads, and by several
/// processes at once.
public final class Lab implements AutoCloseable {

    private static final Pattern HOST_NAME = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final int MOST_HOSTS = 253;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Places places;
    private final LabLog log;
    private final LabId id;
    private volatile boolean closed;
    private final Optional<Thread> atExit;

    private Lab(Places places, LabLog log, LabId id) {
        this.places = places;
        this.log = log;
        this.id = id;
        this.atExit = id.owner().map(owner -> new Thread(this::removeAll, "lab-at-exit"));
    }

    /// A lab whose hosts go when it is closed, when this process ends in whatever way, or, if it is
    /// killed outright, when the next lab is opened on this machine.
    ///
    /// @throws Failure with a [LabProblem] where this machine cannot have hosts
    public static Lab open(LabLog log) throws InterruptedException {
        return Must.work(
                () -> {
                    Requirements.check();
                    Places places = Places.standard(System.getenv());
                    LabId id =
                            LabId.of(ProcessTable.ofThisMachine().self(), COUNT.incrementAndGet());
                    Lab lab = new Lab(places, log, id);
                    lab.prepare();
                    lab.atExit.ifPresent(Runtime.getRuntime()::addShutdownHook);
                    return lab;
                });
    }

    /// The one lab whose hosts stay until they are closed one by one: [#close()] leaves them.
    ///
    /// @throws Failure as in [#open(LabLog)]
    public static Lab persistent(LabLog log) throws InterruptedException {
        return Must.work(
                () -> {
                    Requirements.check();
                    Lab lab = new Lab(Places.standard(System.getenv()), log, LabId.PERSISTENT);
                    lab.prepare();
                    return lab;
                });
    }

    private void prepare() throws IOException, InterruptedException {
        Requirements.raiseInotify(log);
        Files.createDirectories(places.cache());
        Files.createDirectories(places.state());
        Files.setPosixFilePermissions(places.state(), PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(places.hosts());
        Files.createDirectories(folder());
        try (Guard _ = Guard.take(places.lock())) {
            if (!Files.exists(places.key())) {
                keyPair(places.key(), "decant-lab");
            }
        }
        sweep();
        writeSshConfig();
    }

    /// The key is complete as soon as it has its name.
    private static void keyPair(Path file, String comment)
            throws IOException, InterruptedException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Must.run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-C",
                comment,
                "-f",
                beside.toString());
        Files.move(
                beside.resolveSibling(beside.getFileName() + ".pub"),
                file.resolveSibling(file.getFileName() + ".pub"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path folder() {
        return places.labs().resolve(id.text());
    }

    /// A file for `ssh -F` that knows every host of this lab by its name; it follows as hosts come
    /// and go.
    public Path sshConfig() {
        return folder().resolve("ssh_config");
    }

    /// The directory of a root, made first if need be; not to be changed. For what needs a Debian
    /// to copy and build in.
    public Path root(BaseRoot base) throws InterruptedException {
        return Must.work(() -> new RootShelf(places, log).get(base));
    }

    /// As [#boot(String, BaseRoot)], with nothing more than each host has.
    public LabHost boot(String name, Suite suite) throws InterruptedException {
        return boot(name, BaseRoot.of(suite));
    }

    /// As [#boot(String, BaseRoot)].
    ///
    /// @param packages names of Debian packages to have on it
    public LabHost boot(String name, Suite suite, List<String> packages)
            throws InterruptedException {
        return boot(name, BaseRoot.of(suite).with(packages));
    }

    /// A new host, answering to ssh. The first of its kind takes a minute or so, since its root has
    /// to be made.
    ///
    /// @param name up to 32 small letters, digits and `-`, a letter first; unique in this lab
    /// @throws Failure with a [LabProblem] where it does not come up; nothing is left of it then
    public LabHost boot(String name, BaseRoot base) throws InterruptedException {
        return boot(name, base, Optional.empty());
    }

    /// As [#boot(String, BaseRoot)], with files on its disk that are there before it boots.
    ///
    /// @param files a folder that stands for `/`; what is in it keeps its permissions
    public LabHost boot(String name, BaseRoot base, Path files) throws InterruptedException {
        return boot(name, base, Optional.of(files));
    }

    private LabHost boot(String name, BaseRoot base, Optional<Path> files)
            throws InterruptedException {
        return Must.work(
                () -> {
                    if (!HOST_NAME.matcher(name).matches()) {
                        throw new Failure(new LabProblem.BadHostName(name));
                    }
                    if (!base.suite().boots()) {
                        throw new Failure(new LabProblem.SuiteDoesNotBoot(base.suite()));
                    }
                    Path lower = new RootShelf(places, log).get(base);
                    LabHost host = new LabHost(places, claim(name, base.suite(), lower));
                    boolean up = false;
                    try {
                        host.furnish(files);
                        writeSshConfig();
                        host.boot();
                        up = true;
                        return host;
                    } finally {
                        if (!up) {
                            host.close();
                        }
                    }
                });
    }

    /// Several at once. Where one fails the others stay, and what happened to each is in the
    /// [Failure].
    public List<LabHost> boot(List<String> names, BaseRoot base) throws InterruptedException {
        // Once, rather than each waiting for the first.
        root(base);
        List<LabHost> hosts = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LabHost>> boots =
                    names.stream().map(name -> threads.submit(() -> boot(name, base))).toList();
            for (Future<LabHost> boot : boots) {
                try {
                    hosts.add(boot.get());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof Failure failure)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    problems.addAll(failure.problems());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return hosts;
    }

    /// The hosts of this lab that there are, booted or not, by name.
    public List<LabHost> hosts() throws InterruptedException {
        return Must.work(
                () ->
                        records().stream()
                                .filter(record -> record.lab().equals(id))
                                .map(record -> new LabHost(places, record))
                                .toList());
    }

    /// The hosts of all labs on this machine, by name.
    public List<LabHost> everyHost() throws InterruptedException {
        return Must.work(
                () -> records().stream().map(record -> new LabHost(places, record)).toList());
    }

    /// A host of this lab.
    ///
    /// @throws Failure where it has none of that name
    public LabHost host(String name) throws InterruptedException {
        List<LabHost> mine = hosts();
        Optional<LabHost> found =
                mine.stream().filter(host -> host.name().equals(name)).findFirst();
        return found.orElseThrow(
                () ->
                        new Failure(
                                new LabProblem.UnknownHost(
                                        name, mine.stream().map(LabHost::name).toList())));
    }

    /// Removes the hosts of this lab, unless it is the persistent one.
    @Override
    public void close() {
        atExit.ifPresent(
                hook -> {
                    removeAll();
                    try {
                        Runtime.getRuntime().removeShutdownHook(hook);
                    } catch (IllegalStateException ending) {
                        // It is running, and finds nothing to do.
                    }
                });
    }

    private void removeAll() {
        Uninterrupted.run(
                () -> {
                    closed = true;
                    List<LabHost> mine;
                    // Whoever was adding a host has added it once the lock is free, and nobody adds
                    // one after.
                    try (Guard _ = Guard.take(places.lock())) {
                        mine = hosts();
                    }
                    remove(mine);
                    RootShelf.delete(folder());
                });
    }

    private static void remove(List<LabHost> hosts) throws InterruptedException {
        List<Problem> problems = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> closings = new ArrayList<>();
            hosts.forEach(host -> closings.add(threads.submit(host::close)));
            for (Future<?> closing : closings) {
                try {
                    closing.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof Failure failure)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    problems.addAll(failure.problems());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
    }

    /// Removes what belongs to processes that are no more.
    private void sweep() throws IOException, InterruptedException {
        ProcessTable table = ProcessTable.ofThisMachine();
        Orphans orphans;
        // A host appears in one step with the lock held, so that what has no record now was being
        // taken away.
        try (Guard _ = Guard.take(places.lock())) {
            orphans = Orphans.of(places, table);
        }
        List<LabHost> lost = new ArrayList<>();
        for (HostRecord record : orphans.hosts()) {
            log.note("Removing the host " + record.name() + ", whose process is gone.");
            lost.add(new LabHost(places, record));
        }
        remove(lost);
        for (int number : orphans.remains()) {
            LabHost.removeRemains(places, number);
        }
        for (Path lab : orphans.labs()) {
            RootShelf.delete(lab);
        }
    }

    private List<HostRecord> records() throws IOException {
        return records(places);
    }

    static List<HostRecord> records(Places places) throws IOException {
        try (Stream<Path> folders = Files.list(places.hosts())) {
            return folders.map(HostRecord::read)
                    .flatMap(Optional::stream)
                    .sorted(
                            Comparator.comparing(HostRecord::name)
                                    .thenComparingInt(HostRecord::number))
                    .toList();
        }
    }

    private HostRecord claim(String name, Suite suite, Path lower)
            throws IOException, InterruptedException {
        try (Guard _ = Guard.take(places.lock())) {
            if (closed) {
                throw new IllegalStateException("The lab is closed.");
            }
            List<HostRecord> all = records();
            if (all.stream().anyMatch(host -> host.lab().equals(id) && host.name().equals(name))) {
                throw new Failure(new LabProblem.NameTaken(name));
            }
            Optional<Subnet> inUse = all.stream().map(HostRecord::subnet).findFirst();
            Subnet subnet = inUse.isPresent() ? inUse.get() : Network.choose();
            Network.bridge(subnet);
            HostRecord record =
                    new HostRecord(
                            name, suite, id, freeNumber(places), subnet, lower, UUID.randomUUID());
            Path beside = places.state().resolve("claim");
            RootShelf.delete(beside);
            Files.createDirectory(beside);
            record.write(beside);
            Files.move(beside, places.host(record.number()), StandardCopyOption.ATOMIC_MOVE);
            return record;
        }
    }

    /// The next after the one given out last: what still waits for an answer from a host that is
    /// gone should not get it from another one. A number is free when its directory is gone, which
    /// is the last of a host to go.
    ///
    /// To be called with the lab's lock held.
    static int freeNumber(Places places) throws IOException {
        Path file = places.state().resolve("last-number");
        int last = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 1;
        Set<String> taken;
        try (Stream<Path> folders = Files.list(places.hosts())) {
            taken =
                    folders.map(folder -> folder.getFileName().toString())
                            .collect(Collectors.toSet());
        }
        int number =
                IntStream.range(0, MOST_HOSTS)
                        .map(step -> 2 + (last - 1 + step) % MOST_HOSTS)
                        .filter(each -> !taken.contains(Integer.toString(each)))
                        .findFirst()
                        .orElseThrow(() -> new Failure(new LabProblem.NoFreeAddress(MOST_HOSTS)));
        Files.writeString(file, Integer.toString(number));
        return number;
    }

    private void writeSshConfig() throws IOException, InterruptedException {
        try (Guard _ = Guard.take(places.lock())) {
            LabHost.writeSshConfig(places, id);
        }
    }
}
