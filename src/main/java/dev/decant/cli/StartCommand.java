package dev.decant.cli;

import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.deploy.RolloutLog;

import picocli.CommandLine.Command;

import java.util.List;

@Command(
        name = "start",
        description =
                "Start the app where it was stopped or has ended, and wait until it is healthy."
                        + " What serves is left as it is.")
final class StartCommand extends ServiceCommand {

    StartCommand(Wiring wiring) {
        super(wiring, "serves");
    }

    @Override
    List<Operations.Done> run(Fleet fleet, RolloutLog log) throws InterruptedException {
        return Operations.start(fleet, log);
    }
}
