package dev.decant.release;

import dev.decant.release.Delta.Move;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How one release differs from another.
///
/// @param moved folders that have another name, such as `lib/shop-0.1.0/`; what is below them is
///   compared as if they had not
/// @param added by path
/// @param removed by path
/// @param changed by path in the new release
/// @param dependencies from the bills of materials; Erlang's own applications are among them
/// @param texts files of configuration that have changed, by path in the new release
public record ReleaseDiff(
        Release from,
        Release to,
        List<Move> moved,
        List<Entry> added,
        List<Entry> removed,
        List<Changed> changed,
        SortedMap<String, Versions> dependencies,
        SortedMap<String, Texts> texts) {

    /// What a release says at boot of how it is to run; each is small.
    private static final Pattern CONFIG =
            Pattern.compile(
                    "releases/[^/]+/(runtime\\.exs|releases\\.exs|sys\\.config|(remote\\.)?vm\\.args|env\\.sh)");

    /// The same path, or what became of it when its folder got another name.
    public record Changed(Entry from, Entry to) {}

    /// @param from empty where it was not in the first release
    /// @param to empty where it is not in the second
    public record Versions(String from, String to) {}

    /// Lines; none where there was no such file.
    public record Texts(List<String> from, List<String> to) {}

    /// @throws IOException if files of a release cannot be read
    public static ReleaseDiff of(Release from, Release to) throws IOException {
        List<Move> moves = Delta.moves(from.files(), to.files());
        Map<String, Entry> before = new TreeMap<>();
        for (Entry entry : from.files().entries()) {
            String path = Delta.moved(moves, entry.path());
            before.put(path, entry);
        }
        Map<String, Entry> after = to.files().byPath();
        List<Entry> added = new ArrayList<>();
        List<Changed> changed = new ArrayList<>();
        SortedMap<String, Texts> texts = new TreeMap<>();
        after.forEach(
                (path, entry) -> {
                    Entry old = before.get(path);
                    if (old == null) {
                        added.add(entry);
                    } else if (!old.at(path).equals(entry)) {
                        changed.add(new Changed(old, entry));
                    }
                });
        List<Entry> removed =
                before.entrySet().stream()
                        .filter(entry -> !after.containsKey(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
        for (Changed each : changed) {
            if (CONFIG.matcher(each.to().path()).matches()
                    && each.from() instanceof File
                    && each.to() instanceof File) {
                texts.put(
                        each.to().path(),
                        new Texts(lines(from, each.from().path()), lines(to, each.to().path())));
            }
        }
        return new ReleaseDiff(
                from, to, moves, added, removed, changed, dependencies(from, to), texts);
    }

    private static List<String> lines(Release release, String path) throws IOException {
        Path file = release.tree().resolve(path);
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    }

    private static SortedMap<String, Versions> dependencies(Release from, Release to)
            throws IOException {
        SortedMap<String, String> before = Sbom.components(Files.readAllBytes(from.sbomFile()));
        SortedMap<String, String> after = Sbom.components(Files.readAllBytes(to.sbomFile()));
        SortedMap<String, Versions> versions = new TreeMap<>();
        before.forEach(
                (name, version) ->
                        versions.put(name, new Versions(version, after.getOrDefault(name, ""))));
        after.forEach((name, version) -> versions.putIfAbsent(name, new Versions("", version)));
        versions.values().removeIf(pair -> pair.from().equals(pair.to()));
        return versions;
    }

    public boolean nothing() {
        return moved.isEmpty() && added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
}
