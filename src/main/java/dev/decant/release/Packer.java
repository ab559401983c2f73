package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Makes an archive from a tarball that Mix wrote: the same files, but always the same bytes for
/// the same files.
///
/// Entries are sorted, belong to nobody, have one fixed time and one of two modes.
/// `releases/COOKIE` is left out: it is a secret, and another one in every build.
public final class Packer {

    private static final String OWN = ".decant";
    static final String MANIFEST = OWN + "/manifest.json";
    static final String SUMS = OWN + "/sha256sums";
    private static final String COOKIE = "releases/COOKIE";
    private static final int EXECUTABLE = 0111;

    private Packer() {}

    /// What the packer cannot see in the files.
    ///
    /// @param elixir the version that built it
    /// @param otp the version that built it
    public record About(
            ReleaseId id,
            String app,
            String release,
            String version,
            String commit,
            boolean dirty,
            Digest lock,
            String elixir,
            String otp,
            String mixEnv) {}

    /// @param tarball a `tar.gz` whose entries are relative to the release's root
    /// @param folder an empty folder to work in and to leave `release.tar.gz` and `manifest.json`
    ///   in
    /// @throws Failure with a [ReleaseProblem]
    public static Release pack(Path tarball, About about, Path folder) throws IOException {
        Path tree = folder.resolve("tree");
        unpack(tarball, tree);
        Files.deleteIfExists(tree.resolve(COOKIE));
        Path emulator =
                emulator(tree)
                        .orElseThrow(
                                () -> new Failure(new ReleaseProblem.NoRuntime(about.release())));
        String erts = tree.relativize(emulator).getName(0).toString().substring("erts-".length());
        List<Path> files = files(tree);
        List<Manifest.Entry> entries = new ArrayList<>();
        for (Path file : files) {
            entries.add(entry(tree, file));
        }
        Manifest manifest =
                new Manifest(
                        Manifest.FORMAT,
                        about.id(),
                        about.app(),
                        about.release(),
                        about.version(),
                        about.commit(),
                        about.dirty(),
                        about.lock(),
                        about.elixir(),
                        about.otp(),
                        erts,
                        about.mixEnv(),
                        Targets.of(tree, emulator),
                        entries);
        byte[] json = ManifestJson.write(manifest);
        Path archive = folder.resolve(ReleaseShelf.ARCHIVE);
        write(archive, tree, manifest, json);
        Trees.write(folder.resolve(ReleaseShelf.MANIFEST), json);
        Trees.delete(tree);
        return new Release(manifest, archive, Digest.of(archive), Files.size(archive));
    }

    private static Optional<Path> emulator(Path tree) throws IOException {
        try (Stream<Path> list = Files.list(tree)) {
            return list.filter(folder -> folder.getFileName().toString().startsWith("erts-"))
                    .map(folder -> folder.resolve("bin/beam.smp"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }

    private static List<Path> files(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted((a, b) -> name(tree, a).compareTo(name(tree, b)))
                    .toList();
        }
    }

    private static String name(Path tree, Path file) {
        return tree.relativize(file).toString();
    }

    private static Manifest.Entry entry(Path tree, Path file) throws IOException {
        String mode = Files.isExecutable(file) ? "0750" : "0640";
        return new Manifest.Entry(name(tree, file), Digest.of(file), mode, Files.size(file));
    }

    /// Where an entry of the tarball is to lie, if it may.
    private static Path place(Path tree, TarArchiveEntry entry) {
        String name = entry.getName();
        Path place = tree.resolve(name).normalize();
        if (!place.startsWith(tree)) {
            throw new Failure(new ReleaseProblem.OddFile(name, "It lies outside of the release."));
        }
        if (name.matches("(?s).*[\\p{Cntrl}\\\\].*")) {
            throw new Failure(
                    new ReleaseProblem.OddFile(
                            name, "Its name has a control character or a backslash."));
        }
        if (place.startsWith(tree.resolve(OWN))) {
            throw new Failure(
                    new ReleaseProblem.OddFile(
                            name, "The folder " + OWN + " in a release is Decant's own."));
        }
        // isFile() alone says yes to links and devices, too.
        if (entry.isLink()
                || entry.isSymbolicLink()
                || entry.isCharacterDevice()
                || entry.isBlockDevice()
                || entry.isFIFO()
                || !(entry.isFile() || entry.isDirectory())) {
            throw new Failure(
                    new ReleaseProblem.OddFile(
                            name, "It is a link or a device, not a plain file."));
        }
        return place;
    }

    private static void unpack(Path tarball, Path tree) throws IOException {
        Files.createDirectories(tree);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new GZIPInputStream(
                                new BufferedInputStream(Files.newInputStream(tarball)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path to = place(tree, entry);
                if (entry.isDirectory()) {
                    Files.createDirectories(to);
                } else {
                    Files.createDirectories(to.getParent());
                    Files.copy(tar, to);
                    if ((entry.getMode() & EXECUTABLE) != 0 && !to.toFile().setExecutable(true)) {
                        throw new IOException("Cannot make " + to + " executable.");
                    }
                }
            }
        }
    }

    private static void write(Path archive, Path tree, Manifest manifest, byte[] json)
            throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(
                                new GZIPOutputStream(file, 1 << 16),
                                StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            add(tar, MANIFEST, 0640, json);
            add(tar, SUMS, 0640, manifest.sha256sums().getBytes(StandardCharsets.UTF_8));
            for (Path folder : emptyFolders(tree)) {
                TarArchiveEntry entry = plain(name(tree, folder) + "/", 0750);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            for (Manifest.Entry each : manifest.files()) {
                TarArchiveEntry entry = plain(each.path(), Integer.parseInt(each.mode(), 8));
                entry.setSize(each.size());
                tar.putArchiveEntry(entry);
                try (InputStream in = Files.newInputStream(tree.resolve(each.path()))) {
                    in.transferTo(tar);
                }
                tar.closeArchiveEntry();
            }
        }
        Trees.force(archive);
    }

    private static List<Path> emptyFolders(Path tree) throws IOException {
        List<Path> empty = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path folder : walk.filter(Files::isDirectory).sorted().toList()) {
                try (Stream<Path> list = Files.list(folder)) {
                    if (list.findAny().isEmpty()) {
                        empty.add(folder);
                    }
                }
            }
        }
        return empty;
    }

    private static TarArchiveEntry plain(String name, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setModTime(0);
        return entry;
    }

    private static void add(TarArchiveOutputStream tar, String name, int mode, byte[] contents)
            throws IOException {
        TarArchiveEntry entry = plain(name, mode);
        entry.setSize(contents.length);
        tar.putArchiveEntry(entry);
        tar.write(contents);
        tar.closeArchiveEntry();
    }
}
