package dev.decant.cli;

import dev.decant.problem.ExitStatus;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh:  source <(decant completion)")
final class CompletionCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        wiring.out().print(AutoComplete.bash("decant", spec.root().commandLine()));
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }
}
