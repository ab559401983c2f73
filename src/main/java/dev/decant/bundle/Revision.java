package dev.decant.bundle;

import dev.decant.config.Config;
import dev.decant.config.SourceConfig;
import dev.decant.io.Trees;
import dev.decant.release.Release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// A [Bundle] as AWS CodeDeploy brings it to its instances. It needs nothing there but the agent.
///
/// ```
/// appspec.yml     which step runs in which lifecycle event, and how long it may take
/// hooks/STEP      one fixed program under the names of the steps
/// decant/         the bundle
/// ```
///
/// There is nothing under `files`: before an agent copies what a revision lists there, it deletes
/// what the one before has listed, which would be the release that serves. And nothing is done in
/// ApplicationStop: the old release serves until the new one is healthy. Around the traffic events
/// a balancer is told by CodeDeploy itself.
public final class Revision {

    /// At the top of a revision.
    public static final String APPSPEC = "appspec.yml";

    private static final String PROGRAM = "codedeploy-hook";
    private static final String BUNDLE = "decant";

    /// What CodeDeploy grants all scripts of one event.
    private static final Duration EVENT = Duration.ofHours(1);

    /// For another who deploys to the host, and for what was cut short there.
    private static final Duration BEFORE_IT_BEGINS = Duration.ofMinutes(4);

    private static final Duration MIGRATION_AT_LEAST = Duration.ofMinutes(5);
    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final Duration PREFLIGHT = Duration.ofMinutes(1);
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private Revision() {}

    /// Makes it, or replaces one that is there: the folder appears whole.
    ///
    /// @param folder what lies beside it is not touched
    /// @throws dev.decant.problem.Failure as [Bundle#write] does
    public static void write(Config config, Release release, Bundle.About about, Path folder)
            throws IOException, InterruptedException {
        Bundle.mustBeReplaceable(folder, APPSPEC);
        Path beside = folder.resolveSibling(folder.getFileName() + ".new");
        Trees.delete(beside);
        Files.createDirectories(beside);
        Bundle.write(config, release, about, beside.resolve(BUNDLE));
        Files.writeString(beside.resolve(APPSPEC), appspec(config));
        Path hooks = Files.createDirectory(beside.resolve("hooks"));
        byte[] program = program();
        for (Script script : scripts(config)) {
            Path file = Files.write(hooks.resolve(script.step()), program);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Trees.delete(folder);
        Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Whether a switch may, as decant.toml has it, take longer than CodeDeploy waits for one.
    public static boolean mayTakeTooLong(Config config) {
        return switching(config).compareTo(mostForSwitch(config)) > 0;
    }

    /// @param step of decant-bundle
    private record Script(String event, String step, Duration timeout) {}

    private static List<Script> scripts(Config config) {
        Duration most = mostForSwitch(config);
        Duration switching = switching(config).compareTo(most) > 0 ? most : switching(config);
        List<Script> scripts = new ArrayList<>();
        scripts.add(new Script("BeforeInstall", "setup", BEFORE_IT_BEGINS.plus(asking(config))));
        scripts.add(new Script("AfterInstall", "unpack", Duration.ofMinutes(15)));
        scripts.add(
                new Script(
                        "AfterInstall",
                        "prepare",
                        BEFORE_IT_BEGINS.plus(PREFLIGHT).plus(asking(config))));
        if (migrates(config)) {
            scripts.add(new Script("ApplicationStart", "migrate", EVENT.minus(switching)));
        }
        scripts.add(new Script("ApplicationStart", "switch", switching));
        scripts.add(new Script("ValidateService", "validate", BEFORE_IT_BEGINS));
        scripts.add(new Script("ValidateService", "prune", BEFORE_IT_BEGINS));
        return scripts;
    }

    private static boolean migrates(Config config) {
        return config.migrate().isPresent() && config.codeDeploy().migrate();
    }

    private static Duration mostForSwitch(Config config) {
        return migrates(config) ? EVENT.minus(MIGRATION_AT_LEAST) : EVENT;
    }

    /// At the worst: what is in the other slot ends, the new release does not get healthy and ends,
    /// and the old one is started again.
    private static Duration switching(Config config) {
        Duration ending = config.service().drainTimeout().plus(TO_END);
        return BEFORE_IT_BEGINS
                .plus(config.balancer().drainWait())
                .plus(ending.multipliedBy(2))
                .plus(config.health().timeout().multipliedBy(2))
                .plus(MARGIN);
    }

    /// Sources that a host asks itself.
    private static Duration asking(Config config) {
        Duration all =
                config.bootSources().stream()
                        .map(SourceConfig::timeout)
                        .reduce(Duration.ZERO, Duration::plus);
        return all.compareTo(EVENT.dividedBy(2)) > 0 ? EVENT.dividedBy(2) : all;
    }

    static String appspec(Config config) {
        List<Script> scripts = scripts(config);
        String hooks =
                scripts.stream()
                        .map(Script::event)
                        .distinct()
                        .map(
                                event ->
                                        "  "
                                                + event
                                                + ":\n"
                                                + scripts.stream()
                                                        .filter(each -> each.event().equals(event))
                                                        .map(Revision::hook)
                                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining());
        return """
        # Written by `decant export codedeploy`.
        version: 0.0
        os: linux
        # Nothing under files: the agent deletes what the revision before has listed there before it goes on, and what
        # serves must stay until the new release is healthy. The hooks put everything in its place.
        hooks:
        """
                + hooks;
    }

    private static String hook(Script script) {
        return """
            - location: hooks/%s
              timeout: %d
              runas: root
        """
                .formatted(script.step(), script.timeout().toSeconds());
    }

    private static byte[] program() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Revision.class.getResourceAsStream(PROGRAM), PROGRAM)) {
            return in.readAllBytes();
        }
    }
}
