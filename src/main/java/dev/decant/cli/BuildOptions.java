package dev.decant.cli;

import dev.decant.advisory.AdvisoryProblem;
import dev.decant.advisory.Audit;
import dev.decant.build.BuildLog;
import dev.decant.build.Builder;
import dev.decant.build.BuiltRelease;
import dev.decant.build.Git;
import dev.decant.config.BuildConfig;
import dev.decant.config.BuildServer;
import dev.decant.config.Config;
import dev.decant.config.DepsConfig;
import dev.decant.config.HostConfig;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.ReleaseKind;
import dev.decant.problem.Failure;
import dev.decant.project.LockFile;
import dev.decant.release.Compression;
import dev.decant.release.Packer;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseShelf;
import dev.decant.release.Signer;
import dev.decant.ssh.Ssh;
import dev.decant.ui.CommandLog;
import dev.decant.ui.DependencyPrinter;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/// Which release: one that is on this machine, or one that is built now. Here the two halves meet:
/// what [Builder] made is handed to [Packer].
final class BuildOptions {

    @Option(
            names = "--dirty",
            description = "Build what is there, committed or not; the release's name says so.")
    boolean dirty;

    @Option(
            names = "--rebuild",
            description = "Build even if this machine has a release of the commit already.")
    boolean rebuild;

    @Option(
            names = "--clean",
            description =
                    "Build anew and from nothing: without the dependencies, the compiled code and"
                            + " npm's packages that earlier builds have left.")
    boolean clean;

    @Option(
            names = "--no-tests",
            description = "Build without the tests that decant.toml has (build.tests), for once.")
    boolean noTests;

    @Option(
            names = "--install",
            description = "Install the Erlang and Elixir that the commit wants, if need be.")
    boolean install;

    @Option(
            names = "--server",
            paramLabel = "[USER@]ADDRESS",
            description = "Build on that machine, over SSH; here builds on this one.")
    void server(String text) {
        if (!BuildServer.isOne(text)) {
            throw new ParameterException(
                    command.commandLine(), "'" + text + "' is not " + BuildServer.EXPECTED + ".");
        }
        server = text;
    }

    private @Nullable String server;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-v", "--verbose"},
            description = "Show what the build prints.")
    boolean verbose;

    static ReleaseShelf shelf(Config config, Wiring wiring) {
        Path releases = wiring.xdg("XDG_DATA_HOME", ".local/share").resolve("releases");
        return new ReleaseShelf(releases.resolve(config.names().unit()), config.names().app());
    }

    /// Finds the release while hosts are being connected; a build that may take minutes waits for
    /// them, so that whoever cannot be reached is known before.
    Release meanwhile(
            Fleet fleet, Config config, Wiring wiring, @Nullable String given, CommandLog log)
            throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().start(Compression::warmUp);
        Optional<Release> there = there(config, wiring, given, log);
        if (there.isEmpty()) {
            fleet.await();
        }
        return signed(config, fitting(config, there, wiring, log), log);
    }

    /// Signs a release where decant.toml names a key.
    static Release signed(Config config, Release release, CommandLog log)
            throws IOException, InterruptedException {
        if (config.signingKey().isPresent() && !release.signed()) {
            new Signer(config.signingKey().get(), config.names().unit()).sign(release, log::note);
        }
        return release;
    }

    /// @param given what `--release` said; null to build
    Release release(Config config, Wiring wiring, @Nullable String given, BuildLog log)
            throws IOException, InterruptedException {
        return fitting(config, there(config, wiring, given, log), wiring, log);
    }

    private Release fitting(Config config, Optional<Release> there, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        Release release = there.isPresent() ? there.get() : built(config, wiring, log);
        ReleaseKind.mustFit(config, release);
        return release;
    }

    /// One that this machine has.
    private Optional<Release> there(
            Config config, Wiring wiring, @Nullable String given, BuildLog log)
            throws IOException, InterruptedException {
        ReleaseShelf shelf = shelf(config, wiring);
        if (given != null) {
            return Optional.of(shelf.get(given));
        }
        Optional<Release> there = rebuild || clean ? Optional.empty() : ofCommit(config, shelf);
        there.ifPresent(
                release ->
                        log.note(
                                "The commit has been built already: "
                                        + release.id()
                                        + " (--rebuild builds it again)."));
        return there;
    }

    private Release built(Config config, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        checkAdvisories(config, wiring, log);
        Thread.ofPlatform().daemon().start(Packer::warmUp);
        Path work = wiring.xdg("XDG_CACHE_HOME", ".cache").resolve("build");
        Builder.Request request =
                new Builder.Request(
                        config.kind(),
                        config.generic(),
                        config.project(),
                        config.names().release(),
                        build(config, log),
                        dirty,
                        clean,
                        work,
                        ToolchainCommand.toolchains(wiring, config.toolchain(), install),
                        wiring.hexHome(),
                        server(config));
        try (BuiltRelease built = Builder.build(request, log)) {
            return pack(config, shelf(config, wiring), built);
        }
    }

    private BuildConfig build(Config config, BuildLog log) {
        if (!noTests || !config.build().tests()) {
            return config.build();
        }
        log.note("The tests are left out.");
        return config.build().withoutTests();
    }

    private Optional<Ssh> server(Config config) {
        Optional<BuildServer> wanted =
                server == null ? config.build().server() : BuildServer.of(server);
        return wanted.map(there -> new Ssh(address(config, there), there.user(), config.ssh()));
    }

    /// A host of decant.toml may build, too, and is known by its name there.
    private static String address(Config config, BuildServer server) {
        return config.hosts().stream()
                .filter(host -> host.name().equals(server.address()) && !host.local())
                .findFirst()
                .map(HostConfig::address)
                .orElse(server.address());
    }

    /// The lock here is the one that is built by: a build takes what is committed, or `--dirty`
    /// what is there.
    private static void checkAdvisories(Config config, Wiring wiring, BuildLog log)
            throws IOException, InterruptedException {
        DepsConfig deps = config.deps();
        Optional<LockFile> lock = LockFile.of(config.kind());
        if (lock.isEmpty() || (deps.advisories().isEmpty() && deps.registry().isEmpty())) {
            return;
        }
        Audit audit =
                Audit.of(
                        deps.advisories(),
                        deps.registry().map(_ -> DepsCommand.registry(config, wiring, false)),
                        lock.get().read(config.project()),
                        deps,
                        LocalDate.now(ZoneOffset.UTC));
        if (deps.gate() && !audit.open().isEmpty()) {
            throw new Failure(new AdvisoryProblem.Unacknowledged(audit.open()));
        }
        audit.open().forEach(hit -> log.note(hit.said()));
        DependencyPrinter.summary(audit, Instant.now()).forEach(log::note);
    }

    private static Optional<Release> ofCommit(Config config, ReleaseShelf shelf)
            throws IOException, InterruptedException {
        Git git = Git.at(config.project());
        return git.status().changes().isEmpty()
                ? shelf.ofCommit(git.commit(), config.build().mixEnv())
                : Optional.empty();
    }

    static Optional<Packer.Program> program(Config config) {
        return config.generic().map(generic -> new Packer.Program(generic.program()));
    }

    private static Release pack(Config config, ReleaseShelf shelf, BuiltRelease built)
            throws IOException {
        // A build may take less than a second, and the same commit be built again.
        ReleaseId id = shelf.free(built.began(), built.version(), built.commit(), built.dirty());
        Path draft = shelf.draft(id);
        try {
            Release packed =
                    Packer.pack(
                            built.tarball(),
                            new Packer.About(
                                    id,
                                    config.names().app(),
                                    config.names().release(),
                                    built.version(),
                                    built.commit(),
                                    built.dirty(),
                                    built.lock(),
                                    built.dependencies(),
                                    built.elixir(),
                                    built.otp(),
                                    config.build().mixEnv(),
                                    program(config)),
                            draft,
                            shelf.newest());
            Files.copy(config.file(), packed.settingsFile());
            return shelf.keep(packed);
        } finally {
            shelf.discard(draft);
        }
    }
}
