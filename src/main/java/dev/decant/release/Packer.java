package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Makes a release from a tarball that Mix wrote: the same files always come to the same release.
///
/// Owners and times are dropped, and of the modes only whether a file is executable is kept.
/// `releases/COOKIE` is left out: it is a secret, and another one in every build.
public final class Packer {

    /// The folder of a release on a host that is Decant's own.
    static final String OWN = ".decant";

    private static final String COOKIE = "releases/COOKIE";
    private static final int EXECUTABLE = 0111;

    private Packer() {}

    /// What the packer cannot see in the files.
    ///
    /// @param dependencies that stand in mix.lock
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
            List<Dependency> dependencies,
            String elixir,
            String otp,
            String mixEnv) {}

    /// @param tarball a `tar.gz` whose entries are relative to the release's root
    /// @param folder an empty folder to leave the release in
    /// @throws Failure with a [ReleaseProblem]
    public static Release pack(Path tarball, About about, Path folder) throws IOException {
        Path tree = folder.resolve(Release.TREE);
        unpack(tarball, tree);
        Files.deleteIfExists(tree.resolve(COOKIE));
        Path emulator =
                emulator(tree)
                        .orElseThrow(
                                () -> new Failure(new ReleaseProblem.NoRuntime(about.release())));
        String erts = tree.relativize(emulator).getName(0).toString().substring("erts-".length());
        FileList files = FileList.of(tree);
        byte[] sbom = sbom(about, erts, tree);
        Manifest manifest =
                new Manifest(
                        Manifest.FORMAT,
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
                        files.digest(),
                        files.files().size(),
                        files.size(),
                        Digest.of(sbom));
        byte[] json = ManifestJson.write(manifest);
        Release release = new Release(about.id(), Digest.of(json), manifest, files, folder);
        Trees.write(release.filesFile(), files.text().getBytes(StandardCharsets.UTF_8));
        Trees.write(release.sbomFile(), sbom);
        Trees.write(release.manifestFile(), json);
        return release;
    }

    private static byte[] sbom(About about, String erts, Path tree) throws IOException {
        List<Sbom.Application> applications = List.of();
        Path lib = tree.resolve("lib");
        if (Files.isDirectory(lib)) {
            try (Stream<Path> list = Files.list(lib)) {
                applications =
                        list.map(folder -> Sbom.Application.of(folder.getFileName().toString()))
                                .flatMap(Optional::stream)
                                .toList();
            }
        }
        return new Sbom(
                        about.app(),
                        about.version(),
                        about.commit(),
                        about.elixir(),
                        about.otp(),
                        erts,
                        about.dependencies(),
                        applications)
                .json();
    }

    private static Optional<Path> emulator(Path tree) throws IOException {
        try (Stream<Path> list = Files.list(tree)) {
            return list.filter(folder -> folder.getFileName().toString().startsWith("erts-"))
                    .map(folder -> folder.resolve("bin/beam.smp"))
                    .filter(Files::isRegularFile)
                    .min(Comparator.naturalOrder());
        }
    }

    /// Where an entry of the tarball is to lie, if it may.
    private static Path place(Path tree, TarArchiveEntry entry) {
        String name = entry.getName().replaceFirst("^(\\./+)+", "").replaceFirst("/+\\z", "");
        if (name.isEmpty() || name.equals(".")) {
            return tree;
        }
        if (!FileList.isPath(name)) {
            throw odd(
                    name,
                    name.matches("(?s).*[\\p{Cntrl}\\\\].*")
                            ? "Its name has a control character or a backslash."
                            : "It lies outside of the release.");
        }
        if (name.equals(OWN) || name.startsWith(OWN + "/")) {
            throw odd(name, "The folder " + OWN + " in a release is Decant's own.");
        }
        if (entry.isSymbolicLink() && !FileList.isTarget(name, entry.getLinkName())) {
            throw odd(
                    name,
                    "It is a link to "
                            + entry.getLinkName()
                            + ", which is not within the release.");
        }
        // isFile() alone says yes to links and devices, too.
        if (entry.isLink()
                || entry.isCharacterDevice()
                || entry.isBlockDevice()
                || entry.isFIFO()
                || !(entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())) {
            throw odd(name, "It is a hard link or a device, not a plain file.");
        }
        try {
            return tree.resolve(name);
        } catch (InvalidPathException e) {
            throw odd(name, "This machine cannot have a file of that name: " + e.getReason());
        }
    }

    private static Failure odd(String name, String reason) {
        return new Failure(new ReleaseProblem.OddFile(name, reason));
    }

    private static void unpack(Path tarball, Path tree) throws IOException {
        Files.createDirectories(tree);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new GZIPInputStream(
                                new BufferedInputStream(Files.newInputStream(tarball)), 1 << 16),
                        StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path to = place(tree, entry);
                if (entry.isDirectory()) {
                    Files.createDirectories(inside(tree, to));
                    continue;
                }
                Files.createDirectories(inside(tree, Objects.requireNonNull(to.getParent())));
                if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    throw odd(tree.relativize(to).toString(), "Its name is there twice.");
                }
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, to);
                    Trees.seal(to, (entry.getMode() & EXECUTABLE) != 0);
                }
            }
        }
    }

    /// Nothing is written through a link, wherever it leads.
    private static Path inside(Path tree, Path folder) {
        for (Path path = folder;
                !path.equals(tree);
                path = Objects.requireNonNull(path.getParent())) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw odd(
                        tree.relativize(path).toString(),
                        "It is a link or a file and a folder at once.");
            }
        }
        return folder;
    }
}
