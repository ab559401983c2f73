package dev.decant.cli;

import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.deploy.RolloutLog;

import picocli.CommandLine.Command;

import java.util.List;

@Command(
        name = "rpc",
        description =
                "Run an expression in the VM that serves, and print what it prints. On the host on"
                        + " which migrations run, unless others are named. It needs"
                        + " service.distribution.")
final class RpcCommand extends ExpressionCommand {

    RpcCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    List<Operations.Evaluated> run(
            Fleet fleet, RolloutLog log, Operations.Listener listener, String expression)
            throws InterruptedException {
        return Operations.rpc(fleet, log, listener, expression);
    }
}
