package dev.decant.build;

import dev.decant.config.ConfigReader;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The git repository that a project is in.
///
/// @param top the repository's root
/// @param prefix the project's folder below it, with a `/` behind; empty where they are the same
/// @param commit of HEAD, in full
public record Git(Path top, String prefix, String commit) {

    /// @param project any folder in the repository
    /// @throws Failure with [BuildProblem.NotInGit] or [BuildProblem.NoTool]
    public static Git at(Path project) throws IOException, InterruptedException {
        if (Program.find("git").isEmpty()) {
            throw new Failure(new BuildProblem.NoTool("git", "apt-get install git"));
        }
        Result said = git(project, "rev-parse", "--show-toplevel", "--verify", "HEAD");
        if (!said.ok()) {
            throw new Failure(new BuildProblem.NotInGit(project, said.lastWords(3)));
        }
        Result prefix = git(project, "rev-parse", "--show-prefix");
        return new Git(Path.of(said.out().getFirst()), prefix.text(), said.out().getLast());
    }

    /// Whether a folder is in a repository with a commit, and git is there to ask.
    public static boolean isOne(Path project) throws IOException, InterruptedException {
        return Program.find("git").isPresent()
                && git(project, "rev-parse", "--quiet", "--verify", "HEAD").ok();
    }

    /// How a repository stands to its last commit.
    ///
    /// @param changes what is not as committed, as `git status --short` prints it
    /// @param newSettings no commit has had a decant.toml of the project's yet. That is no change:
    ///   nothing is built of it, and whoever has just written it wants to deploy
    public record Status(List<String> changes, boolean newSettings) {}

    /// The whole repository counts: a project may build from folders beside its own.
    public Status status() throws IOException, InterruptedException {
        List<String> lines = git(top, "status", "--short", "--untracked-files=normal").out();
        String file = prefix + ConfigReader.FILE_NAME;
        Set<String> settings = Set.of("?? " + file, "A  " + file);
        List<String> changes = lines.stream().filter(line -> !settings.contains(line)).toList();
        return new Status(changes, changes.size() < lines.size());
    }

    boolean tracks(String file) throws IOException, InterruptedException {
        return git(top, "ls-files", "--error-unmatch", "--", prefix + file).ok();
    }

    /// Puts what is there into a commit, without those files that git ignores, and changes neither
    /// the index nor a branch.
    ///
    /// @param scratch a file that is made, and removed
    /// @return the commit, in full
    String snapshot(Path scratch) throws IOException, InterruptedException {
        Map<String, String> environment =
                Map.of(
                        "GIT_INDEX_FILE", scratch.toString(),
                        "GIT_AUTHOR_NAME", "Decant",
                        "GIT_AUTHOR_EMAIL", "decant@localhost",
                        "GIT_COMMITTER_NAME", "Decant",
                        "GIT_COMMITTER_EMAIL", "decant@localhost");
        Files.deleteIfExists(scratch);
        try {
            must(environment, "read-tree", commit);
            must(environment, "add", "--all");
            String tree = must(environment, "write-tree").text();
            return must(environment, "commit-tree", "-p", commit, "-m", "As it was built", tree)
                    .text();
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /// Hands a commit, and what it comes from, to another repository. What that has already does
    /// not travel. No hook of the user's is run: nothing is published.
    ///
    /// @param ref there
    /// @return what git said
    Result push(String commit, String repository, String ref, Map<String, String> environment)
            throws IOException, InterruptedException {
        return git(
                top,
                environment,
                "-c",
                "push.gpgSign=false",
                "push",
                "--quiet",
                "--force",
                "--no-verify",
                "--recurse-submodules=no",
                repository,
                commit + ":" + ref);
    }

    /// When a commit was made; empty where this repository does not know it.
    public Optional<Instant> time(String commit) throws IOException, InterruptedException {
        Result said = git(top, "show", "--no-patch", "--format=%ct", commit + "^{commit}");
        return said.ok()
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(said.text())))
                : Optional.empty();
    }

    /// The nearest tag that is a version, with or without a v, and how far the commit is from it,
    /// as in `1.2.0-3-g1f3a9c2`.
    ///
    /// @return empty where there is no such tag, or this repository does not know the commit
    public Optional<String> version(String commit) throws IOException, InterruptedException {
        Result said =
                git(
                        top,
                        "describe",
                        "--tags",
                        "--match=v[0-9]*",
                        "--match=[0-9]*",
                        commit + "^{commit}");
        return said.ok() ? Optional.of(said.text().replaceFirst("^v", "")) : Optional.empty();
    }

    /// Writes a file of the project as a commit has it.
    ///
    /// @return whether this repository knows the commit, and that has it
    public boolean write(String commit, String file, Path to)
            throws IOException, InterruptedException {
        return Program.of("git", "cat-file", "blob", commit + ":" + prefix + file)
                .in(top)
                .runInto(to)
                .ok();
    }

    /// The files of a commit, a line each: mode, kind and name of the object, and behind a tab the
    /// path. The same lines are the same files.
    List<String> files(String commit) throws IOException, InterruptedException {
        return must(Map.of(), "ls-tree", "-r", "--full-tree", commit).out();
    }

    /// Where git keeps what it has of this repository.
    Path folder() throws IOException, InterruptedException {
        return Path.of(
                must(Map.of(), "rev-parse", "--path-format=absolute", "--git-common-dir").text());
    }

    private Result must(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        Result result = git(top, environment, words);
        if (!result.ok()) {
            throw new IOException(
                    "git " + words[0] + " failed: " + String.join(" ", result.lastWords(3)));
        }
        return result;
    }

    private static Result git(Path where, String... words)
            throws IOException, InterruptedException {
        return git(where, Map.of(), words);
    }

    private static Result git(Path where, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("git", "-c", "core.quotePath=false"));
        all.addAll(List.of(words));
        return Program.of(all).in(where).env(environment).run();
    }
}
