package dev.decant.deploy;

import dev.decant.host.HostFacts;
import dev.decant.io.Trees;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseId;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A rollout that has not brought all of its hosts where they were to be: what `decant resume`
/// needs to know of it. It lies in a file on this machine from the rollout's beginning until
/// nothing is left to do, so that it also outlives a Decant that was killed.
///
/// @param at when it began
/// @param what a word such as `deploy`
/// @param release that every host was to serve
/// @param before what each host served when it began; none for one that served nothing
/// @param open hosts of which nobody knows that they are where they were to be
/// @param back it had failed, and hosts were being taken back
public record Unfinished(
        Instant at,
        String what,
        ReleaseId release,
        Map<String, ReleaseId> before,
        Set<String> open,
        boolean back) {

    static final String DEPLOY = "deploy";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Unfinished {
        before = Map.copyOf(before);
        open = Set.copyOf(open);
    }

    /// @return empty where all is finished
    /// @throws Failure if it cannot be read
    public static Optional<Unfinished> read(Path file) {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            Map<String, ReleaseId> before = new LinkedHashMap<>();
            json.path("before")
                    .properties()
                    .forEach(
                            host ->
                                    before.put(
                                            host.getKey(),
                                            new ReleaseId(host.getValue().asString())));
            Set<String> open = new TreeSet<>();
            json.path("open").forEach(host -> open.add(host.asString()));
            return Optional.of(
                    new Unfinished(
                            Instant.parse(json.path("at").asString("")),
                            json.path("what").asString(""),
                            new ReleaseId(json.path("release").asString("")),
                            before,
                            open,
                            json.path("back").asBoolean(false)));
        } catch (NoSuchFileException finished) {
            return Optional.empty();
        } catch (IOException | JacksonException | DateTimeException | IllegalArgumentException e) {
            throw new Failure(
                    new ResumeProblem.Unreadable(file.toString(), String.valueOf(e.getMessage())));
        }
    }

    private void write(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("at", at.toString());
        json.put("what", what);
        json.put("release", release.value());
        ObjectNode served = json.putObject("before");
        before.forEach((host, id) -> served.put(host, id.value()));
        new TreeSet<>(open).forEach(json.putArray("open")::add);
        json.put("back", back);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Trees.write(file, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void keep(Path file, Optional<Unfinished> it) throws IOException {
        if (it.isPresent()) {
            it.get().write(file);
        } else {
            Files.deleteIfExists(file);
        }
    }

    /// Keeps the file as a rollout goes on.
    ///
    /// @param facts from before it
    /// @param log is told where that cannot be done; the rollout goes on
    public static RolloutLog keeper(Path file, Map<String, HostFacts> facts, RolloutLog log) {
        return new Keeper(file, facts, log);
    }

    private static final class Keeper implements RolloutLog {

        private final Path file;
        private final Map<String, HostFacts> facts;
        private final RolloutLog log;
        private Optional<Unfinished> now = Optional.empty();

        Keeper(Path file, Map<String, HostFacts> facts, RolloutLog log) {
            this.file = file;
            this.facts = facts;
            this.log = log;
        }

        @Override
        public synchronized void tell(RolloutEvent event) {
            switch (event) {
                case RolloutEvent.Began began -> keep(Optional.of(of(began)));
                case RolloutEvent.TakingBack _ ->
                        keep(
                                now.map(
                                        it ->
                                                new Unfinished(
                                                        it.at,
                                                        it.what,
                                                        it.release,
                                                        it.before,
                                                        it.open,
                                                        true)));
                case RolloutEvent.Ended ended -> keep(now.flatMap(it -> it.after(ended.report())));
                default -> {
                    // It changes nothing of where hosts are to be.
                }
            }
        }

        /// What is resumed stays what it was, and hosts that are left out stay open.
        private Unfinished of(RolloutEvent.Began began) {
            Set<String> open = new TreeSet<>(began.hosts());
            Map<String, ReleaseId> before = new LinkedHashMap<>();
            facts.forEach(
                    (host, fact) ->
                            fact.liveDeployment()
                                    .ifPresent(live -> before.put(host, live.release())));
            Optional<Unfinished> earlier = read(file).filter(it -> it.isOf(began.release()));
            earlier.ifPresent(
                    it -> {
                        before.putAll(it.before);
                        it.open.stream()
                                .filter(host -> !isThere(host, began.release()))
                                .forEach(open::add);
                    });
            return new Unfinished(
                    earlier.map(Unfinished::at).orElse(began.at()),
                    earlier.map(Unfinished::what).orElse(began.what()),
                    earlier.map(Unfinished::release).orElse(began.release()),
                    before,
                    open,
                    earlier.map(it -> !it.release.equals(began.release())).orElse(false));
        }

        private boolean isThere(String host, ReleaseId release) {
            return Optional.ofNullable(facts.get(host))
                    .filter(fact -> serves(fact, release))
                    .isPresent();
        }

        private void keep(Optional<Unfinished> next) {
            now = next;
            try {
                Unfinished.keep(file, next);
            } catch (IOException e) {
                log.note("", "what is unfinished cannot be written down for decant resume: " + e);
            }
        }
    }

    /// Whether the host is where it is to be, and nothing is under way there.
    static boolean serves(HostFacts host, ReleaseId release) {
        return host.liveDeployment().filter(live -> live.release().equals(release)).isPresent()
                && host.service().running()
                && host.activating().isEmpty();
    }

    /// Notes that hosts were seen to be where they were to be.
    ///
    /// @throws Failure if it cannot be read
    public static void close(Path file, Set<String> hosts) throws IOException {
        keep(file, read(file).flatMap(it -> it.without(hosts)));
    }

    /// Whether going to that release is a part of it.
    boolean isOf(ReleaseId to) {
        return to.equals(release) || before.containsValue(to);
    }

    /// What is left of it.
    private Optional<Unfinished> after(DeployReport report) {
        ExitStatus status = report.status();
        return status == ExitStatus.INCOMPLETE || status == ExitStatus.INTERRUPTED
                ? Optional.of(this)
                : without(
                        report.outcomes().stream()
                                .map(HostOutcome::host)
                                .collect(Collectors.toSet()));
    }

    private Optional<Unfinished> without(Set<String> hosts) {
        Set<String> left = new TreeSet<>(open);
        left.removeAll(hosts);
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(new Unfinished(at, what, release, before, left, back));
    }

    /// The release that all hosts served before; where it is the only one.
    ///
    /// @throws Failure if some served none, or another one
    public ReleaseId backTo() {
        Set<ReleaseId> releases = Set.copyOf(before.values());
        if (releases.size() == 1) {
            return releases.iterator().next();
        }
        throw new Failure(new ResumeProblem.NoWayBack(what, release, before));
    }
}
