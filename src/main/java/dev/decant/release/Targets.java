package dev.decant.release;

import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads from an unpacked release which machine it needs.
final class Targets {

    /// The libraries that make up the C library: its version speaks for them.
    private static final Set<String> LIBC =
            Set.of(
                    "libc.so.6",
                    "libm.so.6",
                    "libdl.so.2",
                    "libpthread.so.0",
                    "librt.so.1",
                    "libutil.so.1",
                    "ld-linux-x86-64.so.2",
                    "ld-linux-aarch64.so.1",
                    "ld-linux.so.2");

    private Targets() {}

    /// @param release the root of an unpacked release; its emulator decides the architecture, all
    ///   its native code the rest
    /// @throws Failure if the emulator is not a program
    static Target of(Path release, Path emulator) throws IOException {
        Elf main =
                Elf.read(emulator)
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                new ReleaseProblem.OddFile(
                                                        release.relativize(emulator).toString(),
                                                        "It should be the Erlang VM, and is no"
                                                                + " ELF program.")));
        return of(release, main.arch(), main.interpreter());
    }

    /// As [#of], of a release without an Erlang. It may have native code for several machines, as
    /// packages of npm have: what counts is what is started. Where that is no native code (a
    /// script), it is what all is for.
    ///
    /// @param program that is started, if it is in the release
    static Target ofProgram(Path release, Optional<Path> program) throws IOException {
        Optional<Elf> main = program.isPresent() ? Elf.read(program.get()) : Optional.empty();
        if (main.isPresent()) {
            return of(release, main.get().arch(), main.get().interpreter());
        }
        SortedMap<String, String> interpreters = new TreeMap<>();
        for (Path file : files(release)) {
            Elf.read(file)
                    .ifPresent(
                            elf ->
                                    interpreters.merge(
                                            elf.arch(),
                                            elf.interpreter(),
                                            (one, other) -> one.isEmpty() ? other : one));
        }
        return interpreters.size() == 1
                ? of(release, interpreters.firstKey(), interpreters.firstEntry().getValue())
                : new Target("Linux", Target.ANY, "none", "0", List.of(), new TreeMap<>());
    }

    private static List<Path> files(Path release) throws IOException {
        try (Stream<Path> walk = Files.walk(release)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Target of(Path release, String arch, String interpreter) throws IOException {
        String glibc = "0";
        String glibcBy = "";
        boolean musl = interpreter.contains("ld-musl");
        SortedMap<String, String> neededBy = new TreeMap<>();
        Set<String> own = new HashSet<>();
        for (Path file : files(release)) {
            Optional<Elf> elf = Elf.read(file);
            if (elf.isEmpty() || !elf.get().arch().equals(arch)) {
                continue;
            }
            String path = release.relativize(file).toString();
            own.add(elf.get().soname());
            own.add(file.getFileName().toString());
            elf.get().needed().forEach(soname -> neededBy.putIfAbsent(soname, path));
            for (String version : elf.get().versions()) {
                if (version.matches("GLIBC_[0-9]+([.][0-9]+)*")) {
                    String number = version.substring("GLIBC_".length());
                    if (Target.compareVersions(number, glibc) > 0) {
                        glibc = number;
                        glibcBy = path;
                    }
                }
            }
        }
        neededBy.keySet().removeAll(own);
        neededBy.keySet().removeAll(LIBC);
        List<String> sonames = List.copyOf(neededBy.keySet());
        if (!glibcBy.isEmpty()) {
            neededBy.put(Target.GLIBC, glibcBy);
        }
        String libc = musl ? "musl" : glibcBy.isEmpty() ? "none" : Target.GLIBC;
        return new Target("Linux", arch, libc, glibc, sonames, neededBy);
    }
}
