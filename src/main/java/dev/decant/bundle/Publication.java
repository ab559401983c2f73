package dev.decant.bundle;

import dev.decant.config.Config;
import dev.decant.io.Trees;
import dev.decant.release.Archive;
import dev.decant.release.Compression;
import dev.decant.release.Delta;
import dev.decant.release.Dictionary;
import dev.decant.release.FileList;
import dev.decant.release.Parcel;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Signer;
import dev.decant.store.Chain;
import dev.decant.store.Link;
import dev.decant.store.Published;
import dev.decant.store.ReleaseStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Brings a release to the store as that which machines of an environment serve that start by
/// themselves: what is not there yet of it, and last that it is current.
public final class Publication {

    private final ReleaseStore store;
    private final Config config;
    private final Bundle.About about;

    /// @param about whose signers are as setup would have them
    public Publication(ReleaseStore store, Config config, Bundle.About about) {
        this.store = store;
        this.config = config;
        this.about = about;
    }

    /// What an environment is called in the store.
    public static String environment(Config config) {
        return config.environment().orElse(ReleaseStore.ONLY);
    }

    /// @param published what is current now
    /// @param changed false where it was before
    public record Result(Published published, boolean changed) {}

    /// @param lists what is in a release, where that is known
    /// @param place a folder for what is made meanwhile; made if it is not there
    /// @throws dev.decant.problem.Failure with a [dev.decant.store.StoreProblem], or as
    ///   [ReleaseStore] says, or where the release is damaged; what was current is then
    public Result publish(
            Release release, Function<ReleaseId, Optional<FileList>> lists, Path place)
            throws IOException, InterruptedException {
        Files.createDirectories(place);
        Path work = Files.createTempDirectory(place, "publication.");
        try {
            Optional<ReleaseStore.Current> before = store.nowIn(environment(config));
            Optional<Published> was = before.map(ReleaseStore.Current::published);
            Chain chain = chain(release, was, lists, work);
            Published published =
                    new Published(
                            config.names().unit(),
                            environment(config),
                            release.id(),
                            release.manifest().filesSha256(),
                            about.by(),
                            now(),
                            archives(release, chain, was, work),
                            chain);
            if (was.filter(published::sameAs).isPresent()) {
                return new Result(was.get(), false);
            }
            store.publish(published, signature(published), before);
            return new Result(published, true);
        } finally {
            Trees.delete(work);
        }
    }

    /// Publishes what was published of a release before, with its settings of then.
    ///
    /// @return empty where the store does not know it any more
    public Optional<Result> again(ReleaseId release) throws IOException, InterruptedException {
        Optional<Published> then = store.last(environment(config), release);
        if (then.isEmpty()) {
            return Optional.empty();
        }
        Optional<ReleaseStore.Current> before = store.nowIn(environment(config));
        if (before.filter(each -> each.published().sameAs(then.get())).isPresent()) {
            return Optional.of(new Result(then.get(), false));
        }
        Published published = then.get().again(about.by(), now());
        store.publish(published, signature(published), before);
        return Optional.of(new Result(published, true));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /// With the release at its end: what is there of it already, or one parcel more, or a new one.
    private Chain chain(
            Release release,
            Optional<Published> was,
            Function<ReleaseId, Optional<FileList>> lists,
            Path work)
            throws IOException, InterruptedException {
        Optional<Chain> there = was.flatMap(each -> each.chain().upTo(release));
        if (there.isPresent()) {
            return there.get();
        }
        if (was.isPresent() && was.get().chain().goesOn()) {
            ReleaseId last = was.get().chain().last().release();
            Optional<FileList> list =
                    lists.apply(last).filter(known -> known.digest().equals(was.get().files()));
            if (list.isPresent()) {
                Delta delta = Delta.of(release.files(), Map.of(last, list.get()), Set.of());
                Parcel parcel = parcel(release, delta, work);
                Optional<Chain> longer =
                        was.get().chain().and(Link.of(release, delta.base(), parcel));
                if (longer.isPresent()) {
                    store.keep(parcel);
                    return longer.get();
                }
            }
        }
        Parcel whole = parcel(release, Delta.of(release.files(), Map.of(), Set.of()), work);
        store.keep(whole);
        return new Chain(List.of(Link.of(release, Optional.empty(), whole)));
    }

    private static Parcel parcel(Release release, Delta delta, Path work) throws IOException {
        return Parcel.write(release, delta, Compression.GZIP, Dictionary.NONE, work);
    }

    /// What seldom changes apart from what each release changes.
    private List<Published.Piece> archives(
            Release release, Chain chain, Optional<Published> was, Path work)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectory(work.resolve("bundle"));
        Bundle.fill(config, release, chain.links(), about, folder);
        Path programs = work.resolve("programs");
        Archive.write(folder, List.of(Bundle.PROGRAM, "decant-host", "setup"), programs);
        Path settings = work.resolve("settings");
        Archive.write(folder, List.of("bundle", "deployment"), settings);
        return List.of(store.keep(programs, was), store.keep(settings, was));
    }

    /// As an order: it has another beginning than each of those, so that none is taken for the
    /// other.
    private String signature(Published published) throws IOException, InterruptedException {
        return config.signingKey().isEmpty()
                ? ""
                : new Signer(config.signingKey().get(), config.names().unit())
                        .signOrder(published.text(), _ -> {});
    }
}
