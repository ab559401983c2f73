package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.project.Assets;
import dev.decant.project.NodePin;
import dev.decant.toolchain.Toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The packages of npm that a project's assets are made with. They stay in the checkout, and are
/// installed anew where the commit has other files of npm's than those that they are from.
final class NpmPackages {

    private static final String FOLDER = "node_modules";

    /// In that folder, when all of it is there: by what it was installed.
    private static final String INSTALLED = ".decant";

    private final Steps steps;
    private final Workspace workspace;
    private final Toolchain toolchain;
    private final Wanted wanted;
    private final Path project;
    private String node = "";

    /// What the commit says of them.
    ///
    /// @param files a line for each file of npm's, as [Git#files] has them
    /// @param pin which Node is to be used
    record Wanted(Assets assets, List<String> files, Optional<NodePin> pin) {

        private boolean needsNode() {
            return !assets.npm().isEmpty() || !assets.others().isEmpty();
        }
    }

    /// @param project the folder of mix.exs, on the machine that builds
    NpmPackages(
            Steps steps, Workspace workspace, Toolchain toolchain, Wanted wanted, Path project) {
        this.steps = steps;
        this.workspace = workspace;
        this.toolchain = toolchain;
        this.wanted = wanted;
        this.project = project;
    }

    /// Those of the files of a commit that are npm's.
    ///
    /// @param files as [Git#files] has them
    static List<String> files(List<String> files) {
        List<String> names = new ArrayList<>(Assets.LOCKS);
        names.addAll(List.of(Assets.PACKAGE, ".npmrc"));
        return files.stream().filter(line -> names.stream().anyMatch(line::endsWith)).toList();
    }

    /// Which folders of a checkout may have something that is worth being kept.
    ///
    /// @param files as in [Wanted]
    static List<String> spared(List<String> files) {
        return folders(files).stream()
                .map(folder -> folder.isEmpty() ? FOLDER : folder + "/" + FOLDER)
                .toList();
    }

    /// Folders of package.json files, relative to the checkout.
    private static List<String> folders(List<String> files) {
        return files.stream()
                .map(line -> Path.of(line.substring(line.indexOf('\t') + 1)))
                .filter(file -> file.endsWith(Assets.PACKAGE))
                .map(file -> file.getParent() == null ? "" : file.getParent().toString())
                .toList();
    }

    /// Before a build takes its minutes.
    ///
    /// @throws Failure with a [BuildProblem]
    void check() throws IOException, InterruptedException {
        Assets assets = wanted.assets();
        if (!assets.unlocked().isEmpty()) {
            throw new Failure(new BuildProblem.NpmNotLocked(assets.unlocked()));
        }
        for (Path lock : assets.others()) {
            steps.note(lock + " is not npm's, so assets.deploy has to install what it names.");
        }
        for (Path file : assets.unused()) {
            steps.note(
                    "Nothing is made of what "
                            + file
                            + " names: mix.exs has no alias assets.deploy"
                            + " (docs/concepts/building.md).");
        }
        if (wanted.needsNode()) {
            node = version("node");
            if (wanted.pin().filter(pin -> !pin.fits(node)).isPresent()) {
                throw new Failure(
                        new BuildProblem.OtherNode(
                                wanted.pin().get(), node, toolchain.machine().name()));
            }
            steps.record("node " + node);
        }
    }

    private String version(String program) throws IOException, InterruptedException {
        // `env` looks it up where it is to run, here as well as there.
        Result said = program(project, List.of("env", program, "--version")).run();
        if (!said.ok()) {
            throw new Failure(
                    new BuildProblem.NoNode(
                            program, toolchain.machine().name(), said.lastWords(3)));
        }
        return said.text();
    }

    private Program program(Path folder, List<String> words) {
        return toolchain.program(words, folder, Map.of("CI", "true"));
    }

    /// Has `node_modules` be as the commit says, with nothing that an earlier one has left.
    void install() throws IOException, InterruptedException {
        List<Path> ours =
                wanted.assets().installs()
                        ? List.of()
                        : wanted.assets().npm().stream()
                                .map(folder -> project.resolve(folder).normalize())
                                .toList();
        List<String> strange =
                folders(wanted.files()).stream()
                        .map(folder -> workspace.checkout().resolve(folder).normalize())
                        .filter(folder -> ours.stream().noneMatch(folder::startsWith))
                        .map(folder -> folder.resolve(FOLDER).toString())
                        .toList();
        if (!strange.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("rm", "-rf"));
            words.addAll(strange);
            workspace.must(workspace.folder(), words.toArray(String[]::new));
        }
        String key = Digest.of(String.join("\n", wanted.files()) + "\n" + node).hex();
        for (Path folder : ours) {
            Path packages = folder.resolve(FOLDER);
            if (!workspace.lines(packages.resolve(INSTALLED)).equals(List.of(key))) {
                steps.record("npm " + version("npm"));
                // What bundles is often among those for development.
                List<String> words =
                        List.of("npm", "ci", "--include=dev", "--no-audit", "--no-fund");
                steps.run("npm", words, program(folder, workspace.known(words)));
                workspace.must(workspace.folder(), "mkdir", "-p", packages.toString());
                workspace.write(packages.resolve(INSTALLED), key);
            }
        }
    }
}
