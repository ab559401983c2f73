package dev.decant.deploy;

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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What is to be sent of one release: hosts that have the same get the same parcel, which is made
/// once. Parcels are files, so that a large one takes no memory, and go when this is closed.
public final class Parcels implements AutoCloseable {

    /// Names of releases that are mentioned to a host; each costs some bytes.
    private static final int MENTIONED = 10;

    /// Bytes of contents that are packed before it is known whether anybody lacks them.
    private static final long GUESSED = 1 << 20;

    private record Wanted(Delta delta, Compression compression, boolean helped) {}

    private final Release release;
    private final ReleaseShelf shelf;
    private final Path folder;
    private final Map<HostStore, Delta> deltas = new ConcurrentHashMap<>();
    private final Map<Wanted, Parcel> made = new ConcurrentHashMap<>();
    private final ExecutorService ahead = Executors.newVirtualThreadPerTaskExecutor();

    private Parcels(Release release, ReleaseShelf shelf, Path folder) {
        this.release = release;
        this.shelf = shelf;
        this.folder = folder;
    }

    /// @param shelf knows what is in earlier releases
    /// @param place a folder for what is to be sent; made if it is not there
    public static Parcels of(Release release, ReleaseShelf shelf, Path place) throws IOException {
        Files.createDirectories(place);
        return new Parcels(release, shelf, Files.createTempDirectory(place, "parcels."));
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
                parcel(delta, store.compression(delta.size()), true);
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
        return Delta.of(release.files(), there, damaged);
    }

    /// What is in a release that a host has, if that is known on either side.
    Optional<FileList> files(HostStore store, ReleaseId id) {
        return Optional.ofNullable(store.lists().get(id))
                .or(
                        () ->
                                Optional.ofNullable(store.holds().get(id))
                                        .flatMap(files -> shelf.files(id, files)));
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
        Trees.delete(folder);
    }
}
