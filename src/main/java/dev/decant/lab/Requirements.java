package dev.decant.lab;

import dev.decant.exec.Program;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What a machine must have before it can have lab hosts.
final class Requirements {

    /// The programs that the lab starts, with the Debian packages that have them.
    private static final Map<String, String> PROGRAMS =
            Map.of(
                    "systemd-nspawn", "systemd-container",
                    "debootstrap", "debootstrap",
                    "ip", "iproute2",
                    "ssh", "openssh-client",
                    "ssh-keygen", "openssh-client",
                    "mount", "mount",
                    "umount", "mount",
                    "chroot", "coreutils",
                    "setsid", "util-linux",
                    "unshare", "util-linux");

    private static final Path INOTIFY = Path.of("/proc/sys/fs/inotify/max_user_instances");

    /// A host takes about 10 of them, and without them hangs in boot.
    private static final int ENOUGH_INOTIFY = 4096;

    private Requirements() {}

    static void check() throws IOException {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        problem(
                        System.getProperty("os.name"),
                        Requirements::user,
                        path,
                        name -> Program.find(name).isPresent())
                .ifPresent(
                        problem -> {
                            throw new Failure(problem);
                        });
    }

    interface User {
        long number() throws IOException;
    }

    /// @param has whether there is a program of that name
    static Optional<LabProblem> problem(
            String system, User user, String path, Predicate<String> has) throws IOException {
        if (!system.equals("Linux")) {
            return Optional.of(new LabProblem.NeedsLinux(system));
        }
        long number = user.number();
        if (number != 0) {
            return Optional.of(new LabProblem.NeedsRoot(number));
        }
        SequencedMap<String, String> missing = new TreeMap<>(PROGRAMS);
        missing.keySet().removeIf(has);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new LabProblem.NeedsPrograms(missing, path));
    }

    /// The effective one.
    static long user() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Uid:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[2]))
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/self/status has no line Uid:"));
    }

    static void raiseInotify(LabLog log) throws IOException {
        int now = Integer.parseInt(Files.readAllLines(INOTIFY).getFirst());
        if (now < ENOUGH_INOTIFY) {
            Files.writeString(INOTIFY, Integer.toString(ENOUGH_INOTIFY));
            log.note(
                    "Raised fs.inotify.max_user_instances from "
                            + now
                            + " to "
                            + ENOUGH_INOTIFY
                            + ".");
        }
    }
}
