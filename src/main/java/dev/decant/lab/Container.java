package dev.decant.lab;

import dev.decant.exec.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A root that runs in systemd-nspawn.
///
/// @param name what the machine knows it by, unique on it
/// @param root the directory that is its `/`
record Container(String name, Path root) {

    /// Goes into its control groups, then becomes the program: two steps of one process, so that
    /// there is no moment at which the program, or what it started, is elsewhere.
    private static final String ENTER =
            "while [ \"$1\" != -- ]; do echo $$ > \"$1\"; shift; done; shift; exec \"$@\"";

    private static final Duration TO_DIE = Duration.ofSeconds(20);

    /// Told to keep its unit, nspawn does not restart a host that reboots but ends with 133. The
    /// network namespace is not left in between, so that the host's firewall has to be forgotten
    /// for it.
    private static final String KEEP =
            """
            net=$1; root=$2; shift 2
            while :; do
                status=0
                "$@" || status=$?
                [ "$status" = 133 ] || exit "$status"
                nsenter --net="$net" chroot "$root" /usr/sbin/nft flush ruleset || :
            done
            """;

    private List<String> inGroup(String group, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-ec", ENTER, "sh"));
        Cgroup.ofThisMachine().make(name + "/" + group).forEach(door -> words.add(door.toString()));
        words.add("--");
        words.addAll(command);
        return words;
    }

    private List<String> nspawn(List<String> options) throws IOException {
        List<String> words =
                new ArrayList<>(
                        List.of("systemd-nspawn", "--register=no", "--keep-unit", "--quiet"));
        words.addAll(List.of("-D", root.toString(), "-M", name, "--console=pipe"));
        words.addAll(List.of("--resolv-conf=off", "--timezone=off", "--link-journal=no"));
        words.addAll(options);
        return inGroup("host", words);
    }

    /// A whole host: its systemd, in a network of its own, until it shuts down.
    ///
    /// Returns when nspawn can be seen, or has failed. Until then it may be unseen: from a moment
    /// in `execve` on, a process has no command line, and those that become nspawn go through
    /// several.
    void boot(String hostname, Path namespace, Path console)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(
                        List.of("sh", "-c", KEEP, "sh", namespace.toString(), root.toString()));
        words.addAll(
                nspawn(
                        List.of(
                                "--hostname=" + hostname,
                                "--network-namespace-path=" + namespace,
                                // Or else nft and iptables fail inside.
                                "--capability=CAP_NET_ADMIN",
                                "--kill-signal=SIGRTMIN+3",
                                "-b")));
        ProcessHandle keeper =
                Program.of(inGroup("keeper", words)).in(Path.of("/")).detach(console);
        ProcessTable table = ProcessTable.ofThisMachine();
        while (keeper.isAlive()
                && table.keepersOf(root).stream().noneMatch(ProcessTable.Keeper::nspawn)) {
            Thread.sleep(2);
        }
    }

    /// One program in this machine's network, with nothing else running in there.
    Program command(List<String> words) throws IOException {
        List<String> options = new ArrayList<>();
        options.addAll(
                List.of(
                        "--setenv=DEBIAN_FRONTEND=noninteractive",
                        "--setenv=LANG=C.UTF-8",
                        "--as-pid2",
                        "--"));
        options.addAll(words);
        return Program.of(nspawn(options)).in(Path.of("/"));
    }

    boolean running() throws IOException {
        return !ProcessTable.ofThisMachine().keepersOf(root).isEmpty();
    }

    /// A file as the host sees it now, also in what it mounted itself.
    Optional<Path> inside(String path) throws IOException {
        for (ProcessTable.Keeper keeper : ProcessTable.ofThisMachine().keepersOf(root)) {
            Optional<ProcessHandle> init =
                    ProcessHandle.of(keeper.pid())
                            .filter(nspawn -> keeper.nspawn())
                            .flatMap(nspawn -> nspawn.children().findFirst());
            if (init.isPresent()) {
                return Optional.of(
                        Path.of("/proc", Long.toString(init.get().pid()), "root" + path));
            }
        }
        return Optional.empty();
    }

    /// Ends it as a power cut would.
    ///
    /// @return whether nothing of it is left
    boolean kill() throws IOException, InterruptedException {
        ProcessTable table = ProcessTable.ofThisMachine();
        List<ProcessHandle> shells = new ArrayList<>();
        List<ProcessHandle> hosts = new ArrayList<>();
        for (ProcessTable.Keeper keeper : table.keepersOf(root)) {
            Optional<ProcessHandle> handle = ProcessHandle.of(keeper.pid());
            if (keeper.nspawn()) {
                // Its child first: nspawn would tell it to shut down. With the first process of a
                // namespace, the
                // kernel kills all the others.
                handle.ifPresent(nspawn -> hosts.addAll(nspawn.children().toList()));
                handle.ifPresent(hosts::add);
            } else {
                handle.ifPresent(shells::add);
            }
        }
        List<ProcessId> victims = new ArrayList<>();
        for (ProcessHandle one : Stream.concat(shells.stream(), hosts.stream()).toList()) {
            table.of(one.pid()).ifPresent(victims::add);
            one.destroyForcibly();
        }
        long end = System.nanoTime() + TO_DIE.toNanos();
        for (ProcessId victim : victims) {
            while (table.alive(victim)) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(5);
            }
        }
        // A shell may have started an nspawn between the look and the kill.
        return table.keepersOf(root).isEmpty() || kill();
    }

    /// What nspawn keeps outside of the root and takes away only when it ends by itself.
    void forget() throws IOException, InterruptedException {
        Cgroup.ofThisMachine().remove(name);
        Files.deleteIfExists(root.resolveSibling(".#" + root.getFileName() + ".lck"));
        Path here = Path.of("/run/systemd/nspawn");
        if (Files.isDirectory(root)) {
            Files.deleteIfExists(
                    here.resolve(
                            "locks/inode-%s:%s"
                                    .formatted(
                                            Files.getAttribute(root, "unix:dev"),
                                            Files.getAttribute(root, "unix:ino"))));
        }
        for (String kind : List.of("propagate", "unix-export")) {
            Path folder = here.resolve(kind).resolve(name);
            if (Files.isDirectory(folder)) {
                try {
                    Files.delete(folder);
                } catch (IOException notEmpty) {
                    // Only a directory in /run, which a reboot empties.
                }
            }
        }
    }
}
