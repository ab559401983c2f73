package dev.decant.cli;

import dev.decant.io.Digest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A release as it lies on a host, compared with what it says of itself, by other means than the
/// host program's.
record ReleaseOnDisk(Path tree) {

    /// What is wrong with it; empty where it is complete.
    List<String> wrong() throws IOException {
        Path list = tree.resolve(".decant/files");
        Path manifest = tree.resolve(".decant/manifest.json");
        if (!Files.isRegularFile(list) || !Files.isRegularFile(manifest)) {
            return List.of(tree + " has no list of files or no manifest");
        }
        List<String> wrong = new ArrayList<>();
        if (!Files.readString(manifest).contains(Digest.of(Files.readAllBytes(list)).hex())) {
            wrong.add("the manifest names another list of files");
        }
        TreeSet<String> wanted = new TreeSet<>(Files.readAllLines(list));
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path :
                    walk.filter(path -> !path.startsWith(tree.resolve(".decant"))).toList()) {
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(line(path));
                }
            }
        }
        wanted.removeIf(line -> line.contains("\tdir\t"));
        Stream.concat(
                        wanted.stream().filter(line -> !found.contains(line)).map("lacks "::concat),
                        found.stream().filter(line -> !wanted.contains(line)).map("has "::concat))
                .limit(5)
                .forEach(wrong::add);
        return wrong;
    }

    private String line(Path path) throws IOException {
        String name = tree.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            return name + "\tlink\t0\t" + Files.readSymbolicLink(path);
        }
        int mode = (int) Files.getAttribute(path, "unix:mode") & 0777;
        byte[] contents = Files.readAllBytes(path);
        return "%s\t%o\t%d\t%s".formatted(name, mode, contents.length, Digest.of(contents).hex());
    }
}
