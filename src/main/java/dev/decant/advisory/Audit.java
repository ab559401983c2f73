package dev.decant.advisory;

import dev.decant.config.DepsConfig;
import dev.decant.config.DepsConfig.Acknowledged;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.net.URI;
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
import java.util.stream.Stream;

/// What a copy of an advisory database, and Hex's registry, say of what is locked.
///
/// @param database that was read; empty where none was
/// @param registry that was asked; likewise
/// @param hits in the order of the apps
/// @param notes on what could not be compared, and on exceptions that are of no use
public record Audit(
        Optional<Database> database, Optional<Asked> registry, List<Hit> hits, List<String> notes) {

    /// @param asOf how old it is: what was published later is not known
    public record Database(Path folder, Instant asOf) {}

    /// @param asOf when it said what is known of it, of the oldest; empty where nothing is
    /// @param unknown packages of which nothing is known
    /// @param why those, or newer words, could not be had; a sentence each
    public record Asked(URI base, Optional<Instant> asOf, List<String> unknown, List<String> why) {}

    /// What concerns a locked version.
    ///
    /// @param acknowledged in decant.toml; empty where it is not, or not any more
    /// @param expired on which day the exception ended, if it has
    public record Hit(
            String app,
            String version,
            Notice notice,
            Optional<Acknowledged> acknowledged,
            Optional<LocalDate> expired) {

        /// One line, without the link.
        public String said() {
            return app + " " + version + ": " + notice.said();
        }
    }

    public Audit {
        hits = List.copyOf(hits);
        notes = List.copyOf(notes);
    }

    /// @param folder a copy of an advisory database; empty to read none
    /// @param registry empty to ask none
    /// @param today exceptions last until the end of their day
    /// @throws dev.decant.problem.Failure with an [AdvisoryProblem] if there is no database
    public static Audit of(
            Optional<Path> folder,
            Optional<Registry> registry,
            List<Dependency> locked,
            DepsConfig config,
            LocalDate today)
            throws IOException, InterruptedException {
        Optional<AdvisoryDatabase> advisories = Optional.empty();
        if (folder.isPresent()) {
            advisories = Optional.of(AdvisoryDatabase.open(folder.get()));
        }
        Optional<Registry.Answer> answer = Optional.empty();
        if (registry.isPresent()) {
            answer =
                    Optional.of(
                            registry.get()
                                    .ask(locked.stream().flatMap(Audit::inRegistry).toList()));
        }
        List<Hit> hits = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Map<String, Acknowledged> exceptions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exceptions.putAll(config.acknowledged());
        Set<String> unused = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        unused.addAll(exceptions.keySet());
        for (Dependency dependency : locked) {
            switch (dependency) {
                case Dependency.Hex hex when hex.repo().equals(Dependency.Hex.PUBLIC_REPO) -> {
                    List<Notice> notices = new ArrayList<>();
                    if (advisories.isPresent()) {
                        advisories.get().of(hex.name()).stream()
                                .filter(advisory -> advisory.concerns(hex.version()))
                                .forEach(notices::add);
                    }
                    answer.map(it -> it.retired().getOrDefault(hex.name(), Map.of()))
                            .map(retired -> retired.get(hex.version()))
                            .ifPresent(notices::add);
                    for (Notice notice : notices) {
                        unused.remove(notice.id());
                        hits.add(
                                hit(
                                        hex,
                                        notice,
                                        Optional.ofNullable(exceptions.get(notice.id())),
                                        today));
                    }
                }
                case Dependency.Hex _, Dependency.Other _ -> {}
                case Dependency.Git git -> {
                    int count = advisories.isPresent() ? advisories.get().of(git.app()).size() : 0;
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
        // Of what was not looked at, nothing is said.
        boolean all = answer.isPresent() && answer.get().unknown().isEmpty();
        boolean read = advisories.isPresent();
        unused.removeIf(id -> id.contains("@") ? !all : !read);
        unused.forEach(
                id ->
                        notes.add(
                                "deps.acknowledged."
                                        + id
                                        + " concerns nothing that is locked, and can go."));
        return new Audit(
                advisories.map(it -> new Database(folder.orElseThrow(), it.asOf())),
                answer.map(
                        it ->
                                new Asked(
                                        registry.orElseThrow().base(),
                                        it.asOf(),
                                        it.unknown(),
                                        it.why())),
                hits,
                notes);
    }

    private static Stream<String> inRegistry(Dependency dependency) {
        return dependency instanceof Dependency.Hex hex
                        && hex.repo().equals(Dependency.Hex.PUBLIC_REPO)
                ? Stream.of(hex.name())
                : Stream.empty();
    }

    private static Hit hit(
            Dependency.Hex hex, Notice notice, Optional<Acknowledged> exception, LocalDate today) {
        Optional<Acknowledged> valid = exception.filter(it -> !today.isAfter(it.until()));
        return new Hit(
                hex.app(),
                hex.version(),
                notice,
                valid,
                valid.isPresent() ? Optional.empty() : exception.map(Acknowledged::until));
    }

    /// Those that nobody has acknowledged, or not for now.
    public List<Hit> open() {
        return hits.stream().filter(hit -> hit.acknowledged().isEmpty()).toList();
    }
}
