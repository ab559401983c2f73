package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HooksConfig.Moment;
import dev.decant.config.HostConfig;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseId;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What is run on this machine around the switch of a host, so that a balancer knows, after a batch
/// of them, to see whether it does well, and at moments of a deploy.
final class Hooks {

    private static final int LINES_SHOWN = 15;

    private final Config config;
    private final RolloutLog log;
    private final Supplier<Map<String, String>> common;

    /// @param common what all of them find in their environment, when they are run
    Hooks(Config config, RolloutLog log, Supplier<Map<String, String>> common) {
        this.config = config;
        this.log = log;
        this.common = common;
    }

    /// @throws Failure with [DeployProblem.HookFailed]
    void before(String host, ReleaseId release) throws InterruptedException {
        run("before", config.balancer().before(), host, release, Map.of());
    }

    /// @param deployed the release serves; or else, maybe, what served before it
    /// @throws Failure as [#before]
    void after(String host, ReleaseId release, boolean deployed) throws InterruptedException {
        run(
                "after",
                config.balancer().after(),
                host,
                release,
                Map.of("DECANT_RESULT", deployed ? "deployed" : "failed"));
    }

    /// @param batch from 1
    /// @param switched those that have switched so far
    /// @throws Failure with [DeployProblem.CheckFailed]
    void check(String host, ReleaseId release, int batch, List<String> switched)
            throws InterruptedException {
        List<String> words = config.rollout().check();
        if (words.isEmpty()) {
            return;
        }
        log.doing(host, "check: " + String.join(" ", words));
        Map<String, String> environment =
                Map.of(
                        "DECANT_RELEASE", release.value(),
                        "DECANT_HOSTS", String.join(" ", switched),
                        "DECANT_BATCH", Integer.toString(batch));
        run(words, environment)
                .ifPresent(
                        failed -> {
                            throw new Failure(
                                    new DeployProblem.CheckFailed(
                                            batch, words, failed.reason(), failed.said()));
                        });
    }

    /// What it says is told as it comes.
    ///
    /// @param hosts on which something is done
    /// @param result how the deploy has ended; empty before that
    /// @throws Failure with [DeployProblem.DeployHookFailed]
    void at(Moment moment, ReleaseId release, List<String> hosts, String result)
            throws InterruptedException {
        List<String> words = config.hooks().at(moment);
        Map<String, String> environment = new TreeMap<>();
        environment.put("DECANT_HOOK", moment.word());
        environment.put("DECANT_APP", config.names().app());
        environment.put("DECANT_ENVIRONMENT", config.environment().orElse(""));
        environment.put("DECANT_RELEASE", release.value());
        environment.put("DECANT_HOSTS", String.join(" ", hosts));
        environment.put("DECANT_RESULT", result);
        run(words, environment, line -> log.note("", line))
                .ifPresent(
                        failed -> {
                            throw new Failure(
                                    new DeployProblem.DeployHookFailed(
                                            moment, words, failed.reason(), failed.said()));
                        });
    }

    private void run(
            String when,
            List<String> words,
            String name,
            ReleaseId release,
            Map<String, String> more)
            throws InterruptedException {
        if (words.isEmpty()) {
            return;
        }
        log.doing(name, when + " the switch: " + String.join(" ", words));
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("DECANT_HOST", name);
        environment.put("DECANT_RELEASE", release.value());
        config.hosts().stream()
                .filter(host -> host.name().equals(name))
                .map(HostConfig::address)
                .forEach(address -> environment.put("DECANT_ADDRESS", address));
        run(words, environment)
                .ifPresent(
                        failed -> {
                            throw new Failure(
                                    new DeployProblem.HookFailed(
                                            name, when, words, failed.reason(), failed.said()));
                        });
    }

    private record Failed(String reason, List<String> said) {}

    /// @return empty where it ends well
    private Optional<Failed> run(List<String> words, Map<String, String> environment)
            throws InterruptedException {
        return run(words, environment, _ -> {});
    }

    private Optional<Failed> run(
            List<String> words, Map<String, String> environment, Consumer<String> eachLine)
            throws InterruptedException {
        Result result;
        try {
            result =
                    Program.of(words)
                            .in(config.project())
                            .env(common.get())
                            .env(environment)
                            .run(eachLine);
        } catch (IOException e) {
            return Optional.of(new Failed("It cannot be run.", List.of(e.toString())));
        }
        List<String> out = result.out();
        return result.ok()
                ? Optional.empty()
                : Optional.of(
                        new Failed(
                                "It ended with status " + result.status() + ".",
                                out.subList(Math.max(0, out.size() - LINES_SHOWN), out.size())));
    }
}
