package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "seed",
        description =
                "Run the seed of decant.toml in the release that serves, on the host on which"
                        + " migrations run. A deploy never does.")
final class SeedCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    SeedCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config read = project.config(wiring);
        String seed =
                read.seed()
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                spec.commandLine(),
                                                "decant.toml has no 'seed'. For example: seed ="
                                                        + (read.kind().hasErlang()
                                                                ? " \"Shop.Release.seed()\""
                                                                : " [\"bin/shop\", \"seed\"]")));
        ConsoleLog log = wiring.log(false);
        Config config = read.on(List.of(read.migrationHost()));
        try (Fleet fleet = Fleet.connect(config)) {
            return Results.print(
                    wiring,
                    log,
                    Operations.seed(
                            fleet,
                            lock.claim(wiring),
                            log,
                            Results.listener(wiring, log, config, output),
                            seed),
                    output.json);
        }
    }
}
