package dev.decant.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// Decant with another host program, as a jar beside its libraries, so that the JVM can keep its
/// classes ready to be mapped.
record InstrumentedDecant(InstrumentedHostProgram program, Path folder) {

    private static final String RESOURCE = "dev/decant/host/decant-host";
    private static final Path CLASSES = Path.of("target/classes");

    static InstrumentedDecant make() throws IOException {
        InstrumentedHostProgram program =
                InstrumentedHostProgram.of(Files.readString(CLASSES.resolve(RESOURCE)));
        Path folder = Files.createTempDirectory("decant-test-instrumented");
        try (OutputStream file = Files.newOutputStream(folder.resolve("decant.jar"));
                JarOutputStream jar = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(CLASSES)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                String name = CLASSES.relativize(path).toString();
                jar.putNextEntry(new JarEntry(name));
                jar.write(
                        name.equals(RESOURCE)
                                ? program.text().getBytes(StandardCharsets.UTF_8)
                                : Files.readAllBytes(path));
                jar.closeEntry();
            }
        }
        return new InstrumentedDecant(program, folder);
    }

    /// Options of a JVM that runs it.
    List<String> java() {
        return java("SharedArchiveFile");
    }

    /// The same, for a run that leaves its classes to those behind it.
    List<String> javaForTheFirstTime() {
        return java("ArchiveClassesAtExit");
    }

    private List<String> java(String archive) {
        List<String> path = new ArrayList<>(List.of(folder.resolve("decant.jar").toString()));
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .forEach(path::add);
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:" + archive + "=" + folder.resolve("classes"),
                "-Xlog:disable",
                "-Xlog:all=off",
                "-cp",
                String.join(File.pathSeparator, path));
    }
}
