package dev.decant.release;

import dev.decant.release.FileList.File;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A release that is here already. Of a new one, most files are the same, byte for byte: they need
/// neither be written nor digested again.
public final class Earlier {

    /// Where there is none.
    public static final Earlier NONE =
            new Earlier(new FileList(List.of()), Path.of(""), FileTime.fromMillis(0));

    /// Larger ones are not read whole.
    private static final long LARGEST = 64L << 20;

    private final Map<String, File> files;
    private final Path tree;
    private final FileTime listed;

    /// @param files what is in the tree
    /// @param listed when: what was written then or after may not be what the list says
    Earlier(FileList files, Path tree, FileTime listed) {
        this.files = files.files().stream().collect(Collectors.toMap(File::path, file -> file));
        this.tree = tree;
        this.listed = listed;
    }

    /// Whether it has a file of that size and mode there, which may be the same.
    boolean mayHave(String path, boolean executable, long size) {
        File file = files.get(path);
        return file != null
                && file.executable() == executable
                && file.size() == size
                && size <= LARGEST;
    }

    /// Links a file of it, if its bytes are these.
    ///
    /// @param path for which [#mayHave] has said yes
    /// @param to nothing is there yet
    /// @return what it is listed as; empty where it has other bytes or cannot be linked
    Optional<File> link(String path, byte[] contents, Path to) throws IOException {
        File file = files.get(path);
        Path from = tree.resolve(path);
        try {
            if (file == null
                    || !isAsListed(from)
                    || Files.isExecutable(from) != file.executable()
                    || !Arrays.equals(Files.readAllBytes(from), contents)) {
                return Optional.empty();
            }
            Files.createLink(to, from);
            return Optional.of(file);
        } catch (FileSystemException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private boolean isAsListed(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // A file system's clock goes by ticks of milliseconds: of the same tick, either may be
        // first.
        return attributes.isRegularFile() && attributes.lastModifiedTime().compareTo(listed) < 0;
    }
}
