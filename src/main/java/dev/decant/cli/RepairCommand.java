package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Repair;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "repair",
        description =
                "Settle what a deploy that was cut short has left: what served before it is put"
                        + " back, and what it has not finished is removed. Every deploy and"
                        + " rollback begins with that, too.")
final class RepairCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    RepairCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        ConsoleLog log = wiring.log(false);
        try (Fleet fleet = Fleet.connect(config)) {
            List<Repair> repairs = Repair.run(fleet, config, lock.claim(wiring), log);
            log.clear();
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered("hosts", repairs.stream().map(Json::of).toList()));
            } else {
                repairs.forEach(
                        repair -> wiring.out().println(repair.host() + "  " + words(repair)));
                wiring.out().flush();
            }
            return Repair.status(repairs).number();
        }
    }

    private static String words(Repair repair) {
        StringBuilder text = new StringBuilder();
        repair.unfinished()
                .ifPresentOrElse(
                        deployment ->
                                text.append("settled deployment ")
                                        .append(deployment.number())
                                        .append(" of ")
                                        .append(deployment.release())
                                        .append(" by ")
                                        .append(deployment.by()),
                        () -> text.append("nothing was cut short"));
        if (!repair.removed().isEmpty()) {
            text.append("; removed ").append(String.join(", ", repair.removed()));
        }
        repair.live()
                .ifPresent(
                        release ->
                                text.append("; ")
                                        .append(release)
                                        .append(
                                                repair.serves()
                                                        ? " serves"
                                                        : " DOES NOT SERVE: decant logs"));
        return text.toString();
    }
}
