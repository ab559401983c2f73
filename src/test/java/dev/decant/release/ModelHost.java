package dev.decant.release;

import dev.decant.io.Digest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A host that makes releases in memory as the host program does on disk: the same steps in the
/// same order, each as strict as its program there. Contents are their digests, so that what is
/// neither in one of its releases nor sent cannot be in what it makes.
final class ModelHost {

    private final LinkedHashMap<ReleaseId, FileList> lists = new LinkedHashMap<>();
    private final Map<ReleaseId, Disk> trees = new HashMap<>();

    /// A folder: files and links by path, and the folders themselves, empty or not.
    private static final class Disk {

        private final TreeMap<String, FileList.Entry> things = new TreeMap<>();
        private final TreeSet<String> folders = new TreeSet<>();

        static Disk of(Collection<FileList.Entry> entries) {
            Disk disk = new Disk();
            entries.forEach(disk::unpack);
            return disk;
        }

        /// `mkdir -p`. Through a link it would make the folder elsewhere.
        void makeFolder(String path) {
            for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
                makeOne(path.substring(0, end));
            }
            makeOne(path);
        }

        private void makeOne(String path) {
            must(!things.containsKey(path), "mkdir: there is a file or a link " + path);
            folders.add(path);
        }

        private void makeParent(String path) {
            if (path.contains("/")) {
                makeFolder(path.substring(0, path.lastIndexOf('/')));
            }
        }

        /// `mv -T`, to where an empty folder is.
        void move(String from, String to) {
            must(folders.contains(from), "mv: there is no folder " + from);
            must(folders.contains(to) && isEmpty(to), "mv: there is no empty folder " + to);
            must(!to.startsWith(from + "/"), "mv: " + to + " is in " + from);
            folders.remove(from);
            for (String folder : List.copyOf(folders.subSet(from + "/", from + "0"))) {
                folders.remove(folder);
                folders.add(to + folder.substring(from.length()));
            }
            for (String path : List.copyOf(things.subMap(from + "/", from + "0").keySet())) {
                String moved = to + path.substring(from.length());
                things.put(moved, Objects.requireNonNull(things.remove(path)).at(moved));
            }
        }

        boolean hasFolder(String path) {
            return folders.contains(path);
        }

        private boolean isEmpty(String folder) {
            return things.subMap(folder + "/", folder + "0").isEmpty()
                    && folders.subSet(folder + "/", folder + "0").isEmpty();
        }

        /// `find -type d -empty -delete`
        void removeEmptyFolders() {
            for (String folder : folders.descendingSet().stream().toList()) {
                if (isEmpty(folder)) {
                    folders.remove(folder);
                }
            }
        }

        /// `tar -x` or `ln`, where nothing is yet.
        void unpack(FileList.Entry entry) {
            String path = entry.path();
            makeParent(path);
            if (entry instanceof FileList.Folder) {
                makeFolder(path);
            } else {
                must(!folders.contains(path), "tar: there is a folder " + path);
                must(
                        things.put(path, entry) == null,
                        "tar: there is something in place of " + path);
            }
        }

        FileList list() {
            List<FileList.Entry> entries = new ArrayList<>(things.values());
            folders.stream().filter(this::isEmpty).map(FileList.Folder::new).forEach(entries::add);
            return new FileList(entries);
        }
    }

    private static void must(boolean so, String otherwise) {
        if (!so) {
            throw new AssertionError(otherwise);
        }
    }

    /// Newest first.
    Map<ReleaseId, FileList> lists() {
        return new LinkedHashMap<>(lists);
    }

    /// @param id newer than all that it has
    void add(ReleaseId id, FileList list) {
        lists.putFirst(id, list);
        trees.put(id, Disk.of(list.entries()));
    }

    /// Files get other contents, without a change to any list.
    ///
    /// @param contents those that are no more
    void damage(Set<Digest> contents) {
        for (Disk disk : trees.values()) {
            disk.things.replaceAll(
                    (_, entry) ->
                            entry instanceof FileList.File file && contents.contains(file.sha256())
                                    ? new FileList.File(
                                            file.path(),
                                            file.executable(),
                                            file.size(),
                                            Digest.of("damaged"))
                                    : entry);
        }
    }

    /// Whether it has the contents with whose help a delta's may be packed, just as they were.
    boolean hasReplaced(Delta delta) {
        return delta.replaced().stream()
                .allMatch(
                        file ->
                                file.equals(
                                        Objects.requireNonNull(
                                                        trees.get(delta.base().orElseThrow()))
                                                .things
                                                .get(file.path())));
    }

    /// What the host comes to that is sent a delta.
    ///
    /// @return what it says the release is to have, and what the release has then
    Made apply(Delta delta) throws IOException {
        List<String[]> changes = delta.text().lines().map(line -> line.split("\t", -1)).toList();
        FileList said = listFiles(delta, changes);
        Disk tree = makeTree(delta, changes, said);
        delta.contents().forEach(tree::unpack);
        return new Made(said, tree.list());
    }

    record Made(FileList said, FileList found) {}

    private FileList listFiles(Delta delta, List<String[]> changes) throws IOException {
        Set<String> gone = new HashSet<>();
        List<String> lines = new ArrayList<>();
        for (String[] change : changes) {
            switch (change[0]) {
                case "drop" -> gone.add(change[1]);
                case "put" -> {
                    gone.add(change[1]);
                    lines.add(String.join("\t", List.of(change).subList(1, 5)));
                }
                default ->
                        must(
                                change[0].equals("move") || change[0].equals("take"),
                                "There is no change " + change[0]);
            }
        }
        String base =
                delta.base().map(id -> Objects.requireNonNull(lists.get(id)).text()).orElse("");
        base.lines()
                .map(line -> moved(changes, line))
                .filter(line -> !gone.contains(line.substring(0, line.indexOf('\t'))))
                .forEach(lines::add);
        // In the order of their bytes: those of a path are the first, and no character comes
        // before the tab.
        return FileList.parse(
                lines.stream()
                        .sorted(ModelHost::compareBytes)
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
    }

    private static int compareBytes(String a, String b) {
        return Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static String moved(List<String[]> changes, String line) {
        for (String[] change : changes) {
            if (change[0].equals("move") && line.startsWith(change[1])) {
                return change[2] + line.substring(change[1].length());
            }
        }
        return line;
    }

    private Disk makeTree(Delta delta, List<String[]> changes, FileList list) {
        Disk tree = kept(delta, changes);
        for (String[] change : changes) {
            String from = change[1];
            if (change[0].equals("move") && tree.hasFolder(from.substring(0, from.length() - 1))) {
                String to = change[2].substring(0, change[2].length() - 1);
                tree.makeFolder(to);
                tree.move(from.substring(0, from.length() - 1), to);
            }
        }
        tree.removeEmptyFolders();
        for (FileList.Entry entry : list.entries()) {
            if (entry instanceof FileList.Folder) {
                tree.makeFolder(entry.path());
            }
        }
        for (String[] change : changes) {
            if (change[0].equals("take")) {
                Disk from = Objects.requireNonNull(trees.get(new ReleaseId(change[1])));
                if (from.things.get(change[2]) instanceof FileList.File file) {
                    tree.unpack(file.at(change[3]));
                }
            }
        }
        return tree;
    }

    /// What stands in the base's list, and is there, and is neither dropped nor put anew; by its
    /// path in the base.
    private Disk kept(Delta delta, List<String[]> changes) {
        Set<String> gone = new HashSet<>();
        for (String[] change : changes) {
            if (change[0].equals("drop") || change[0].equals("put")) {
                gone.add(change[1]);
            }
        }
        Disk tree = new Disk();
        delta.base()
                .ifPresent(
                        id -> {
                            Disk base = Objects.requireNonNull(trees.get(id));
                            for (FileList.Entry entry :
                                    Objects.requireNonNull(lists.get(id)).entries()) {
                                FileList.Entry there = base.things.get(entry.path());
                                if (there != null && !gone.contains(moved(changes, entry.path()))) {
                                    tree.unpack(there);
                                }
                            }
                        });
        return tree;
    }
}
