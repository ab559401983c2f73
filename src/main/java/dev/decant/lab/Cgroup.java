package dev.decant.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A control group for each host, in every hierarchy that a systemd inside it would use: hosts that
/// shared one would count each other's services as their own.
///
/// @param top `/sys/fs/cgroup`, but for tests
record Cgroup(Path top) {

    private static final String FOLDER = "decant-lab";

    /// How long the kernel may need to let go of the processes that were killed.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Cgroup ofThisMachine() {
        return new Cgroup(Path.of("/sys/fs/cgroup"));
    }

    /// Version 2 has one hierarchy; version 1 has one that systemd alone uses, and maybe version 2
    /// beside it.
    private List<Path> hierarchies() {
        if (Files.exists(top.resolve("cgroup.controllers"))) {
            return List.of(top);
        }
        return Stream.of("systemd", "unified")
                .map(top::resolve)
                .filter(folder -> Files.exists(folder.resolve("cgroup.procs")))
                .toList();
    }

    /// @param name may have slashes, for a group in a group
    /// @return the files that a process writes its number into in order to be in the group
    List<Path> make(String name) throws IOException {
        List<Path> doors = new ArrayList<>();
        for (Path hierarchy : hierarchies()) {
            Path folder = hierarchy.resolve(FOLDER).resolve(name);
            Files.createDirectories(folder);
            passOn(hierarchy);
            Path each = hierarchy;
            for (Path part : hierarchy.relativize(folder.getParent())) {
                each = each.resolve(part);
                passOn(each);
            }
            doors.add(folder.resolve("cgroup.procs"));
        }
        return doors;
    }

    /// Version 2 hands controllers down one by one. A host does without those that it does not get.
    private static void passOn(Path folder) {
        Path control = folder.resolve("cgroup.subtree_control");
        if (!Files.exists(control)) {
            return;
        }
        for (String controller : List.of("cpu", "memory", "pids", "io")) {
            try {
                Files.writeString(control, "+" + controller);
            } catch (IOException notHere) {
                // Not built into this kernel, or kept by version 1.
            }
        }
    }

    /// Takes away the group and those in it, and the lab's own once it is empty.
    void remove(String name) throws IOException, InterruptedException {
        for (Path hierarchy : hierarchies()) {
            Path folder = hierarchy.resolve(FOLDER).resolve(name);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!gone(folder) && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            try {
                Files.deleteIfExists(hierarchy.resolve(FOLDER));
            } catch (IOException inUse) {
                // Another host is there.
            }
        }
    }

    private static boolean gone(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst =
                    all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
        } catch (java.io.UncheckedIOException goneMeanwhile) {
            return false;
        }
        for (Path group : deepestFirst) {
            try {
                Files.deleteIfExists(group);
            } catch (IOException inUse) {
                return false;
            }
        }
        return true;
    }
}
