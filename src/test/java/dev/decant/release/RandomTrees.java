package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.io.Trees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// What releases may have in them, by chance, and what becomes of it from one release to the next:
/// small trees with odd names, in which much is alike. The same seed makes the same trees.
public final class RandomTrees {

    /// What a shell, awk, tar or a sort by other than bytes could stumble over. Two look alike; the
    /// last two come in another order as UTF-16.
    private static final List<String> NAMES =
            List.of(
                    "a",
                    "b",
                    "a b",
                    "a.b",
                    "a-b",
                    "a0",
                    "lib",
                    "app-0.1.0",
                    "app-0.2.0",
                    "ebin",
                    "-rf",
                    "--",
                    " ",
                    " a",
                    "a ",
                    "$HOME",
                    "`id`",
                    "'",
                    "\"",
                    "*",
                    "[a]",
                    "?",
                    "~",
                    "#",
                    "%s",
                    "&",
                    "x=1",
                    "=",
                    "!",
                    "(",
                    "|",
                    ";",
                    ".hidden",
                    "...",
                    "..a",
                    "move",
                    "größe",
                    "日本",
                    "A",
                    "\u00a0",
                    "\u2028",
                    "e\u0301",
                    "\u00e9",
                    "\uff5e",
                    "\ud83d\ude00");

    private static final List<String> TEXTS = List.of("", "\n", "1\n", "2\n", "3\n", "a\tb", "\0");

    private static final String EMULATOR = "/bin/beam.smp";

    private final RandomGenerator random;
    private int fresh;

    public RandomTrees(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// One thing in a tree.
    public sealed interface Node {}

    public record File(Contents contents, boolean executable) implements Node {}

    public record Link(String target) implements Node {}

    /// An empty one.
    public record Folder() implements Node {}

    /// Bytes that are digested once.
    public static final class Contents {

        /// Some program of this machine, in place of the Erlang VM.
        private static final Contents PROGRAM = program();

        private final byte[] bytes;
        private final Digest digest;

        private Contents(byte[] bytes) {
            this.bytes = bytes;
            this.digest = Digest.of(bytes);
        }

        private static Contents program() {
            try {
                return new Contents(Files.readAllBytes(Path.of("/bin/true")));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        static Contents of(String text) {
            return new Contents(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Contents contents && contents.digest.equals(digest);
        }

        @Override
        public int hashCode() {
            return digest.hashCode();
        }

        @Override
        public String toString() {
            return bytes.length + " bytes " + digest.hex().substring(0, 7);
        }
    }

    /// A release's tree. There is an `erts-VERSION/bin/beam.smp` in it.
    ///
    /// @param nodes by path; none is below another
    public record Tree(SortedMap<String, Node> nodes) {

        public Tree {
            nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        }

        public FileList list() {
            List<FileList.Entry> entries = new ArrayList<>();
            nodes.forEach(
                    (path, node) ->
                            entries.add(
                                    switch (node) {
                                        case File(Contents contents, boolean executable) ->
                                                new FileList.File(
                                                        path,
                                                        executable,
                                                        contents.bytes.length,
                                                        contents.digest);
                                        case Link(String target) -> new FileList.Link(path, target);
                                        case Folder() -> new FileList.Folder(path);
                                    }));
            return new FileList(entries);
        }

        /// Makes it on disk, as a shelf has it.
        ///
        /// @param folder is made if it is not there
        public void write(Path folder) throws IOException {
            Files.createDirectories(folder);
            for (Map.Entry<String, Node> each : nodes.entrySet()) {
                Path path = folder.resolve(each.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                switch (each.getValue()) {
                    case File(Contents contents, boolean executable) -> {
                        Files.write(path, contents.bytes);
                        Trees.seal(path, executable);
                    }
                    case Link(String target) -> Files.createSymbolicLink(path, Path.of(target));
                    case Folder() -> Files.createDirectory(path);
                }
            }
        }

        /// Has Mix's tarball made of it, and packs that.
        ///
        /// @param folder where a new folder for the release is made
        public Release pack(Path folder, ReleaseId id) throws IOException {
            MixTarball tarball = MixTarball.empty();
            nodes.forEach(
                    (path, node) -> {
                        switch (node) {
                            case File(Contents contents, boolean executable) ->
                                    tarball.file(path, executable ? 0755 : 0644, contents.bytes);
                            case Link(String target) -> tarball.link(path, target);
                            case Folder() -> tarball.folder(path + "/");
                        }
                    });
            Files.createDirectories(folder);
            Path file = Files.createTempFile(folder, "mix", ".tar.gz");
            try {
                return Packer.pack(
                        tarball.write(file),
                        MixTarball.about(id, "1f3a9c2d4e5f60718293", false, "prod"),
                        Files.createTempDirectory(folder, "packed"),
                        Earlier.NONE);
            } finally {
                Files.delete(file);
            }
        }
    }

    /// A first release.
    public Tree tree() {
        Draft draft = new Draft(Map.of());
        draft.nodes.put("erts-13.0" + EMULATOR, new File(Contents.PROGRAM, true));
        for (int i = random.nextInt(40); i > 0; i--) {
            draft.put(draft.somewhere(), node());
        }
        return draft.tree();
    }

    /// A release that comes after another, with some things changed; maybe none.
    ///
    /// @param older whose contents may come back
    public Tree after(Tree tree, List<Tree> older) {
        Draft draft = new Draft(tree.nodes);
        for (int i = random.nextInt(9); i > 0; i--) {
            draft.change(older);
        }
        return draft.tree();
    }

    private Node node() {
        return switch (random.nextInt(10)) {
            case 0 -> new Folder();
            case 1 -> new Link(oneOf(NAMES));
            default -> new File(contents(), random.nextInt(4) == 0);
        };
    }

    private Contents contents() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> Contents.of("new " + fresh++);
            case 2 -> Contents.of(oneOf(NAMES).repeat(random.nextInt(2000)));
            default -> Contents.of(oneOf(TEXTS));
        };
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /// A tree that changes. What would cost it its Erlang VM is left undone.
    private final class Draft {

        private final TreeMap<String, Node> nodes = new TreeMap<>();

        Draft(Map<String, Node> nodes) {
            this.nodes.putAll(nodes);
        }

        /// Links can be made without regard to where they are, and then some lead too far up.
        Tree tree() {
            nodes.entrySet()
                    .removeIf(
                            each ->
                                    each.getValue() instanceof Link(String target)
                                            && !FileList.isTarget(each.getKey(), target));
            return new Tree(nodes);
        }

        void change(List<Tree> older) {
            String path = oneOf(List.copyOf(nodes.keySet()));
            Node node = Objects.requireNonNull(nodes.get(path));
            String folder = oneOf(folders());
            switch (random.nextInt(17)) {
                case 0 -> put(somewhere(), node());
                case 1 -> put(path, new File(contents(), random.nextBoolean()));
                case 2 -> {
                    if (node instanceof File(Contents contents, boolean executable)) {
                        put(path, new File(contents, !executable));
                    }
                }
                case 3 -> remove(path);
                case 4 -> below(folder).keySet().forEach(this::remove);
                case 5 -> {
                    remove(path);
                    put(somewhere(), node);
                }
                case 6 -> move(folder, renamed(folder));
                case 7 -> move(folder, somewhere());
                case 8 -> put(path + "/" + oneOf(NAMES), node());
                case 9 -> move(folder, path + "/" + oneOf(NAMES));
                case 10 -> put(folder, node());
                case 11 -> put(somewhere(), new Link(target(path)));
                case 12 -> {
                    if (!older.isEmpty()) {
                        bringBack(oneOf(older));
                    }
                }
                case 13 -> put(somewhere(), node);
                case 14 -> {
                    String copy = somewhere();
                    below(folder)
                            .forEach((each, of) -> put(copy + each.substring(folder.length()), of));
                }
                case 15 -> swap(folder, oneOf(folders()));
                default -> {
                    for (String erts : folders()) {
                        if (erts.matches("erts-[^/]*")) {
                            move(erts, "erts-13." + random.nextInt(3));
                        }
                    }
                }
            }
        }

        /// Makes way for it.
        void put(String path, Node node) {
            if (!isVital(path)) {
                nodes.keySet().removeIf(other -> path.startsWith(other + "/"));
                below(path).keySet().forEach(nodes::remove);
                nodes.put(path, node);
            }
        }

        void remove(String path) {
            if (isVital(path)) {
                return;
            }
            nodes.remove(path);
            int slash = path.lastIndexOf('/');
            if (slash > 0 && random.nextInt(3) == 0) {
                String parent = path.substring(0, slash);
                if (below(parent).isEmpty()) {
                    put(parent, new Folder());
                }
            }
        }

        void move(String from, String to) {
            Map<String, Node> moved = below(from);
            boolean erts = from.matches("erts-[^/]*") && to.matches("erts-[^/]*");
            if (erts || !(isVital(from) || isVital(to))) {
                moved.keySet().forEach(nodes::remove);
                moved.forEach((path, node) -> arrive(to + path.substring(from.length()), node));
            }
        }

        /// As [#put], when the Erlang VM is on its way itself.
        private void arrive(String path, Node node) {
            nodes.keySet().removeIf(other -> path.startsWith(other + "/"));
            below(path).keySet().forEach(nodes::remove);
            nodes.put(path, node);
        }

        void swap(String one, String other) {
            if (isVital(one)
                    || isVital(other)
                    || (one + "/").startsWith(other + "/")
                    || (other + "/").startsWith(one + "/")) {
                return;
            }
            Map<String, Node> ones = below(one);
            Map<String, Node> others = below(other);
            ones.keySet().forEach(nodes::remove);
            others.keySet().forEach(nodes::remove);
            ones.forEach((path, node) -> put(other + path.substring(one.length()), node));
            others.forEach((path, node) -> put(one + path.substring(other.length()), node));
        }

        /// One thing, or a whole folder.
        void bringBack(Tree older) {
            String path = oneOf(List.copyOf(older.nodes.keySet()));
            String start = path;
            for (int up = random.nextInt(3); up > 0 && start.contains("/"); up--) {
                start = start.substring(0, start.lastIndexOf('/'));
            }
            for (Map.Entry<String, Node> each : older.nodes.entrySet()) {
                if ((each.getKey() + "/").startsWith(start + "/")) {
                    put(each.getKey(), each.getValue());
                }
            }
        }

        private boolean isVital(String path) {
            return nodes.keySet().stream()
                    .filter(other -> other.matches("erts-[^/]*" + EMULATOR))
                    .anyMatch(
                            emulator ->
                                    (emulator + "/").startsWith(path + "/")
                                            || path.startsWith(emulator + "/"));
        }

        private Map<String, Node> below(String folder) {
            // The character after the slash is 0.
            return new TreeMap<>(nodes.subMap(folder + "/", folder + "0"));
        }

        private List<String> folders() {
            TreeSet<String> folders = new TreeSet<>();
            for (String path : nodes.keySet()) {
                for (int at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
                    folders.add(path.substring(0, at));
                }
            }
            return List.copyOf(folders);
        }

        private String renamed(String folder) {
            return folder.substring(0, folder.lastIndexOf('/') + 1) + oneOf(NAMES);
        }

        private String somewhere() {
            StringBuilder path =
                    new StringBuilder(random.nextInt(3) == 0 ? "" : oneOf(folders()) + "/");
            path.append(oneOf(NAMES));
            for (int more = random.nextInt(3); more > 0; more--) {
                path.append('/').append(oneOf(NAMES));
            }
            return path.toString();
        }

        private String target(String path) {
            return "../".repeat(random.nextInt(4)) + path;
        }
    }
}
