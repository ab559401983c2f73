package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "unlock",
        description =
                "Take the deploy lock away from whoever has it, and say who that was. Their run"
                        + " ends with an error; an activation that has begun goes on by itself. Not"
                        + " needed after a crash: a lock that nobody renews is free within a"
                        + " minute.")
final class UnlockCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    UnlockCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    private record Unlocked(String host, Reply reply) {}

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        try (Fleet fleet = Fleet.connect(config)) {
            List<Unlocked> all =
                    fleet.each(name -> new Unlocked(name, fleet.get(name).must(new Verb.Unlock())));
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered("hosts", all.stream().map(UnlockCommand::json).toList()));
            } else {
                all.forEach(one -> wiring.out().println(one.host() + "  " + words(one.reply())));
                wiring.out().flush();
            }
            return ExitStatus.DONE.number();
        }
    }

    private static boolean wasHeld(Reply reply) {
        return reply.value("held").equals(Optional.of("yes"));
    }

    private static Map<String, Object> json(Unlocked one) {
        return Json.ordered(
                "host", one.host(),
                "was_locked", wasHeld(one.reply()),
                "owner", one.reply().value("owner").orElse(""),
                "what", one.reply().value("what").orElse(""),
                "since", one.reply().value("since").orElse(""));
    }

    private static String words(Reply reply) {
        return wasHeld(reply)
                ? "unlocked; it was locked by "
                        + reply.value("owner").orElse("someone")
                        + " ("
                        + reply.value("what").orElse("?")
                        + ") since "
                        + reply.value("since").orElse("?")
                : "was not locked";
    }
}
