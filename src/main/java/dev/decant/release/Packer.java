package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Makes a release from a tarball that Mix wrote: the same files always come to the same release.
///
/// Owners and times are dropped, and of the modes only whether a file is executable is kept.
/// `releases/COOKIE` is left out: it is a secret, and another one in every build.
public final class Packer {

    /// The folder of a release on a host that is Decant's own.
    static final String OWN = ".decant";

    /// What is in there, and beside the tree on the shelf.
    private static final List<String> DESCRIPTION =
            List.of(Release.FILES, Release.MANIFEST, Release.SBOM, Release.SIGNATURE);

    private static final String COOKIE = "releases/COOKIE";
    private static final int EXECUTABLE = 0111;
    private static final String NOT_PLAIN =
            "It is a hard link out of the release or a device, not a plain file.";

    private Packer() {}

    /// What the packer cannot see in the files.
    ///
    /// @param lock as [Manifest#lock()]
    /// @param dependencies that stand in mix.lock
    /// @param elixir as [Manifest#elixir()]
    /// @param otp as [Manifest#otp()]
    /// @param program that is started, where that is no Erlang
    public record About(
            ReleaseId id,
            String app,
            String release,
            String version,
            String commit,
            boolean dirty,
            Optional<Digest> lock,
            List<Dependency> dependencies,
            String elixir,
            String otp,
            String mixEnv,
            Optional<Program> program) {}

    /// What is started in a release without an Erlang.
    ///
    /// @param path in the release; empty where it is a program of the host's
    public record Program(Optional<String> path) {}

    /// @param tarball a `tar.gz` whose entries are relative to the release's root
    /// @param folder an empty folder to leave the release in
    /// @param earlier what it has in common with this is linked
    /// @throws Failure with a [ReleaseProblem]
    public static Release pack(Path tarball, About about, Path folder, Earlier earlier)
            throws IOException {
        Path tree = folder.resolve(Release.TREE);
        Map<Path, FileList.File> linked = unpack(tarball, tree, false, earlier);
        Files.deleteIfExists(tree.resolve(COOKIE));
        String erts = "";
        Target target;
        if (about.program().isPresent()) {
            target = Targets.ofProgram(tree, started(tree, about.program().get()));
        } else {
            Path emulator =
                    emulator(tree)
                            .orElseThrow(
                                    () ->
                                            new Failure(
                                                    new ReleaseProblem.NoRuntime(about.release())));
            erts = tree.relativize(emulator).getName(0).toString().substring("erts-".length());
            target = Targets.of(tree, emulator);
        }
        FileList files = FileList.of(tree, linked);
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
                        target,
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

    /// Makes a release from what [Tarball] has written of it: the very one, with its description
    /// and its signature.
    ///
    /// @param artifact one with a manifest
    /// @param id the name that it is to have here
    /// @param folder an empty folder to leave the release in
    /// @throws Failure with a [ReleaseProblem]
    public static Release restore(Artifact artifact, ReleaseId id, Path folder) throws IOException {
        Path tree = folder.resolve(Release.TREE);
        unpack(artifact.file(), tree, true, Earlier.NONE);
        Path own = tree.resolve(OWN);
        for (String name : DESCRIPTION) {
            if (Files.isRegularFile(own.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(own.resolve(name), folder.resolve(name));
            }
        }
        Trees.delete(own);
        Manifest manifest = artifact.manifest().orElseThrow();
        FileList files = FileList.of(tree);
        Path sbom = folder.resolve(Release.SBOM);
        if (!files.digest().equals(manifest.filesSha256())
                || !Files.isRegularFile(sbom)
                || !Digest.of(sbom).equals(manifest.sbomSha256())) {
            throw new Failure(
                    new ReleaseProblem.BadArtifact(
                            artifact.file(),
                            "Its files are not those that its manifest names: it was changed after"
                                    + " it was made."));
        }
        Path json = folder.resolve(Release.MANIFEST);
        return new Release(id, Digest.of(json), manifest, files, folder);
    }

    private static byte[] sbom(About about, String erts, Path tree) throws IOException {
        List<Sbom.Application> applications = List.of();
        Path lib = tree.resolve("lib");
        if (!erts.isEmpty() && Files.isDirectory(lib)) {
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

    private static Optional<Path> started(Path tree, Program program) throws IOException {
        if (program.path().isEmpty()) {
            return Optional.empty();
        }
        Path file = tree.resolve(program.path().get());
        if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
            throw new Failure(
                    new ReleaseProblem.NothingToStart(
                            program.path().get(), Files.isRegularFile(file), executables(tree)));
        }
        return Optional.of(file);
    }

    private static List<String> executables(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree, 3)) {
            return walk.filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                    .map(file -> tree.relativize(file).toString())
                    .sorted()
                    .limit(10)
                    .toList();
        }
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
    private static Path place(Path tree, TarArchiveEntry entry, boolean own) {
        String name = plain(entry.getName());
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
        if (!own && (name.equals(OWN) || name.startsWith(OWN + "/"))) {
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
        if (entry.isCharacterDevice()
                || entry.isBlockDevice()
                || entry.isFIFO()
                || !(entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())) {
            throw odd(name, NOT_PLAIN);
        }
        try {
            return tree.resolve(name);
        } catch (InvalidPathException e) {
            throw odd(name, "This machine cannot have a file of that name: " + e.getReason());
        }
    }

    /// As tar means it.
    static String plain(String name) {
        return name.replaceFirst("^(\\./+)+", "").replaceFirst("/+\\z", "");
    }

    private static Failure odd(String name, String reason) {
        return new Failure(new ReleaseProblem.OddFile(name, reason));
    }

    /// @param own whether it may have Decant's own folder
    /// @return what is linked to the earlier release
    private static Map<Path, FileList.File> unpack(
            Path tarball, Path tree, boolean own, Earlier earlier) throws IOException {
        Files.createDirectories(tree);
        Map<Path, FileList.File> linked = new HashMap<>();
        Set<Path> folders = new HashSet<>();
        try (TarArchiveInputStream tar = open(Files.newInputStream(tarball))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path to = place(tree, entry, own);
                if (entry.isDirectory()) {
                    Files.createDirectories(inside(tree, to));
                    continue;
                }
                Path folder = Objects.requireNonNull(to.getParent());
                // What has been looked at stays: nothing takes the place of anything here.
                if (folders.add(folder)) {
                    Files.createDirectories(inside(tree, folder));
                }
                if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    throw odd(tree.relativize(to).toString(), "Its name is there twice.");
                }
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(to, first(tree, entry));
                } else {
                    boolean executable = (entry.getMode() & EXECUTABLE) != 0;
                    String name = tree.relativize(to).toString();
                    InputStream contents = tar;
                    if (earlier.mayHave(name, executable, entry.getSize())) {
                        byte[] bytes = tar.readNBytes((int) entry.getSize());
                        Optional<FileList.File> same = earlier.link(name, bytes, to);
                        if (same.isPresent()) {
                            linked.put(to, same.get());
                            continue;
                        }
                        contents = new ByteArrayInputStream(bytes);
                    }
                    Files.copy(contents, to);
                    Trees.seal(to, executable);
                }
            }
        }
        return linked;
    }

    /// What came earlier under another name: a hard link has to lead to a file of the release.
    private static Path first(Path tree, TarArchiveEntry entry) {
        String name = plain(entry.getLinkName());
        Path first = FileList.isPath(name) ? tree.resolve(name) : tree;
        if (!Files.isRegularFile(first, LinkOption.NOFOLLOW_LINKS)) {
            throw odd(plain(entry.getName()), NOT_PLAIN);
        }
        inside(tree, Objects.requireNonNull(first.getParent()));
        return first;
    }

    private static TarArchiveInputStream open(InputStream packed) throws IOException {
        return new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(packed), 1 << 16),
                StandardCharsets.UTF_8.name());
    }

    /// Has what takes time to load be there when it is needed: meant for a thread of its own, while
    /// something else builds.
    public static void warmUp() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try {
            try (Parcel.Tar tar = Parcel.Tar.open(Compression.GZIP.open(packed, 1))) {
                tar.add("x", new byte[1 << 20]);
            }
            try (TarArchiveInputStream tar = open(new ByteArrayInputStream(packed.toByteArray()))) {
                tar.getNextEntry();
                Digest.of(tar.readAllBytes());
            }
            new Sbom("x", "0", "0", "0", "0", "0", List.of(), List.of()).json();
        } catch (IOException e) {
            // Whoever needs it is told then.
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
