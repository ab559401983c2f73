package dev.decant.cli;

import dev.decant.problem.ExitStatus;
import dev.decant.source.AgeFiles;
import dev.decant.ui.Json;
import dev.decant.ui.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "ls", description = "List the names of what the files of [sources.age] have.")
final class SecretsLsCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    SecretsLsCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        AgeFiles files = AgeFiles.of(project.withoutHosts(wiring), wiring.environment());
        Table table = new Table();
        List<Object> json = new ArrayList<>();
        for (Path file : files.all().stream().filter(Files::exists).toList()) {
            for (String name : files.names(file, files.open(file).text())) {
                table.row(name, files.name(file));
                json.add(Json.ordered("name", name, "file", files.name(file)));
            }
        }
        if (output.json) {
            Json.print(wiring.out(), Json.ordered("secrets", json));
        } else {
            table.print(wiring.out());
        }
        return ExitStatus.DONE.number();
    }
}
