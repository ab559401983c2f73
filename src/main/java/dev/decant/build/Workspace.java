package dev.decant.build;

import dev.decant.exec.Machine;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The folder of an app's builds for one MIX_ENV, on the machine that builds. It is kept, so that
/// the next build has less to do, and nobody else writes there:
///
/// - `repository`: what was pushed from users' repositories;
/// - `checkout`: a worktree of it. Only what differs from the commit before is written, so Mix sees
///   what has changed by the files' times;
/// - `kept/KEY`: `deps` and `_build`, for what was compiled with the same lock, Elixir and Erlang;
/// - `out`: what is built now.
///
/// All is done by programs that run on that machine.
final class Workspace {

    private static final String REF = "refs/decant/build";

    private final Machine machine;
    private final Path folder;

    private Workspace(Machine machine, Path folder) {
        this.machine = machine;
        this.folder = folder;
    }

    static Workspace at(Machine machine, Path folder) throws IOException, InterruptedException {
        Workspace workspace = new Workspace(machine, folder);
        workspace.must(machine.home(), "mkdir", "-p", folder.resolve("kept").toString());
        return workspace;
    }

    Machine machine() {
        return machine;
    }

    Path folder() {
        return folder;
    }

    Path checkout() {
        return checkout(folder);
    }

    static Path checkout(Path folder) {
        return folder.resolve("checkout");
    }

    Path out() {
        return folder.resolve("out");
    }

    /// Where what was made with a toolchain by a lock is kept.
    ///
    /// @param parts what makes it another
    Path kept(List<String> parts) {
        return folder.resolve("kept")
                .resolve(Digest.of(String.join("\n", parts)).hex().substring(0, 16));
    }

    /// Somewhere that what git has can be pushed to.
    interface Push {
        /// @param repository a path on the machine
        Result to(Path repository, String ref) throws IOException, InterruptedException;
    }

    /// What is to be checked out.
    ///
    /// @param options for git, such as where git-lfs has what a commit only names
    /// @param spared folders of the checkout that stay, although no commit has them
    record Checkout(String commit, List<String> options, List<String> spared) {}

    /// Begins anew, without what was kept.
    void empty() throws IOException, InterruptedException {
        must(folder, "rm", "-rf", "repository", "checkout", "kept", "out");
        must(folder, "mkdir", "kept");
    }

    /// Has the checkout be exactly the commit, with nothing besides.
    void checkOut(Checkout wanted, Push push) throws IOException, InterruptedException {
        String commit = wanted.commit();
        Path repository = folder.resolve("repository");
        if (!run(folder, "git", "--git-dir=" + repository, "rev-parse", "--git-dir").ok()) {
            must(folder, "rm", "-rf", repository.toString(), checkout().toString());
            must(
                    folder,
                    "git",
                    "init",
                    "--quiet",
                    "--bare",
                    "--template=",
                    "--object-format=" + (commit.length() == 64 ? "sha256" : "sha1"),
                    repository.toString());
            // What a shallow clone has is all that a build needs.
            must(
                    folder,
                    "git",
                    "--git-dir=" + repository,
                    "config",
                    "receive.shallowUpdate",
                    "true");
        }
        must(push.to(repository, REF), "git push");
        restore(wanted);
    }

    /// The same, of a commit that is there.
    void restore(Checkout wanted) throws IOException, InterruptedException {
        List<String> git = new ArrayList<>(List.of("git", "-c", "core.hooksPath=/dev/null"));
        git.addAll(wanted.options());
        String there = checkout().toString();
        List<String> clean = new ArrayList<>(List.of("-C", there, "clean", "-ffdxq"));
        for (String spared : wanted.spared()) {
            clean.add("--exclude=/" + spared.replaceAll("([\\\\*?\\[])", "\\\\$1"));
        }
        if (!run(git, "-C", there, "checkout", "--quiet", "--detach", "--force", wanted.commit())
                        .ok()
                || !run(git, clean.toArray(String[]::new)).ok()) {
            must(folder, "rm", "-rf", there);
            List<String> add = new ArrayList<>(git);
            add.addAll(List.of("--git-dir=" + folder.resolve("repository"), "worktree"));
            run(add, "prune");
            must(
                    run(add, "add", "--detach", "--force", there, wanted.commit()),
                    "git worktree add");
        }
    }

    /// Removes what was kept for locks and toolchains that other builds have followed on.
    ///
    /// @param used the one of this build
    /// @param most how many stay, this one included
    void prune(Path used, int most) throws IOException, InterruptedException {
        must(folder, "touch", used.toString());
        List<String> newestFirst = run(folder.resolve("kept"), "ls", "-1t").out();
        if (newestFirst.size() > most) {
            List<String> words = new ArrayList<>(List.of("rm", "-rf"));
            words.addAll(newestFirst.subList(most, newestFirst.size()));
            must(folder.resolve("kept"), words.toArray(String[]::new));
        }
    }

    private Result run(List<String> beginning, String... words)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(beginning);
        all.addAll(List.of(words));
        return run(folder, all.toArray(String[]::new));
    }

    Result run(Path where, String... words) throws IOException, InterruptedException {
        return machine.program(List.of(words), where, Map.of()).run();
    }

    /// For what has no reason to fail, other than a full disk and the like.
    Result must(Path where, String... words) throws IOException, InterruptedException {
        return must(run(where, words), String.join(" ", words));
    }

    private Result must(Result result, String what) {
        if (!result.ok()) {
            throw new Failure(
                    new BuildProblem.WorkspaceFailed(machine.name(), what, result.lastWords(3)));
        }
        return result;
    }

    /// The lines of a text file.
    ///
    /// @return none where it is not there
    List<String> lines(Path file) throws IOException, InterruptedException {
        return run(folder, "cat", file.toString()).out();
    }

    /// Writes a text file of one line; beside, and then renamed.
    void write(Path file, String line) throws IOException, InterruptedException {
        Path beside = file.resolveSibling("." + file.getFileName());
        Program program = machine.program(List.of("tee", beside.toString()), folder, Map.of());
        must(program.input(line + "\n").run(), "tee " + beside);
        must(folder, "mv", "-f", beside.toString(), file.toString());
    }

    /// Brings a file to this machine.
    void fetch(Path file, Path to) throws IOException, InterruptedException {
        must(
                machine.program(List.of("cat", file.toString()), folder, Map.of()).runInto(to),
                "cat " + file);
    }

    /// Brings folders and files to this machine; those that are not there are left out.
    ///
    /// @param from on that machine, that their names are below of
    /// @param to an empty folder
    void fetch(Path from, List<String> names, Path to) throws IOException, InterruptedException {
        if (names.isEmpty()) {
            return;
        }
        List<String> words = new ArrayList<>(List.of("tar", "-czf", "-", "-C", from.toString()));
        words.addAll(names);
        Path archive = Files.createTempFile(to, "fetched", ".tar.gz");
        machine.program(words, folder, Map.of()).runInto(archive);
        Result unpacked =
                Program.of(
                                "tar",
                                "-xzf",
                                archive.toString(),
                                "-C",
                                to.toString(),
                                "--no-same-owner")
                        .run();
        must(unpacked, "tar");
        Files.delete(archive);
    }

    /// As [#lock] has it, the next build waits until this has ended, also where it has outlived the
    /// connection that it was started over.
    List<String> known(List<String> words) {
        if (machine.name().isEmpty()) {
            return words;
        }
        List<String> all = new ArrayList<>(List.of("flock", "--close", "--shared"));
        all.add(folder.resolve("running").toString());
        all.addAll(words);
        return all;
    }

    /// Waits until nobody else builds here, and keeps others out.
    ///
    /// @param waits is told if somebody does
    BuiltRelease.Cleaning lock(Runnable waits) throws IOException, InterruptedException {
        String file = folder.resolve("lock").toString();
        String running = folder.resolve("running").toString();
        if (!run(folder, "flock", "--nonblock", file, "true").ok()
                || !run(folder, "flock", "--nonblock", running, "true").ok()) {
            waits.run();
        }
        // It lasts as long as this process keeps the input open.
        Process held = machine.program(List.of("flock", file, "cat"), folder, Map.of()).converse();
        try {
            OutputStream in = held.getOutputStream();
            in.write("held\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            BufferedReader out =
                    new BufferedReader(
                            new InputStreamReader(held.getInputStream(), StandardCharsets.UTF_8));
            if (out.readLine() == null) {
                throw new IOException("flock " + file + " failed.");
            }
            must(folder, "flock", running, "true");
        } catch (Throwable e) {
            held.destroy();
            throw e;
        }
        return () -> held.getOutputStream().close();
    }
}
