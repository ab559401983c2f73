package dev.decant.project;

import dev.decant.problem.Failure;
import dev.decant.project.RequiredDependencies.Kind;
import dev.decant.project.RequiredDependencies.Required;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What mix.exs requires beside what mix.lock pins, and what is amiss between the two. Nothing is
/// run to find that out.
///
/// @param entries sorted by app
/// @param notes what could not be told, a sentence each
public record DependencyReport(List<Entry> entries, List<String> notes) {

    /// @param required versions that will do, as each mix.exs of the project says; `any` where it
    ///   names none, `?` where only code says it; empty where it is not in one
    /// @param neededBy other dependencies that name it
    /// @param locked empty for one by path, and for one that should be locked and is not
    /// @param from a repository of Hex, a URL or a path; without a password
    public record Entry(
            String app,
            List<String> required,
            List<String> neededBy,
            Optional<Dependency> locked,
            String from,
            List<Finding> findings) {

        public Entry {
            required = List.copyOf(required);
            neededBy = List.copyOf(neededBy);
            findings = List.copyOf(findings);
        }
    }

    /// What should not be so.
    public enum Finding {
        NOT_LOCKED("mix.exs requires it and mix.lock does not have it", "mix deps.get"),
        DOES_NOT_FIT("mix.lock has another one than mix.exs requires", "mix deps.get"),
        UNUSED("nothing needs it any more", "mix deps.unlock --unused"),
        BY_BRANCH(
                "no tag or ref is named, so the next update takes whatever its branch has then",
                "name a tag: or ref: in mix.exs"),
        NO_OUTER_CHECKSUM(
                "the lock is older than Hex's checksum of the whole package", "mix deps.get"),
        OUTSIDE(
                "its path leads out of the repository, so that no commit says what it is",
                "take it into the repository, or name it by git:");

        private final String reason;
        private final String remedy;

        Finding(String reason, String remedy) {
            this.reason = reason;
            this.remedy = remedy;
        }

        /// As tables and JSON have it, such as `no-outer-checksum`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// Half a sentence.
        public String reason() {
            return reason;
        }

        /// What to do, in a few words.
        public String remedy() {
            return remedy;
        }
    }

    public DependencyReport {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }

    /// @param project the folder of mix.exs or rebar.config
    /// @throws Failure with a [ProjectProblem]
    public static DependencyReport of(Path project, LockFile lock) throws IOException {
        return switch (lock) {
            case MIX -> of(project);
            case REBAR3 -> ofRebar(lock.read(project));
        };
    }

    /// rebar3 itself compares rebar.config with the lock, of which it keeps less.
    private static DependencyReport ofRebar(List<Dependency> locked) {
        return new DependencyReport(
                locked.stream()
                        .map(
                                dependency ->
                                        new Entry(
                                                dependency.app(),
                                                List.of(),
                                                List.of(),
                                                Optional.of(dependency),
                                                Maker.from(dependency),
                                                List.of()))
                        .toList(),
                List.of(
                        "What rebar.config wants is compared with rebar.lock by rebar3, in a"
                                + " build."));
    }

    /// @param project the folder of mix.exs
    /// @throws Failure with a [ProjectProblem] where there is no mix.exs, or a lock that is not
    ///   data
    static DependencyReport of(Path project) throws IOException {
        if (!Files.isRegularFile(project.resolve("mix.exs"))) {
            throw new Failure(new ProjectProblem.NoMixExs(project.toAbsolutePath().normalize()));
        }
        return new Maker(project, MixLock.read(project), RequiredDependencies.read(project))
                .report();
    }

    /// Of all dependencies.
    public boolean hasFindings() {
        return entries.stream().anyMatch(entry -> !entry.findings().isEmpty());
    }

    private static final class Maker {

        private final Path project;
        private final RequiredDependencies mixExs;
        private final Map<String, Dependency> locked = new TreeMap<>();
        private final Map<String, List<Required>> required = new TreeMap<>();
        private final Map<String, Set<String>> neededBy = new TreeMap<>();

        Maker(Path project, List<Dependency> lock, RequiredDependencies mixExs) {
            this.project = project;
            this.mixExs = mixExs;
            lock.forEach(dependency -> locked.put(dependency.app(), dependency));
            mixExs.own().stream()
                    .filter(it -> it.kind() != Kind.UMBRELLA)
                    .forEach(
                            it ->
                                    required.computeIfAbsent(it.app(), _ -> new ArrayList<>())
                                            .add(it));
            locked.keySet().forEach(app -> needs(app).forEach(need -> note(need, app)));
            mixExs.needs().forEach((app, needs) -> needs.forEach(need -> note(need, app)));
        }

        private void note(String need, String app) {
            neededBy.computeIfAbsent(need, _ -> new TreeSet<>()).add(app);
        }

        private Collection<String> needs(String app) {
            return locked.get(app) instanceof Dependency.Hex hex
                    ? hex.needs()
                    : mixExs.needs().getOrDefault(app, Set.of());
        }

        DependencyReport report() {
            Set<String> used = used();
            boolean known = mixExs.unread().isEmpty() && mixExs.unknown().isEmpty();
            Set<String> apps = new TreeSet<>(locked.keySet());
            apps.addAll(required.keySet());
            List<Entry> entries = new ArrayList<>();
            List<String> doubtful = new ArrayList<>();
            for (String app : apps) {
                List<Finding> findings = findings(app);
                if (!used.contains(app) && known) {
                    findings.add(Finding.UNUSED);
                } else if (!used.contains(app)) {
                    doubtful.add(app);
                }
                entries.add(entry(app, findings));
            }
            return new DependencyReport(entries, notes(doubtful));
        }

        private List<String> notes(List<String> doubtful) {
            List<String> notes = new ArrayList<>();
            if (!mixExs.unread().isEmpty()) {
                notes.add(
                        "Code says what is required at "
                                + String.join(", ", mixExs.unread())
                                + ", and it was not run.");
            }
            if (!mixExs.unknown().isEmpty()) {
                notes.add(
                        "Nothing here says what "
                                + String.join(", ", mixExs.unknown())
                                + " may need: what they are is not there (mix deps.get).");
            }
            if (!doubtful.isEmpty()) {
                notes.add(
                        "So whether these are still needed is not known: "
                                + String.join(", ", doubtful)
                                + ".");
            }
            return notes;
        }

        /// What is reached from mix.exs, past what a package can do without.
        private Set<String> used() {
            Set<String> used = new HashSet<>();
            Deque<String> open = new ArrayDeque<>(required.keySet());
            while (!open.isEmpty()) {
                String app = open.pop();
                if (used.add(app)) {
                    needs(app).stream().filter(it -> !isOptional(it, app)).forEach(open::add);
                }
            }
            return used;
        }

        private boolean isOptional(String need, String app) {
            return locked.get(app) instanceof Dependency.Hex hex && hex.optional().contains(need);
        }

        private Entry entry(String app, List<Finding> findings) {
            Optional<Dependency> dependency = Optional.ofNullable(locked.get(app));
            List<Required> here = required.getOrDefault(app, List.of());
            return new Entry(
                    app,
                    here.stream().map(Maker::required).distinct().toList(),
                    List.copyOf(neededBy.getOrDefault(app, Set.of())),
                    dependency,
                    dependency
                            .map(Maker::from)
                            .orElseGet(
                                    () ->
                                            here.stream()
                                                    .filter(it -> it.kind() == Kind.PATH)
                                                    .findFirst()
                                                    .map(Required::from)
                                                    .orElse("")),
                    findings);
        }

        private static String required(Required required) {
            return required.version().orElse(required.kind() == Kind.UNKNOWN ? "?" : "any");
        }

        private static String from(Dependency dependency) {
            return switch (dependency) {
                case Dependency.Hex hex ->
                        hex.name().equals(hex.app()) ? hex.repo() : hex.repo() + "/" + hex.name();
                case Dependency.Git git -> git.url();
                case Dependency.Other other -> other.kind();
            };
        }

        private List<Finding> findings(String app) {
            List<Finding> findings = new ArrayList<>();
            List<Required> here = required.getOrDefault(app, List.of());
            Optional<Required> byPath =
                    here.stream().filter(it -> it.kind() == Kind.PATH).findFirst();
            if (byPath.isPresent()) {
                if (!isInRepository(byPath.get())) {
                    findings.add(Finding.OUTSIDE);
                }
                return findings;
            }
            switch (locked.get(app)) {
                case null -> findings.add(Finding.NOT_LOCKED);
                case Dependency.Hex hex -> {
                    if (!here.stream().allMatch(it -> fits(it, hex))) {
                        findings.add(Finding.DOES_NOT_FIT);
                    }
                    if (hex.outer().isEmpty()) {
                        findings.add(Finding.NO_OUTER_CHECKSUM);
                    }
                }
                case Dependency.Git git -> {
                    if (here.stream().anyMatch(it -> it.kind() == Kind.HEX)) {
                        findings.add(Finding.DOES_NOT_FIT);
                    }
                    if (git.tag().isEmpty() && git.ref().isEmpty()) {
                        findings.add(Finding.BY_BRANCH);
                    }
                }
                case Dependency.Other _ -> {}
            }
            return findings;
        }

        /// A requirement or version that is none to Elixir is for Mix to complain of.
        private static boolean fits(Required required, Dependency.Hex hex) {
            return (required.kind() == Kind.HEX || required.kind() == Kind.UNKNOWN)
                    && required.version()
                            .flatMap(VersionRequirement::parse)
                            .flatMap(requirement -> requirement.fits(hex.version()))
                            .orElse(true);
        }

        private boolean isInRepository(Required required) {
            Path top = project.toAbsolutePath().normalize();
            for (Path at = top; at != null; at = at.getParent()) {
                if (Files.exists(at.resolve(".git"))) {
                    top = at;
                    break;
                }
            }
            return required.target(project).startsWith(top);
        }
    }
}
