package dev.decant.toolchain;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Guard;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// The toolchains that Decant has installed for this user: `erlang/27.1.2`, `elixir/1.17.3-otp-27`,
/// beside each other, none of them in anybody's `PATH`. A folder is made beside and renamed, so
/// that what has a name is whole; whatever else is there begins with a dot.
public final class ToolchainShelf {

    /// In each: where it is from. Its time is when it was last used.
    private static final String STAMP = ".decant";

    private static final int LAST_LINES = 10;
    private static final Set<PosixFilePermission> EXECUTABLE =
            PosixFilePermissions.fromString("rwxr-xr-x");

    private final Path folder;

    /// @param folder need not be there yet
    public ToolchainShelf(Path folder) {
        this.folder = folder;
    }

    /// One that is installed.
    ///
    /// @param version as `.tool-versions` has it
    public record Entry(Tool tool, String version, Path folder, Instant used) {}

    Path folder() {
        return folder;
    }

    private Path place(Tool tool, String version) {
        return folder.resolve(tool.word()).resolve(version);
    }

    Optional<Installation> find(ToolVersion wanted) {
        Path place = place(wanted.tool(), wanted.text());
        return wanted.kind() == ToolVersion.Kind.EXACT && Files.exists(place.resolve(STAMP))
                ? Optional.of(new Installation(wanted.tool(), place, Installation.DECANT))
                : Optional.empty();
    }

    /// Keeps [#prune] from taking it.
    static void used(Installation installation) throws IOException {
        Path stamp = installation.folder().resolve(STAMP);
        if (Files.isWritable(stamp)) {
            Files.setLastModifiedTime(stamp, FileTime.from(Instant.now()));
        }
    }

    /// In the order of tools and versions.
    public List<Entry> all() throws IOException {
        List<Entry> all = new ArrayList<>();
        for (Tool tool : Tool.values()) {
            for (Path place : below(folder.resolve(tool.word()))) {
                Path stamp = place.resolve(STAMP);
                String version = place.getFileName().toString();
                if (tool.isExact(version) && Files.exists(stamp)) {
                    all.add(
                            new Entry(
                                    tool,
                                    version,
                                    place,
                                    Files.getLastModifiedTime(stamp).toInstant()));
                }
            }
        }
        all.sort(
                Comparator.comparing(Entry::tool)
                        .thenComparing(Entry::version, Compatibility.BY_NUMBERS)
                        .thenComparing(Entry::version));
        return all;
    }

    private static List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }

    /// Removes what nobody has used for a while, and what installs that were cut short have left.
    ///
    /// @param keep versions that stay in any case
    /// @return what was removed, or would be
    public List<Entry> prune(
            Duration unused, List<ToolVersion> keep, boolean dryRun, ToolchainLog log)
            throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Instant since = Instant.now().minus(unused);
        try (Guard _ = lock(log)) {
            List<Entry> old =
                    all().stream()
                            .filter(entry -> !entry.used().isAfter(since))
                            .filter(entry -> keep.stream().noneMatch(each -> isFor(each, entry)))
                            .toList();
            if (!dryRun) {
                for (Entry entry : old) {
                    Path gone = entry.folder().resolveSibling("." + entry.version() + ".gone");
                    Trees.delete(gone);
                    Files.move(entry.folder(), gone, StandardCopyOption.ATOMIC_MOVE);
                }
                for (Tool tool : Tool.values()) {
                    removeLeftOvers(folder.resolve(tool.word()), ".");
                }
            }
            return old;
        }
    }

    private static boolean isFor(ToolVersion wanted, Entry entry) {
        return wanted.tool() == entry.tool() && wanted.text().equals(entry.version());
    }

    private static void removeLeftOvers(Path folder, String beginning) throws IOException {
        for (Path each : below(folder)) {
            if (each.getFileName().toString().startsWith(beginning)) {
                Trees.delete(each);
            }
        }
    }

    /// Installs one, unless it is there. Of several that do so at once, one does and the others
    /// wait for it.
    ///
    /// @param platform for which Erlang is to have been built
    /// @throws Failure with a [ToolchainProblem]
    Installation install(
            ToolVersion wanted, Mirror mirror, Optional<Platform> platform, ToolchainLog log)
            throws IOException, InterruptedException {
        Tool tool = wanted.tool();
        Path place = place(tool, wanted.text());
        Path beside = folder.resolve(tool.word());
        Files.createDirectories(beside);
        try (Guard _ = lock(log)) {
            Optional<Installation> there = find(wanted);
            if (there.isPresent()) {
                return there.get();
            }
            Instant began = Instant.now();
            Mirror.Build build = mirror.build(tool, wanted.text(), platform);
            Path archive = mirror.download(build, beside, log);
            // Nobody else is at work: these are of one that was killed.
            removeLeftOvers(beside, "." + wanted.text() + ".draft");
            Trees.delete(place);
            Path draft = Files.createTempDirectory(beside, "." + wanted.text() + ".draft.");
            try {
                switch (tool) {
                    case ERLANG -> makeErlang(wanted, archive, draft, place);
                    case ELIXIR -> unzip(archive, draft);
                }
                mustBe(wanted, draft);
                Files.writeString(
                        draft.resolve(STAMP),
                        "from "
                                + build.archive()
                                + "\nsha256 "
                                + build.sha256().orElseThrow().hex()
                                + "\n");
                Files.setPosixFilePermissions(draft, EXECUTABLE);
                // A name must not outlive a power cut that its files have not.
                Program.of("sync", "-f", draft.toString()).run();
                Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Trees.delete(draft);
            }
            Files.delete(archive);
            log.installed(
                    tool.word() + " " + wanted.text(), Duration.between(began, Instant.now()));
            return new Installation(tool, place, Installation.DECANT);
        }
    }

    /// @param place where it will be, which is written into its scripts
    private static void makeErlang(ToolVersion wanted, Path archive, Path draft, Path place)
            throws IOException, InterruptedException {
        must(
                wanted,
                "it does not unpack",
                Program.of(
                        "tar",
                        "-xzf",
                        archive.toString(),
                        "-C",
                        draft.toString(),
                        "--strip-components=1",
                        "--no-same-owner"));
        // With -cross it works on the folder that it is in, and writes down the other.
        must(
                wanted,
                "its Install fails",
                Program.of(
                                draft.resolve("Install").toString(),
                                "-cross",
                                "-minimal",
                                place.toString())
                        .in(draft));
        try (Stream<Path> list = Files.list(draft)) {
            Path erts =
                    list.filter(path -> path.getFileName().toString().startsWith("erts-"))
                            .findFirst()
                            .orElseThrow(
                                    () -> notSo(wanted, "there is no Erlang in it", List.of()));
            // As bin/erl does, which already has the name that this folder does not have yet.
            must(
                    wanted,
                    "it does not run on this machine",
                    Program.of(
                                    erts.resolve("bin/erlexec").toString(),
                                    "-noinput",
                                    "-eval",
                                    "{ok, _} = application:ensure_all_started(crypto), halt(0).")
                            .env(
                                    Map.of(
                                            "ROOTDIR",
                                            draft.toString(),
                                            "BINDIR",
                                            erts.resolve("bin").toString(),
                                            "EMU",
                                            "beam",
                                            "PROGNAME",
                                            "erl",
                                            "ERL_CRASH_DUMP_SECONDS",
                                            "0")));
        }
    }

    private static void unzip(Path archive, Path draft) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (@Nullable ZipEntry entry = zip.getNextEntry();
                    entry != null;
                    entry = zip.getNextEntry()) {
                Path file = draft.resolve(entry.getName()).normalize();
                if (!file.startsWith(draft)) {
                    throw new IOException(entry.getName() + " is outside of the archive.");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                    // Java does not say what the archive has about permissions.
                    if (file.startsWith(draft.resolve("bin"))) {
                        Files.setPosixFilePermissions(file, EXECUTABLE);
                    }
                }
            }
        }
    }

    private static void mustBe(ToolVersion wanted, Path draft) throws IOException {
        Optional<String> version =
                new Installation(wanted.tool(), draft, Installation.DECANT).version();
        if (version.filter(wanted.version()::equals).isEmpty()) {
            throw notSo(
                    wanted,
                    "what is in the archive is "
                            + version.map(other -> "version " + other).orElse("something else"),
                    List.of());
        }
    }

    private static void must(ToolVersion wanted, String otherwise, Program program)
            throws IOException, InterruptedException {
        Result result = program.run();
        if (!result.ok()) {
            throw notSo(wanted, otherwise, result.lastWords(LAST_LINES));
        }
    }

    private static Failure notSo(ToolVersion wanted, String reason, List<String> said) {
        return new Failure(
                new ToolchainProblem.NotInstallable(wanted.tool(), wanted.text(), reason, said));
    }

    /// One at a time changes anything here.
    private Guard lock(ToolchainLog log) throws IOException, InterruptedException {
        return Guard.take(
                folder.resolve(".lock"),
                () -> log.note("Another decant is installing; this one waits for it."));
    }
}
