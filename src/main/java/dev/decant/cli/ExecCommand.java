package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "exec",
        description =
                "Run a program in the folder of the release that serves, with the app's user,"
                        + " settings and sandbox; print what it prints as it comes, and exit with"
                        + " its status. On the host on which migrations run, unless others are"
                        + " named; of several, with the first status that is not 0. For example:"
                        + " decant exec -- bin/shop version")
final class ExecCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "PROGRAM",
            description =
                    "A program and its arguments, which arrive as they are: no shell looks at them."
                            + " Whoever is on the host can read them while it runs, so no secrets.")
    private List<String> command = new ArrayList<>();

    ExecCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    /// What comes after the program is its own.
    @Spec
    void stopAtProgram(CommandSpec spec) {
        spec.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.one(project.config(wiring));
        ConsoleLog log = wiring.log(false);
        List<Operations.Evaluated> all;
        try (Fleet fleet = Fleet.connect(config)) {
            all =
                    Operations.exec(
                            fleet, log, Results.listener(wiring, log, config, output), command);
        }
        log.clear();
        if (output.json) {
            Json.print(wiring.out(), Json.ordered("hosts", all.stream().map(Json::of).toList()));
        }
        int status = ExitStatus.DONE.number();
        for (Operations.Evaluated each : all) {
            if (!each.ok()) {
                status = status == 0 ? Integer.parseInt(each.status()) : status;
                if (all.size() > 1) {
                    wiring.err().println(each.host() + "  ended with status " + each.status());
                }
            }
        }
        return status;
    }
}
