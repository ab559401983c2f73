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

    private Program program(List<String> options) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-ec", ENTER, "sh"));
        Cgroup.ofThisMachine().make(name).forEach(door -> words.add(door.toString()));
        words.addAll(List.of("--", "systemd-nspawn"));
        words.addAll(
                List.of(
                        "--register=no",
                        "--keep-unit",
                        "--quiet",
                        "-D",
                        root.toString(),
                        "-M",
                        name));
        words.addAll(
                List.of(
                        "--console=pipe",
                        "--resolv-conf=off",
                        "--timezone=off",
                        "--link-journal=no"));
        words.addAll(options);
        return Program.of(words).in(Path.of("/"));
    }

    /// A whole host: its systemd, in a network of its own.
    void boot(String hostname, Path namespace, Path console) throws IOException {
        program(
                        List.of(
                                "--hostname=" + hostname,
                                "--network-namespace-path=" + namespace,
                                // Or else nft and iptables fail inside.
                                "--capability=CAP_NET_ADMIN",
                                "--kill-signal=SIGRTMIN+3",
                                "-b"))
                .detach(console);
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
        return program(options);
    }

    boolean running() throws IOException {
        return !ProcessTable.ofThisMachine().nspawnsOn(root).isEmpty();
    }

    /// A file as the host sees it now, also in what it mounted itself.
    Optional<Path> inside(String path) throws IOException {
        for (ProcessHandle nspawn : handles()) {
            Optional<ProcessHandle> init = nspawn.children().findFirst();
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
        List<ProcessId> victims = new ArrayList<>();
        for (ProcessHandle nspawn : handles()) {
            // The children first: nspawn would tell them to shut down. With the first process of
            // its namespace, the
            // kernel kills all the others.
            List<ProcessHandle> family =
                    Stream.concat(nspawn.children(), Stream.of(nspawn)).toList();
            for (ProcessHandle one : family) {
                table.of(one.pid()).ifPresent(victims::add);
                one.destroyForcibly();
            }
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
        return true;
    }

    private List<ProcessHandle> handles() throws IOException {
        List<ProcessHandle> handles = new ArrayList<>();
        for (long pid : ProcessTable.ofThisMachine().nspawnsOn(root)) {
            ProcessHandle.of(pid).ifPresent(handles::add);
        }
        return handles;
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
