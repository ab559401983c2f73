package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HooksConfig.Moment;
import dev.decant.config.Privilege;
import dev.decant.config.RolloutConfig;
import dev.decant.config.RolloutConfig.OnFailure;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.HostProblem;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.io.Digest;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;
import dev.decant.release.Signer;
import dev.decant.secrets.Secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// Carries a plan out: all hosts get ready at once while they serve the old release, the migration
/// runs once, then they switch, batch after batch. If one fails, those that have switched are taken
/// back, unless the settings say otherwise.
public final class Rollout {

    /// How long an activation that nobody watches any more may take to end: to become healthy, to
    /// be confirmed, and to go back.
    private static final Duration STILL_ACTIVATING = Duration.ofMinutes(3);

    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(500);

    /// How long hosts are asked where they stand, after the operator has stopped it all.
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    /// Of what a migration that failed has said, to be said once more at the end.
    private static final int LAST_LINES = 40;

    private final Fleet fleet;
    private final RolloutLog log;
    private final String owner;
    private final Hooks hooks;
    private final RolloutConfig rollout;
    private final List<DeployReport.Timing> timings =
            Collections.synchronizedList(new ArrayList<>());

    /// Where hosts fetch, once one does.
    private Optional<Depot> depot = Optional.empty();

    /// By what was signed.
    private final Map<String, String> signatures = new HashMap<>();

    /// What each host was told to switch to, and has not said yet how that ended.
    private final Map<String, ReleaseId> switching = new ConcurrentHashMap<>();

    /// How hosts have ended.
    private final Map<String, HostOutcome> ended = new ConcurrentHashMap<>();

    /// Where a migration runs.
    private volatile Optional<String> migrating = Optional.empty();

    /// What is done here, by its name, when all hosts are ready, and before anything migrates.
    private final Map<String, Work> first = new LinkedHashMap<>();

    /// The deployment that was made on each host.
    private final Map<String, Integer> deployments =
            Collections.synchronizedMap(new LinkedHashMap<>());

    /// @param owner such as `alice@laptop`
    public Rollout(Fleet fleet, RolloutLog log, String owner, Config config) {
        this(fleet, log, owner, config, Map::of);
    }

    /// @param environment what hooks find in theirs besides
    public Rollout(
            Fleet fleet,
            RolloutLog log,
            String owner,
            Config config,
            Supplier<Map<String, String>> environment) {
        this.fleet = fleet;
        this.log = log;
        this.owner = owner;
        this.hooks = new Hooks(config, log, environment);
        this.rollout = config.rollout();
    }

    /// What this machine has to do for a deploy.
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    /// Has something done when all hosts have the release and can start it, before anything
    /// migrates or switches; if it fails, nothing does.
    ///
    /// @param step what it is called
    public Rollout first(String step, Work work) {
        first.put(step, work);
        return this;
    }

    /// Gets a release onto hosts, and stops there.
    ///
    /// @param facts that the plan was made from
    public DeployReport upload(Plan plan, Parcels parcels, Map<String, HostFacts> facts)
            throws InterruptedException {
        began("upload", plan.release(), names(plan.hosts()), plan.batches());
        return ended(plan.release(), names(plan.hosts()), () -> uploaded(plan, parcels, facts));
    }

    private Map<String, HostOutcome> uploaded(
            Plan plan, Parcels parcels, Map<String, HostFacts> facts) throws InterruptedException {
        Map<String, Problem> problems = Collections.synchronizedMap(new LinkedHashMap<>());
        Fleet.each(
                plan.hosts(),
                host -> {
                    unlessItFails(
                            host.host(),
                            problems,
                            () -> {
                                sendTo(host, parcels, facts);
                                ended.put(host.host(), new HostOutcome.Received(host.host()));
                            });
                    return host;
                });
        problems.forEach(
                (name, problem) ->
                        ended.put(name, new HostOutcome.Untouched(name, Optional.of(problem))));
        return ended;
    }

    private void sendTo(HostPlan host, Parcels parcels, Map<String, HostFacts> facts) {
        for (Step step : host.steps()) {
            if (step instanceof Step.Send send) {
                send(host.host(), send, parcels, facts);
            }
        }
    }

    /// @param facts that the plan was made from
    /// @param secrets values for those that the plan says are given
    public DeployReport run(
            Plan plan,
            Config config,
            Parcels parcels,
            Map<String, HostFacts> facts,
            List<Secret> secrets)
            throws InterruptedException {
        return run("deploy", plan, config, Optional.of(parcels), facts, secrets);
    }

    /// Has hosts run what they serve with the settings and secrets that are here.
    ///
    /// @param facts that the plan was made from
    /// @param secrets values for those that the plan says are given
    public DeployReport push(
            Plan plan, Config config, Map<String, HostFacts> facts, List<Secret> secrets)
            throws InterruptedException {
        return run("push", plan, config, Optional.empty(), facts, secrets);
    }

    private DeployReport run(
            String what,
            Plan plan,
            Config config,
            Optional<Parcels> parcels,
            Map<String, HostFacts> facts,
            List<Secret> secrets)
            throws InterruptedException {
        began(what, plan.release(), names(plan.hosts()), plan.batches());
        plan.hosts().stream()
                .filter(HostPlan::nothingToDo)
                .forEach(host -> ended.put(host.host(), new HostOutcome.Unchanged(host.host())));
        return ended(
                plan.release(),
                names(plan.hosts()),
                () -> deployed(plan, config, parcels, facts, secrets));
    }

    private Map<String, HostOutcome> deployed(
            Plan plan,
            Config config,
            Optional<Parcels> parcels,
            Map<String, HostFacts> facts,
            List<Secret> secrets)
            throws InterruptedException {
        List<HostPlan> working = plan.hosts().stream().filter(host -> !host.nothingToDo()).toList();
        Map<String, Problem> problems = Collections.synchronizedMap(new LinkedHashMap<>());
        hook(Moment.BEFORE_DEPLOY, plan, problems);
        if (!problems.isEmpty()) {
            return afterwards(plan, untouched(names(working), problems));
        }
        Fleet.each(
                working,
                host -> {
                    unlessItFails(
                            host.host(),
                            problems,
                            () -> ready(plan.release(), host, config, parcels, facts, secrets));
                    return host;
                });
        for (Map.Entry<String, Work> work : first.entrySet()) {
            if (problems.isEmpty() && !working.isEmpty()) {
                unlessItFails(plan.first(), problems, () -> here(work.getKey(), work.getValue()));
            }
        }
        hook(Moment.AFTER_UPLOAD, plan, problems);
        for (HostPlan host : working) {
            if (problems.isEmpty()) {
                unlessItFails(host.host(), problems, () -> migrate(host));
            }
        }
        if (plan.migrates()) {
            hook(Moment.AFTER_MIGRATE, plan, problems);
        }
        if (!problems.isEmpty()) {
            Map<String, HostOutcome> outcomes = untouched(names(working), problems);
            prune(working, outcomes);
            return afterwards(plan, outcomes);
        }
        Map<String, HostOutcome> outcomes =
                switchAll(plan.release(), plan.batches(), config.health().confirmTimeout(), true);
        prune(working, outcomes);
        return afterwards(plan, outcomes);
    }

    private void here(String step, Work work) {
        timed(
                "",
                step,
                () -> {
                    try {
                        work.run();
                        return step;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new CancellationException();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    // ---- hooks

    /// Unless something has failed before, or nothing is done; what fails is the first host's.
    private void hook(Moment moment, Plan plan, Map<String, Problem> problems)
            throws InterruptedException {
        if (problems.isEmpty()) {
            hook(moment, plan, "").ifPresent(problem -> problems.put(plan.first(), problem));
        }
    }

    private Map<String, HostOutcome> afterwards(Plan plan, Map<String, HostOutcome> outcomes)
            throws InterruptedException {
        Map<String, HostOutcome> all = new LinkedHashMap<>(outcomes);
        ExitStatus status =
                new DeployReport(plan.release(), List.copyOf(outcomes.values()), List.of())
                        .status();
        boolean deployed = status == ExitStatus.DONE;
        Optional<Problem> problem =
                hook(
                        deployed ? Moment.AFTER_DEPLOY : Moment.ON_FAILURE,
                        plan,
                        switch (status) {
                            case DONE -> "deployed";
                            case WENT_BACK -> "went_back";
                            case REFUSED -> "untouched";
                            default -> "needs_you";
                        });
        problem.ifPresent(
                failed -> {
                    if (deployed) {
                        ended(all, new HostOutcome.InDoubt(plan.first(), failed));
                    } else {
                        log.note("", failed.what());
                    }
                });
        return all;
    }

    /// @return that it has failed
    private Optional<Problem> hook(Moment moment, Plan plan, String result)
            throws InterruptedException {
        List<String> hosts =
                plan.hosts().stream()
                        .filter(host -> !host.nothingToDo())
                        .map(HostPlan::host)
                        .toList();
        if (hosts.isEmpty() || !plan.hooks().containsKey(moment)) {
            return Optional.empty();
        }
        try {
            here(moment.word(), () -> hooks.at(moment, plan.release(), hosts, result));
            return Optional.empty();
        } catch (Failure failure) {
            return Optional.of(failure.problems().getFirst());
        }
    }

    private static List<String> names(List<HostPlan> hosts) {
        return hosts.stream().map(HostPlan::host).toList();
    }

    private void began(
            String what, ReleaseId release, List<String> hosts, List<List<String>> batches) {
        log.tell(new RolloutEvent.Began(Instant.now(), what, release, hosts, batches));
    }

    private static void unlessItFails(String host, Map<String, Problem> problems, Runnable work) {
        try {
            work.run();
        } catch (Failure failure) {
            problems.put(host, failure.problems().getFirst());
        }
    }

    /// Has every host go to a deployment that it has had before.
    ///
    /// @param facts that it was decided from
    public DeployReport rollback(Rollback rollback, Map<String, HostFacts> facts)
            throws InterruptedException {
        ReleaseId release = rollback.release();
        List<String> names = List.copyOf(rollback.targets().keySet());
        List<List<String>> batches = rollout.batches(names);
        began("rollback", release, names, batches);
        return ended(release, names, () -> wentTo(rollback, names, batches, facts));
    }

    private Map<String, HostOutcome> wentTo(
            Rollback rollback,
            List<String> names,
            List<List<String>> batches,
            Map<String, HostFacts> facts)
            throws InterruptedException {
        Map<String, Problem> problems = Collections.synchronizedMap(new LinkedHashMap<>());
        Fleet.each(
                names,
                name -> {
                    unlessItFails(
                            name,
                            problems,
                            () -> repeat(rollback, name, Optional.ofNullable(facts.get(name))));
                    return name;
                });
        if (!problems.isEmpty()) {
            return untouched(names, problems);
        }
        // What it goes to has proved itself. To go forward again because the operator's line is
        // down would be the worse end.
        return switchAll(rollback.release(), batches, Duration.ZERO, false);
    }

    private void repeat(Rollback rollback, String name, Optional<HostFacts> facts) {
        if (facts.isEmpty() || facts.get().activating().isPresent()) {
            settle(name);
        }
        int target = rollback.targets().getOrDefault(name, 0);
        Reply repeated = fleet.get(name).must(new Verb.Repeat(target, owner, rollback.as()));
        deployments.put(name, number(repeated));
        if (rollback.tried()) {
            timed(name, "preflight", () -> preflight(fleet.get(name), rollback.release()));
        }
    }

    // ---- getting ready: nothing that serves is touched

    private void ready(
            ReleaseId release,
            HostPlan plan,
            Config config,
            Optional<Parcels> parcels,
            Map<String, HostFacts> facts,
            List<Secret> secrets) {
        for (Step step : plan.steps()) {
            switch (step) {
                case Step.Settle() -> settle(plan.host());
                case Step.Send send -> send(plan.host(), send, parcels.orElseThrow(), facts);
                case Step.Prepare prepare ->
                        timed(
                                plan.host(),
                                "prepare",
                                () ->
                                        prepare(
                                                fleet.get(plan.host()),
                                                config,
                                                manifest(plan.host(), parcels, facts),
                                                prepare,
                                                secrets));
                case Step.Preflight() ->
                        timed(
                                plan.host(),
                                "preflight",
                                () -> preflight(fleet.get(plan.host()), release));
                case Step.Migrate _, Step.Activate _, Step.Prune _ -> {
                    // These wait until every host is ready.
                }
            }
        }
    }

    /// Has a host put back what served before a deploy that was cut short, if one was; waits for
    /// one that is still under way.
    ///
    /// @throws Failure if it goes on for long, or cannot be settled
    void settle(String name) {
        Reply reply = fleet.get(name).ask(new Verb.Recover());
        Instant until = Instant.now().plus(STILL_ACTIVATING);
        while (reply.status() == Reply.BUSY && Instant.now().isBefore(until)) {
            log.doing(name, "waiting for an earlier activation to end");
            try {
                Thread.sleep(ASK_AGAIN_AFTER);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException();
            }
            reply = fleet.get(name).ask(new Verb.Recover());
        }
        if (reply.status() == Reply.BUSY) {
            throw new Failure(
                    new DeployProblem.StillActivating(name, reply.value("applying").orElse("?")));
        }
        if (!reply.ok()) {
            throw new Failure(new DeployProblem.CannotSettle(name, reply.text()));
        }
        reply.value("recovered")
                .ifPresent(
                        number ->
                                log.note(
                                        name,
                                        "deployment "
                                                + number
                                                + " had been cut short; it was settled"));
    }

    private void send(String host, Step.Send step, Parcels parcels, Map<String, HostFacts> facts) {
        HostFacts fact = facts.get(host);
        if (fact == null) {
            throw new IllegalArgumentException("No facts of " + host);
        }
        Sending sending = new Sending(fleet, log, parcels, depot(parcels), host, fact.store());
        timed(
                host,
                step.fetched() ? "fetch" : "send",
                () -> {
                    try {
                        return sending.run(step.delta());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new CancellationException();
                    }
                },
                bytes -> bytes);
    }

    private synchronized Depot depot(Parcels parcels) {
        Depot there = depot.orElseGet(() -> new Depot(parcels, log, timings));
        depot = Optional.of(there);
        return there;
    }

    private Reply prepare(
            Host host,
            Config config,
            Optional<Digest> manifest,
            Step.Prepare step,
            List<Secret> secrets) {
        List<Verb.SecretValue> values = new ArrayList<>();
        for (String name : step.given()) {
            values.add(
                    new Verb.SecretValue(
                            name,
                            secrets.stream()
                                    .filter(secret -> secret.name().equals(name))
                                    .findFirst()));
        }
        for (String name : step.kept()) {
            values.add(new Verb.SecretValue(name, Optional.empty()));
        }
        Settings settings = Settings.of(config);
        Verb.Prepare prepare =
                new Verb.Prepare(
                        step.release(),
                        owner,
                        settings.environment(),
                        settings.settings(),
                        "",
                        values);
        Reply reply =
                host.must(
                        config.privilege() == Privilege.STRICT
                                ? prepare.signed(
                                        signature(config, prepare.order(manifest.orElseThrow())))
                                : prepare);
        deployments.put(host.name(), number(reply));
        return reply;
    }

    /// Of a release that is not sent, what the host says: it has verified it, and does so again.
    private static Optional<Digest> manifest(
            String host, Optional<Parcels> parcels, Map<String, HostFacts> facts) {
        return parcels.map(each -> each.release().digest())
                .or(() -> Optional.ofNullable(facts.get(host)).flatMap(HostFacts::manifest));
    }

    /// Hosts that get the same get the same signature: a token is touched once.
    private synchronized String signature(Config config, String order) {
        return signatures.computeIfAbsent(
                order,
                text -> {
                    try {
                        return new Signer(config.signingKey().orElseThrow(), config.names().unit())
                                .signOrder(text, line -> log.note("", line));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new CancellationException();
                    }
                });
    }

    private static int number(Reply reply) {
        return Integer.parseInt(reply.value("deployment").orElseThrow());
    }

    private Reply preflight(Host host, ReleaseId release) {
        Reply reply = host.ask(new Verb.Preflight(deployment(host.name())));
        reply.value("at_work")
                .ifPresent(
                        at -> {
                            throw new Failure(new DeployProblem.ExpressionAtWork(host.name(), at));
                        });
        List<String> silent = new ArrayList<>();
        for (String source : reply.all("source")) {
            String[] words = source.split(" ", 4);
            if (words[1].equals("old")) {
                log.note(
                        host.name(),
                        "%s gives no values: those from %s ago are used (%s)"
                                .formatted(words[0], words[2], words[3]));
            } else if (words[1].equals("none")) {
                silent.add(source.replaceFirst(" none ", ": "));
            }
        }
        if (!silent.isEmpty()) {
            throw new Failure(new DeployProblem.HostSourceSilent(host.name(), silent));
        }
        if (!reply.ok()) {
            throw new Failure(
                    new DeployProblem.DoesNotBoot(host.name(), release.value(), reply.text()));
        }
        return reply;
    }

    private int deployment(String host) {
        return deployments.getOrDefault(host, 0);
    }

    private void migrate(HostPlan plan) {
        for (Step step : plan.steps()) {
            if (step instanceof Step.Migrate(String expression)) {
                Host host = fleet.get(plan.host());
                migrating = Optional.of(plan.host());
                try {
                    timed(
                            plan.host(),
                            "migrate",
                            () -> {
                                Reply reply = migrated(host);
                                if (!reply.ok()) {
                                    List<String> said = reply.text();
                                    throw new Failure(
                                            new DeployProblem.MigrationFailed(
                                                    plan.host(),
                                                    expression,
                                                    said.subList(
                                                            Math.max(0, said.size() - LAST_LINES),
                                                            said.size())));
                                }
                                return reply;
                            });
                } finally {
                    if (!fleet.isCut()) {
                        migrating = Optional.empty();
                    }
                }
            }
        }
    }

    private Reply migrated(Host host) {
        try {
            return host.ask(
                    new Verb.Migrate(deployment(host.name())),
                    line -> log.note(host.name(), line),
                    _ -> {});
        } catch (Failure failure) {
            if (!fleet.isCut() && failure.problems().getFirst() instanceof HostProblem.Lost lost) {
                throw new Failure(new ResumeProblem.MigrationLost(host.name(), lost.said()));
            }
            throw failure;
        }
    }

    /// Hosts that a deploy or rollback was to change.
    ///
    /// @param problems by host
    static Map<String, HostOutcome> untouched(List<String> hosts, Map<String, Problem> problems) {
        Map<String, HostOutcome> outcomes = new LinkedHashMap<>();
        for (String host : hosts) {
            outcomes.put(
                    host, new HostOutcome.Untouched(host, Optional.ofNullable(problems.get(host))));
        }
        return outcomes;
    }

    // ---- switching

    /// @param patient soak, pause and check as well: not where somebody goes back
    private Map<String, HostOutcome> switchAll(
            ReleaseId release, List<List<String>> batches, Duration confirmWithin, boolean patient)
            throws InterruptedException {
        Map<String, HostOutcome> outcomes = new ConcurrentHashMap<>();
        List<String> hosts = batches.stream().flatMap(List::stream).toList();
        for (int number = 1; number <= batches.size(); number++) {
            List<String> batch = batches.get(number - 1);
            log.tell(new RolloutEvent.BatchBegan(Instant.now(), number, batch));
            Fleet.each(
                    batch,
                    name -> {
                        ended(outcomes, activate(name, release, "activate", confirmWithin));
                        return name;
                    });
            Optional<String> failed =
                    batch.stream().filter(name -> !isDeployed(outcomes, name)).findFirst();
            if (failed.isPresent()) {
                boolean goesOn =
                        rollout.onFailure() == OnFailure.CONTINUE
                                && number < batches.size()
                                && outOfService(outcomes) + batches.get(number).size()
                                        <= rollout.maxUnavailable(hosts.size());
                if (goesOn) {
                    continue;
                }
                if (rollout.onFailure() == OnFailure.TAKE_BACK) {
                    takeBack(batches, outcomes, failed.get());
                }
                break;
            }
            if (patient && !proves(release, batches, number, outcomes)) {
                break;
            }
        }
        hosts.forEach(
                name ->
                        outcomes.putIfAbsent(
                                name, new HostOutcome.Untouched(name, Optional.empty())));
        return outcomes;
    }

    private void ended(Map<String, HostOutcome> outcomes, HostOutcome outcome) {
        outcomes.put(outcome.host(), outcome);
        ended.put(outcome.host(), outcome);
        switching.remove(outcome.host());
        log.tell(new RolloutEvent.HostEnded(Instant.now(), outcome));
    }

    private static boolean isDeployed(Map<String, HostOutcome> outcomes, String name) {
        return outcomes.get(name) instanceof HostOutcome.Deployed;
    }

    private static long outOfService(Map<String, HostOutcome> outcomes) {
        return outcomes.values().stream().filter(HostOutcome.InDoubt.class::isInstance).count();
    }

    /// Whether a batch that has switched is as good as it looked.
    private boolean proves(
            ReleaseId release,
            List<List<String>> batches,
            int number,
            Map<String, HostOutcome> outcomes)
            throws InterruptedException {
        List<String> batch = batches.get(number - 1);
        String last = batch.getLast();
        Duration wait = number == 1 ? rollout.soak() : rollout.pause();
        try {
            if (number < batches.size() && wait.isPositive()) {
                log.doing(last, "serves for " + wait.toSeconds() + " s before the next");
                Thread.sleep(wait);
                Fleet.each(
                        batch,
                        name -> {
                            mustServe(name, release);
                            return name;
                        });
            }
            hooks.check(
                    last,
                    release,
                    number,
                    batches.subList(0, number).stream().flatMap(List::stream).toList());
            return true;
        } catch (Failure failure) {
            Problem problem = failure.problems().getFirst();
            log.note(last, problem.what());
            if (rollout.onFailure() == OnFailure.TAKE_BACK) {
                takeBack(batches, outcomes, "what was asked after batch " + number);
                outcomes.computeIfPresent(
                        last,
                        (name, outcome) ->
                                outcome instanceof HostOutcome.WentBack
                                        ? new HostOutcome.WentBack(name, problem)
                                        : outcome);
            } else {
                ended(outcomes, new HostOutcome.InDoubt(last, problem));
            }
            return false;
        }
    }

    private void mustServe(String name, ReleaseId release) {
        HostFacts facts = HostFacts.of(fleet.get(name), List.of());
        boolean serves =
                facts.service().running()
                        && facts.liveDeployment()
                                .filter(live -> live.release().equals(release))
                                .isPresent();
        if (!serves) {
            throw new Failure(
                    new DeployProblem.DidNotLast(name, release.value(), facts.service().state()));
        }
    }

    private HostOutcome activate(
            String name, ReleaseId release, String step, Duration confirmWithin) {
        log.step(name, step);
        Instant began = Instant.now();
        HostOutcome outcome;
        switching.put(name, release);
        try {
            outcome = switched(name, release, confirmWithin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
        Duration took = Duration.between(began, Instant.now());
        timings.add(new DeployReport.Timing(name, step, took, 0));
        if (outcome instanceof HostOutcome.Deployed) {
            log.done(name, step, took);
        } else {
            log.failed(name, step, took);
        }
        return outcome;
    }

    private HostOutcome switched(String name, ReleaseId release, Duration confirmWithin)
            throws InterruptedException {
        HostOutcome outcome;
        try {
            hooks.before(name, release);
            outcome =
                    new Activation(fleet, log, name, release, deployment(name)).run(confirmWithin);
        } catch (Failure refused) {
            outcome = new HostOutcome.Untouched(name, Optional.of(refused.problems().getFirst()));
        }
        if (outcome instanceof HostOutcome.InDoubt) {
            return outcome;
        }
        boolean deployed = outcome instanceof HostOutcome.Deployed;
        try {
            // Also where the first has failed half way: what serves, serves.
            hooks.after(name, release, deployed);
        } catch (Failure failed) {
            return deployed ? new HostOutcome.InDoubt(name, failed.problems().getFirst()) : outcome;
        }
        return outcome;
    }

    /// One release everywhere: hosts that had switched before something failed go back too, as many
    /// at once as had switched.
    private void takeBack(
            List<List<String>> batches, Map<String, HostOutcome> outcomes, String failed)
            throws InterruptedException {
        List<String> switched =
                batches.stream()
                        .flatMap(List::stream)
                        .filter(name -> isDeployed(outcomes, name))
                        .toList();
        log.tell(new RolloutEvent.TakingBack(Instant.now(), switched, failed));
        for (List<String> batch : batches.reversed()) {
            Fleet.each(
                    batch.stream().filter(switched::contains).toList(),
                    name -> {
                        ended(outcomes, takeBack(name, failed));
                        return name;
                    });
        }
    }

    /// A host that is lost from sight now must not keep the others from going back.
    private HostOutcome takeBack(String name, String failed) {
        try {
            return takenBack(name, failed);
        } catch (Failure lost) {
            log.doing(name, "lost from sight, looking for it");
        }
        try {
            fleet.reconnect(name);
            return takenBack(name, failed);
        } catch (Failure gone) {
            return new HostOutcome.InDoubt(
                    name,
                    new ResumeProblem.NotTakenBack(
                            name, failed, List.of(String.valueOf(gone.getMessage()))));
        }
    }

    private HostOutcome takenBack(String name, String failed) {
        Host host = fleet.get(name);
        HostFacts facts = HostFacts.of(host, List.of());
        var before = facts.beforeLive();
        if (before.isEmpty()) {
            log.note(name, "stays on the new release: it had none before");
            return new HostOutcome.Deployed(name, Optional.empty());
        }
        // Where the release is the same, it was for its settings and secrets that it had switched.
        boolean same =
                facts.liveDeployment()
                        .filter(live -> live.release().equals(before.get().release()))
                        .isPresent();
        Reply repeated =
                host.must(
                        new Verb.Repeat(
                                before.get().number(),
                                owner,
                                same ? Verb.Repeat.As.ENVIRONMENT : Verb.Repeat.As.BACK));
        deployments.put(name, number(repeated));
        HostOutcome back = activate(name, before.get().release(), "take back", Duration.ZERO);
        return back instanceof HostOutcome.Deployed
                ? new HostOutcome.WentBack(name, new DeployProblem.TakenBack(name, failed))
                : back;
    }

    /// Also where it failed: those who try again and again must not fill the disk. It is no failure
    /// where a host cannot be asked any more.
    private void prune(List<HostPlan> hosts, Map<String, HostOutcome> outcomes)
            throws InterruptedException {
        Fleet.each(
                hosts,
                plan -> {
                    for (Step step : plan.steps()) {
                        if (step instanceof Step.Prune(int keep)
                                && !(outcomes.get(plan.host()) instanceof HostOutcome.InDoubt)) {
                            try {
                                timed(
                                        plan.host(),
                                        "prune",
                                        () -> fleet.get(plan.host()).ask(new Verb.Prune(keep)));
                            } catch (Failure failure) {
                                log.note(plan.host(), failure.problems().getFirst().what());
                            }
                        }
                    }
                    return plan;
                });
    }

    private <T> T timed(String host, String step, Supplier<T> work) {
        return timed(host, step, work, _ -> 0);
    }

    /// @param bytes what travelled, by the work's result
    private <T> T timed(String host, String step, Supplier<T> work, ToLongFunction<T> bytes) {
        log.step(host, step);
        Instant began = Instant.now();
        try {
            T result = work.get();
            Duration took = Duration.between(began, Instant.now());
            long travelled = bytes.applyAsLong(result);
            timings.add(new DeployReport.Timing(host, step, took, travelled));
            log.done(host, step, took, travelled);
            return result;
        } catch (Failure failure) {
            if (fleet.isCut()) {
                throw new CancellationException();
            }
            log.failed(host, step, Duration.between(began, Instant.now()));
            throw failure;
        }
    }

    /// What a rollout does with its hosts until each has ended.
    private interface Course {
        Map<String, HostOutcome> run() throws InterruptedException;
    }

    private DeployReport ended(ReleaseId release, List<String> order, Course course)
            throws InterruptedException {
        try {
            Map<String, HostOutcome> outcomes = course.run();
            if (!fleet.isCut()) {
                return report(release, order, outcomes, false);
            }
        } catch (InterruptedException | CancellationException | Failure e) {
            if (!fleet.isCut()) {
                throw e;
            }
        }
        // The interruption has been heard; what follows waits for hosts once more.
        var _ = Thread.interrupted();
        return report(release, order, stopped(release, order), true);
    }

    /// Where each host stands after the operator has let go of all of them: as they say it.
    private Map<String, HostOutcome> stopped(ReleaseId release, List<String> order)
            throws InterruptedException {
        Fleet.each(
                List.copyOf(switching.entrySet()),
                begun -> {
                    log.doing(begun.getKey(), "stopped; asking where it stands");
                    ended(ended, stands(begun.getKey(), begun.getValue(), release));
                    return begun;
                });
        migrating.ifPresent(
                name ->
                        ended.put(
                                name,
                                new HostOutcome.Untouched(
                                        name,
                                        Optional.of(new DeployProblem.MigrationGoesOn(name)))));
        order.forEach(
                name -> ended.putIfAbsent(name, new HostOutcome.Untouched(name, Optional.empty())));
        return ended;
    }

    /// @param to which it was to switch
    /// @param release of the whole rollout; where it is another, the host was being taken back
    private HostOutcome stands(String name, ReleaseId to, ReleaseId release) {
        HostOutcome outcome;
        try {
            outcome = new Activation(fleet, log, name, to, deployment(name)).stands(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
        if (to.equals(release)) {
            return outcome;
        }
        return switch (outcome) {
            case HostOutcome.Deployed _ ->
                    new HostOutcome.WentBack(name, new DeployProblem.TakenBack(name, "another"));
            case HostOutcome.Untouched _ -> new HostOutcome.Deployed(name, Optional.empty());
            default -> outcome;
        };
    }

    private DeployReport report(
            ReleaseId release,
            List<String> order,
            Map<String, HostOutcome> outcomes,
            boolean stopped) {
        List<HostOutcome> inOrder =
                order.stream()
                        .map(name -> outcomes.getOrDefault(name, new HostOutcome.Unchanged(name)))
                        .toList();
        DeployReport report = new DeployReport(release, inOrder, timings, stopped);
        log.tell(new RolloutEvent.Ended(Instant.now(), report));
        return report;
    }
}
