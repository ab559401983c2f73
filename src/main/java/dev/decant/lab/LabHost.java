package dev.decant.lab;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Guard;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A host of a [Lab], booted or not. It has the same disk, keys and address for as long as it
/// exists.
///
/// Not a real machine in this: what was written but not synced survives [#kill()] as well, since it
/// is the memory of this machine that it is in.
public final class LabHost implements AutoCloseable {

    private static final Duration TO_BOOT = Duration.ofSeconds(90);
    private static final int CONSOLE_LINES = 20;

    private final Places places;
    private final HostRecord record;

    LabHost(Places places, HostRecord record) {
        this.places = places;
        this.record = record;
    }

    public String name() {
        return record.name();
    }

    /// An IPv4 address as text, reached from this machine and from other hosts.
    public String address() {
        return record.address();
    }

    public Suite suite() {
        return record.suite();
    }

    /// The process that it goes with; empty for one that stays.
    public Optional<Long> owner() {
        return record.lab().owner().map(ProcessId::pid);
    }

    /// Where everything of it is, for root only.
    public Path folder() {
        return places.host(record.number());
    }

    /// What it has written, as far as it differs from its root: the upper directory of an overlay.
    /// For looking, not for changing while it runs.
    public Path disk() {
        return folder().resolve("upper");
    }

    /// What it has said on its console since it was made.
    public Path console() {
        return folder().resolve("console.log");
    }

    /// A file for `ssh -F` that knows this host by its name.
    public Path sshConfig() {
        return folder().resolve("ssh_config");
    }

    /// Runs a command line there as root, as ssh(1) does: the words are joined by blanks, and the
    /// host's shell reads the result. A host that falls silent is given up after some seconds, with
    /// status 255.
    public Result ssh(String... words) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("ssh", "-F", sshConfig().toString()));
        all.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=5"));
        all.addAll(List.of("-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=3"));
        all.addAll(List.of("root@" + name(), "--"));
        all.addAll(List.of(words));
        return Must.work(() -> Program.of(all).run());
    }

    /// Puts a file, or a folder with all that is in it, on it; in the place of what is there.
    ///
    /// @param to absolute, without blanks; what it is in is made
    public Result copy(Path from, String to) throws InterruptedException {
        Result made = ssh("rm -rf " + to + " && mkdir -p " + to + " && rmdir " + to);
        if (made.status() != 0) {
            return made;
        }
        return Must.work(
                () ->
                        Program.of(
                                        "scp",
                                        "-qrpF",
                                        sshConfig().toString(),
                                        from.toString(),
                                        "root@" + name() + ":" + to)
                                .run());
    }

    /// Whether its systemd is there; it may still be booting or already be shutting down.
    public boolean running() {
        try {
            return container().running();
        } catch (IOException e) {
            throw new Failure(Must.unusable(e));
        }
    }

    /// Cuts its power: from one moment to the next it is silent, and no connection is closed. The
    /// disk stays.
    public void kill() throws InterruptedException {
        change(
                () -> {
                    Network.pull(record.number());
                    if (!container().kill()) {
                        throw new Failure(
                                new LabProblem.HostNotRemoved(
                                        name(), List.of("Its processes do not end.")));
                    }
                    Network.unplug(record.number());
                });
    }

    /// Switches it on, unless it is on, and waits until it answers to ssh.
    ///
    /// @throws Failure where it does not
    public void boot() throws InterruptedException {
        change(
                () -> {
                    if (!container().running()) {
                        container().forget();
                        try (Guard _ = Guard.take(places.lock())) {
                            Network.bridge(record.subnet());
                            Network.plug(record.subnet(), record.number());
                        }
                        mountDisk();
                        container().boot(name(), Network.namespaceFile(record.number()), console());
                    }
                });
        Must.work(this::awaitSsh);
    }

    /// Switches it off and removes everything of it, its disk too. Does nothing where that was
    /// done.
    @Override
    public void close() {
        Uninterrupted.run(
                () -> {
                    try (Guard _ = Guard.take(places.lock(record.number()))) {
                        if (current()) {
                            remove(places, record.number(), name());
                        }
                    }
                });
    }

    private Container container() {
        return container(places, record.number());
    }

    private static Container container(Places places, int number) {
        return new Container(Network.namespace(number), places.host(number).resolve("root"));
    }

    /// One change at a time, and only to this host: its number may have been given to another one
    /// since.
    private void change(Must.Deed deed) throws InterruptedException {
        Must.work(
                () -> {
                    try (Guard _ = Guard.take(places.lock(record.number()))) {
                        if (!current()) {
                            throw new Failure(new LabProblem.HostGone(name()));
                        }
                        deed.run();
                    }
                });
    }

    private boolean current() {
        return HostRecord.read(folder()).equals(Optional.of(record));
    }

    /// Writes what makes a host this one and no other onto its empty disk.
    ///
    /// @param files a folder with what else is to be there
    void furnish(Optional<Path> files) throws IOException, InterruptedException {
        Path upper = Files.createDirectories(disk());
        if (files.isPresent()) {
            Must.run("cp", "-a", files.get() + "/.", upper.toString());
        }
        Files.createDirectories(folder().resolve("work"));
        Files.createDirectories(folder().resolve("root"));
        // In a merged directory the upper one's permissions count, and this process may have any
        // umask.
        folder("etc", "rwxr-xr-x");
        Path ssh = folder("etc/ssh", "rwxr-xr-x");
        Path key = ssh.resolve("ssh_host_ed25519_key");
        Must.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name(), "-f", key.toString());
        folder("root", "rwx------");
        Path known = folder("root/.ssh", "rwx------");
        file(
                known.resolve("authorized_keys"),
                Files.readString(Path.of(places.key() + ".pub")),
                "rw-------");
        Path etc = upper.resolve("etc");
        file(etc.resolve("hostname"), name() + "\n", "rw-r--r--");
        file(
                etc.resolve("hosts"),
                "127.0.0.1 localhost\n::1 localhost\n" + address() + " " + name() + "\n",
                "rw-r--r--");
        // Given rather than left to the first boot, which would also enable every unit that Debian
        // has a preset for.
        file(
                etc.resolve("machine-id"),
                UUID.randomUUID().toString().replace("-", "") + "\n",
                "r--r--r--");
        Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-xr-x"));

        String hostKey = Files.readString(Path.of(key + ".pub"));
        file(
                folder().resolve("known_hosts"),
                address() + "," + name() + " " + hostKey,
                "rw-------");
        file(sshConfig(), sshBlock(places, record), "rw-------");
    }

    private Path folder(String path, String permissions) throws IOException {
        Path folder = Files.createDirectories(disk().resolve(path));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static void file(Path file, String text, String permissions) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String sshBlock(Places places, HostRecord record) {
        return """
        Host %s
            HostName %s
            User root
            IdentityFile %s
            IdentitiesOnly yes
            StrictHostKeyChecking yes
            UserKnownHostsFile %s
            GlobalKnownHostsFile /dev/null
            LogLevel ERROR
        """
                .formatted(
                        record.name(),
                        record.address(),
                        places.key(),
                        places.host(record.number()).resolve("known_hosts"));
    }

    /// To be called with the lab's lock held.
    static void writeSshConfig(Places places, LabId lab) throws IOException {
        Path folder = places.labs().resolve(lab.text());
        if (!Files.isDirectory(folder)) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (HostRecord record : Lab.records(places)) {
            if (record.lab().equals(lab)) {
                text.append(sshBlock(places, record)).append('\n');
            }
        }
        Path beside = folder.resolve("ssh_config.new");
        Files.writeString(beside, text);
        Files.move(beside, folder.resolve("ssh_config"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void mountDisk() throws IOException, InterruptedException {
        if (mounts(folder()).isEmpty()) {
            String options =
                    "lowerdir=%s,upperdir=%s,workdir=%s"
                            .formatted(record.lower(), disk(), folder().resolve("work"));
            Must.run(
                    "mount",
                    "-t",
                    "overlay",
                    "decant-lab",
                    "-o",
                    options,
                    folder().resolve("root").toString());
        }
    }

    private void awaitSsh() throws IOException, InterruptedException {
        long end = System.nanoTime() + TO_BOOT.toNanos();
        while (!answers() || booting()) {
            boolean ended = !container().running();
            if (ended || System.nanoTime() > end) {
                throw new Failure(
                        new LabProblem.HostNotUp(
                                name(), ended, TO_BOOT.toSeconds(), lastOfConsole()));
            }
            Thread.sleep(20);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(), 22), 500);
            socket.setSoTimeout(2000);
            return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)
                    .equals("SSH-");
        } catch (IOException notYet) {
            return false;
        }
    }

    /// While this file is there, sshd lets in nobody but root.
    private boolean booting() throws IOException {
        Optional<Path> nologin = container().inside("/run/nologin");
        return nologin.isPresent() && Files.exists(nologin.get());
    }

    /// What nspawn printed, and what the host's services wrote.
    private List<String> lastOfConsole() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        if (Files.exists(console())) {
            lines.addAll(Files.readAllLines(console(), StandardCharsets.ISO_8859_1));
        }
        Path journal = disk().resolve("var/log/journal");
        if (Files.isDirectory(journal) && Program.find("journalctl").isPresent()) {
            List<String> words = new ArrayList<>(List.of("journalctl", "-q", "-o", "cat"));
            words.addAll(List.of("-n", Integer.toString(CONSOLE_LINES), "-D", journal.toString()));
            lines.addAll(Program.of(words).run().out());
        }
        return lines.subList(Math.max(0, lines.size() - CONSOLE_LINES), lines.size());
    }

    /// For what someone did not finish taking away.
    static void removeRemains(Places places, int number) throws IOException, InterruptedException {
        try (Guard _ = Guard.take(places.lock(number))) {
            if (HostRecord.read(places.host(number)).isEmpty()) {
                remove(places, number, Integer.toString(number));
            }
        }
    }

    /// Each step is right whether or not the thing is there, since any of them may have been done
    /// by someone who was killed. The directory is last: while it is there, its number is not given
    /// to another host.
    private static void remove(Places places, int number, String name)
            throws IOException, InterruptedException {
        Path folder = places.host(number);
        Network.pull(number);
        if (!container(places, number).kill()) {
            throw new Failure(
                    new LabProblem.HostNotRemoved(name, List.of("Its processes do not end.")));
        }
        Network.unplug(number);
        container(places, number).forget();
        for (Path mount : mounts(folder)) {
            unmount(mount);
        }
        List<Path> left = mounts(folder);
        if (!left.isEmpty()) {
            throw new Failure(
                    new LabProblem.HostNotRemoved(
                            name, left.stream().map(mount -> "Mounted: " + mount).toList()));
        }
        Optional<LabId> lab = HostRecord.read(folder).map(HostRecord::lab);
        RootShelf.delete(folder);
        try (Guard _ = Guard.take(places.lock())) {
            if (lab.isPresent()) {
                writeSshConfig(places, lab.get());
            }
            try (var hosts = Files.list(places.hosts())) {
                if (hosts.findAny().isEmpty()) {
                    Network.removeBridge();
                }
            }
        }
    }

    /// What is mounted in a directory, the innermost first.
    private static List<Path> mounts(Path folder) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> Path.of(line.split(" ")[1]))
                .filter(mount -> mount.startsWith(folder))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /// Someone may be looking inside; then it goes out of sight now, and for good when they leave.
    private static void unmount(Path mount) throws IOException, InterruptedException {
        if (!Program.of("umount", mount.toString()).run().ok()) {
            Must.run("umount", "--lazy", mount.toString());
        }
    }
}
