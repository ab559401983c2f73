package dev.decant.cli;

import dev.decant.problem.ExitStatus;
import dev.decant.source.AgeFiles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "set",
        description =
                "Give one variable in a file of [sources.age] a value: what comes on standard"
                        + " input, but for the last line's end, or what you type.")
final class SecretsSetCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Parameters(paramLabel = "NAME", description = "The variable.")
    private String name = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Which one, as decant.toml names it. Needed where there are several.")
    private @Nullable String file;

    SecretsSetCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        AgeFiles files = AgeFiles.of(project.withoutHosts(wiring), wiring.environment());
        Path chosen = files.choose(Optional.ofNullable(file));
        files.prepare().forEach(wiring.out()::println);
        AgeFiles.Opened before = files.open(chosen);
        wiring.out().flush();
        files.set(before, name, value());
        wiring.out().println("Encrypted " + files.name(chosen) + "; commit it.");
        return ExitStatus.DONE.number();
    }

    private byte[] value() throws IOException {
        Optional<Console> console =
                Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (console.isPresent()) {
            char[] typed = console.get().readPassword("%s (it is not shown): ", name);
            return (typed == null ? "" : String.valueOf(typed)).getBytes(StandardCharsets.UTF_8);
        }
        byte[] all = System.in.readAllBytes();
        boolean line = all.length > 0 && all[all.length - 1] == '\n';
        return line ? Arrays.copyOf(all, all.length - 1) : all;
    }
}
