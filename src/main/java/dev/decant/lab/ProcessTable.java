package dev.decant.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The processes of this machine.
///
/// @param proc `/proc`, but for tests
record ProcessTable(Path proc) {

    static ProcessTable ofThisMachine() {
        return new ProcessTable(Path.of("/proc"));
    }

    ProcessId self() throws IOException {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(
                        () -> new IOException("Process " + pid + " is not in " + proc + "."));
    }

    /// Empty where there is no such process, or only what its parent has not looked at yet.
    Optional<ProcessId> of(long pid) throws IOException {
        String stat;
        try {
            // The name of a program may be any bytes.
            stat = Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return Optional.empty();
        }
        // The name stands in brackets and may have brackets and blanks in it: count from the last
        // one.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        boolean ended = fields[0].equals("Z") || fields[0].equals("X");
        return ended
                ? Optional.empty()
                : Optional.of(new ProcessId(pid, Long.parseLong(fields[19]), boot()));
    }

    boolean alive(ProcessId id) throws IOException {
        return of(id.pid()).equals(Optional.of(id));
    }

    /// A process that has to do with a container.
    ///
    /// @param nspawn whether it is systemd-nspawn itself, and not the shell that starts it again
    ///   after a reboot
    record Keeper(long pid, boolean nspawn) {}

    /// Those who keep a container running on a root. Looked up by what they were started with
    /// rather than by a number written down, since the one who started them may have been killed
    /// before it could write.
    List<Keeper> keepersOf(Path root) throws IOException {
        List<Keeper> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(proc)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.chars().allMatch(Character::isDigit)) {
                    List<String> words = words(entry);
                    if (keeps(words, root) && near(entry)) {
                        found.add(
                                new Keeper(
                                        Long.parseLong(name),
                                        words.getFirst().equals("systemd-nspawn")));
                    }
                }
            }
        }
        return found;
    }

    private static boolean keeps(List<String> words, Path root) {
        int nspawn = words.indexOf("systemd-nspawn");
        int on = words.indexOf("-D");
        return nspawn >= 0 && on > nspawn && words.get(on + 1).equals(root.toString());
    }

    private static List<String> words(Path process) {
        try {
            // Ends with a zero byte, so that after a word there is always one more.
            String words =
                    Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(words.split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /// A lab inside a container may use the same path for a root of its own.
    private boolean near(Path process) {
        try {
            return namespace(process).equals(namespace(proc.resolve("self")));
        } catch (IOException gone) {
            return false;
        }
    }

    private static Path namespace(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/pid"));
    }

    private String boot() throws IOException {
        return Files.readAllLines(proc.resolve("sys/kernel/random/boot_id"))
                .getFirst()
                .substring(0, 8);
    }
}
