package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.Privilege;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.problem.Failure;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(
        name = "console",
        description =
                "Open IEx, or with rebar3 an Erlang shell, in the VM that serves. Ctrl-C twice"
                    + " leaves it; System.halt() would end the app. On the host on which migrations"
                    + " run, unless another is named. It needs service.distribution.")
final class ConsoleCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    ConsoleCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.one(project.config(wiring));
        NotOfThisKind.needsErlang(
                config,
                "console",
                "A console is a shell in an Erlang VM that serves.",
                NotOfThisKind.EXEC);
        if (config.hosts().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "A console is on one host. Name it: --hosts HOST");
        }
        if (config.privilege() == Privilege.NONE) {
            throw new Failure(new DeployProblem.NoTerminal());
        }
        ConsoleLog log = wiring.log(false);
        try (Fleet fleet = Fleet.connect(config)) {
            // Whatever is in the way is told by this one, in words; it is one in Erlang, too.
            Operations.Evaluated reached = Operations.rpc(fleet, log, (_, _) -> {}, "1").getFirst();
            log.clear();
            if (!reached.ok()) {
                throw new Failure(reached.problem(reached.output()));
            }
            return fleet.get(reached.host()).console();
        }
    }
}
