package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.release.FileList.Content;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The releases of one app that are on this machine: a folder each, named by its id. A folder is
/// made beside and renamed, so that what has a name is whole. Files that two releases have in
/// common are one on disk.
public final class ReleaseShelf {

    /// How many releases are looked at for files in common with a new one.
    private static final int SHARE_WITH = 3;

    private final Path folder;
    private final String app;

    /// @param folder need not be there yet
    public ReleaseShelf(Path folder, String app) {
        this.folder = folder;
        this.app = app;
    }

    /// A name for a release, later by seconds where others have it already.
    public ReleaseId free(Instant built, String version, String commit, boolean dirty) {
        ReleaseId id = ReleaseId.of(built, version, commit, dirty);
        return Files.exists(folder.resolve(id.value()))
                ? free(built.plusSeconds(1), version, commit, dirty)
                : id;
    }

    /// A new, empty folder to pack in; it becomes a release by [#keep].
    public Path draft(ReleaseId id) throws IOException {
        Files.createDirectories(folder);
        return Files.createTempDirectory(folder, "." + id + ".");
    }

    /// What a new release has in common with the newest one need not be written again.
    public Earlier newest() throws IOException {
        Optional<Path> newest = all().stream().findFirst().map(id -> folder.resolve(id.value()));
        Optional<FileList> files = newest.flatMap(ReleaseShelf::list);
        if (files.isEmpty()) {
            return Earlier.NONE;
        }
        Path place = newest.orElseThrow();
        return new Earlier(
                files.get(),
                place.resolve(Release.TREE),
                Files.getLastModifiedTime(place.resolve(Release.FILES)));
    }

    /// Gives a packed draft its name.
    public Release keep(Release draft) throws IOException {
        share(draft);
        Path place = folder.resolve(draft.id().value());
        Files.move(draft.folder(), place, StandardCopyOption.ATOMIC_MOVE);
        return new Release(draft.id(), draft.digest(), draft.manifest(), draft.files(), place);
    }

    /// Throws a draft away.
    public void discard(Path draft) throws IOException {
        Trees.delete(draft);
    }

    /// Replaces files of the draft by links to the same ones of earlier releases. Where that cannot
    /// be, they stay as they are.
    private void share(Release draft) throws IOException {
        Map<Content, Path> there = new HashMap<>();
        for (ReleaseId id : all().stream().limit(SHARE_WITH).toList()) {
            Path other = folder.resolve(id.value());
            for (Entry entry : list(other).map(FileList::entries).orElse(List.of())) {
                if (entry instanceof File file) {
                    Path path = other.resolve(Release.TREE).resolve(file.path());
                    there.putIfAbsent(file.content(), path);
                }
            }
        }
        List<File> files = draft.files().files();
        try {
            IntStream.range(0, files.size())
                    .parallel()
                    .forEach(i -> share(draft, files.get(i), there.get(files.get(i).content()), i));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// @param number another one for each file
    private static void share(Release draft, File file, @Nullable Path same, int number) {
        Path own = draft.tree().resolve(file.path());
        Path beside = own.resolveSibling(".decant-shared-" + number);
        try {
            if (same != null && !Files.isSameFile(same, own) && isAsListed(same, file)) {
                Files.createLink(beside, same);
                Files.move(beside, own, StandardCopyOption.ATOMIC_MOVE);
                // Renaming a file to another name of itself does nothing.
                Files.deleteIfExists(beside);
            }
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Then it stays as it is.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAsListed(Path path, File file) throws IOException {
        return Files.isRegularFile(path)
                && Files.size(path) == file.size()
                && Files.isExecutable(path) == file.executable()
                && Digest.of(path).equals(file.sha256());
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

    /// @param given a whole id, an unambiguous part of one such as its version, or the commit
    /// @throws Failure if there is none, or several are meant
    public Release get(String given) throws IOException {
        List<ReleaseId> known = all();
        List<ReleaseId> meant = new ArrayList<>();
        for (ReleaseId id : known) {
            if (id.value().equals(given)
                    || (given.length() >= 3 && id.value().contains(given))
                    || isOfCommit(id, given)) {
                meant.add(id);
            }
        }
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

    /// A name has but seven digits of the commit.
    private boolean isOfCommit(ReleaseId id, String given) throws IOException {
        return given.matches("[0-9a-f]{8,64}")
                && id.value().contains("-" + given.substring(0, 7))
                && open(id).manifest().commit().startsWith(given);
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

    /// Those that have the same files, from the same commit, for the same Mix environment, as a
    /// draft.
    public List<Release> like(Release draft) throws IOException {
        Manifest wanted = draft.manifest();
        List<Release> like = new ArrayList<>();
        for (ReleaseId id : all()) {
            if (isOfCommit(id, wanted.commit())) {
                Release release = open(id);
                Manifest manifest = release.manifest();
                if (manifest.filesSha256().equals(wanted.filesSha256())
                        && manifest.mixEnv().equals(wanted.mixEnv())
                        && manifest.dirty() == wanted.dirty()) {
                    like.add(release);
                }
            }
        }
        return like;
    }

    /// What a release has in it, if it is here and is the very one that is meant.
    ///
    /// @param files digest of its list
    public Optional<FileList> files(ReleaseId id, Digest files) {
        return files(id).filter(list -> list.digest().equals(files));
    }

    /// What a release has in it, if it is here.
    public Optional<FileList> files(ReleaseId id) {
        return list(folder.resolve(id.value()));
    }

    /// Old contents for a host that has that release.
    public Dictionary dictionary(Delta delta) {
        return delta.base()
                .map(id -> folder.resolve(id.value()).resolve(Release.TREE))
                .map(tree -> Dictionary.of(delta.replaced(), tree))
                .orElse(Dictionary.NONE);
    }

    /// @return empty where there is none that can be read
    private static Optional<FileList> list(Path place) {
        try {
            return Optional.of(FileList.parse(Files.readString(place.resolve(Release.FILES))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Reads all of a release anew.
    ///
    /// @return what is not as it was built, a line each; empty where all is
    /// @throws Failure if it cannot be opened
    public List<String> verify(ReleaseId id) throws IOException {
        Release release = open(id);
        Map<String, Entry> listed = release.files().byPath();
        Map<String, Entry> found = FileList.found(release.tree()).byPath();
        List<String> odd = new ArrayList<>();
        listed.forEach(
                (path, entry) -> {
                    if (!found.containsKey(path)) {
                        odd.add(path + " is missing");
                    } else if (!Objects.equals(found.get(path), entry)) {
                        odd.add(path + " has changed");
                    }
                });
        found.keySet().stream()
                .filter(path -> !listed.containsKey(path))
                .forEach(path -> odd.add(path + " has been added"));
        return odd;
    }

    /// Removes a release.
    public void remove(ReleaseId id) throws IOException {
        // Out of its name first: half a release must not have one.
        Path gone = Files.createTempDirectory(folder, "." + id + ".");
        try {
            Path place = folder.resolve(id.value());
            Files.move(place, gone.resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Trees.delete(gone);
        }
    }

    /// One of [#all()].
    ///
    /// @throws Failure if it is damaged
    public Release open(ReleaseId id) throws IOException {
        Path place = folder.resolve(id.value());
        try {
            byte[] json = Files.readAllBytes(place.resolve(Release.MANIFEST));
            Manifest manifest = ManifestJson.read(json);
            if (manifest.format() != Manifest.FORMAT) {
                throw new IOException("Its manifest is of format " + manifest.format() + ".");
            }
            String text = Files.readString(place.resolve(Release.FILES));
            FileList files = FileList.parse(text);
            if (!Digest.of(text).equals(manifest.filesSha256())) {
                throw new IOException("Its list of files is not the one that its manifest names.");
            }
            return new Release(id, Digest.of(json), manifest, files, place);
        } catch (ManifestJson.NewerFormat e) {
            throw new Failure(new ReleaseProblem.Newer(place, String.valueOf(e.getMessage())));
        } catch (JacksonException | IOException e) {
            throw new Failure(new ReleaseProblem.Damaged(place, String.valueOf(e.getMessage())));
        }
    }
}
