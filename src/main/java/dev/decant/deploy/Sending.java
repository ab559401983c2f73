package dev.decant.deploy;

import dev.decant.host.HostProblem;
import dev.decant.host.HostStore;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Delta;
import dev.decant.release.FileList;
import dev.decant.release.Parcel;
import dev.decant.release.Release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/// Gets a release onto one host: has it fetch what it lacks from the store, or sends it that. A
/// connection that is lost is opened again, and what has arrived is not sent again; what the host
/// finds damaged of what it has is sent in its place.
final class Sending {

    /// Losses in a row without a byte that arrived, and contents in a row that arrived wrong.
    private static final int IN_VAIN = 4;

    private final Fleet fleet;
    private final RolloutLog log;
    private final Parcels parcels;
    private final String host;
    private final Set<Digest> damaged = new HashSet<>();
    private final Depot depot;
    private HostStore store;
    private long sent;

    /// Whether it fetches by itself: until that does not work.
    private boolean fetches = true;

    /// Whether what the host has may help it to unpack: until something arrives wrong.
    private boolean helped = true;

    /// @param store as the host said it last
    Sending(
            Fleet fleet,
            RolloutLog log,
            Parcels parcels,
            Depot depot,
            String host,
            HostStore store) {
        this.fleet = fleet;
        this.log = log;
        this.parcels = parcels;
        this.depot = depot;
        this.host = host;
        this.store = store;
    }

    /// @param planned for that store
    /// @return bytes that were sent
    /// @throws Failure if it cannot be done
    long run(Delta planned) throws InterruptedException {
        Delta delta = planned;
        int inVain = 0;
        while (true) {
            Parcel parcel = parcels.parcel(delta, parcels.compression(store, delta), helped);
            long offset = arrived(parcel);
            Reply reply;
            try {
                if (fetches && offset < parcel.size()) {
                    offset = fetched(parcel, offset);
                }
                reply =
                        fleet.get(host)
                                .ask(
                                        request(delta, parcel, offset),
                                        _ -> {},
                                        progress(parcel, offset));
            } catch (Failure failure) {
                if (!(failure.problems().getFirst() instanceof HostProblem.Lost)) {
                    throw failure;
                }
                findAgain(failure);
                if (parcels.isOn(store)) {
                    return sent + parcel.size() - offset;
                }
                long now = arrived(parcel);
                sent += fetches ? 0 : Math.max(0, now - offset);
                inVain = now > offset ? 0 : inVain + 1;
                if (inVain == IN_VAIN) {
                    throw failure;
                }
                // Another base may be gone or there by now.
                delta = parcels.delta(store, damaged);
                continue;
            }
            sent += parcel.size() - offset;
            if (reply.ok()) {
                reply.all("healed").forEach(file -> log.note(host, "repaired " + file));
                return sent;
            }
            inVain++;
            if (reply.status() != Reply.WRONG_CONTENTS || inVain == IN_VAIN) {
                throw new Failure(problem(reply));
            }
            helped = false;
            mark(reply);
            // A session that has refused contents ends.
            findAgain(new Failure(problem(reply)));
            delta = parcels.delta(store, damaged);
        }
    }

    /// Has the host fetch the rest of a parcel by itself.
    ///
    /// @return bytes that are there then
    private long fetched(Parcel parcel, long offset) throws InterruptedException {
        Optional<URI> url = depot.url(parcel);
        if (url.isEmpty()) {
            fetches = false;
            return offset;
        }
        log.doing(host, "fetches " + parcel.size() / 1000 + " kB from the store");
        Reply reply =
                fleet.get(host).ask(new Verb.Collect(parcel.digest(), parcel.size(), url.get()));
        if (reply.ok()) {
            return parcel.size();
        }
        if (reply.status() == Reply.CANNOT_WRITE) {
            throw new Failure(problem(reply));
        }
        fetches = false;
        log.note(
                host,
                "cannot fetch from the store ("
                        + String.join(" ", reply.text())
                        + "); sending it over SSH");
        // Of what it has fetched nobody has said how much it is.
        store = HostStore.ask(fleet.get(host), parcels.known());
        return arrived(parcel);
    }

    private Verb.Receive request(Delta delta, Parcel parcel, long offset) {
        Release release = parcels.release();
        return new Verb.Receive(release.id(), release.digest(), delta.base(), parcel, offset);
    }

    private LongConsumer progress(Parcel parcel, long offset) {
        return bytes -> log.sent(host, offset + bytes, parcel.size());
    }

    /// What has arrived of just this parcel, byte for byte.
    private long arrived(Parcel parcel) {
        for (HostStore.Part part : store.parts()) {
            try {
                if (part.parcel().equals(parcel.digest())
                        && part.bytes() <= parcel.size()
                        && part.digest().equals(Digest.of(parcel.file(), part.bytes()))) {
                    return part.bytes();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return 0;
    }

    private void mark(Reply reply) {
        List<String> wrong = reply.all("wrong");
        Set<String> paths = Set.copyOf(wrong);
        for (FileList.File file : parcels.release().files().files()) {
            if (paths.contains(file.path())) {
                damaged.add(file.sha256());
            }
        }
        log.note(
                host,
                reply.value("unlike").isPresent()
                        ? "has damaged files in "
                                + reply.value("unlike").orElseThrow()
                                + "; sending all that is new"
                        : wrong.isEmpty()
                                ? "what was sent arrived damaged; sending it again"
                                : "has damaged files, such as "
                                        + wrong.getFirst()
                                        + "; sending them");
    }

    private void findAgain(Failure lost) throws InterruptedException {
        Instant began = Instant.now();
        while (true) {
            try {
                fleet.reconnect(host);
                store = HostStore.ask(fleet.get(host), parcels.known());
                return;
            } catch (Failure failure) {
                if (failure.problems().getFirst() instanceof DeployProblem.Busy) {
                    throw failure;
                }
                if (Duration.between(began, Instant.now()).compareTo(fleet.reconnectTimeout())
                        > 0) {
                    throw lost;
                }
                log.doing(host, "lost from sight, looking for it");
                Thread.sleep(1000);
            }
        }
    }

    private Problem problem(Reply reply) {
        return switch (reply.status()) {
            case Reply.CANNOT_WRITE -> new HostProblem.DiskFull(host, reply.text());
            case Reply.WRONG_CONTENTS -> new DeployProblem.DamagedOnTheWay(host, reply.text());
            case Reply.NOT_SIGNED ->
                    new DeployProblem.SignatureRefused(
                            host, parcels.release().id().value(), reply.text());
            default ->
                    new HostProblem.Refused(host, "take the release", reply.status(), reply.text());
        };
    }
}
