package dev.decant.cli;

import dev.decant.assets.Asset;
import dev.decant.assets.AssetSync;
import dev.decant.assets.Assets;
import dev.decant.assets.AssetsProblem;
import dev.decant.aws.Bucket;
import dev.decant.config.AssetsConfig;
import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.host.HostFacts;
import dev.decant.problem.ExitStatus;
import dev.decant.release.FileList;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseShelf;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.Words;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here.
@Command(
        name = "assets",
        description = "The static files that a CDN or browsers take from a bucket.",
        synopsisSubcommandLabel = "COMMAND")
final class AssetsCommand extends CommandGroup {

    private AssetsCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new AssetsCommand());
        line.addSubcommand(new Sync(wiring));
        line.addSubcommand(new Prune(wiring));
        return line;
    }

    /// Has a rollout send them first, where there is a bucket for them.
    static Rollout first(Rollout rollout, Config config, Release release, RolloutLog log) {
        return config.assets().isEmpty()
                ? rollout
                : rollout.first("assets", () -> send(config, release, log));
    }

    private static void send(Config config, Release release, RolloutLog log)
            throws IOException, InterruptedException {
        List<Asset> wanted = Assets.of(release, config.assets().orElseThrow().from());
        try (AssetSync sync = AssetSync.of(config)) {
            AssetSync.Work work = sync.look(wanted);
            send(sync, work, log);
            log.note("", said(config, work, "new"));
        }
    }

    private static void send(AssetSync sync, AssetSync.Work work, RolloutLog log)
            throws InterruptedException {
        List<Asset> arrived = new ArrayList<>();
        sync.run(
                work,
                asset -> {
                    arrived.add(asset);
                    log.doing(
                            "", "static files: " + arrived.size() + " of " + work.missing().size());
                },
                line -> log.note("", line));
    }

    private static String said(Config config, AssetSync.Work work, String which) {
        String url = config.assets().map(AssetsConfig::url).orElse("");
        return work.missing().isEmpty()
                ? "All static files are in " + url + " already."
                : work.missing().size()
                        + " static files, "
                        + Words.bytes(work.bytes())
                        + ", are "
                        + which
                        + " in "
                        + url
                        + (work.changed().isEmpty()
                                ? "."
                                : "; changed under their names: "
                                        + String.join(", ", work.changed())
                                        + ".");
    }

    /// What both have.
    abstract static class OfBucket implements Callable<Integer> {

        final Wiring wiring;

        @Mixin final ProjectOptions project = new ProjectOptions();

        @Mixin final OutputOptions output = new OutputOptions();

        @Option(
                names = {"-n", "--dry-run"},
                description = "Change nothing; only show what would be.")
        boolean rehearse;

        @Spec private CommandSpec spec = CommandSpec.create();

        OfBucket(Wiring wiring) {
            this.wiring = wiring;
        }

        final Config config() throws InterruptedException {
            Config config = project.config(wiring);
            if (config.assets().isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "decant.toml has no [assets]: which bucket? docs/how-to/assets.md says"
                                + " more.");
            }
            return config;
        }
    }

    @Command(
            name = "sync",
            description =
                    "Put a release's static files into the bucket, beside those of others; a"
                            + " deploy does so by itself.")
    static final class Sync extends OfBucket {

        @Mixin private final ReleaseOptions release = new ReleaseOptions();

        Sync(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws Exception {
            Config config = config();
            ConsoleLog log = wiring.log(release.build.verbose);
            Release wanted = release.release(config, wiring, log);
            List<Asset> assets = Assets.of(wanted, config.assets().orElseThrow().from());
            try (AssetSync sync = AssetSync.of(config)) {
                AssetSync.Work work = sync.look(assets);
                if (!rehearse) {
                    send(sync, work, log);
                }
                log.clear();
                if (output.json) {
                    Json.print(
                            wiring.out(),
                            Json.ordered(
                                    "release", wanted.id().value(),
                                    "dry_run", rehearse,
                                    "bytes", work.bytes(),
                                    "files", work.missing().stream().map(Asset::key).toList(),
                                    "changed", work.changed()));
                } else {
                    if (rehearse) {
                        work.missing().forEach(asset -> wiring.out().println(asset.key()));
                    }
                    wiring.out().println(said(config, work, rehearse ? "not yet" : "new"));
                    wiring.out().flush();
                }
            }
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "prune",
            description =
                    "Remove files from the bucket that no release needs which a host has, and that"
                            + " have been there for a while.")
    static final class Prune extends OfBucket {

        @Option(
                names = "--older-than",
                paramLabel = "DAYS",
                description =
                        "How long a page that names them may stay open, or cached, somewhere."
                                + " Default: ${DEFAULT-VALUE}.")
        private int days = 30;

        Prune(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws Exception {
            Config config = config();
            Set<String> needed = needed(config, BuildOptions.shelf(config, wiring));
            Instant before = Instant.now().minus(Duration.ofDays(days));
            List<String> removed = new ArrayList<>();
            long bytes = 0;
            try (AssetSync sync = AssetSync.of(config)) {
                for (Bucket.Held one : sync.unneeded(needed, before)) {
                    if (!rehearse) {
                        sync.remove(one);
                    }
                    removed.add(one.key());
                    bytes += one.bytes();
                }
            }
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered("dry_run", rehearse, "bytes", bytes, "removed", removed));
                return ExitStatus.DONE.number();
            }
            removed.forEach(wiring.out()::println);
            wiring.out()
                    .println(
                            (rehearse ? "Would remove " : "Removed ")
                                    + removed.size()
                                    + " files, "
                                    + Words.bytes(bytes)
                                    + ".");
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }

        /// Of all releases that any host has, and of those here: a deploy of one may be under way.
        private Set<String> needed(Config config, ReleaseShelf shelf)
                throws IOException, InterruptedException {
            Set<ReleaseId> kept = new LinkedHashSet<>(shelf.all());
            try (Fleet fleet = Fleet.connect(config)) {
                for (HostFacts facts : fleet.facts().values()) {
                    kept.addAll(facts.releases());
                }
            }
            Set<String> needed = new TreeSet<>();
            List<String> unknown = new ArrayList<>();
            for (ReleaseId id : kept) {
                Optional<FileList> list = shelf.files(id);
                if (list.isEmpty()) {
                    unknown.add(id.value());
                } else {
                    needed.addAll(
                            Assets.digested(list.get(), config.assets().orElseThrow().from()));
                }
            }
            if (!unknown.isEmpty()) {
                throw AssetsProblem.unknown(unknown);
            }
            return needed;
        }
    }
}
