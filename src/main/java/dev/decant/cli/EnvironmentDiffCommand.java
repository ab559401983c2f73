package dev.decant.cli;

import dev.decant.deploy.EnvironmentDiff;
import dev.decant.deploy.Fleet;
import dev.decant.problem.ExitStatus;
import dev.decant.source.Sources;
import dev.decant.ui.EnvironmentDiffPrinter;
import dev.decant.ui.Json;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/// What hosts would get, against what they have, and where they differ from each other.
abstract class EnvironmentDiffCommand implements Callable<Integer> {

    private final Wiring wiring;
    private final UnaryOperator<EnvironmentDiff> part;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(names = "--exit-code", description = "End with status 1 where anything differs.")
    private boolean exitCode;

    /// @param part of it that is told
    EnvironmentDiffCommand(Wiring wiring, UnaryOperator<EnvironmentDiff> part) {
        this.wiring = wiring;
        this.part = part;
    }

    @Override
    public final Integer call() throws Exception {
        Sources.Found found = Sources.find(hosts.of(project.config(wiring)), wiring.environment());
        EnvironmentDiff diff;
        try (Fleet fleet = Fleet.connect(found.config())) {
            diff =
                    part.apply(
                            EnvironmentDiff.of(
                                    found.config(),
                                    found.secrets(),
                                    fleet.comparedFacts(Optional.empty(), true)));
        }
        if (output.json) {
            Json.print(wiring.out(), EnvironmentDiffPrinter.json(diff));
        } else {
            EnvironmentDiffPrinter.print(wiring.out(), diff);
        }
        return (exitCode && diff.differs() ? ExitStatus.DIFFERENT : ExitStatus.DONE).number();
    }
}
