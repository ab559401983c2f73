package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.release.FileList.File;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Old contents, with whose help zstd packs the new ones: what both have costs next to nothing. The
/// host makes the same bytes from the release that it begins with.
public final class Dictionary {

    public static final Dictionary NONE = new Dictionary(List.of(), new byte[0]);

    /// A host keeps it in memory, and on disk for a moment. The program `zstd` takes 32 MB.
    private static final int AT_MOST = 8 << 20;

    private final List<String> paths;
    private final byte[] bytes;

    private Dictionary(List<String> paths, byte[] bytes) {
        this.paths = List.copyOf(paths);
        this.bytes = bytes;
    }

    /// Of files that are replaced, those that are here as their list says, in its order and as far
    /// as there is room.
    ///
    /// @param tree the release that they are from
    public static Dictionary of(List<File> replaced, Path tree) {
        List<String> paths = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (File file : replaced) {
            if (file.size() <= AT_MOST - bytes.size()) {
                try {
                    byte[] contents = Files.readAllBytes(tree.resolve(file.path()));
                    if (Digest.of(contents).equals(file.sha256())) {
                        paths.add(file.path());
                        bytes.writeBytes(contents);
                    }
                } catch (IOException e) {
                    // What is not here is no help.
                }
            }
        }
        byte[] all = bytes.toByteArray();
        return paths.isEmpty() || isTrained(all) ? NONE : new Dictionary(paths, all);
    }

    /// Files of that release.
    List<String> paths() {
        return paths;
    }

    /// Their contents, one after the other; not to be changed.
    byte[] bytes() {
        return bytes;
    }

    /// zstd would take it for a dictionary of its own making, which has other things in it first.
    private static boolean isTrained(byte[] bytes) {
        return bytes.length >= 4
                && bytes[0] == 0x37
                && bytes[1] == (byte) 0xa4
                && bytes[2] == 0x30
                && bytes[3] == (byte) 0xec;
    }

    /// What the host program reads: a line for each file, and the digest of all of them.
    String text() {
        if (paths.isEmpty()) {
            return "";
        }
        return "like\t"
                + String.join("\nlike\t", paths)
                + "\ndictionary\t"
                + Digest.of(bytes).hex()
                + "\n";
    }
}
