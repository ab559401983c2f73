package dev.decant.deploy;

import dev.decant.host.Deployment.Verdict;
import dev.decant.host.Host;
import dev.decant.host.HostProblem;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Has one host switch, and reads from the host how that ended. The host carries it out by itself,
/// so that a lost connection is no lost deploy: it is opened again and the host is asked once more.
/// Where it is to be confirmed, a healthy release stays only if the host can still be reached.
final class Activation {

    private static final Set<String> APPLYING = Set.of("active", "activating", "deactivating");

    /// In which a host that was told to switch says that it has begun.
    private static final Duration BEGINS_WITHIN = Duration.ofSeconds(1);

    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(200);

    private final Fleet fleet;
    private final RolloutLog log;
    private final String host;
    private final ReleaseId release;
    private final int deployment;

    /// Why it could not be confirmed, if it could not.
    private List<String> unreached = List.of();

    private boolean confirmed;

    Activation(Fleet fleet, RolloutLog log, String host, ReleaseId release, int deployment) {
        this.fleet = fleet;
        this.log = log;
        this.host = host;
        this.release = release;
        this.deployment = deployment;
    }

    /// @param confirmWithin how long the host waits for a second connection; 0 for not at all
    HostOutcome run(Duration confirmWithin) throws InterruptedException {
        try {
            Reply begun = begin(new Verb.Activate(deployment, confirmWithin));
            if (!begun.ok()) {
                return untouched(
                        new HostProblem.Refused(host, "activate", begun.status(), begun.text()));
            }
            return watch();
        } catch (Failure lost) {
            return new HostOutcome.InDoubt(
                    host,
                    new DeployProblem.LostSight(host, release.value(), List.of(lost.getMessage())));
        }
    }

    /// How it stands, for who has let go of the host: asked over a connection of its own until it
    /// has ended, or there is no more time.
    HostOutcome stands(Duration within) throws InterruptedException {
        Instant began = Instant.now();
        try (Host session = fleet.look(host, within.plusSeconds(1))) {
            while (true) {
                Reply progress = session.must(new Verb.Progress(deployment, ""));
                Optional<Verdict> verdict = progress.value("verdict").flatMap(Verdict::of);
                if (verdict.isPresent()) {
                    return outcome(verdict.get(), progress, "no reason given");
                }
                boolean begun = applies(progress);
                Duration waited = Duration.between(began, Instant.now());
                if (!begun && waited.compareTo(BEGINS_WITHIN) > 0) {
                    return progress.value("phase").isEmpty()
                            ? new HostOutcome.Untouched(host, Optional.empty())
                            : new HostOutcome.InDoubt(
                                    host, new DeployProblem.CannotSettle(host, progress.text()));
                }
                if (waited.compareTo(within) > 0) {
                    return new HostOutcome.InDoubt(
                            host,
                            new DeployProblem.StillSwitching(
                                    host, release.value(), doing(progress)));
                }
                Thread.sleep(ASK_AGAIN_AFTER);
            }
        } catch (Failure lost) {
            return new HostOutcome.InDoubt(
                    host,
                    new DeployProblem.LostSight(host, release.value(), List.of(lost.getMessage())));
        }
    }

    /// Asks once more where the answer was lost, unless the host has begun all the same.
    private Reply begin(Verb activate) throws InterruptedException {
        try {
            return fleet.get(host).ask(activate);
        } catch (Failure lost) {
            Reply progress = look("");
            boolean begun =
                    applies(progress)
                            || progress.value("phase").isPresent()
                            || progress.value("verdict").isPresent();
            return begun ? progress : fleet.get(host).ask(activate);
        }
    }

    private static boolean applies(Reply progress) {
        return APPLYING.contains(progress.value("applying").orElse(""));
    }

    private HostOutcome watch() throws InterruptedException {
        String phase = "";
        while (true) {
            Reply progress = look(phase);
            Optional<Verdict> verdict = progress.value("verdict").flatMap(Verdict::of);
            if (verdict.isPresent()) {
                return outcome(verdict.get(), progress, "no reason given");
            }
            if (!applies(progress)) {
                return settle();
            }
            log.doing(host, doing(progress));
            phase = progress.value("phase").orElse("");
            if (!confirmed && phase.equals("confirming")) {
                confirm();
            }
        }
    }

    /// A host that closed itself to new connections, or that nobody watches any more, does not keep
    /// what brought that about.
    private void confirm() {
        try (Host second = fleet.another(host)) {
            confirmed = second.ask(new Verb.Confirm(deployment)).ok();
        } catch (Failure failure) {
            Problem problem = failure.problems().getFirst();
            unreached = new ArrayList<>(List.of(problem.what()));
            unreached.addAll(problem.why());
        }
    }

    private static String doing(Reply progress) {
        String phase = progress.value("phase").orElse("");
        return phase.equals("health")
                ? "waiting for health, asked "
                        + progress.value("asked").orElse("0")
                        + " times"
                        + progress.value("status").map(status -> ", last " + status).orElse("")
                : phase;
    }

    private Reply look(String known) throws InterruptedException {
        Instant began = Instant.now();
        boolean lost = false;
        while (true) {
            try {
                if (lost) {
                    fleet.reconnect(host);
                }
                return fleet.get(host).must(new Verb.Progress(deployment, known));
            } catch (Failure failure) {
                if (Duration.between(began, Instant.now()).compareTo(fleet.reconnectTimeout())
                        > 0) {
                    throw failure;
                }
                lost = true;
                log.doing(host, "lost from sight, looking for it");
                Thread.sleep(1000);
            }
        }
    }

    /// The host's part ended without a word: it was killed, or the host went down and came up
    /// again.
    private HostOutcome settle() {
        Host session = fleet.get(host);
        Reply recovered = session.ask(new Verb.Recover());
        Reply progress = session.ask(new Verb.Progress(deployment, ""));
        Optional<Verdict> verdict = progress.value("verdict").flatMap(Verdict::of);
        if (recovered.ok() && verdict.isPresent()) {
            return outcome(verdict.get(), progress, "it was cut short");
        }
        if (recovered.ok()) {
            return untouched(new DeployProblem.CutShort(host, release.value(), "it had not begun"));
        }
        return new HostOutcome.InDoubt(
                host, new DeployProblem.CannotSettle(host, recovered.text()));
    }

    private HostOutcome untouched(Problem problem) {
        return new HostOutcome.Untouched(host, Optional.of(problem));
    }

    private HostOutcome outcome(Verdict verdict, Reply progress, String unsaid) {
        String id = release.value();
        String reason = progress.value("reason").orElse(unsaid);
        List<String> journal = progress.text();
        return switch (verdict) {
            case LIVE ->
                    new HostOutcome.Deployed(
                            host,
                            progress.value("gap_milliseconds")
                                    .filter(text -> text.matches("[0-9]{1,9}"))
                                    .map(text -> Duration.ofMillis(Long.parseLong(text))));
            case UNTOUCHED ->
                    untouched(
                            reason.contains("cut short")
                                    ? new DeployProblem.CutShort(host, id, reason)
                                    : new HostProblem.DiskFull(host, List.of(reason)));
            case WENT_BACK, INTERRUPTED ->
                    new HostOutcome.WentBack(
                            host,
                            reason.contains("nobody confirmed")
                                    ? new DeployProblem.NotConfirmed(
                                            host,
                                            id,
                                            reason,
                                            unreached.isEmpty()
                                                    ? List.of(
                                                            "Nothing came over the connection"
                                                                    + " that there was.")
                                                    : unreached)
                                    : new DeployProblem.NeverHealthy(
                                            host,
                                            id,
                                            reason,
                                            "The old one serves again.",
                                            journal));
            case KEPT ->
                    untouched(
                            new DeployProblem.NeverHealthy(
                                    host,
                                    id,
                                    reason,
                                    "The old one has gone on serving; nobody has met the new one.",
                                    journal));
            case STOPPED ->
                    new HostOutcome.WentBack(
                            host,
                            new DeployProblem.NeverHealthy(
                                    host,
                                    id,
                                    reason,
                                    "There was none before it, so it was stopped.",
                                    journal));
            case DOWN ->
                    new HostOutcome.InDoubt(
                            host, new DeployProblem.NothingServes(host, id, reason, journal));
        };
    }
}
