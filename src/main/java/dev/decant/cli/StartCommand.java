package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

@Command(
        name = "start",
        description =
                "Start the app where it was stopped or has ended, and wait until it is healthy."
                        + " What serves is left as it is.")
final class StartCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    StartCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        ConsoleLog log = wiring.log(false);
        try (Fleet fleet = Fleet.connect(config)) {
            fleet.lockedFacts(lock.claim(wiring));
            Results.print(wiring, log, Operations.start(fleet, log), "serves", output.json);
            return ExitStatus.DONE.number();
        }
    }
}
