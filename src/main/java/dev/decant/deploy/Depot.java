package dev.decant.deploy;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Parcel;
import dev.decant.store.ReleaseStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The release store during a rollout: a parcel is brought there by the first host that wants it,
/// and the others find it. Where the store does not work, that is said once, and hosts are sent
/// what they lack.
final class Depot {

    private static final String STEP = "upload";

    private final Parcels parcels;
    private final RolloutLog log;
    private final List<DeployReport.Timing> timings;
    private final Map<Digest, URI> brought = new HashMap<>();
    private boolean works = true;

    /// @param timings where it is noted what took how long
    Depot(Parcels parcels, RolloutLog log, List<DeployReport.Timing> timings) {
        this.parcels = parcels;
        this.log = log;
        this.timings = timings;
    }

    /// By which a host can fetch a parcel; one at a time, since they share a line.
    ///
    /// @return empty where there is no store, or it does not work
    synchronized Optional<URI> url(Parcel parcel) throws InterruptedException {
        if (!works) {
            return Optional.empty();
        }
        URI known = brought.get(parcel.digest());
        if (known != null) {
            return Optional.of(known);
        }
        Instant began = Instant.now();
        boolean begun = false;
        try {
            Optional<ReleaseStore> store = parcels.store();
            if (store.isEmpty()) {
                works = false;
                return Optional.empty();
            }
            log.step("", STEP);
            begun = true;
            long bytes = store.get().bring(parcel);
            URI url = store.get().presigned(parcel);
            Duration took = Duration.between(began, Instant.now());
            timings.add(new DeployReport.Timing("", STEP, took, bytes));
            log.done("", STEP, took, bytes);
            brought.put(parcel.digest(), url);
            return Optional.of(url);
        } catch (Failure failure) {
            works = false;
            if (begun) {
                log.failed("", STEP, Duration.between(began, Instant.now()));
            }
            Problem problem = failure.problems().getFirst();
            log.note("", problem.what() + " " + String.join("; ", problem.why()));
            problem.next().forEach(line -> log.note("", line));
            log.note("", "Hosts are sent what they lack over SSH.");
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
