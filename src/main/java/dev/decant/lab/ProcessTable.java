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

    /// The containers that run on a root: one, or none. Looked up by what they were started with
    /// rather than by a number written down, since the one who started it may have been killed
    /// before it could write.
    List<Long> nspawnsOn(Path root) throws IOException {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(proc)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.chars().allMatch(Character::isDigit) && nspawn(entry, root)) {
                    found.add(Long.parseLong(name));
                }
            }
        }
        return found;
    }

    private boolean nspawn(Path process, Path root) {
        try {
            List<String> words =
                    List.of(
                            Files.readString(
                                            process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                    .split("\0", -1));
            int on = words.indexOf("-D");
            // A lab inside a container may use the same path for a root of its own.
            return words.contains("systemd-nspawn")
                    && on >= 0
                    && words.get(on + 1).equals(root.toString())
                    && namespace(process).equals(namespace(proc.resolve("self")));
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
