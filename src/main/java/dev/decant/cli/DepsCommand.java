package dev.decant.cli;

import dev.decant.advisory.Audit;
import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;
import dev.decant.project.DependencyReport;
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
                "Show what mix.exs requires and what mix.lock pins, what is amiss between them, and"
                        + " which known weaknesses that has. Only reads: neither file is run.")
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
            names = "--strict",
            description =
                    "End with status 3 where something is amiss, or an advisory is not"
                            + " acknowledged.")
    private boolean strict;

    @Mixin private final OutputOptions output = new OutputOptions();

    DepsCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        DependencyReport report = DependencyReport.of(config.project());
        Optional<Path> database =
                Optional.ofNullable(advisories)
                        .map(folder -> wiring.folder().resolve(folder))
                        .or(() -> config.deps().advisories());
        Optional<Audit> audit = Optional.empty();
        if (database.isPresent()) {
            List<Dependency> locked =
                    report.entries().stream().flatMap(entry -> entry.locked().stream()).toList();
            audit =
                    Optional.of(
                            Audit.of(
                                    database.get(),
                                    locked,
                                    config.deps(),
                                    LocalDate.now(ZoneOffset.UTC)));
        }
        if (output.json) {
            Json.print(wiring.out(), Json.of(report, audit));
        } else {
            DependencyPrinter.print(wiring.out(), report, audit, Instant.now());
        }
        boolean amiss =
                report.hasFindings() || audit.filter(it -> !it.open().isEmpty()).isPresent();
        return (strict && amiss ? ExitStatus.REFUSED : ExitStatus.DONE).number();
    }
}
