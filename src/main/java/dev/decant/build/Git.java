package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    /// What is not as committed, as `git status --short` prints it. The whole repository counts: a
    /// project may build from folders beside its own.
    public List<String> changes() throws IOException, InterruptedException {
        return git(top, "status", "--short", "--untracked-files=normal").out();
    }

    boolean tracks(String file) throws IOException, InterruptedException {
        return git(top, "ls-files", "--error-unmatch", "--", prefix + file).ok();
    }

    /// Puts the commit's files into a folder of its own; [#removeCheckout] takes it away.
    void checkout(Path to) throws IOException, InterruptedException {
        must("worktree", "add", "--detach", "--force", to.toString(), commit);
    }

    void removeCheckout(Path checkout) throws IOException, InterruptedException {
        git(top, "worktree", "remove", "--force", "--force", checkout.toString());
        git(top, "worktree", "prune");
    }

    /// Brings a checkout to what the working tree has: changed and new files, without those that
    /// git ignores.
    void overlayWorkingTree(Path checkout) throws IOException, InterruptedException {
        for (String file : zeroSeparated("ls-files", "-z", "--deleted")) {
            Files.deleteIfExists(checkout.resolve(file));
        }
        List<String> changed =
                new ArrayList<>(
                        zeroSeparated("diff", "-z", "--name-only", "--diff-filter=d", "HEAD"));
        changed.addAll(zeroSeparated("ls-files", "-z", "--others", "--exclude-standard"));
        for (String file : changed) {
            Path to = checkout.resolve(file);
            Files.createDirectories(to.getParent());
            Files.copy(
                    top.resolve(file),
                    to,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private List<String> zeroSeparated(String... words) throws IOException, InterruptedException {
        String all = String.join("\n", must(words).out());
        return Arrays.stream(all.split("\0")).filter(name -> !name.isEmpty()).toList();
    }

    private Result must(String... words) throws IOException, InterruptedException {
        Result result = git(top, words);
        if (!result.ok()) {
            throw new IOException(
                    "git " + words[0] + " failed: " + String.join(" ", result.lastWords(3)));
        }
        return result;
    }

    private static Result git(Path where, String... words)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("git", "-c", "core.quotePath=false"));
        all.addAll(List.of(words));
        return Program.of(all).in(where).run();
    }
}
