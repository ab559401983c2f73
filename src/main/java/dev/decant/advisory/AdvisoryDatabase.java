package dev.decant.advisory;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A copy of an advisory database on this machine: `packages/NAME/ID.yml`. It is read as it is, and
/// never brought up to date here.
final class AdvisoryDatabase {

    /// By name in small letters: Hex has no others, and the database has.
    private final Map<String, Path> packages;

    private final Instant asOf;

    private AdvisoryDatabase(Map<String, Path> packages, Instant asOf) {
        this.packages = packages;
        this.asOf = asOf;
    }

    /// @param folder the clone
    /// @throws Failure with [AdvisoryProblem.NoDatabase] if it is none
    static AdvisoryDatabase open(Path folder) throws IOException, InterruptedException {
        Path all = folder.resolve("packages");
        if (!Files.isDirectory(all)) {
            throw new Failure(new AdvisoryProblem.NoDatabase(folder));
        }
        Map<String, Path> packages = new HashMap<>();
        try (Stream<Path> list = Files.list(all)) {
            list.filter(Files::isDirectory)
                    .forEach(
                            path ->
                                    packages.put(
                                            path.getFileName().toString().toLowerCase(Locale.ROOT),
                                            path));
        }
        if (packages.isEmpty()) {
            throw new Failure(new AdvisoryProblem.NoDatabase(folder));
        }
        return new AdvisoryDatabase(packages, asOf(all));
    }

    /// The last commit that changed it; where git does not tell, its newest file.
    private static Instant asOf(Path packages) throws IOException, InterruptedException {
        if (Program.find("git").isPresent()) {
            Result said =
                    Program.of("git", "log", "-1", "--format=%cI", "--", ".").in(packages).run();
            if (said.ok() && !said.text().isEmpty()) {
                return OffsetDateTime.parse(said.text()).toInstant();
            }
        }
        try (Stream<Path> files = Files.walk(packages)) {
            return files.filter(Files::isRegularFile)
                    .map(AdvisoryDatabase::changed)
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        }
    }

    private static Instant changed(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How old what it says is.
    Instant asOf() {
        return asOf;
    }

    /// @param name of a package of hex.pm
    /// @return of all its versions, in the order of their ids
    List<Advisory> of(String name) throws IOException {
        Path of = packages.get(name.toLowerCase(Locale.ROOT));
        if (of == null) {
            return List.of();
        }
        List<Advisory> advisories = new ArrayList<>();
        try (Stream<Path> files = Files.list(of)) {
            for (Path file :
                    files.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList()) {
                advisories.add(Advisory.read(file));
            }
        }
        return advisories;
    }
}
