package dev.decant.release;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.FileList.Content;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What travels to a host: a file of two compressed tars, one behind the other. The first is small
/// and says what the second is to come to, so that a host can judge it before it unpacks anything:
/// `manifest.json`, `manifest.json.sig` if it is signed, and `changes`. The second has the contents
/// that the host lacks, packed with the help of a [Dictionary], maybe.
///
/// The same delta and dictionary always makes the same bytes, so that what has arrived of one is
/// the beginning of another.
///
/// @param file of [#size] bytes
/// @param head bytes of the first tar
/// @param digest of the file
public record Parcel(Path file, Compression compression, long head, long size, Digest digest) {

    /// What the manifest, its signature, and the ends of tars and compressed streams come to.
    private static final long ABOUT = 16 << 10;

    /// A header, what fills the last block, and a header for a long name.
    private static final long TAR_ENTRY = 3 * 512;

    private static final String CHANGES = "changes";

    /// As many bytes as a parcel may have, with everything as if nothing could be compressed.
    public static long sizeAtMost(Delta delta) {
        return ABOUT
                + delta.text().getBytes(StandardCharsets.UTF_8).length
                + delta.size()
                + TAR_ENTRY * (delta.contents().size() + delta.replaced().size());
    }

    /// @param folder where the file is made; it must be there
    /// @param dictionary contents of the delta's base; [Dictionary#NONE] for gzip
    /// @throws Failure with [ReleaseProblem.Damaged] if the release is not as its list says
    public static Parcel write(
            Release release,
            Delta delta,
            Compression compression,
            Dictionary dictionary,
            Path folder)
            throws IOException {
        Path beside = Files.createTempFile(folder, "parcel", ".new");
        try {
            long head;
            Digest.Stream out =
                    new Digest.Stream(
                            new BufferedOutputStream(Files.newOutputStream(beside), 1 << 16));
            try (out) {
                byte[] changes =
                        (delta.text() + dictionary.text()).getBytes(StandardCharsets.UTF_8);
                OutputStream first = compression.open(shield(out), changes.length);
                try (Tar tar = Tar.open(first)) {
                    tar.add(Release.MANIFEST, Files.readAllBytes(release.manifestFile()));
                    if (release.signed()) {
                        tar.add(Release.SIGNATURE, Files.readAllBytes(release.signatureFile()));
                    }
                    tar.add(CHANGES, changes);
                }
                head = out.count();
                OutputStream second =
                        compression.open(shield(out), delta.size(), dictionary.bytes());
                try (Tar tar = Tar.open(second)) {
                    tar.add(release, likeBesideLike(delta.contents()));
                }
            }
            Digest digest = out.digest();
            Path file = folder.resolve(digest.hex() + "." + compression.word());
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            return new Parcel(file, compression, head, out.count(), digest);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /// Files of a kind one after the other, the small before the large: what two have in common
    /// must be near, for gzip within 32 kB. A release's boot scripts come to a quarter less that
    /// way.
    private static List<Entry> likeBesideLike(List<Entry> contents) {
        return contents.stream()
                .sorted(
                        Comparator.comparing(Parcel::kind)
                                .thenComparing(
                                        entry -> entry instanceof File file ? file.size() : 0L)
                                .thenComparing(Entry::path))
                .toList();
    }

    private static String kind(Entry entry) {
        String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// The end of the first tar is not the end of the file.
    private static OutputStream shield(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                out.write(bytes, from, count);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    /// A tar whose bytes depend on nothing but what is in it: no owner, no time, two modes.
    static final class Tar implements AutoCloseable {

        private final TarArchiveOutputStream tar;

        private Tar(TarArchiveOutputStream tar) {
            this.tar = tar;
        }

        /// Closing it closes what it writes to.
        static Tar open(OutputStream out) {
            // Filled up to a record, not to the ten kilobytes of a tape.
            TarArchiveOutputStream tar =
                    new TarArchiveOutputStream(out, 512, StandardCharsets.UTF_8.name());
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            return new Tar(tar);
        }

        void add(String name, byte[] contents) throws IOException {
            TarArchiveEntry entry = plain(name, TarConstants.LF_NORMAL, 0640);
            entry.setSize(contents.length);
            tar.putArchiveEntry(entry);
            tar.write(contents);
            tar.closeArchiveEntry();
        }

        void add(String name, Path file, int mode) throws IOException {
            TarArchiveEntry entry = plain(name, TarConstants.LF_NORMAL, mode);
            entry.setSize(Files.size(file));
            tar.putArchiveEntry(entry);
            Files.copy(file, tar);
            tar.closeArchiveEntry();
        }

        /// Contents that come a second time are a hard link to the first.
        void add(Release release, List<? extends Entry> entries) throws IOException {
            Map<Content, String> first = new HashMap<>();
            for (Entry each : entries) {
                switch (each) {
                    case File file when first.containsKey(file.content()) -> {
                        TarArchiveEntry entry = plain(file.path(), TarConstants.LF_LINK, 0640);
                        entry.setLinkName(first.get(file.content()));
                        tar.putArchiveEntry(entry);
                        tar.closeArchiveEntry();
                    }
                    case File file -> {
                        first.put(file.content(), file.path());
                        contents(release, file);
                    }
                    case FileList.Link link -> {
                        TarArchiveEntry entry = plain(link.path(), TarConstants.LF_SYMLINK, 0777);
                        entry.setLinkName(link.target());
                        tar.putArchiveEntry(entry);
                        tar.closeArchiveEntry();
                    }
                    case FileList.Folder folder -> {
                        tar.putArchiveEntry(plain(folder.path() + "/", TarConstants.LF_DIR, 0750));
                        tar.closeArchiveEntry();
                    }
                }
            }
        }

        private void contents(Release release, File file) throws IOException {
            Path from = release.tree().resolve(file.path());
            if (!Files.isRegularFile(from) || Files.size(from) != file.size()) {
                throw damaged(release, file);
            }
            TarArchiveEntry entry =
                    plain(file.path(), TarConstants.LF_NORMAL, Integer.parseInt(file.mode(), 8));
            entry.setSize(file.size());
            tar.putArchiveEntry(entry);
            Digest.Stream through = new Digest.Stream(tar);
            try (InputStream in = Files.newInputStream(from)) {
                in.transferTo(through);
            }
            if (!through.digest().equals(file.sha256())) {
                throw damaged(release, file);
            }
            tar.closeArchiveEntry();
        }

        private static Failure damaged(Release release, File file) {
            return new Failure(
                    new ReleaseProblem.Damaged(
                            release.folder(),
                            file.path() + " has other contents than when it was built."));
        }

        private static TarArchiveEntry plain(String name, byte type, int mode) {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setMode(mode);
            entry.setIds(0, 0);
            entry.setNames("", "");
            entry.setModTime(0);
            return entry;
        }

        @Override
        public void close() throws IOException {
            tar.close();
        }
    }
}
