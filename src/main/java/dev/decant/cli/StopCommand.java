package dev.decant.cli;

import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.deploy.RolloutLog;

import picocli.CommandLine.Command;

import java.util.List;

@Command(
        name = "stop",
        description =
                "Stop the app, after it has finished what it had begun. It stays stopped until"
                        + " `decant start`, a deploy, or a start of its machine.")
final class StopCommand extends ServiceCommand {

    StopCommand(Wiring wiring) {
        super(wiring, "stopped");
    }

    @Override
    List<Operations.Done> run(Fleet fleet, RolloutLog log) throws InterruptedException {
        return Operations.stop(fleet, log);
    }
}
