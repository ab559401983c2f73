package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All that is in a release, sorted by path as bytes: `.decant/files` on a host, `files` on the
/// shelf.
///
/// A list is a function of the tree: whoever lists a tree anew and gets the same bytes has the same
/// tree. The host program does just that.
///
/// Shape: a line for each file, link and empty folder, `PATH TAB KIND TAB SIZE TAB WHAT`. For a
/// file, KIND is its mode on a host (`640` or `750`), SIZE its bytes and WHAT its SHA-256; for a
/// symbolic link `link`, `0` and its target; for an empty folder `dir`, `0` and `-`.
///
/// @param entries no two have the same path
public record FileList(List<Entry> entries) {

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\\\]+");
    private static final Comparator<Entry> BY_PATH =
            Comparator.comparing(
                    entry -> entry.path().getBytes(StandardCharsets.UTF_8),
                    Arrays::compareUnsigned);

    public FileList {
        entries = entries.stream().sorted(BY_PATH).toList();
    }

    /// One thing in a release.
    public sealed interface Entry {
        /// Relative to the release's root, with `/`.
        String path();

        /// The line without its end.
        default String line() {
            return path()
                    + switch (this) {
                        case File file ->
                                "\t"
                                        + file.mode()
                                        + "\t"
                                        + file.size()
                                        + "\t"
                                        + file.sha256().hex();
                        case Link link -> "\tlink\t0\t" + link.target();
                        case Folder _ -> "\tdir\t0\t-";
                    };
        }

        /// As this, elsewhere.
        default Entry at(String path) {
            return switch (this) {
                case File file -> new File(path, file.executable(), file.size(), file.sha256());
                case Link link -> new Link(path, link.target());
                case Folder _ -> new Folder(path);
            };
        }
    }

    /// @param size in bytes
    public record File(String path, boolean executable, long size, Digest sha256) implements Entry {
        /// As it is on a host, octal.
        public String mode() {
            return executable ? "750" : "640";
        }

        /// What makes two files one: they may share an inode.
        public Content content() {
            return new Content(sha256, executable);
        }
    }

    /// @param target relative, and within the release
    public record Link(String path, String target) implements Entry {}

    /// An empty one; others are not listed.
    public record Folder(String path) implements Entry {}

    /// Bytes and mode.
    public record Content(Digest sha256, boolean executable) {}

    /// Lists what is in a folder.
    ///
    /// @throws Failure with [ReleaseProblem.OddFile] for what no release may have
    public static FileList of(Path tree) throws IOException {
        return of(tree, Map.of());
    }

    /// As [#of(Path)].
    ///
    /// @param known files whose contents need not be read, by where they are
    static FileList of(Path tree, Map<Path, File> known) throws IOException {
        FileList list = found(tree, known);
        for (Entry entry : list.entries()) {
            if (!isPath(entry.path())) {
                throw new Failure(
                        new ReleaseProblem.OddFile(
                                entry.path(), "Its name has a control character or a backslash."));
            }
            if (entry instanceof Link link && !isTarget(link.path(), link.target())) {
                throw new Failure(
                        new ReleaseProblem.OddFile(
                                link.path(), "It is a link out of the release, or a device."));
            }
        }
        return list;
    }

    /// Lists what is in a folder, whether or not a release may have it. What is neither file, link
    /// nor folder is listed as a link to nowhere.
    static FileList found(Path tree) throws IOException {
        return found(tree, Map.of());
    }

    private static FileList found(Path tree, Map<Path, File> known) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.filter(path -> !path.equals(tree)).toList();
        }
        try {
            return new FileList(
                    paths.parallelStream()
                            .flatMap(
                                    path ->
                                            known.containsKey(path)
                                                    ? Stream.of(known.get(path))
                                                    : entry(tree, path).stream())
                            .toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<Entry> entry(Path tree, Path path) {
        try {
            return read(tree, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Entry> read(Path tree, Path path) throws IOException {
        String name = tree.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            return Optional.of(new Link(name, Files.readSymbolicLink(path).toString()));
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> list = Files.list(path)) {
                return list.findAny().isEmpty() ? Optional.of(new Folder(name)) : Optional.empty();
            }
        }
        if (!Files.isRegularFile(path)) {
            return Optional.of(new Link(name, ""));
        }
        boolean executable =
                Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE);
        return Optional.of(new File(name, executable, Files.size(path), Digest.of(path)));
    }

    /// Whether this may be a path in a release: relative, without `.` and `..`, control characters
    /// and backslashes.
    static boolean isPath(String path) {
        return NAME.matcher(path).matches()
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /// Whether a symbolic link there may lead to that target: out of no folder that it is not in.
    /// Only the beginning may go up, since after any name the way leads through another link,
    /// maybe.
    static boolean isTarget(String path, String target) {
        if (!NAME.matcher(target).matches() || target.startsWith("/")) {
            return false;
        }
        int depth = path.split("/", -1).length - 1;
        List<String> parts = List.of(target.split("/", -1));
        int up = 0;
        while (up < parts.size() && parts.get(up).equals("..")) {
            up++;
        }
        return up <= depth
                && parts.stream()
                        .skip(up)
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /// @throws IOException if it is no such list
    public static FileList parse(String text) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String line : text.isEmpty() ? new String[0] : text.split("\n", -1)) {
            if (!line.isEmpty()) {
                entries.add(parseLine(line));
            }
        }
        FileList list = new FileList(entries);
        if (!list.text().equals(text)) {
            throw new IOException("It is not sorted, or does not end with a line end.");
        }
        if (list.byPath().size() < entries.size()) {
            throw new IOException("It has the same path twice.");
        }
        return list;
    }

    private static Entry parseLine(String line) throws IOException {
        String[] parts = line.split("\t", -1);
        if (parts.length == 4 && isPath(parts[0])) {
            String what = parts[3];
            switch (parts[1]) {
                case "640", "750" -> {
                    if (parts[2].matches("[0-9]{1,18}") && what.matches("[0-9a-f]{64}")) {
                        return new File(
                                parts[0],
                                parts[1].equals("750"),
                                Long.parseLong(parts[2]),
                                new Digest(what));
                    }
                }
                case "link" -> {
                    if (isTarget(parts[0], what)) {
                        return new Link(parts[0], what);
                    }
                }
                case "dir" -> {
                    return new Folder(parts[0]);
                }
                default -> {
                    // No kind that is known.
                }
            }
        }
        throw new IOException("Not a line of a list of files: " + line);
    }

    public String text() {
        return entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining());
    }

    public Digest digest() {
        return Digest.of(text());
    }

    public List<File> files() {
        return entries.stream().filter(File.class::isInstance).map(File.class::cast).toList();
    }

    /// Bytes of all files, unpacked.
    public long size() {
        return files().stream().mapToLong(File::size).sum();
    }

    Map<String, Entry> byPath() {
        return entries.stream()
                .collect(
                        Collectors.toMap(
                                Entry::path, Function.identity(), (a, _) -> a, LinkedHashMap::new));
    }
}
