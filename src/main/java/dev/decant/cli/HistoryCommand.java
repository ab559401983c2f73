package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.host.HistoryEntry;
import dev.decant.host.Verb;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.Json;
import dev.decant.ui.Table;
import dev.decant.ui.Words;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "history",
        description =
                "Show what was done to the app on each host, by whom and how it ended, newest"
                        + " last. Hosts keep it themselves.")
final class HistoryCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "20",
            description = "How many of each host. Default: ${DEFAULT-VALUE}.")
    private int lines;

    HistoryCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    private record Kept(String host, List<HistoryEntry> entries) {}

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        try (Fleet fleet = Fleet.connect(config)) {
            List<Kept> all =
                    fleet.each(
                            name ->
                                    new Kept(
                                            name,
                                            HistoryEntry.of(
                                                    fleet.get(name)
                                                            .must(
                                                                    new Verb.History(
                                                                            Math.max(1, lines))))));
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered(
                                "hosts",
                                all.stream()
                                        .map(
                                                kept ->
                                                        Json.ordered(
                                                                "host",
                                                                kept.host(),
                                                                "entries",
                                                                kept.entries().stream()
                                                                        .map(Json::of)
                                                                        .toList()))
                                        .toList()));
            } else {
                print(all);
            }
            return ExitStatus.DONE.number();
        }
    }

    private void print(List<Kept> all) {
        Table table =
                new Table()
                        .row(
                                "HOST", "AT", "WHAT", "N", "RELEASE", "RESULT", "TOOK", "SWITCH",
                                "BY");
        for (Kept kept : all) {
            for (HistoryEntry entry : kept.entries()) {
                table.row(
                        kept.host(),
                        entry.at(),
                        entry.what(),
                        entry.deployment(),
                        entry.release(),
                        entry.result(),
                        took(entry.milliseconds()),
                        took(entry.switchMilliseconds()),
                        entry.by());
                if (!entry.reason().isEmpty() && !entry.result().equals("done")) {
                    table.row("", "", "", "", "  " + entry.reason());
                }
            }
        }
        table.print(wiring.out());
    }

    private static String took(Optional<Long> milliseconds) {
        return milliseconds.map(time -> Words.of(Duration.ofMillis(time))).orElse("");
    }
}
