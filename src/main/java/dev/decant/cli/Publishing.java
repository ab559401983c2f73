package dev.decant.cli;

import dev.decant.aws.Bucket.Held;
import dev.decant.bundle.Bundle;
import dev.decant.bundle.Publication;
import dev.decant.config.Config;
import dev.decant.config.StoreConfig;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Parcels;
import dev.decant.host.HostFacts;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.FileList;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseShelf;
import dev.decant.store.ReleaseStore;
import dev.decant.store.StoreProblem;
import dev.decant.ui.CommandLog;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Says in the release store what machines serve that start by themselves, after hosts were told to
/// serve it.
final class Publishing {

    private final Wiring wiring;
    private final Config config;
    private final CommandLog log;

    /// @param config with all names of secrets that sources were found to have
    Publishing(Wiring wiring, Config config, CommandLog log) {
        this.wiring = wiring;
        this.config = config;
        this.log = log;
    }

    /// Says it after a rollout that has ended well and was to all hosts.
    ///
    /// @param whole it was to all that there are
    /// @param parcels of what they serve now
    /// @param facts from before it, by which more is known of what is in releases
    DeployReport after(
            DeployReport report, boolean whole, Parcels parcels, Map<String, HostFacts> facts)
            throws IOException, InterruptedException {
        if (!wanted(report, whole)) {
            return report;
        }
        try {
            // It is closed with the parcels.
            @SuppressWarnings("resource")
            ReleaseStore store = parcels.store().orElseThrow();
            return published(report, store, parcels.release(), id -> parcels.files(facts, id));
        } catch (Failure failure) {
            return report.but(notPublished(report.release(), failure));
        }
    }

    /// As [#after(DeployReport, boolean, Parcels, Map)], for a release of which nothing was sent.
    DeployReport after(DeployReport report, boolean whole)
            throws IOException, InterruptedException {
        if (!wanted(report, whole)) {
            return report;
        }
        ReleaseShelf shelf = BuildOptions.shelf(config, wiring);
        try (ReleaseStore store = StoreCommand.store(config)) {
            return published(report, store, shelf.get(report.release().value()), shelf::files);
        } catch (Failure failure) {
            return report.but(notPublished(report.release(), failure));
        }
    }

    /// As [#after(DeployReport, boolean)], for what hosts went back to: with its settings of then,
    /// if the store knows them.
    DeployReport afterRollback(DeployReport report, boolean whole)
            throws IOException, InterruptedException {
        if (!wanted(report, whole)) {
            return report;
        }
        try (ReleaseStore store = StoreCommand.store(config)) {
            if (publication(store).again(report.release()).isPresent()) {
                return report;
            }
        } catch (Failure failure) {
            return report.but(notPublished(report.release(), failure));
        }
        log.note(
                "Published with the settings of decant.toml: the store does not know those of"
                        + " then.");
        return after(report, whole);
    }

    private boolean wanted(DeployReport report, boolean whole) {
        boolean could =
                config.store().filter(StoreConfig::publish).isPresent()
                        && report.status() == ExitStatus.DONE;
        if (could && !whole) {
            log.note("Not published, since it was not for all hosts: decant store publish");
        }
        return could && whole;
    }

    private DeployReport published(
            DeployReport report,
            ReleaseStore store,
            Release release,
            Function<ReleaseId, Optional<FileList>> lists)
            throws IOException, InterruptedException {
        long before = store.sent();
        Instant began = Instant.now();
        log.step("", "publish");
        Publication.Result result = publish(store, release, lists);
        if (result.changed()) {
            tidy(store);
        }
        Duration took = Duration.between(began, Instant.now());
        long bytes = store.sent() - before;
        log.done("", "publish", took, bytes);
        return result.changed()
                ? report.and(new DeployReport.Timing("", "publish", took, bytes))
                : report;
    }

    /// Whoever may not do so leaves it to somebody who may.
    private void tidy(ReleaseStore store) throws InterruptedException {
        try {
            for (Held held : store.mayGo(config.keepReleases(), Instant.now())) {
                store.delete(held);
            }
        } catch (Failure failure) {
            log.note("Nothing was tidied away: " + failure.problems().getFirst().what());
        }
    }

    private static Problem notPublished(ReleaseId id, Failure failure) {
        Problem problem = failure.problems().getFirst();
        return new StoreProblem.NotPublished(
                id.value(),
                Stream.concat(Stream.of(problem.what()), problem.why().stream()).toList());
    }

    Publication.Result publish(
            ReleaseStore store, Release release, Function<ReleaseId, Optional<FileList>> lists)
            throws IOException, InterruptedException {
        return publication(store)
                .publish(
                        BuildOptions.signed(config, release, log),
                        lists,
                        wiring.xdg("XDG_CACHE_HOME", ".cache").resolve("parcels"));
    }

    private Publication publication(ReleaseStore store) throws IOException {
        return new Publication(
                store, config, new Bundle.About(wiring.owner(), SetupCommand.signers(config)));
    }
}
