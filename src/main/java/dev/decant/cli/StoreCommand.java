package dev.decant.cli;

import dev.decant.aws.Bucket.Held;
import dev.decant.bundle.Publication;
import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.release.Release;
import dev.decant.source.Sources;
import dev.decant.store.Published;
import dev.decant.store.ReleaseStore;
import dev.decant.store.StoreProblem;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.Table;
import dev.decant.ui.Words;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here.
@Command(
        name = "store",
        description = "The bucket from which hosts fetch releases (docs/how-to/store.md).",
        synopsisSubcommandLabel = "COMMAND")
final class StoreCommand extends CommandGroup {

    private StoreCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new StoreCommand());
        line.addSubcommand(new Publish(wiring));
        line.addSubcommand(new ListAll(wiring));
        line.addSubcommand(new CollectGarbage(wiring));
        return line;
    }

    /// @throws Failure with [StoreProblem.None], or as [ReleaseStore#open] says
    static ReleaseStore store(Config config) {
        return ReleaseStore.open(
                config.store().orElseThrow(() -> new Failure(new StoreProblem.None())),
                config.names().unit());
    }

    private static String when(Instant at) {
        return at.toString();
    }

    @Command(
            name = "publish",
            description =
                    "Say what machines serve that start by themselves: the current commit's"
                            + " release, or another one. decant deploy does so after it.")
    static final class Publish implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final ReleaseOptions release = new ReleaseOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        Publish(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config asked = project.config(wiring);
            ConsoleLog log = wiring.log(release.build.verbose);
            try (ReleaseStore store = store(asked)) {
                Release wanted = release.release(asked, wiring, log);
                Config config = Sources.find(asked, wiring.environment()).config();
                ExportCommand.noteSecrets(config, log);
                Publication.Result result =
                        new Publishing(wiring, config, log)
                                .publish(store, wanted, BuildOptions.shelf(config, wiring)::files);
                log.clear();
                Published published = result.published();
                if (output.json) {
                    Map<String, Object> json = json(published);
                    json.put("changed", result.changed());
                    json.put("sent", store.sent());
                    Json.print(wiring.out(), json);
                } else {
                    wiring.out()
                            .println(
                                    published.environment()
                                            + "  "
                                            + published.release()
                                            + (result.changed()
                                                    ? "  " + Words.bytes(store.sent()) + " sent"
                                                    : "  was current already"));
                    wiring.out().flush();
                }
            }
            return ExitStatus.DONE.number();
        }
    }

    private static Map<String, Object> json(Published published) {
        return Json.ordered(
                "environment", published.environment(),
                "release", published.release().value(),
                "at", when(published.at()),
                "by", published.by(),
                "parcels", published.chain().links().size(),
                "bytes", published.chain().bytes());
    }

    @Command(
            name = "ls",
            description = "Show what is current in each environment, and what all of it takes.")
    static final class ListAll implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        ListAll(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config config = project.config(wiring);
            try (ReleaseStore store = store(config)) {
                List<Held> all = store.list();
                List<Published> current = new ArrayList<>();
                for (Held held : all) {
                    if (held.key().endsWith("/current")) {
                        store.published(held.key()).ifPresent(current::add);
                    }
                }
                long bytes = all.stream().mapToLong(Held::bytes).sum();
                if (output.json) {
                    Json.print(
                            wiring.out(),
                            Json.ordered(
                                    "store", store.name(),
                                    "objects", all.size(),
                                    "bytes", bytes,
                                    "current", current.stream().map(StoreCommand::json).toList()));
                } else {
                    Table table =
                            new Table()
                                    .row(
                                            "ENVIRONMENT",
                                            "RELEASE",
                                            "SINCE",
                                            "BY",
                                            "PARCELS",
                                            "SIZE");
                    for (Published each : current) {
                        table.row(
                                each.environment(),
                                each.release().value(),
                                when(each.at()),
                                each.by(),
                                Integer.toString(each.chain().links().size()),
                                Words.bytes(each.chain().bytes()));
                    }
                    table.print(wiring.out());
                    wiring.out()
                            .println(
                                    "\n"
                                            + store.name()
                                            + " has "
                                            + all.size()
                                            + " objects, "
                                            + Words.bytes(bytes));
                    wiring.out().flush();
                }
            }
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "gc",
            description =
                    "Delete what nobody needs any more. What is current in an environment stays,"
                        + " and so many before it as keep_releases says, and what is younger than a"
                        + " day.")
    static final class CollectGarbage implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        @Option(names = "--dry-run", description = "Only say what would go.")
        private boolean dryRun;

        CollectGarbage(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config config = project.config(wiring);
            try (ReleaseStore store = store(config)) {
                List<Held> gone = new ArrayList<>();
                for (Held held : store.mayGo(config.keepReleases(), Instant.now())) {
                    if (dryRun || store.delete(held)) {
                        gone.add(held);
                    }
                }
                long bytes = gone.stream().mapToLong(Held::bytes).sum();
                if (output.json) {
                    Json.print(
                            wiring.out(),
                            Json.ordered(
                                    "dry_run", dryRun,
                                    "objects", gone.stream().map(Held::key).toList(),
                                    "bytes", bytes));
                } else {
                    gone.forEach(
                            held ->
                                    wiring.out()
                                            .println(
                                                    (dryRun ? "would go  " : "gone  ")
                                                            + held.key()
                                                            + "  "
                                                            + Words.bytes(held.bytes())));
                    wiring.out()
                            .println(
                                    gone.size()
                                            + " objects, "
                                            + Words.bytes(bytes)
                                            + (dryRun ? " would go" : " are gone"));
                    wiring.out().flush();
                }
            }
            return ExitStatus.DONE.number();
        }
    }
}
