package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;
import dev.decant.release.HexTarball;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Holds what was fetched against the lock, without asking Mix, which takes the folder of a package
/// at its own word, as one that somebody has committed, and runs whatever mix.exs has it run.
final class FetchedDependencies {

    /// Mix leaves it in each folder that it has fetched; of a repository of which only a part is
    /// wanted, in that part.
    private static final String MARK = ".fetch";

    /// What Hex adds to a package that it unpacks.
    private static final Set<String> ADDED =
            Set.of(MARK, HexManifest.FILE_NAME, "hex_metadata.config");

    private static final int SHOWN = 5;

    private final Path deps;
    private final Path hexHome;
    private final List<BuildProblem> problems = new ArrayList<>();
    private final List<String> byWordOnly = new ArrayList<>();

    private FetchedDependencies(Path deps, Path hexHome) {
        this.deps = deps;
        this.hexHome = hexHome;
    }

    /// @param locked those that this environment does not need may not be there
    /// @param deps the folder that Mix fetches into
    /// @param hexHome where Hex keeps what it has downloaded, in `packages`
    /// @return apps of Hex whose files could not be compared with a download, since Hex has none
    ///   any more or the lock has no checksum of it; only what their folder says of itself was
    /// @throws Failure with a [BuildProblem.NotAsLocked] for each that is something else
    static List<String> mustBe(List<Dependency> locked, Path deps, Path hexHome)
            throws IOException, InterruptedException {
        FetchedDependencies fetched = new FetchedDependencies(deps, hexHome);
        for (Dependency dependency : locked) {
            fetched.check(dependency);
        }
        if (!fetched.problems.isEmpty()) {
            throw new Failure(fetched.problems);
        }
        return fetched.byWordOnly;
    }

    /// Where below its home Hex keeps what it has downloaded of these.
    static List<String> downloads(List<Dependency> locked) {
        return locked.stream()
                .filter(Dependency.Hex.class::isInstance)
                .map(hex -> download((Dependency.Hex) hex))
                .toList();
    }

    private static String download(Dependency.Hex locked) {
        return "packages/" + locked.repo() + "/" + locked.name() + "-" + locked.version() + ".tar";
    }

    private void check(Dependency dependency) throws IOException, InterruptedException {
        Path folder = deps.resolve(dependency.app());
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            List<String> differences = differences(dependency, folder);
            if (!differences.isEmpty()) {
                problems.add(
                        new BuildProblem.NotAsLocked(dependency.app(), shortened(differences)));
            }
        }
    }

    private static List<String> shortened(List<String> lines) {
        List<String> shown = new ArrayList<>(lines.subList(0, Math.min(SHOWN, lines.size())));
        if (lines.size() > SHOWN) {
            shown.add("… and " + (lines.size() - SHOWN) + " more");
        }
        return shown;
    }

    private List<String> differences(Dependency dependency, Path folder)
            throws IOException, InterruptedException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of("It is no folder.");
        }
        return switch (dependency) {
            case Dependency.Hex hex -> {
                List<String> differences = manifest(hex, HexManifest.read(folder));
                yield differences.isEmpty() ? files(hex, folder) : differences;
            }
            case Dependency.Git git -> git(git, folder);
            case Dependency.Other _ -> List.of();
        };
    }

    /// The manifest is the folder's own word. What was downloaded is known by its checksum.
    private List<String> files(Dependency.Hex locked, Path folder) throws IOException {
        Path download = hexHome.resolve(download(locked));
        if (locked.outer().isEmpty() || !Files.isRegularFile(download)) {
            byWordOnly.add(locked.app());
            return List.of();
        }
        List<String> differences = new ArrayList<>();
        Digest found = Digest.of(download);
        compare(differences, "download", locked.outer().get().hex(), found.hex());
        if (!differences.isEmpty()) {
            return differences;
        }
        Map<String, Digest> contents = HexTarball.files(download);
        Map<String, Digest> there = HexTarball.filesBelow(folder);
        there.keySet().removeAll(ADDED);
        Set<String> all = new TreeSet<>(contents.keySet());
        all.addAll(there.keySet());
        for (String file : all) {
            if (!there.containsKey(file)) {
                differences.add("It lacks " + file + ".");
            } else if (!contents.containsKey(file)) {
                differences.add("It has " + file + ", which the package has not.");
            } else if (!there.get(file).equals(contents.get(file))) {
                differences.add("Its " + file + " is not the package's.");
            }
        }
        return differences;
    }

    private static List<String> manifest(Dependency.Hex locked, Optional<HexManifest> manifest) {
        if (manifest.isEmpty()) {
            return List.of("It has no " + HexManifest.FILE_NAME + " that Hex could have written.");
        }
        List<String> differences = new ArrayList<>();
        HexManifest found = manifest.get();
        compare(differences, "package", locked.name(), found.name());
        compare(differences, "version", locked.version(), found.version());
        compare(differences, "repository", locked.repo(), found.repo());
        compare(differences, "inner checksum", locked.inner(), found.inner());
        compare(differences, "outer checksum", locked.outer(), found.outer());
        return differences;
    }

    /// An old lock has fewer checksums; what it has counts.
    private static void compare(
            List<String> differences,
            String what,
            Optional<Digest> locked,
            Optional<String> found) {
        locked.ifPresent(
                digest -> compare(differences, what, digest.hex(), found.orElse("not there")));
    }

    private static void compare(
            List<String> differences, String what, String locked, String found) {
        if (!locked.equals(found)) {
            differences.add(
                    "Its "
                            + what
                            + " is "
                            + found.replaceAll("\\p{Cntrl}", "?")
                            + "; mix.lock has "
                            + locked
                            + ".");
        }
    }

    /// Asks the folder's own repository and no other: the project is one, too, and around it.
    private static List<String> git(Dependency.Git locked, Path folder)
            throws IOException, InterruptedException {
        if (!Files.isDirectory(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
            return List.of("It is no git repository.");
        }
        Result head = git(folder, "rev-parse", "--verify", "HEAD");
        if (!head.ok()) {
            return head.lastWords(2);
        }
        List<String> differences = new ArrayList<>();
        compare(differences, "commit", locked.revision(), head.text());
        // What git ignores is compiled as well.
        Result status = git(folder, "status", "--porcelain", "--untracked-files=all", "--ignored");
        if (!status.ok()) {
            return status.lastWords(2);
        }
        status.out().stream()
                .filter(line -> !line.matches(".*[ /]" + Pattern.quote(MARK)))
                .forEach(line -> differences.add("git status: " + line));
        return differences;
    }

    private static Result git(Path folder, String... words)
            throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "git",
                                "-c",
                                "core.quotePath=false",
                                "--git-dir=" + folder.resolve(".git"),
                                "--work-tree=" + folder));
        all.addAll(List.of(words));
        return Program.of(all).in(folder).run();
    }
}
