package dev.decant.cli;

import dev.decant.advisory.Audit;
import dev.decant.advisory.Registry;
import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;
import dev.decant.project.DependencyReport;
import dev.decant.project.LockFile;
import dev.decant.release.Dependency;
import dev.decant.ui.DependencyPrinter;
import dev.decant.ui.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "deps",
        description =
                "Show what mix.exs requires and what mix.lock pins, what is amiss between them,"
                        + " which known weaknesses that has, and what of it is retired. Only reads:"
                        + " neither file is run.")
final class DepsCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Option(
            names = "--advisories",
            paramLabel = "DIR",
            description =
                    "A copy of an advisory database. Default: deps.advisories of decant.toml.")
    @Nullable
    private Path advisories;

    @Option(
            names = "--offline",
            description =
                    "Ask no registry which versions are retired; what is kept of earlier answers"
                            + " counts.")
    private boolean offline;

    @Option(
            names = "--strict",
            description =
                    "End with status 3 where something is amiss, or an advisory or a retired"
                            + " version is not acknowledged.")
    private boolean strict;

    @Mixin private final OutputOptions output = new OutputOptions();

    DepsCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.withoutHosts(wiring);
        NotOfThisKind.needsErlang(
                config,
                "deps",
                "Decant reads mix.lock and rebar.lock, and nothing that other tools lock.",
                "Have your own tool look: govulncheck, npm audit, mvn dependency-check.");
        DependencyReport report =
                DependencyReport.of(config.project(), LockFile.of(config.kind()).orElseThrow());
        Optional<Path> database =
                Optional.ofNullable(advisories)
                        .map(folder -> wiring.folder().resolve(folder))
                        .or(() -> config.deps().advisories());
        List<Dependency> locked =
                report.entries().stream().flatMap(entry -> entry.locked().stream()).toList();
        Audit audit =
                Audit.of(
                        database,
                        Optional.of(registry(config, wiring, offline)),
                        locked,
                        config.deps(),
                        LocalDate.now(ZoneOffset.UTC));
        if (output.json) {
            Json.print(wiring.out(), Json.of(report, audit));
        } else {
            DependencyPrinter.print(wiring.out(), report, audit, Instant.now());
        }
        boolean amiss = report.hasFindings() || !audit.open().isEmpty();
        return (strict && amiss ? ExitStatus.REFUSED : ExitStatus.DONE).number();
    }

    /// @param offline ask nobody
    static Registry registry(Config config, Wiring wiring, boolean offline) {
        String mirror = wiring.environment().getOrDefault("HEX_MIRROR", "");
        return new Registry(
                config.deps().registry().orElse(mirror.isEmpty() ? Registry.HEXPM : mirror),
                config.deps().registryKey(),
                wiring.xdg("XDG_CACHE_HOME", ".cache").resolve("registry"),
                offline);
    }
}
