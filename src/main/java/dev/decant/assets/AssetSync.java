package dev.decant.assets;

import dev.decant.aws.AwsProblem;
import dev.decant.aws.Bucket;
import dev.decant.config.AssetsConfig;
import dev.decant.config.Config;
import dev.decant.exec.Program;
import dev.decant.exec.Result;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Brings a bucket to have the static files of a release, beside those of others. Nothing is ever
/// replaced by a file of other contents but what has no digest in its name.
public final class AssetSync implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int LINES_SHOWN = 10;

    /// Arguments of a program have an end somewhere, and an invalidation its price.
    private static final String FILES = "DECANT_ASSETS";

    private final Config config;
    private final AssetsConfig settings;
    private final Bucket bucket;

    private AssetSync(Config config, AssetsConfig settings, Bucket bucket) {
        this.config = config;
        this.settings = settings;
        this.bucket = bucket;
    }

    /// @param config with `[assets]`
    public static AssetSync of(Config config) {
        AssetsConfig settings = config.assets().orElseThrow();
        return new AssetSync(
                config,
                settings,
                Bucket.open(
                        new Bucket.Place(settings.bucket(), settings.prefix()),
                        settings.aws(),
                        AwsProblem.by("The bucket of static files", "[assets]"),
                        "docs/how-to/assets.md",
                        TIMEOUT));
    }

    /// What is to be done.
    ///
    /// @param missing in the order in which they are to go
    /// @param changed those of them whose names were there, with other contents
    public record Work(List<Asset> missing, List<String> changed) {

        public Work {
            missing = List.copyOf(missing);
            changed = List.copyOf(changed);
        }

        public long bytes() {
            return missing.stream().mapToLong(Asset::bytes).sum();
        }
    }

    /// Decides. Pure.
    static Work work(List<Asset> wanted, Collection<Bucket.Held> there) {
        Map<String, Bucket.Held> held = new HashMap<>();
        there.forEach(one -> held.put(one.key(), one));
        List<Asset> missing = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Asset asset : wanted) {
            Bucket.Held one = held.get(asset.key());
            if (one == null || !asset.isIn(one)) {
                missing.add(asset);
                if (one != null) {
                    changed.add(asset.key());
                }
            }
        }
        return new Work(missing, changed);
    }

    /// Looks what the bucket lacks.
    public Work look(List<Asset> wanted) throws InterruptedException {
        return work(wanted, bucket.list(""));
    }

    /// Sends it, and has it made known where something has changed under its name.
    ///
    /// @param sent is told each that has arrived
    /// @param said is handed what the program says that makes it known
    public void run(Work work, Consumer<Asset> sent, Consumer<String> said)
            throws InterruptedException {
        for (Asset asset : work.missing()) {
            bucket.put(asset.key(), asset.file(), asset.headers());
            sent.accept(asset);
        }
        if (!work.changed().isEmpty() && !settings.invalidate().isEmpty()) {
            invalidate(work.changed(), said);
        }
    }

    private void invalidate(List<String> changed, Consumer<String> said)
            throws InterruptedException {
        List<String> words = settings.invalidate();
        Result result;
        try {
            result =
                    Program.of(words)
                            .in(config.project())
                            .env(
                                    Map.of(
                                            FILES,
                                            String.join(" ", changed),
                                            "DECANT_ENVIRONMENT",
                                            config.environment().orElse("")))
                            .run(said);
        } catch (IOException e) {
            throw AssetsProblem.notInvalidated(words, "It cannot be run.", List.of(e.toString()));
        }
        if (!result.ok()) {
            throw AssetsProblem.notInvalidated(
                    words,
                    "It ended with status " + result.status() + ".",
                    result.lastWords(LINES_SHOWN));
        }
    }

    /// Those that no release needs, and that have not come lately: a page that names them may still
    /// be open somewhere. What has no digest in its name is the newest release's.
    ///
    /// @param needed names of files that releases have which may serve again
    public List<Bucket.Held> unneeded(Set<String> needed, Instant before)
            throws InterruptedException {
        return unneeded(bucket.list(""), needed, before);
    }

    static List<Bucket.Held> unneeded(
            Collection<Bucket.Held> there, Set<String> needed, Instant before) {
        return there.stream()
                .filter(one -> Assets.isDigested(one.key()))
                .filter(one -> !needed.contains(one.key()))
                .filter(one -> one.at().isBefore(before))
                .toList();
    }

    public void remove(Bucket.Held one) throws InterruptedException {
        bucket.delete(one.key());
    }

    @Override
    public void close() {
        bucket.close();
    }
}
