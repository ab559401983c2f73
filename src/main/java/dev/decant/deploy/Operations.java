package dev.decant.deploy;

import dev.decant.config.Privilege;
import dev.decant.host.Deployment;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// What is done with an app that is there already, on all hosts of a fleet at once.
public final class Operations {

    private Operations() {}

    /// What was done on a host.
    ///
    /// @param release that serves, or no longer does
    /// @param took how long it took
    public record Done(String host, String release, Duration took) {}

    /// What an expression or a program came to on a host.
    ///
    /// @param status with which it ended; empty where that is not known
    /// @param output what it has printed, a line each, its errors as well
    public record Evaluated(String host, boolean ok, String status, List<String> output) {

        public Evaluated {
            output = List.copyOf(output);
        }

        /// @param said what is to be told of its output
        public DeployProblem problem(List<String> said) {
            return new DeployProblem.ExpressionFailed(host, status, said);
        }
    }

    /// Starts what was stopped; what serves is left as it is.
    ///
    /// @throws Failure with a problem for each host where it does not get healthy
    public static List<Done> start(Fleet fleet, RolloutLog log) throws InterruptedException {
        return each(fleet, log, new Verb.Start(), "starting");
    }

    /// Stops the app, after it has finished what it had begun.
    ///
    /// @throws Failure with a problem for each host where there is none
    public static List<Done> stop(Fleet fleet, RolloutLog log) throws InterruptedException {
        return each(fleet, log, new Verb.Stop(), "stopping");
    }

    /// Has the public see a page that says so, or the app again. The app is left as it is.
    ///
    /// @param by such as `alice@laptop`
    /// @param message for visitors, on one line; empty for a common one
    /// @throws Failure with a problem for each host where nothing has been deployed
    public static List<Done> maintenance(
            Fleet fleet, RolloutLog log, boolean on, String by, String message)
            throws InterruptedException {
        return each(
                fleet,
                log,
                new Verb.Maintenance(on, by, message),
                on ? "leading visitors to the page" : "leading visitors to the app");
    }

    private static List<Done> each(Fleet fleet, RolloutLog log, Verb verb, String doing)
            throws InterruptedException {
        return fleet.each(
                name -> {
                    log.doing(name, doing);
                    Instant began = Instant.now();
                    Reply reply = fleet.get(name).ask(verb);
                    if (reply.status() == Reply.NO_SUCH) {
                        throw new Failure(new DeployProblem.NothingDeployed(name));
                    }
                    if (reply.value("reason").isPresent()) {
                        throw new Failure(
                                new DeployProblem.NotStarted(
                                        name, reply.value("reason").get(), reply.text()));
                    }
                    return new Done(
                            name,
                            fleet.get(name).must(verb, reply).value("release").orElse(""),
                            Duration.between(began, Instant.now()));
                });
    }

    /// Is told what something on a host prints, a line as it comes. Hosts may speak at the same
    /// time.
    public interface Listener {
        void printed(String host, String line);
    }

    /// Runs one expression in the release that serves on each host, in a VM of its own, with the
    /// app's user, settings and sandbox.
    ///
    /// @throws Failure where hosts run only what is signed
    public static List<Evaluated> evaluate(
            Fleet fleet, RolloutLog log, Listener listener, String expression)
            throws InterruptedException {
        return unsigned(fleet, log, listener, new Verb.Evaluate(expression), expression);
    }

    /// Runs a program in the release that serves on each host, with the app's user, settings and
    /// sandbox. Whoever goes takes it along.
    ///
    /// @param command the program and its arguments
    /// @throws Failure where hosts run only what is signed
    public static List<Evaluated> exec(
            Fleet fleet, RolloutLog log, Listener listener, List<String> command)
            throws InterruptedException {
        return unsigned(fleet, log, listener, new Verb.Exec(command), String.join(" ", command));
    }

    /// Runs one expression in the VM that serves on each host.
    ///
    /// @throws Failure where the app is not to be reached by other Erlang nodes, or does not run,
    ///   or hosts run only what is signed
    public static List<Evaluated> rpc(
            Fleet fleet, RolloutLog log, Listener listener, String expression)
            throws InterruptedException {
        return unsigned(fleet, log, listener, new Verb.Rpc(expression), expression);
    }

    private static List<Evaluated> unsigned(
            Fleet fleet, RolloutLog log, Listener listener, Verb verb, String expression)
            throws InterruptedException {
        if (fleet.privilege() == Privilege.STRICT) {
            throw new Failure(new DeployProblem.NothingUnsigned(expression));
        }
        return fleet.each(name -> run(fleet.get(name), log, listener, verb, expression));
    }

    /// Runs once more, in the release that serves, the migration that it was deployed with.
    ///
    /// @throws Failure if somebody else is at work there, or the release has none
    public static List<Evaluated> migrate(
            Fleet fleet, Fleet.Claim claim, RolloutLog log, Listener listener, String expression)
            throws InterruptedException {
        return deployed(fleet, claim, log, listener, Verb.Migrate::new, expression);
    }

    /// Runs the seed that the release that serves was deployed with.
    ///
    /// @throws Failure if somebody else is at work there, or the release has none
    public static List<Evaluated> seed(
            Fleet fleet, Fleet.Claim claim, RolloutLog log, Listener listener, String expression)
            throws InterruptedException {
        return deployed(fleet, claim, log, listener, Verb.Seed::new, expression);
    }

    private static List<Evaluated> deployed(
            Fleet fleet,
            Fleet.Claim claim,
            RolloutLog log,
            Listener listener,
            IntFunction<Verb> verb,
            String expression)
            throws InterruptedException {
        Map<String, HostFacts> facts = fleet.lockedFacts(claim);
        return fleet.each(
                name -> {
                    Deployment live =
                            Optional.ofNullable(facts.get(name))
                                    .flatMap(HostFacts::liveDeployment)
                                    .orElseThrow(
                                            () ->
                                                    new Failure(
                                                            new DeployProblem.NothingDeployed(
                                                                    name)));
                    return run(
                            fleet.get(name), log, listener, verb.apply(live.number()), expression);
                });
    }

    private static Evaluated run(
            Host host, RolloutLog log, Listener listener, Verb verb, String expression) {
        log.doing(host.name(), expression);
        Reply reply = host.ask(verb, line -> listener.printed(host.name(), line), _ -> {});
        if (reply.status() == Reply.NO_SUCH) {
            throw new Failure(
                    verb instanceof Verb.Migrate || verb instanceof Verb.Seed
                            ? new DeployProblem.NotDeployedWith(host.name(), verb.name())
                            : new DeployProblem.NothingDeployed(host.name()));
        }
        reply.value("at_work")
                .ifPresent(
                        release -> {
                            throw new Failure(
                                    new DeployProblem.ExpressionAtWork(host.name(), release));
                        });
        if (reply.status() == Reply.LACKING) {
            throw new Failure(new DeployProblem.NotReached(host.name(), reply.text()));
        }
        if (reply.value("exit_status").isEmpty()) {
            host.must(verb, reply);
        }
        return new Evaluated(
                host.name(), reply.ok(), reply.value("exit_status").orElse(""), reply.text());
    }
}
