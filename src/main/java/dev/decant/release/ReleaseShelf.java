package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The releases of one app that were made on this machine: a folder each, named by its id, with the
/// archive and the manifest. A folder is made beside and renamed, so that what has a name is whole.
public final class ReleaseShelf {

    static final String ARCHIVE = "release.tar.gz";
    static final String MANIFEST = "manifest.json";

    private final Path folder;
    private final String app;

    /// @param folder need not be there yet
    public ReleaseShelf(Path folder, String app) {
        this.folder = folder;
        this.app = app;
    }

    /// A new, empty folder to pack in; it becomes a release by [#keep].
    public Path draft(ReleaseId id) throws IOException {
        Files.createDirectories(folder);
        return Files.createTempDirectory(folder, "." + id + ".");
    }

    /// Gives a packed draft its name.
    public Release keep(Release draft) throws IOException {
        Path place = folder.resolve(draft.id().value());
        Files.move(draft.archive().getParent(), place, StandardCopyOption.ATOMIC_MOVE);
        return new Release(draft.manifest(), place.resolve(ARCHIVE), draft.digest(), draft.size());
    }

    /// Throws a draft away.
    public void discard(Path draft) throws IOException {
        Trees.delete(draft);
    }

    /// Newest first.
    public List<ReleaseId> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString())
                    .filter(ReleaseId::isOne)
                    .map(ReleaseId::new)
                    .sorted((a, b) -> b.compareTo(a))
                    .toList();
        }
    }

    /// @param given a whole id, or an unambiguous part of one such as its commit or version
    /// @throws Failure if there is none, or several are meant
    public Release get(String given) throws IOException {
        List<ReleaseId> known = all();
        List<ReleaseId> meant =
                known.stream()
                        .filter(
                                id ->
                                        id.value().equals(given)
                                                || (given.length() >= 3
                                                        && id.value().contains(given)))
                        .toList();
        Optional<ReleaseId> exact =
                meant.stream().filter(id -> id.value().equals(given)).findFirst();
        if (exact.isEmpty() && meant.isEmpty()) {
            throw new Failure(new ReleaseProblem.NoSuchRelease(given, app, values(known)));
        }
        if (exact.isEmpty() && meant.size() > 1) {
            throw new Failure(new ReleaseProblem.Ambiguous(given, app, values(meant)));
        }
        return open(exact.orElseGet(meant::getFirst));
    }

    private static List<String> values(List<ReleaseId> ids) {
        return ids.stream().map(ReleaseId::value).toList();
    }

    /// A release that was built from exactly this commit, with nothing uncommitted, for this Mix
    /// environment.
    public Optional<Release> ofCommit(String commit, String mixEnv) throws IOException {
        for (ReleaseId id : all()) {
            if (id.value().endsWith("-" + commit.substring(0, 7))) {
                Release release = open(id);
                Manifest manifest = release.manifest();
                if (!manifest.dirty()
                        && manifest.commit().equals(commit)
                        && manifest.mixEnv().equals(mixEnv)) {
                    return Optional.of(release);
                }
            }
        }
        return Optional.empty();
    }

    private Release open(ReleaseId id) throws IOException {
        Path place = folder.resolve(id.value());
        Path archive = place.resolve(ARCHIVE);
        try {
            Manifest manifest = ManifestJson.read(Files.readAllBytes(place.resolve(MANIFEST)));
            if (manifest.format() != Manifest.FORMAT || !manifest.id().equals(id)) {
                throw new Failure(
                        new ReleaseProblem.Damaged(
                                place,
                                "Its manifest is of format "
                                        + manifest.format()
                                        + " for "
                                        + manifest.id()
                                        + "."));
            }
            return new Release(manifest, archive, Digest.of(archive), Files.size(archive));
        } catch (JacksonException | IOException e) {
            throw new Failure(new ReleaseProblem.Damaged(place, String.valueOf(e.getMessage())));
        }
    }
}
