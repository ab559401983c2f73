package dev.decant.cli;

import dev.decant.problem.ExitStatus;
import dev.decant.source.AgeFiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "rotate",
        description =
                "Encrypt all files of [sources.age] anew, for those who are in the file of"
                        + " recipients now.")
final class SecretsRotateCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    SecretsRotateCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        AgeFiles files = AgeFiles.of(project.withoutHosts(wiring), wiring.environment());
        for (Path file : files.rotate()) {
            wiring.out().println("Encrypted " + files.name(file) + "; commit it.");
        }
        wiring.out()
                .println(
                        "Whoever could read them before can still read what is in git's history:"
                                + " where somebody has left, change the values themselves.");
        return ExitStatus.DONE.number();
    }
}
