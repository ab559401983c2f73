package dev.decant.store;

import dev.decant.aws.AwsProblem;
import dev.decant.aws.Bucket;
import dev.decant.aws.Bucket.Headers;
import dev.decant.aws.Bucket.Held;
import dev.decant.config.StoreConfig;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Parcel;
import dev.decant.release.ReleaseId;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an app has in its store. To be closed.
///
/// ```
/// APP/parcels/SHA256                       what hosts fetch of releases
/// APP/bundles/SHA256                       archives: what installs a release on a machine
/// APP/environments/ENV/current             a Published; written last
/// APP/environments/ENV/published/TIME      those before it, and itself
/// ```
///
/// Each method throws [Failure] with an [AwsProblem] where the store does not do what it is asked.
public final class ReleaseStore implements AutoCloseable {

    private static final String PAGE = "docs/how-to/store.md";

    /// What an environment is called where decant.toml has none.
    public static final String ONLY = "default";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /// For a host to fetch a parcel; one that is looked for again gets another URL.
    private static final Duration VALID = Duration.ofHours(1);

    /// What is older is written anew before anybody relies on it, or else whoever tidies up may
    /// take it away meanwhile.
    private static final Duration RELIABLE = Retention.YOUNG.dividedBy(2);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Bucket bucket;
    private long sent;

    private ReleaseStore(Bucket bucket) {
        this.bucket = bucket;
    }

    /// @param app its name on hosts
    /// @throws Failure if no credentials or no region are found; nothing is asked yet
    public static ReleaseStore open(StoreConfig store, String app) {
        return new ReleaseStore(
                Bucket.open(
                        new Bucket.Place(store.bucket(), store.prefix() + app + "/"),
                        store.access(),
                        AwsProblem.by("The release store", "[store]"),
                        PAGE,
                        TIMEOUT));
    }

    static String parcel(Digest parcel) {
        return "parcels/" + parcel.hex();
    }

    static String bundle(Digest archive) {
        return "bundles/" + archive.hex();
    }

    static String current(String environment) {
        return "environments/" + environment + "/current";
    }

    /// What it is called, such as `s3://acme-releases/decant/shop/`.
    public String name() {
        return bucket.place().url("");
    }

    /// Where it is for whoever asks with a signature of their own, or without one; ends with `/`.
    public URI url() {
        return bucket.url("");
    }

    public String region() {
        return bucket.region();
    }

    /// Bytes of contents that it was sent from here, since it was opened.
    public synchronized long sent() {
        return sent;
    }

    /// Brings a parcel, unless it is there.
    ///
    /// @return bytes that were sent
    public long bring(Parcel parcel) throws IOException, InterruptedException {
        return bring(parcel(parcel.digest()), parcel.file(), Instant.MIN);
    }

    /// As [#bring(Parcel)], for one that is to stay.
    public long keep(Parcel parcel) throws IOException, InterruptedException {
        return bring(parcel(parcel.digest()), parcel.file(), Instant.now().minus(RELIABLE));
    }

    /// Brings an archive, unless it is there, or is going to stay anyway.
    ///
    /// @param before what is current
    public Published.Piece keep(Path archive, Optional<Published> before)
            throws IOException, InterruptedException {
        Published.Piece piece = new Published.Piece(Digest.of(archive), Files.size(archive));
        boolean stays = before.filter(each -> each.bundle().contains(piece)).isPresent();
        bring(bundle(piece.digest()), archive, stays ? Instant.MIN : Instant.now().minus(RELIABLE));
        return piece;
    }

    private long bring(String key, Path file, Instant since)
            throws IOException, InterruptedException {
        long bytes = Files.size(file);
        Optional<Held> there = bucket.head(key);
        if (there.filter(held -> held.bytes() == bytes && held.at().isAfter(since)).isPresent()) {
            return 0;
        }
        bucket.put(key, file, Headers.NONE);
        synchronized (this) {
            sent += bytes;
        }
        return bytes;
    }

    /// By which a host fetches a parcel that was brought, for an hour.
    public URI presigned(Parcel parcel) {
        return bucket.presigned(parcel(parcel.digest()), VALID);
    }

    /// What is current, and what tells it from what is current at another time.
    public record Current(Published published, String tag) {}

    /// @return empty where nothing was published yet
    /// @throws Failure with [StoreProblem.Unreadable]
    public Optional<Current> nowIn(String environment) throws InterruptedException {
        return bucket.read(current(environment))
                .map(read -> new Current(parsed(current(environment), read.text()), read.tag()));
    }

    private Published parsed(String key, String text) {
        try {
            return Published.parse(text);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Failure(
                    new StoreProblem.Unreadable(
                            bucket.place().url(key), String.valueOf(e.getMessage())));
        }
    }

    /// Says what is current from now on. All that it needs has to be there.
    ///
    /// @param signature of its text; empty where nobody asks for one
    /// @param before what was current when it was made
    /// @throws Failure with [StoreProblem.Meanwhile] where that is something else by now
    public void publish(Published published, String signature, Optional<Current> before)
            throws InterruptedException {
        byte[] text = (published.text() + signature).getBytes(StandardCharsets.UTF_8);
        String environment = published.environment();
        String stamp = TIME.format(published.at());
        bucket.put("environments/" + environment + "/published/" + stamp, text, Headers.NONE);
        String key = current(environment);
        if (!bucket.replace(key, text, Headers.NONE, before.map(Current::tag))) {
            Optional<Current> now = nowIn(environment);
            if (now.filter(each -> each.published().equals(published)).isEmpty()) {
                throw new Failure(
                        new StoreProblem.Meanwhile(
                                environment,
                                now.map(each -> each.published().release().value())
                                        .orElse("nothing"),
                                now.map(each -> each.published().by()).orElse("somebody")));
            }
        }
        synchronized (this) {
            sent += 2L * text.length;
        }
    }

    /// What was published last of a release.
    ///
    /// @return empty where that is not known any more
    public Optional<Published> last(String environment, ReleaseId release)
            throws InterruptedException {
        List<Held> all = bucket.list("environments/" + environment + "/published/");
        for (Held held : all.reversed()) {
            Optional<Published> each = published(held.key());
            if (each.filter(it -> it.release().equals(release)).isPresent()) {
                return each;
            }
        }
        return Optional.empty();
    }

    /// All that it has, by keys.
    public List<Held> list() throws InterruptedException {
        return bucket.list("");
    }

    /// What one of the objects below `environments/` says.
    ///
    /// @return empty where it has just gone
    /// @throws Failure with [StoreProblem.Unreadable]
    public Optional<Published> published(String key) throws InterruptedException {
        return bucket.read(key).map(read -> parsed(key, read.text()));
    }

    /// What may go of all of it.
    ///
    /// @param keep how many of what was published in an environment stay
    /// @throws Failure with [StoreProblem.Unreadable]: of what cannot be read nobody knows what it
    ///   needs
    public List<Held> mayGo(int keep, Instant now) throws InterruptedException {
        List<Held> all = list();
        Map<String, Published> read = new LinkedHashMap<>();
        for (String key : Retention.toRead(all, keep)) {
            published(key).ifPresent(published -> read.put(key, published));
        }
        return Retention.mayGo(all, read, now);
    }

    /// Deletes an object, unless it was written anew since it was listed.
    ///
    /// @return whether it is gone
    public boolean delete(Held listed) throws InterruptedException {
        if (bucket.head(listed.key()).filter(now -> now.at().isAfter(listed.at())).isPresent()) {
            return false;
        }
        bucket.delete(listed.key());
        return true;
    }

    @Override
    public void close() {
        bucket.close();
    }
}
