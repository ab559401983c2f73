package dev.decant.deploy;

import dev.decant.config.StoreConfig;
import dev.decant.host.HostFacts;
import dev.decant.host.HostStore;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.release.Compression;
import dev.decant.release.Delta;
import dev.decant.release.Dictionary;
import dev.decant.release.FileList;
import dev.decant.release.Parcel;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseShelf;
import dev.decant.store.ReleaseStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// What is to be sent of one release: hosts that have the same get the same parcel, which is made
/// once. Parcels are files, so that a large one takes no memory, and go when this is closed.
public final class Parcels implements AutoCloseable {

    /// Names of releases that are mentioned to a host; each costs some bytes.
    private static final int MENTIONED = 10;

    /// Bytes of contents by which a delta may be larger for being the same for more hosts.
    private static final long SHARED = 256 << 10;

    /// Bytes of contents that are packed before it is known whether anybody lacks them.
    private static final long GUESSED = 1 << 20;

    private record Wanted(Delta delta, Compression compression, boolean helped) {}

    private final Release release;
    private final ReleaseShelf shelf;
    private final Path folder;
    private final Optional<Opening> store;
    private final Map<HostStore, Delta> deltas = new ConcurrentHashMap<>();
    private final Map<Wanted, Parcel> made = new ConcurrentHashMap<>();
    private final ExecutorService ahead = Executors.newVirtualThreadPerTaskExecutor();

    private Parcels(
            Release release,
            ReleaseShelf shelf,
            Path folder,
            Optional<StoreConfig> store,
            String app) {
        this.release = release;
        this.shelf = shelf;
        this.folder = folder;
        this.store =
                store.map(
                        there ->
                                new Opening(
                                        new FutureTask<>(() -> ReleaseStore.open(there, app)),
                                        there.publish()));
    }

    /// A store, whose libraries take a while to load.
    private record Opening(FutureTask<ReleaseStore> store, boolean publishes) {}

    /// @param shelf knows what is in earlier releases
    /// @param place a folder for what is to be sent; made if it is not there
    /// @param store from which hosts are to fetch them
    /// @param app its name on hosts
    public static Parcels of(
            Release release,
            ReleaseShelf shelf,
            Path place,
            Optional<StoreConfig> store,
            String app)
            throws IOException {
        Files.createDirectories(place);
        return new Parcels(
                release, shelf, Files.createTempDirectory(place, "parcels."), store, app);
    }

    /// The store from which hosts are to fetch.
    ///
    /// @return empty where there is none
    /// @throws Failure if it cannot be opened
    public Optional<ReleaseStore> store() throws InterruptedException {
        if (store.isEmpty()) {
            return Optional.empty();
        }
        FutureTask<ReleaseStore> opening = store.get().store();
        opening.run();
        try {
            return Optional.of(opening.get());
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case Failure failure -> failure;
                case RuntimeException bug -> bug;
                case null, default -> new IllegalStateException(e);
            };
        }
    }

    /// How what a host lacks is compressed. What is published for machines of which nobody knows
    /// what they have is the same for all.
    Compression compression(HostStore host, Delta delta) {
        return store.filter(Opening::publishes).isPresent()
                ? Compression.GZIP
                : host.compression(delta.size());
    }

    public Release release() {
        return release;
    }

    /// Releases whose lists of files need not be sent here.
    List<ReleaseId> known() {
        try {
            return shelf.all().stream().limit(MENTIONED).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks all hosts what must be known before the release can be sent.
    ///
    /// @param mine who takes the deploy lock; empty to leave it
    /// @throws Failure with the problems of all hosts
    public Map<String, HostFacts> survey(Fleet fleet, Optional<Fleet.Claim> mine)
            throws InterruptedException {
        return survey(fleet, mine, Fleet.Asked.COMPARED);
    }

    /// As [#survey(Fleet, Optional)], and what hosts remember, in the same round trip.
    public Map<String, HostFacts> surveyWithPast(Fleet fleet, Optional<Fleet.Claim> mine)
            throws InterruptedException {
        return survey(fleet, mine, Fleet.Asked.PAST);
    }

    /// As [#survey(Fleet, Optional)], without what only root can know: no part of it matters for
    /// sending.
    public Map<String, HostFacts> surveyForUpload(Fleet fleet, Fleet.Claim mine)
            throws InterruptedException {
        return survey(fleet, Optional.of(mine), Fleet.Asked.ANYBODY);
    }

    private Map<String, HostFacts> survey(
            Fleet fleet, Optional<Fleet.Claim> mine, Fleet.Asked asked)
            throws InterruptedException {
        if (mine.isPresent()) {
            ahead.execute(this::guess);
            store.ifPresent(opening -> ahead.execute(opening.store()));
        }
        return fleet.survey(
                mine,
                release.manifest().target().sonames(),
                Optional.of(known()),
                asked,
                store -> {
                    if (mine.isPresent()) {
                        ahead.execute(() -> prepare(store, Long.MAX_VALUE));
                    }
                });
    }

    /// While hosts are being connected: as if one had the release before this one. Mostly that is
    /// so, and if not, what it takes to make a parcel is loaded.
    private void guess() {
        known().stream()
                .filter(id -> !id.equals(release.id()))
                .findFirst()
                .flatMap(id -> shelf.files(id).map(list -> Map.entry(id, list)))
                .map(
                        before ->
                                new HostStore(
                                        true,
                                        false,
                                        Map.of(before.getKey(), before.getValue().digest()),
                                        Map.ofEntries(before),
                                        List.of()))
                .ifPresent(store -> prepare(store, GUESSED));
    }

    /// Makes a parcel before it is wanted.
    private void prepare(HostStore store, long atMost) {
        try {
            Delta delta = delta(store);
            if (!isOn(store) && delta.size() <= atMost) {
                parcel(delta, compression(store, delta), true);
            }
        } catch (Failure | UncheckedIOException e) {
            // Whoever needs it is told then.
        }
    }

    boolean isOn(HostStore store) {
        return release.manifest().filesSha256().equals(store.holds().get(release.id()));
    }

    /// What each host lacks; hosts that have the release are not in it.
    public Map<String, Delta> deltas(Map<String, HostFacts> facts) {
        Map<String, Delta> lacking = new LinkedHashMap<>();
        facts.forEach(
                (host, fact) -> {
                    if (!isOn(fact.store())) {
                        lacking.put(host, delta(fact.store()));
                    }
                });
        return lacking;
    }

    private Delta delta(HostStore store) {
        return deltas.computeIfAbsent(store, _ -> delta(store, Set.of()));
    }

    /// @param damaged contents that are not to be taken from what the host has
    Delta delta(HostStore store, Set<Digest> damaged) {
        Map<ReleaseId, FileList> there = new LinkedHashMap<>();
        store.holds().forEach((id, _) -> files(store, id).ifPresent(list -> there.put(id, list)));
        Delta best = Delta.of(release.files(), there, damaged);
        return this.store.isPresent() ? shared(best, there, damaged) : best;
    }

    /// Made of its base alone, so that it is the same for hosts whose other releases differ, unless
    /// that makes it much larger.
    private Delta shared(Delta best, Map<ReleaseId, FileList> there, Set<Digest> damaged) {
        return best.base()
                .map(
                        base ->
                                Delta.of(
                                        release.files(),
                                        Map.of(base, Objects.requireNonNull(there.get(base))),
                                        damaged))
                .filter(alone -> alone.size() <= best.size() + SHARED)
                .orElse(best);
    }

    /// What is in a release that a host has, if that is known on either side.
    Optional<FileList> files(HostStore store, ReleaseId id) {
        return Optional.ofNullable(store.lists().get(id))
                .or(
                        () ->
                                Optional.ofNullable(store.holds().get(id))
                                        .flatMap(files -> shelf.files(id, files)));
    }

    /// What is in a release, if that is known here or some host has said it.
    ///
    /// @param facts of hosts
    public Optional<FileList> files(Map<String, HostFacts> facts, ReleaseId id) {
        return shelf.files(id)
                .or(
                        () ->
                                facts.values().stream()
                                        .flatMap(fact -> files(fact.store(), id).stream())
                                        .findFirst());
    }

    /// @param helped by what the host has in its place, where that is known here
    /// @throws Failure if the release is damaged on this side
    Parcel parcel(Delta delta, Compression compression, boolean helped) {
        return made.computeIfAbsent(
                new Wanted(delta, compression, helped && compression == Compression.ZSTD),
                wanted -> {
                    Dictionary dictionary =
                            wanted.helped() ? shelf.dictionary(delta) : Dictionary.NONE;
                    try {
                        return Parcel.write(release, delta, compression, dictionary, folder);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    @Override
    public void close() throws IOException {
        ahead.shutdownNow();
        ahead.close();
        if (store.isPresent() && store.get().store().state() == Future.State.SUCCESS) {
            store.get().store().resultNow().close();
        }
        Trees.delete(folder);
    }
}
