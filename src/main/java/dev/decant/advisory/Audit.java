package dev.decant.advisory;

import dev.decant.config.DepsConfig;
import dev.decant.config.DepsConfig.Acknowledged;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a copy of an advisory database says of what is locked.
///
/// @param database where the copy is
/// @param asOf how old it is: what was published later is not known
/// @param hits in the order of the apps
/// @param notes on what could not be compared, and on exceptions that are of no use
public record Audit(Path database, Instant asOf, List<Hit> hits, List<String> notes) {

    /// An advisory that concerns a locked version.
    ///
    /// @param acknowledged in decant.toml; empty where it is not, or not any more
    /// @param expired on which day the exception ended, if it has
    public record Hit(
            String app,
            String version,
            Advisory advisory,
            Optional<Acknowledged> acknowledged,
            Optional<LocalDate> expired) {

        /// One line, without the link.
        public String said() {
            return app
                    + " "
                    + version
                    + ": "
                    + advisory.id()
                    + (advisory.severity().isEmpty() ? "" : " (" + advisory.severity() + ")")
                    + ": "
                    + advisory.title()
                    + (advisory.patched().isEmpty()
                            ? ""
                            : "; mended in " + String.join(", ", advisory.patched()));
        }
    }

    public Audit {
        hits = List.copyOf(hits);
        notes = List.copyOf(notes);
    }

    /// @param today exceptions last until the end of their day
    /// @throws dev.decant.problem.Failure with an [AdvisoryProblem] if there is no database
    public static Audit of(
            Path database, List<Dependency> locked, DepsConfig config, LocalDate today)
            throws IOException, InterruptedException {
        AdvisoryDatabase advisories = AdvisoryDatabase.open(database);
        List<Hit> hits = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Map<String, Acknowledged> exceptions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exceptions.putAll(config.acknowledged());
        Set<String> unused = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        unused.addAll(exceptions.keySet());
        for (Dependency dependency : locked) {
            switch (dependency) {
                case Dependency.Hex hex when hex.repo().equals(Dependency.Hex.PUBLIC_REPO) -> {
                    for (Advisory advisory : advisories.of(hex.name())) {
                        if (advisory.concerns(hex.version())) {
                            unused.remove(advisory.id());
                            hits.add(
                                    hit(
                                            hex,
                                            advisory,
                                            Optional.ofNullable(exceptions.get(advisory.id())),
                                            today));
                        }
                    }
                }
                case Dependency.Hex _, Dependency.Other _ -> {}
                case Dependency.Git git -> {
                    int count = advisories.of(git.app()).size();
                    if (count > 0) {
                        notes.add(
                                git.app()
                                        + " is from git, which has no version to compare."
                                        + " Advisories for the package of that name: "
                                        + count
                                        + ".");
                    }
                }
            }
        }
        unused.forEach(
                id ->
                        notes.add(
                                "deps.acknowledged."
                                        + id
                                        + " concerns nothing that is locked, and can go."));
        return new Audit(database, advisories.asOf(), hits, notes);
    }

    private static Hit hit(
            Dependency.Hex hex,
            Advisory advisory,
            Optional<Acknowledged> exception,
            LocalDate today) {
        Optional<Acknowledged> valid = exception.filter(it -> !today.isAfter(it.until()));
        return new Hit(
                hex.app(),
                hex.version(),
                advisory,
                valid,
                valid.isPresent() ? Optional.empty() : exception.map(Acknowledged::until));
    }

    /// Those that nobody has acknowledged, or not for now.
    public List<Hit> open() {
        return hits.stream().filter(hit -> hit.acknowledged().isEmpty()).toList();
    }
}
