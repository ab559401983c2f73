package dev.decant.release;

import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
        String glibc = "0";
        boolean musl = main.interpreter().contains("ld-musl");
        Set<String> needed = new TreeSet<>();
        Set<String> own = new TreeSet<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(release)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Optional<Elf> elf = Elf.read(file);
            if (elf.isEmpty()) {
                continue;
            }
            own.add(elf.get().soname());
            own.add(file.getFileName().toString());
            needed.addAll(elf.get().needed());
            for (String version : elf.get().versions()) {
                if (version.matches("GLIBC_[0-9]+([.][0-9]+)*")) {
                    String number = version.substring("GLIBC_".length());
                    glibc = Target.compareVersions(number, glibc) > 0 ? number : glibc;
                }
            }
        }
        needed.removeAll(own);
        needed.removeAll(LIBC);
        String libc = musl ? "musl" : glibc.equals("0") ? "none" : "glibc";
        return new Target("Linux", main.arch(), libc, glibc, List.copyOf(needed));
    }
}
