package dev.decant.release;

import dev.decant.io.Digest;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// A package as Hex downloads it: a tar with its files in `contents.tar.gz`.
///
/// A link counts as a file that holds where it leads; modes and empty folders count nothing.
public final class HexTarball {

    private static final String CONTENTS = "contents.tar.gz";

    private HexTarball() {}

    /// @return a digest of each file, by its path
    /// @throws IOException if it is no such package
    public static SortedMap<String, Digest> files(Path tarball) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tarball));
                TarArchiveInputStream outer = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = outer.getNextEntry();
                    entry != null;
                    entry = outer.getNextEntry()) {
                if (entry.getName().equals(CONTENTS)) {
                    return files(outer);
                }
            }
        }
        throw new IOException(tarball + " has no " + CONTENTS + ".");
    }

    private static SortedMap<String, Digest> files(InputStream contents) throws IOException {
        SortedMap<String, Digest> files = new TreeMap<>();
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(contents));
        for (TarArchiveEntry entry = tar.getNextEntry();
                entry != null;
                entry = tar.getNextEntry()) {
            String name = entry.getName().replaceFirst("^(\\./+)+", "");
            if (entry.isSymbolicLink()) {
                files.put(name, Digest.of(entry.getLinkName()));
            } else if (entry.isFile()) {
                files.put(name, Digest.of(tar.readAllBytes()));
            }
        }
        return files;
    }

    /// As [#files(Path)], of a folder that one was unpacked to.
    public static SortedMap<String, Digest> filesBelow(Path folder) throws IOException {
        SortedMap<String, Digest> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> all = walk.toList();
            for (Path file : all) {
                String name = folder.relativize(file).toString();
                if (Files.isSymbolicLink(file)) {
                    files.put(name, Digest.of(Files.readSymbolicLink(file).toString()));
                } else if (!Files.isDirectory(file)) {
                    files.put(name, Digest.of(file));
                }
            }
        }
        return files;
    }
}
