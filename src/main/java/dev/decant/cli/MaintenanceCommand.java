package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployProblem;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "maintenance",
        description =
                "Have visitors see a page that says so (503, with Retry-After), or the app again."
                        + " The app goes on, can be deployed and migrated; neither that nor a"
                        + " start of its machine ends maintenance.")
final class MaintenanceCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Parameters(paramLabel = "on|off", completionCandidates = States.class)
    private String state = "";

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "What visitors read, on one line. Default: We will be back soon.")
    private String message = "";

    static final class States extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        States() {
            super(List.of("on", "off"));
        }
    }

    MaintenanceCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        if (!List.of("on", "off").contains(state)) {
            throw usage("Neither on nor off: '" + state + "'.");
        }
        if (!message.matches("[^\\p{Cntrl}]*")) {
            throw usage("The message has to be on one line.");
        }
        boolean on = state.equals("on");
        Config config = hosts.of(project.config(wiring));
        if (on && !config.service().redirects() && !config.service().strategy().proxied()) {
            throw new Failure(new DeployProblem.NoMaintenance(config.service().strategy().word()));
        }
        ConsoleLog log = wiring.log(false);
        try (Fleet fleet = Fleet.connect(config)) {
            fleet.lockedFacts(lock.claim(wiring));
            Results.print(
                    wiring,
                    log,
                    Operations.maintenance(fleet, log, on, wiring.owner(), message),
                    on ? "shows the maintenance page; behind it" : "serves",
                    output.json);
            return ExitStatus.DONE.number();
        }
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
