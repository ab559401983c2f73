package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.release.FileList.Content;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a host that has other releases makes this one: it begins with a copy of one of them by hard
/// links, changes that, and gets only the contents that none of them has. Pure.
///
/// @param base the release that it begins with; empty where it begins with nothing
/// @param changes to the base's list of files, in the order in which they are made
/// @param contents what has to be sent: files that no release there has, and links, by path
/// @param replaced files of the base in whose place others are sent, as the base has them
public record Delta(
        Optional<ReleaseId> base, List<Change> changes, List<Entry> contents, List<File> replaced) {

    /// A file that is in more places than this does not tell where its folder has gone.
    private static final int TELLING = 20;

    public Delta {
        changes = List.copyOf(changes);
        contents = List.copyOf(contents);
        replaced = List.copyOf(replaced);
    }

    /// One change, and one line for the host program.
    public sealed interface Change {
        /// Fields, separated by tabs.
        default String line() {
            return switch (this) {
                case Move(String from, String to) -> "move\t" + from + "\t" + to;
                case Drop(String path) -> "drop\t" + path;
                case Take(ReleaseId release, String from, String to) ->
                        "take\t" + release + "\t" + from + "\t" + to;
                case Put(Entry entry) -> "put\t" + entry.line();
            };
        }
    }

    /// A folder gets another name, such as `lib/shop-0.1.0/` when the version changes.
    ///
    /// @param from ends with `/`, as does `to`
    public record Move(String from, String to) implements Change {}

    /// It is not in the new release.
    public record Drop(String path) implements Change {}

    /// A release of the host has these very contents, at some path.
    public record Take(ReleaseId release, String from, String to) implements Change {}

    /// It is in the new release: in place of what the base has there, if it has anything.
    public record Put(Entry entry) implements Change {}

    /// @param wanted what the release is to have
    /// @param there the lists of releases that the host has, newest first
    /// @param damaged contents that the host must not take from what it has
    public static Delta of(FileList wanted, Map<ReleaseId, FileList> there, Set<Digest> damaged) {
        Map<Content, Take> store = new HashMap<>();
        there.forEach(
                (id, list) ->
                        list.files().stream()
                                .filter(file -> !damaged.contains(file.sha256()))
                                .forEach(
                                        file ->
                                                store.putIfAbsent(
                                                        file.content(),
                                                        new Take(id, file.path(), ""))));
        Delta best = against(Optional.empty(), new FileList(List.of()), wanted, store, damaged);
        for (Map.Entry<ReleaseId, FileList> base : there.entrySet()) {
            Delta other =
                    against(Optional.of(base.getKey()), base.getValue(), wanted, store, damaged);
            if (other.text().length() < best.text().length()) {
                best = other;
            }
        }
        return best;
    }

    private static Delta against(
            Optional<ReleaseId> id,
            FileList base,
            FileList wanted,
            Map<Content, Take> store,
            Set<Digest> damaged) {
        List<Move> moves = moves(base, wanted);
        List<Change> changes = new ArrayList<>(moves);
        Map<String, Entry> have = new LinkedHashMap<>();
        Map<String, File> before = new HashMap<>();
        for (Entry entry : base.entries()) {
            String path = moved(moves, entry.path());
            have.put(path, entry.at(path));
            if (entry instanceof File file && !damaged.contains(file.sha256())) {
                before.put(path, file);
            }
        }
        Map<String, Entry> want = wanted.byPath();
        have.keySet().stream()
                .filter(path -> !want.containsKey(path))
                .forEach(path -> changes.add(new Drop(path)));
        List<Entry> contents = new ArrayList<>();
        List<File> replaced = new ArrayList<>();
        for (Entry entry : wanted.entries()) {
            boolean bad = entry instanceof File file && damaged.contains(file.sha256());
            if (entry.equals(have.get(entry.path())) && !bad) {
                continue;
            }
            changes.add(new Put(entry));
            Take take = entry instanceof File file ? store.get(file.content()) : null;
            if (take != null) {
                changes.add(new Take(take.release(), take.from(), entry.path()));
            } else if (!(entry instanceof FileList.Folder)) {
                contents.add(entry);
                if (entry instanceof File && before.containsKey(entry.path())) {
                    replaced.add(before.get(entry.path()));
                }
            }
        }
        return new Delta(id, changes, contents, replaced);
    }

    static String moved(List<Move> moves, String path) {
        for (Move move : moves) {
            if (path.startsWith(move.from())) {
                return move.to() + path.substring(move.from().length());
            }
        }
        return path;
    }

    private record Named(String name, Content content) {
        static Named of(File file) {
            return new Named(
                    file.path().substring(file.path().lastIndexOf('/') + 1), file.content());
        }
    }

    /// Folders that are gone, where one that is new has files of theirs under the same names.
    static List<Move> moves(FileList base, FileList wanted) {
        Map<String, Entry> have = base.byPath();
        Map<String, Entry> want = wanted.byPath();
        Map<Named, List<String>> appeared = new HashMap<>();
        for (File file : wanted.files()) {
            if (!have.containsKey(file.path())) {
                appeared.computeIfAbsent(Named.of(file), _ -> new ArrayList<>()).add(file.path());
            }
        }
        Map<Move, Integer> votes = new HashMap<>();
        for (File file : base.files()) {
            List<String> paths = appeared.getOrDefault(Named.of(file), List.of());
            if (!want.containsKey(file.path()) && paths.size() <= TELLING) {
                for (String path : paths) {
                    prefixes(file.path(), path)
                            .ifPresent(move -> votes.merge(move, 1, Integer::sum));
                }
            }
        }
        Set<String> kept = folders(wanted);
        Set<String> before = folders(base);
        List<Move> moves = new ArrayList<>();
        votes.entrySet().stream()
                .sorted(
                        Map.Entry.<Move, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(
                                        entry -> entry.getKey().line(), Comparator.naturalOrder()))
                .map(Map.Entry::getKey)
                .filter(move -> !kept.contains(move.from()) && !before.contains(move.to()))
                .filter(move -> hasWay(have, move.to()))
                .forEach(
                        move -> {
                            if (moves.stream().noneMatch(other -> overlap(move, other))) {
                                moves.add(move);
                            }
                        });
        return moves;
    }

    /// Whether all above a folder may be folders: the moves come first, while files and links that
    /// are to make way are still there.
    private static boolean hasWay(Map<String, Entry> have, String folder) {
        for (int slash = folder.indexOf('/'); slash >= 0; slash = folder.indexOf('/', slash + 1)) {
            Entry there = have.get(folder.substring(0, slash));
            if (there != null && !(there instanceof FileList.Folder)) {
                return false;
            }
        }
        return true;
    }

    private static boolean overlap(Move a, Move b) {
        return within(a.from(), b.from()) || within(a.to(), b.to());
    }

    private static boolean within(String a, String b) {
        return a.startsWith(b) || b.startsWith(a);
    }

    /// The folders in which two paths differ when they end alike.
    private static Optional<Move> prefixes(String from, String to) {
        String[] a = from.split("/");
        String[] b = to.split("/");
        int same = 0;
        while (same < a.length
                && same < b.length
                && a[a.length - 1 - same].equals(b[b.length - 1 - same])) {
            same++;
        }
        return same == 0 || same == a.length || same == b.length
                ? Optional.empty()
                : Optional.of(new Move(start(a, same), start(b, same)));
    }

    private static String start(String[] parts, int without) {
        return String.join("/", List.of(parts).subList(0, parts.length - without)) + "/";
    }

    /// Every folder that has something in it, however deep, with a `/` behind; and every path
    /// itself with one, since nothing can be moved to where a file is.
    private static Set<String> folders(FileList list) {
        Set<String> folders = new HashSet<>();
        for (Entry entry : list.entries()) {
            String path = entry.path() + "/";
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                folders.add(path.substring(0, slash + 1));
            }
        }
        return folders;
    }

    /// Bytes of the contents before they are compressed, each counted once.
    public long size() {
        Map<Content, Long> sizes = new HashMap<>();
        contents.forEach(
                entry -> {
                    if (entry instanceof File file) {
                        sizes.put(file.content(), file.size());
                    }
                });
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /// What the host program reads: a line for each change.
    public String text() {
        return changes.stream().map(change -> change.line() + "\n").collect(Collectors.joining());
    }
}
