package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Setup;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

@Command(
        name = "remove",
        description =
                "Take the app away from its hosts: service, releases, secrets, units, public ports,"
                        + " user. Connects as ssh.setup_user. Without --confirm it only says what"
                        + " would go.")
final class RemoveCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            description = "The app's name on the hosts, so that it is meant.")
    private @Nullable String confirm;

    RemoveCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        String name = config.names().unit();
        boolean rehearse = !name.equals(confirm);
        ConsoleLog log = wiring.log(false);
        Map<String, List<String>> changes = Setup.remove(config, rehearse, log);
        log.clear();
        if (output.json) {
            Json.print(wiring.out(), Json.ordered("dry_run", rehearse, "changes", changes));
            return ExitStatus.DONE.number();
        }
        SetupCommand.print(
                wiring.out(),
                changes,
                "has nothing of " + name,
                rehearse ? "would lose" : "has lost");
        if (rehearse) {
            wiring.out()
                    .println(
                            "Nothing was removed.  decant remove --confirm "
                                    + name
                                    + "  does so; secrets are then gone from the hosts for good.");
        }
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }
}
