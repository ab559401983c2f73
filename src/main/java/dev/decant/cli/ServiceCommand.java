package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.deploy.RolloutLog;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.concurrent.Callable;

/// Has the app be there or not, on all hosts at once.
abstract class ServiceCommand implements Callable<Integer> {

    private final Wiring wiring;
    private final String word;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    /// @param word what it does from then on, such as `serves`
    ServiceCommand(Wiring wiring, String word) {
        this.wiring = wiring;
        this.word = word;
    }

    abstract List<Operations.Done> run(Fleet fleet, RolloutLog log) throws InterruptedException;

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        ConsoleLog log = wiring.log(false);
        try (Fleet fleet = Fleet.connect(config)) {
            fleet.lockedFacts(lock.claim(wiring));
            Results.print(wiring, log, run(fleet, log), word, output.json);
            return ExitStatus.DONE.number();
        }
    }
}
