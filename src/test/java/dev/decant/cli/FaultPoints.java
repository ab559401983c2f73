package dev.decant.cli;

import dev.decant.exec.Program;
import dev.decant.lab.LabHost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Has the instrumented host program of one host stop at one of its points. Goes through the host's
/// disk, which is there whether or not the host is.
record FaultPoints(LabHost host) {

    /// One execution of a line.
    ///
    /// @param line in the original program
    /// @param time the how manieth in its operation, from 1
    record Step(int line, int time) {}

    private Path folder() {
        return host.folder().resolve("root" + InstrumentedHostProgram.FOLDER);
    }

    private void put(String name, String text) throws IOException {
        // Root and the deploy user both write here.
        Path folder = Files.createDirectories(folder());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path beside = Files.writeString(folder.resolve(name + ".beside"), text);
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.move(beside, folder.resolve(name));
    }

    /// Nothing stops any more, and whoever has stopped goes on.
    void clear() throws IOException {
        if (Files.isDirectory(folder())) {
            try (var files = Files.list(folder())) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    void record() throws IOException {
        clear();
        put("recorded", "");
        put("armed", "record 0\n");
    }

    List<Step> recorded() throws IOException {
        Map<Integer, Integer> times = new HashMap<>();
        List<Step> steps = new ArrayList<>();
        for (String line : Files.readAllLines(folder().resolve("recorded"))) {
            int number = Integer.parseInt(line);
            steps.add(new Step(number, times.merge(number, 1, Integer::sum)));
        }
        clear();
        return steps;
    }

    void arm(Step step) throws IOException {
        clear();
        put("hold", "");
        put("armed", step.line() + " " + step.time() + "\n");
    }

    boolean reached() {
        return Files.exists(folder().resolve("reached"));
    }

    boolean reachedWithin(Duration time, Process operator) throws InterruptedException {
        return Seen.within(time, () -> reached() || !operator.isAlive()) && reached();
    }

    /// Kills what has stopped together with all that it has begun and that began it: the session or
    /// unit, and not sshd.
    void killTheProgram() throws IOException, InterruptedException {
        String pid = Files.readString(folder().resolve("reached")).strip();
        host.ssh("kill -KILL -- -$(ps -o pgid= -p " + pid + " | tr -d ' ')");
        clear();
    }

    /// Fills the disk to the last page.
    void fillTheDisk() throws IOException, InterruptedException {
        for (String size : List.of("1M", "4k")) {
            Program.of("dd", "if=/dev/zero", "of=" + filler(size), "bs=" + size).run();
        }
    }

    void freeTheDisk() throws IOException {
        for (String size : List.of("1M", "4k")) {
            Files.deleteIfExists(filler(size));
        }
    }

    private Path filler(String size) {
        return host.folder().resolve("root/fill-" + size);
    }
}
