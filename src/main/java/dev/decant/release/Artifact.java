package dev.decant.release;

import dev.decant.problem.Failure;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import tools.jackson.core.JacksonException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// A release that was made elsewhere, as a `tar.gz`: by `mix release` with the step `:tar`, by
/// [Tarball], or of a generic app by whatever makes one. This is what it says of itself; its files
/// are looked at when it is packed.
///
/// @param version as the release says it; empty where it has no Erlang and no manifest
/// @param erts the version of the Erlang runtime in it, such as `13.1.5`; empty where there is none
/// @param elixir the version in it; empty where there is none
/// @param programs what is in `bin`; the release's own name is one
/// @param made when, by the time of its own files; empty where that is no time, as in those of
///   [Tarball], which always makes the same bytes of a release
/// @param manifest where Decant made it
public record Artifact(
        Path file,
        String version,
        String erts,
        String elixir,
        SortedSet<String> programs,
        Optional<Instant> made,
        Optional<Manifest> manifest) {

    private static final String START = "releases/start_erl.data";
    private static final String MANIFEST = Packer.OWN + "/" + Release.MANIFEST;
    private static final Pattern ELIXIR = Pattern.compile("lib/elixir-([^/]+)/.*");
    private static final Pattern PROGRAM = Pattern.compile("bin/([^/]+)");
    private static final int MAX_START = 1 << 10;
    private static final int MAX_MANIFEST = 1 << 20;

    /// Nobody deployed with Mix's releases before.
    private static final Instant EARLIEST = Instant.parse("2019-01-01T00:00:00Z");

    /// @param erlang it is to have one
    /// @throws Failure with [ReleaseProblem.BadArtifact] if it is no release, or not whole
    public static Artifact read(Path file, boolean erlang) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw bad(file, "There is no such file.");
        }
        try {
            return new Reading(file).read(erlang);
        } catch (IOException e) {
            throw bad(file, "It cannot be read to its end as a tar.gz: " + e.getMessage());
        }
    }

    /// The first number of Erlang/OTP's version. Source: the runtime's has been 12 less since OTP
    /// 23.
    public String otp() {
        if (erts.isEmpty()) {
            return "";
        }
        int major = Integer.parseInt(erts.replaceFirst("[.].*", ""));
        return major >= 11 ? Integer.toString(major + 12) : "";
    }

    private static Failure bad(Path file, String reason) {
        return new Failure(new ReleaseProblem.BadArtifact(file, reason));
    }

    private static final class Reading {

        private final Path file;
        private Optional<String> start = Optional.empty();
        private Optional<Manifest> manifest = Optional.empty();
        private String elixir = "";
        private String below = "";
        private final SortedSet<String> programs = new TreeSet<>();
        private Instant made = Instant.EPOCH;

        private Reading(Path file) {
            this.file = file;
        }

        private Artifact read(boolean erlang) throws IOException {
            try (GZIPInputStream gzip =
                            new GZIPInputStream(
                                    new BufferedInputStream(Files.newInputStream(file)), 1 << 16);
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(gzip, StandardCharsets.UTF_8.name())) {
                for (TarArchiveEntry entry = tar.getNextEntry();
                        entry != null;
                        entry = tar.getNextEntry()) {
                    entry(tar, entry);
                }
                // Its checksum comes last.
                gzip.transferTo(OutputStream.nullOutputStream());
            }
            if (!erlang && start.isEmpty()) {
                return new Artifact(
                        file,
                        manifest.map(Manifest::version).orElse(""),
                        "",
                        "",
                        programs,
                        Optional.empty(),
                        manifest);
            }
            if (start.isEmpty()) {
                throw bad(
                        file,
                        "It is no release: "
                                + START
                                + (below.isEmpty()
                                        ? " is not in it."
                                        : " is not at its top, but below "
                                                + below.replaceAll("\\p{Cntrl}", "?")
                                                + "."));
            }
            Matcher words =
                    Pattern.compile("([0-9]{1,4}(?:[.][0-9]+)*) ([0-9A-Za-z][0-9A-Za-z.+_-]*)")
                            .matcher(start.get().strip());
            if (!words.matches()) {
                throw bad(file, "Its " + START + " does not say which versions it has.");
            }
            boolean isTime =
                    made.isAfter(EARLIEST) && made.isBefore(Instant.now().plus(1, ChronoUnit.DAYS));
            return new Artifact(
                    file,
                    words.group(2),
                    words.group(1),
                    elixir,
                    programs,
                    isTime ? Optional.of(made) : Optional.empty(),
                    manifest);
        }

        private void entry(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
            String name = Packer.plain(entry.getName());
            Matcher matcher = ELIXIR.matcher(name);
            if (matcher.matches()) {
                elixir = matcher.group(1);
            }
            matcher = PROGRAM.matcher(name);
            if (matcher.matches() && !entry.isDirectory()) {
                programs.add(matcher.group(1));
            }
            if (name.endsWith("/" + START)) {
                below = name.substring(0, name.length() - START.length());
            }
            if (name.equals(START)) {
                start = Optional.of(new String(tar.readNBytes(MAX_START), StandardCharsets.UTF_8));
                made = entry.getLastModifiedTime().toInstant();
            }
            if (name.equals(MANIFEST)) {
                manifest = Optional.of(manifest(tar.readNBytes(MAX_MANIFEST)));
            }
        }

        private Manifest manifest(byte[] json) throws IOException {
            Manifest read;
            try {
                read = ManifestJson.read(json);
            } catch (JacksonException e) {
                throw new IOException(MANIFEST + " is none.", e);
            }
            if (read.format() != Manifest.FORMAT
                    || !read.commit().matches("[0-9a-f]{40,64}")
                    || !read.version().matches("[^\\p{Cntrl}]+")) {
                throw new IOException(MANIFEST + " is of another kind than this Decant knows.");
            }
            return read;
        }
    }
}
