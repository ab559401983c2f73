package dev.decant.cli;

import dev.decant.io.Template;
import dev.decant.problem.ExitStatus;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

@Command(
        name = "completion",
        description = {
            "Print what has a shell complete decant's words: commands, options, and hosts, roles,"
                    + " environments and releases of the project.",
            "For now: source <(decant completion bash), the same in zsh, and in fish: decant"
                    + " completion fish | source. Packages bring it along."
        })
final class CompletionCommand implements Callable<Integer> {

    /// Each has a script, which asks decant itself at each press of the key: see [Completion].
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Wiring wiring;

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            description = "${COMPLETION-CANDIDATES}. Default: that of $SHELL, or else bash.")
    private @Nullable Shell shell;

    CompletionCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        wiring.out()
                .print(
                        Template.text(
                                CompletionCommand.class,
                                "decant." + (shell == null ? own() : shell)));
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }

    private Shell own() {
        Path name = Path.of(wiring.environment().getOrDefault("SHELL", "")).getFileName();
        return Arrays.stream(Shell.values())
                .filter(each -> name != null && name.toString().equals(each.toString()))
                .findFirst()
                .orElse(Shell.BASH);
    }
}
