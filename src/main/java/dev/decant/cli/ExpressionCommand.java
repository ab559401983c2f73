package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.deploy.RolloutLog;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// Runs an expression somewhere on hosts, and prints what it prints, as it comes.
abstract class ExpressionCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Parameters(
            paramLabel = "EXPRESSION",
            description =
                    "Of Elixir (with rebar3, of Erlang), on one line. Whoever is on the host can"
                            + " read it while it runs, so no secrets.")
    private String expression = "";

    ExpressionCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    abstract List<Operations.Evaluated> run(
            Fleet fleet, RolloutLog log, Operations.Listener listener, String expression)
            throws InterruptedException;

    @Override
    public Integer call() throws Exception {
        if (!expression.matches("[^\\p{Cntrl}]+")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The expression has to be on one line. For more, call a function of the app.");
        }
        Config config = hosts.one(project.config(wiring));
        NotOfThisKind.needsErlang(
                config,
                spec.name(),
                "An expression is run by the Erlang of a release, and this one's has none.",
                NotOfThisKind.EXEC);
        ConsoleLog log = wiring.log(false);
        try (Fleet fleet = Fleet.connect(config)) {
            var listener = Results.listener(wiring, log, config, output);
            return Results.print(wiring, log, run(fleet, log, listener, expression), output.json);
        }
    }
}
