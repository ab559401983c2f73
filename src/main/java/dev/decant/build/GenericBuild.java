package dev.decant.build;

import dev.decant.config.GenericConfig;
import dev.decant.exec.Machine;
import dev.decant.exec.Program;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs what makes a generic app's release in what is checked out in a workspace, here or on a
/// build server, and packs the folder that it leaves.
final class GenericBuild {

    private static final String VERSION = "[0-9A-Za-z][0-9A-Za-z.+_~-]{0,99}";

    /// Where no tag says another.
    static final String NO_VERSION = "0.0.0";

    private final Steps steps;
    private final Workspace workspace;
    private final GenericConfig generic;
    private final Git git;
    private final String commit;
    private final Path project;

    GenericBuild(Steps steps, Workspace workspace, GenericConfig generic, Git git, String commit) {
        this.steps = steps;
        this.workspace = workspace;
        this.generic = generic;
        this.git = git;
        this.commit = commit;
        this.project = workspace.checkout().resolve(git.prefix()).normalize();
    }

    /// Known before anything runs, so that what is built can be told it.
    ///
    /// @param git where the commit may be known
    static String version(GenericConfig generic, Git git, String commit)
            throws IOException, InterruptedException {
        if (generic.versionFile().isEmpty()) {
            // What was not committed comes from what was.
            Optional<String> tag = git.version(commit);
            return tag.filter(version -> version.matches(VERSION)).orElse(NO_VERSION);
        }
        String name = generic.versionFile().get();
        Path copy = Files.createTempFile("decant-version", "");
        try {
            if (!git.write(commit, name, copy)) {
                throw new Failure(new BuildProblem.NoVersion(name, "The commit has no such file."));
            }
            String first = Files.readString(copy).lines().findFirst().orElse("").strip();
            if (!first.matches(VERSION)) {
                throw new Failure(
                        new BuildProblem.NoVersion(
                                name,
                                first.isEmpty()
                                        ? "Its first line is empty."
                                        : "Its first line is: "
                                                + first.replaceAll("\\p{Cntrl}", "?")));
            }
            return first;
        } finally {
            Files.delete(copy);
        }
    }

    /// @param release the folder to leave a tarball in
    void run(String version, Path release) throws IOException, InterruptedException {
        if (generic.build().isEmpty()) {
            steps.note("There is no build.command: the release is what the commit has.");
        } else {
            build(version);
        }
        Path output = project.resolve(generic.output()).normalize();
        List<String> there = workspace.run(project, "ls", "-A", output + "/").out();
        if (there.isEmpty()) {
            throw new Failure(
                    new BuildProblem.NoOutput(
                            generic.output(),
                            generic.build(),
                            workspace.run(project, "ls", "-A").out()));
        }
        workspace.must(workspace.folder(), "rm", "-rf", workspace.out().toString());
        workspace.must(workspace.folder(), "mkdir", "-p", release.toString());
        // It does not live long, and lies on the same machine.
        steps.timed(
                "release",
                () ->
                        workspace.must(
                                workspace.folder(),
                                "tar",
                                "--create",
                                "--use-compress-program=gzip -1",
                                "--exclude=./.git",
                                "--exclude=./decant.toml",
                                "--file=" + release.resolve("release.tar.gz"),
                                "--directory=" + output,
                                "."));
    }

    private void build(String version) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(generic.build());
        String program = words.getFirst();
        if (program.contains("/") && !program.startsWith("/")) {
            words.set(0, project.resolve(program).normalize().toString());
        }
        Path cache = workspace.kept(List.of(git.prefix(), "cache"));
        workspace.must(workspace.folder(), "mkdir", "-p", cache.toString());
        Map<String, String> environment = new HashMap<>();
        environment.put("CI", "true");
        environment.put("DECANT_CACHE", cache.toString());
        environment.put("DECANT_VERSION", version);
        environment.put("DECANT_COMMIT", git.commit());
        environment.put(
                "SOURCE_DATE_EPOCH",
                Long.toString(git.time(commit).orElse(Instant.EPOCH).getEpochSecond()));
        Machine machine = workspace.machine();
        Program build = machine.program(workspace.known(words), project, environment);
        try {
            steps.run("build", generic.build(), build);
        } catch (IOException notThere) {
            throw new Failure(
                    new BuildProblem.NoTool(
                            program, "build.command in decant.toml begins with it; install it."));
        }
    }
}
