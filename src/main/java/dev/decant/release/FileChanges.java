package dev.decant.release;

import dev.decant.release.Delta.Move;
import dev.decant.release.FileList.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How what is in one release differs from what is in another, as far as lists of files tell. Pure.
///
/// @param moved folders that have another name, such as `lib/shop-0.1.0/`; what is below them is
///   compared as if they had not
/// @param added by path
/// @param removed by path
/// @param changed by path in the new release
/// @param libraries those whose folders below `lib` name another version, and `erts`
public record FileChanges(
        List<Move> moved,
        List<Entry> added,
        List<Entry> removed,
        List<Changed> changed,
        SortedMap<String, Versions> libraries) {

    private static final Pattern LIBRARY =
            Pattern.compile("(?:lib/([a-z][A-Za-z0-9_@]*)|(erts))-([^/]+)/.*");

    /// The same path, or what became of it when its folder got another name.
    public record Changed(Entry from, Entry to) {}

    /// @param from empty where it was not in the first release
    /// @param to empty where it is not in the second
    public record Versions(String from, String to) {

        static SortedMap<String, Versions> differing(
                Map<String, String> before, Map<String, String> after) {
            SortedMap<String, Versions> versions = new TreeMap<>();
            before.forEach(
                    (name, version) ->
                            versions.put(
                                    name, new Versions(version, after.getOrDefault(name, ""))));
            after.forEach((name, version) -> versions.putIfAbsent(name, new Versions("", version)));
            versions.values().removeIf(pair -> pair.from().equals(pair.to()));
            return versions;
        }
    }

    public static FileChanges of(FileList from, FileList to) {
        List<Move> moves = Delta.moves(from, to);
        Map<String, Entry> before = new TreeMap<>();
        for (Entry entry : from.entries()) {
            before.put(Delta.moved(moves, entry.path()), entry);
        }
        Map<String, Entry> after = to.byPath();
        List<Entry> added = new ArrayList<>();
        List<Changed> changed = new ArrayList<>();
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
        return new FileChanges(
                moves, added, removed, changed, Versions.differing(libraries(from), libraries(to)));
    }

    private static Map<String, String> libraries(FileList list) {
        Map<String, String> versions = new TreeMap<>();
        for (Entry entry : list.entries()) {
            Matcher library = LIBRARY.matcher(entry.path());
            if (library.matches()) {
                versions.put(
                        library.group(1) == null ? library.group(2) : library.group(1),
                        library.group(3));
            }
        }
        return versions;
    }

    public boolean nothing() {
        return moved.isEmpty() && added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
}
