package dev.decant.io;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/// Folders and files that appear whole or not at all, and go wholly.
public final class Trees {

    private Trees() {}

    /// Removes a folder and all in it; links are removed, not followed. Nothing there is fine.
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// Writes beside, makes durable, then renames: a reader sees the old contents or the new.
    public static void write(Path file, byte[] contents) throws IOException {
        Path beside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.write(beside, contents);
        force(beside);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Makes a file one that its owner cannot write either, so that no slip changes it.
    public static void seal(Path file, boolean executable) throws IOException {
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(executable ? "r-xr-x---" : "r--r-----"));
    }

    /// Makes a file's contents durable.
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
