package dev.decant.web;

import dev.decant.deploy.RolloutEvent;
import dev.decant.release.ReleaseId;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The rollouts of an app that this user has begun on this machine: a file each, the newest of them
/// kept. The hosts' own history has the others.
///
/// @param folder for this app alone
public record Recordings(Path folder) {

    private static final int KEPT = 50;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// What a file is called, without its ending; the newest is the last by name.
    public record Name(String value) implements Comparable<Name> {
        public Name {
            if (!isOne(value)) {
                throw new IllegalArgumentException(value);
            }
        }

        static boolean isOne(String value) {
            return value.matches("[0-9TZ.]{20}-[a-z]{1,20}-[0-9a-f]{4}");
        }

        @Override
        public int compareTo(Name other) {
            return value.compareTo(other.value);
        }
    }

    /// Begins one; where there is no room for it, it is kept in memory only.
    ///
    /// @param what a word such as `deploy`
    /// @param by such as `alice@laptop`
    public Recording begin(String app, Optional<String> environment, String what, String by) {
        Recorded.Header header =
                new Recorded.Header(
                        Instant.now(),
                        app,
                        environment.orElse(""),
                        what,
                        by,
                        ProcessHandle.current().pid());
        return new Recording(header, file(header));
    }

    private Writer file(Recorded.Header header) {
        String name =
                "%s-%s-%04x"
                        .formatted(
                                TIME.format(header.at()),
                                header.what(),
                                new SecureRandom().nextInt(1 << 16));
        try {
            Files.createDirectories(folder, only("rwx------"));
            for (Name old : names().stream().skip(KEPT - 1).toList()) {
                Files.deleteIfExists(path(old));
            }
            Path file = Files.createFile(path(new Name(name)), only("rw-------"));
            return Files.newBufferedWriter(file);
        } catch (IOException e) {
            return Writer.nullWriter();
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> only(String mine) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mine));
    }

    private Path path(Name name) {
        return folder.resolve(name.value() + ".jsonl");
    }

    /// All there are, the newest first.
    public List<Name> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".jsonl"))
                    .map(file -> file.substring(0, file.length() - ".jsonl".length()))
                    .filter(Name::isOne)
                    .map(Name::new)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /// How much of it there is by now, for whoever wants to know whether there is more.
    long size(Name name) throws IOException {
        return Files.size(path(name));
    }

    /// @return empty where it is not there, or is none
    public Optional<Recorded> read(Name name) throws IOException {
        return Files.exists(path(name))
                ? read(Files.readString(path(name), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /// @param text its lines; half of a last one, which is just being written, is left out
    static Optional<Recorded> read(String text) {
        List<RolloutEvent> events = new ArrayList<>();
        Map<String, ReleaseId> serving = new HashMap<>();
        Optional<Recorded.Header> header = Optional.empty();
        Optional<Recorded.Stopped> stopped = Optional.empty();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            JsonNode json;
            try {
                json = Recording.JSON.readTree(line);
            } catch (JacksonException e) {
                // Whoever wrote it was killed within a line and somebody went on behind it.
                continue;
            }
            switch (json.path("record").asString("")) {
                case "header" -> header = Optional.of(header(json));
                case "serving" ->
                        json.path("hosts")
                                .properties()
                                .forEach(
                                        host ->
                                                serving.put(
                                                        host.getKey(),
                                                        new ReleaseId(host.getValue().asString())));
                case "stopped" ->
                        stopped =
                                Optional.of(
                                        new Recorded.Stopped(
                                                Instant.parse(json.path("at").asString()),
                                                json.path("problems")
                                                        .valueStream()
                                                        .map(EventJson::problem)
                                                        .toList()));
                default -> EventJson.read(json).ifPresent(events::add);
            }
        }
        Optional<Recorded.Stopped> end = stopped;
        return header.map(it -> new Recorded(it, serving, events, end));
    }

    private static Recorded.Header header(JsonNode json) {
        return new Recorded.Header(
                Instant.parse(json.path("at").asString()),
                json.path("app").asString(""),
                json.path("environment").asString(""),
                json.path("what").asString(""),
                json.path("by").asString(""),
                json.path("process").asLong(0));
    }
}
