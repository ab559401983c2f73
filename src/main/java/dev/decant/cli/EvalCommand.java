package dev.decant.cli;

import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.deploy.RolloutLog;

import picocli.CommandLine.Command;

import java.util.List;

@Command(
        name = "eval",
        description =
                "Run an expression in the release that serves, in a VM of its own with the app's"
                    + " user, settings and sandbox, and print what it prints as it comes. On the"
                    + " host on which migrations run, unless others are named.")
final class EvalCommand extends ExpressionCommand {

    EvalCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    List<Operations.Evaluated> run(
            Fleet fleet, RolloutLog log, Operations.Listener listener, String expression)
            throws InterruptedException {
        return Operations.evaluate(fleet, log, listener, expression);
    }
}
