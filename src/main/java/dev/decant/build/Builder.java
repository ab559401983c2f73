package dev.decant.build;

import dev.decant.build.BuiltRelease.Cleaning;
import dev.decant.build.Workspace.Checkout;
import dev.decant.config.BuildConfig;
import dev.decant.config.GenericConfig;
import dev.decant.config.Kind;
import dev.decant.exec.Machine;
import dev.decant.io.Digest;
import dev.decant.io.Guard;
import dev.decant.problem.Failure;
import dev.decant.project.Assets;
import dev.decant.project.LockFile;
import dev.decant.project.MixLock;
import dev.decant.project.MixProject;
import dev.decant.project.NodePin;
import dev.decant.project.ProjectProblem;
import dev.decant.project.RebarProject;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersions;
import dev.decant.release.Dependency;
import dev.decant.ssh.Ssh;
import dev.decant.toolchain.Toolchain;
import dev.decant.toolchain.Toolchains;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Builds a release of a commit, in a checkout of its own: what is not committed cannot get into
/// it.
///
/// What the commit says is read in a checkout on this machine, also where a server builds: there
/// only programs run.
public final class Builder {

    private final Request request;
    private final BuildLog log;
    private final Steps steps;
    private final Git git;
    private final String commit;

    private Builder(Request request, BuildLog log, Steps steps, Git git, String commit) {
        this.request = request;
        this.log = log;
        this.steps = steps;
        this.git = git;
        this.commit = commit;
    }

    /// @param kind what builds it
    /// @param generic how, where that is the kind
    /// @param project the folder of mix.exs or rebar.config
    /// @param release its name in there
    /// @param dirty build the working tree as it is
    /// @param clean without what earlier builds have left
    /// @param work a folder for checkouts, for what is kept until the next build, and for logs;
    ///   made if it is not there
    /// @param toolchains from which the commit's Erlang and Elixir are chosen
    /// @param hexHome where Hex keeps what it downloads on this machine
    /// @param server which is to build; empty where this machine is
    public record Request(
            Kind kind,
            Optional<GenericConfig> generic,
            Path project,
            String release,
            BuildConfig build,
            boolean dirty,
            boolean clean,
            Path work,
            Toolchains toolchains,
            Path hexHome,
            Optional<Ssh> server) {}

    /// Builds. The caller closes what it gets when it has packed it; until then nobody else builds
    /// the same app.
    ///
    /// @throws Failure with a [BuildProblem] or a problem of the project
    public static BuiltRelease build(Request request, BuildLog log)
            throws IOException, InterruptedException {
        // Before Mix sees it: Mix would run what stands there.
        checked(request, request.project());
        Git git = Git.at(request.project());
        Path folder = request.work().resolve(request.release()).resolve(request.build().mixEnv());
        Optional<Toolchains.Guess> guess = guess(request, Workspace.checkout(folder), git.prefix());
        Git.Status status = git.status();
        List<String> changes = status.changes();
        if (!changes.isEmpty() && !request.dirty()) {
            throw new Failure(new BuildProblem.DirtyTree(changes));
        }
        if (status.newSettings()) {
            log.note("decant.toml is in no commit yet. Others need it, too:  git add decant.toml");
        }
        Optional<LockFile> lock = LockFile.of(request.kind());
        if (lock.isPresent()
                && Files.exists(request.project().resolve(lock.get().fileName()))
                && !git.tracks(lock.get().fileName())) {
            throw new Failure(
                    new BuildProblem.LockNotCommitted(
                            lock.get().fileName(),
                            "git does not track it; perhaps .gitignore names it."));
        }
        Files.createDirectories(folder);
        Deque<Cleaning> held = new ArrayDeque<>();
        try {
            held.push(Guard.take(folder.resolve("lock"), () -> waits(log))::close);
            Instant began = Instant.now();
            Steps steps = new Steps(log, folder.resolve("build.log"));
            boolean dirty = !changes.isEmpty();
            String commit = dirty ? git.snapshot(folder.resolve("index")) : git.commit();
            String where = request.server().map(Ssh::address).orElse("this machine");
            steps.record("%s, commit %s, on %s".formatted(began, commit, where));
            return new Builder(request, log, steps, git, commit)
                    .build(Workspace.at(Machine.HERE, folder), dirty, guess, began, held);
        } catch (Throwable e) {
            // Ctrl-C too must not leave a server building.
            boolean interrupted = Thread.interrupted();
            release(held);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    /// Which version a commit of a generic app is, as far as this machine knows.
    ///
    /// @param project a folder that need not be in a repository
    /// @throws Failure with a [BuildProblem] where its file does not say it
    public static String version(GenericConfig generic, Path project, String commit)
            throws IOException, InterruptedException {
        return Git.isOne(project)
                ? GenericBuild.version(generic, Git.at(project), commit)
                : GenericBuild.NO_VERSION;
    }

    /// @return what is locked
    /// @throws Failure with a problem of the project
    private static List<Dependency> checked(Request request, Path project) throws IOException {
        return switch (request.kind()) {
            case MIX -> {
                MixProject.read(project);
                yield LockFile.MIX.read(project);
            }
            case REBAR3 -> {
                RebarProject rebar = RebarProject.read(project, request.build().mixEnv());
                if (!rebar.profileDeps().isEmpty()) {
                    throw new Failure(
                            new ProjectProblem.ProfileDeps(
                                    request.build().mixEnv(), rebar.profileDeps()));
                }
                if (!rebar.deps().isEmpty() && LockFile.REBAR3.text(project).isEmpty()) {
                    throw new Failure(new ProjectProblem.NoRebarLock(project, rebar.deps()));
                }
                yield LockFile.REBAR3.read(project);
            }
            case GENERIC -> List.of();
        };
    }

    private static void waits(BuildLog log) {
        log.note("Another build of this app is under way; this one waits for it.");
    }

    /// What was taken last goes first.
    private static void release(Deque<Cleaning> held) throws IOException, InterruptedException {
        while (!held.isEmpty()) {
            held.pop().run();
        }
    }

    /// What the commit wants is mostly what the one before wanted, which is still there.
    private static Optional<Toolchains.Guess> guess(Request request, Path checkout, String prefix)
            throws IOException, InterruptedException {
        Path project = checkout.resolve(prefix).normalize();
        if (request.server().isPresent()
                || request.clean()
                || !request.kind().hasErlang()
                || !Files.isDirectory(project)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    request.toolchains()
                            .guess(
                                    ToolVersions.read(project, checkout),
                                    Tool.neededBy(request.kind()),
                                    project));
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }

    private BuiltRelease build(
            Workspace here,
            boolean dirty,
            Optional<Toolchains.Guess> guess,
            Instant began,
            Deque<Cleaning> held)
            throws IOException, InterruptedException {
        // git-lfs finds what the user's repository has already.
        String lfs = "lfs.storage=" + git.folder().resolve("lfs");
        List<String> files = git.files(commit);
        List<String> npmFiles = NpmPackages.files(files);
        Checkout checkout = new Checkout(commit, List.of("-c", lfs), NpmPackages.spared(npmFiles));
        steps.timed(
                "checkout",
                () ->
                        checkOut(
                                here,
                                checkout,
                                (repository, ref) ->
                                        git.push(commit, repository.toString(), ref, Map.of())));
        Path top = here.checkout();
        Path project = top.resolve(git.prefix()).normalize();
        Optional<LockFile> lock = LockFile.of(request.kind());
        if (lock.isPresent()) {
            mustBeInside(top, project.resolve(lock.get().fileName()));
        }
        List<Dependency> dependencies = checked(request, project);

        Workspace workspace = here;
        Toolchains toolchains = request.toolchains();
        Path hexHome = request.hexHome();
        if (request.server().isPresent()) {
            Server server = Server.connect(request.server().get());
            held.push(server::close);
            workspace = onServer(server, checkout, held);
            toolchains = toolchains.on(server);
            hexHome = server.home().resolve(".hex");
        }
        if (request.generic().isPresent()) {
            return generic(here, workspace, request.generic().get(), dirty, began, held);
        }
        ToolVersions wanted = ToolVersions.read(project, top);
        Toolchain toolchain =
                toolchains.choose(
                        wanted,
                        Tool.neededBy(request.kind()),
                        workspace.checkout().resolve(git.prefix()).normalize(),
                        guess,
                        steps.toolchainLog());
        steps.record(
                (toolchain.elixir().isEmpty() ? "" : "Elixir " + toolchain.elixir() + ", ")
                        + "Erlang/OTP "
                        + toolchain.otp());
        switch (request.kind()) {
            case MIX ->
                    mix(
                            workspace,
                            checkout,
                            toolchain,
                            project,
                            files,
                            new NpmPackages.Wanted(
                                    Assets.read(project), npmFiles, NodePin.read(project, top)),
                            hexHome);
            case REBAR3 -> rebar(workspace, checkout, toolchain, project);
            case GENERIC -> throw new IllegalStateException();
        }
        Path release = release(workspace);
        Workspace there = workspace;
        held.push(() -> there.must(there.folder(), "rm", "-rf", there.out().toString()));
        return new BuiltRelease(
                tarball(here, there, release, held),
                version(there, release),
                git.commit(),
                dirty,
                Optional.of(lock.orElseThrow().digest(project)),
                dependencies,
                toolchain.elixir(),
                toolchain.otp(),
                began,
                () -> release(held));
    }

    private Path release(Workspace workspace) {
        return workspace.out().resolve("rel").resolve(request.release());
    }

    private BuiltRelease generic(
            Workspace here,
            Workspace there,
            GenericConfig generic,
            boolean dirty,
            Instant began,
            Deque<Cleaning> held)
            throws IOException, InterruptedException {
        String version = GenericBuild.version(generic, git, commit);
        held.push(() -> there.must(there.folder(), "rm", "-rf", there.out().toString()));
        new GenericBuild(steps, there, generic, git, commit).run(version, release(there));
        return new BuiltRelease(
                tarball(here, there, release(there), held),
                version,
                git.commit(),
                dirty,
                Optional.empty(),
                List.of(),
                "",
                "",
                began,
                () -> release(held));
    }

    private void checkOut(Workspace workspace, Checkout wanted, Workspace.Push push)
            throws IOException, InterruptedException {
        if (request.clean()) {
            workspace.empty();
        }
        workspace.checkOut(wanted, push);
    }

    private void mix(
            Workspace workspace,
            Checkout checkout,
            Toolchain toolchain,
            Path project,
            List<String> files,
            NpmPackages.Wanted npm,
            Path hexHome)
            throws IOException, InterruptedException {
        String defining =
                Digest.of(
                                files.stream()
                                        .filter(
                                                line ->
                                                        line.endsWith("mix.exs")
                                                                || line.endsWith(MixLock.FILE_NAME))
                                        .collect(Collectors.joining("\n")))
                        .hex();
        String deps = "\t" + git.prefix() + "deps";
        boolean ownDeps =
                files.stream().anyMatch(line -> line.endsWith(deps) || line.contains(deps + "/"));
        new MixBuild(
                        steps,
                        workspace,
                        checkout,
                        toolchain,
                        new MixBuild.Commit(
                                request.release(),
                                request.build(),
                                project,
                                git.prefix(),
                                defining,
                                ownDeps,
                                npm,
                                hexHome))
                .run();
    }

    private void rebar(Workspace workspace, Checkout checkout, Toolchain toolchain, Path project)
            throws IOException, InterruptedException {
        new RebarBuild(
                        steps,
                        workspace,
                        checkout,
                        toolchain,
                        new RebarBuild.Commit(
                                request.release(),
                                request.build(),
                                project,
                                git.prefix(),
                                Files.isExecutable(project.resolve("rebar3"))))
                .run();
    }

    private Workspace onServer(Server server, Checkout checkout, Deque<Cleaning> held)
            throws IOException, InterruptedException {
        Path folder =
                server.home()
                        .resolve(".cache/decant/build")
                        .resolve(request.release())
                        .resolve(request.build().mixEnv());
        Workspace workspace = Workspace.at(server, folder);
        held.push(workspace.lock(() -> waits(log)));
        steps.timed(
                "sources",
                () ->
                        checkOut(
                                workspace,
                                new Checkout(commit, List.of(), checkout.spared()),
                                (repository, ref) ->
                                        git.push(
                                                commit,
                                                server.repository(repository),
                                                ref,
                                                server.gitEnvironment())));
        return workspace;
    }

    /// What a link leads to outside of the checkout has not been committed.
    private static void mustBeInside(Path checkout, Path lock) throws IOException {
        if (Files.exists(lock) && !lock.toRealPath().startsWith(checkout.toRealPath())) {
            throw new Failure(
                    new BuildProblem.LockNotCommitted(
                            String.valueOf(lock.getFileName()),
                            "It is a link that leads to " + lock.toRealPath() + "."));
        }
    }

    /// Elixir before 1.11 puts it two folders above the release.
    private Path tarball(Workspace here, Workspace there, Path release, Deque<Cleaning> held)
            throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (Path folder : List.of(release, there.out())) {
            List<String> names = there.run(folder, "ls", "-1").out();
            Optional<String> name =
                    names.stream().filter(each -> each.endsWith(".tar.gz")).findFirst();
            if (name.isPresent()) {
                Path tarball = folder.resolve(name.get());
                if (here == there) {
                    return tarball;
                }
                Path fetched = here.folder().resolve(name.get());
                held.push(() -> Files.deleteIfExists(fetched));
                steps.timed("tarball", () -> there.fetch(tarball, fetched));
                return fetched;
            }
            found.addAll(names);
        }
        throw new Failure(new BuildProblem.NoTarball(request.release(), found));
    }

    /// `releases/start_erl.data` says `ERTS VERSION`.
    private static String version(Workspace workspace, Path release)
            throws IOException, InterruptedException {
        String said = String.join(" ", workspace.lines(release.resolve("releases/start_erl.data")));
        return said.strip().replaceFirst(".* ", "");
    }
}
