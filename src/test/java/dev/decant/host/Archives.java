package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.release.Compression;
import dev.decant.release.Delta;
import dev.decant.release.Dictionary;
import dev.decant.release.Earlier;
import dev.decant.release.FileList;
import dev.decant.release.Packer;
import dev.decant.release.Parcel;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/// Releases to send, and parcels that Decant would never make.
final class Archives {

    private Archives() {}

    /// One entry of an archive.
    ///
    /// @param contents a character for each byte; of a link, where it leads
    record Member(String name, char type, int mode, String contents) {
        static Member file(String name, int mode, String contents) {
            return new Member(name, '0', mode, contents);
        }

        /// What a list of files would say of it, were it a file.
        String line() {
            byte[] bytes = contents.getBytes(StandardCharsets.ISO_8859_1);
            return "%s\t%o\t%d\t%s"
                    .formatted(name, mode & 0777, bytes.length, Digest.of(bytes).hex());
        }
    }

    /// A release as the packer makes it; its emulator is some ELF program of this machine.
    ///
    /// @param scripts programs by path, besides the emulator
    static Release packed(Path folder, ReleaseId id, Map<String, String> scripts)
            throws IOException {
        return packed(folder, id, scripts, List.of());
    }

    /// As [#packed(Path, ReleaseId, Map)].
    ///
    /// @param more entries of Mix's tarball
    static Release packed(Path folder, ReleaseId id, Map<String, String> scripts, List<Member> more)
            throws IOException {
        Files.createDirectories(folder);
        List<Member> members = new ArrayList<>();
        members.add(
                Member.file(
                        "erts-1.0/bin/beam.smp",
                        0755,
                        Files.readString(Path.of("/bin/true"), StandardCharsets.ISO_8859_1)));
        members.add(Member.file("releases/start_erl.data", 0644, "1.0 0.1.0\n"));
        members.add(Member.file("releases/COOKIE", 0644, "left out"));
        members.add(Member.file("lib/-rf with spaces, $HOME and 'quotes'.beam", 0644, "1\n"));
        members.add(new Member("lib/empty/", '5', 0755, ""));
        new TreeMap<>(scripts)
                .forEach((path, text) -> members.add(Member.file(path, 0755, latin1(text))));
        members.addAll(more);
        Path tarball = Files.createTempFile(folder, "mix", ".tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tarball))) {
            write(out, members);
        }
        Packer.About about =
                new Packer.About(
                        id,
                        "shop",
                        "shop",
                        "0.1.0",
                        "1f3a9c2".repeat(5),
                        false,
                        Optional.of(Digest.of("lock")),
                        List.of(),
                        "1.14.0",
                        "25.2.3",
                        "prod",
                        Optional.empty());
        return Packer.pack(
                tarball, about, Files.createTempDirectory(folder, "packed"), Earlier.NONE);
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// The request that sends all of a release.
    static Verb.Receive all(Release release) throws IOException {
        return some(release, Map.of(), Set.of(), Compression.GZIP);
    }

    /// The request that sends what a host lacks that has other releases.
    static Verb.Receive some(
            Release release,
            Map<ReleaseId, FileList> there,
            Set<Digest> damaged,
            Compression compression)
            throws IOException {
        Delta delta = Delta.of(release.files(), there, damaged);
        return request(release, delta, compression, Dictionary.NONE);
    }

    /// The same with zstd, and with the help of what the host has.
    ///
    /// @param there what a host has, newest first
    static Verb.Receive helped(Release release, SequencedMap<ReleaseId, Release> there)
            throws IOException {
        Map<ReleaseId, FileList> lists = new LinkedHashMap<>();
        there.forEach((id, each) -> lists.put(id, each.files()));
        Delta delta = Delta.of(release.files(), lists, Set.of());
        Dictionary dictionary =
                delta.base()
                        .map(id -> Objects.requireNonNull(there.get(id)).tree())
                        .map(tree -> Dictionary.of(delta.replaced(), tree))
                        .orElse(Dictionary.NONE);
        return request(release, delta, Compression.ZSTD, dictionary);
    }

    private static Verb.Receive request(
            Release release, Delta delta, Compression compression, Dictionary dictionary)
            throws IOException {
        Parcel parcel = Parcel.write(release, delta, compression, dictionary, release.folder());
        return request(release, delta.base(), parcel);
    }

    static Verb.Receive request(Release release, Optional<ReleaseId> base, Parcel parcel) {
        return new Verb.Receive(release.id(), release.digest(), base, parcel, 0);
    }

    /// As what was sent before ended there.
    static Verb.Receive from(Verb.Receive request, long offset) {
        return new Verb.Receive(
                request.id(), request.manifest(), request.base(), request.parcel(), offset);
    }

    /// A parcel whose parts need not fit each other.
    ///
    /// @param lines of the list of files
    /// @param members of the tar of contents
    /// @param changes what is said of the list; empty to put each line
    /// @param base what it is made from
    record Forgery(
            Release release,
            List<String> lines,
            List<Member> members,
            Optional<String> changes,
            Optional<ReleaseId> base) {

        /// Nothing is wrong with it yet.
        static Forgery of(Release release) throws IOException {
            List<Member> members = new ArrayList<>();
            for (FileList.File file : release.files().files()) {
                members.add(
                        Member.file(
                                file.path(),
                                Integer.parseInt(file.mode(), 8),
                                Files.readString(
                                        release.tree().resolve(file.path()),
                                        StandardCharsets.ISO_8859_1)));
            }
            List<String> lines = release.files().text().lines().toList();
            return new Forgery(release, lines, members, Optional.empty(), Optional.empty());
        }

        Forgery plus(Member... more) {
            List<Member> all = new ArrayList<>(members);
            all.addAll(List.of(more));
            return new Forgery(release, lines, all, changes, base);
        }

        Forgery without(String name) {
            List<Member> all =
                    members.stream().filter(member -> !member.name().equals(name)).toList();
            return new Forgery(release, lines, all, changes, base);
        }

        Forgery line(String line) {
            return lines(
                    all -> {
                        List<String> more = new ArrayList<>(all);
                        more.add(line);
                        return more;
                    });
        }

        /// In the list and in the tar.
        Forgery listed(Member member) {
            return plus(member).line(member.line());
        }

        Forgery lines(UnaryOperator<List<String>> change) {
            return new Forgery(release, change.apply(lines), members, changes, base);
        }

        Forgery saying(String text) {
            return new Forgery(release, lines, members, Optional.of(text), base);
        }

        Forgery from(ReleaseId id) {
            return new Forgery(release, lines, members, changes, Optional.of(id));
        }

        Verb.Receive request() throws IOException {
            List<String> sorted =
                    lines.stream()
                            .sorted(
                                    Comparator.comparing(
                                            line -> latin1(line), Comparator.naturalOrder()))
                            .toList();
            String list = String.join("\n", sorted) + (sorted.isEmpty() ? "" : "\n");
            String manifest =
                    "{\n  \"format\" : 2,\n  \"files_sha256\" : \""
                            + Digest.of(list).hex()
                            + "\"\n}\n";
            StringBuilder puts = new StringBuilder();
            sorted.forEach(line -> puts.append("put\t").append(line).append('\n'));
            List<Member> head =
                    List.of(
                            Member.file("manifest.json", 0640, latin1(manifest)),
                            Member.file("changes", 0640, latin1(changes.orElse(puts.toString()))));
            return ofTars(release.id(), Digest.of(manifest), head, members, base);
        }
    }

    static Verb.Receive ofTars(
            ReleaseId id,
            Digest manifest,
            List<Member> head,
            List<Member> members,
            Optional<ReleaseId> base)
            throws IOException {
        Path file = Files.createTempFile("forged", ".parcel");
        file.toFile().deleteOnExit();
        long size;
        try (OutputStream out = Files.newOutputStream(file)) {
            GZIPOutputStream first = new GZIPOutputStream(out);
            write(first, head);
            first.finish();
            size = Files.size(file);
            GZIPOutputStream second = new GZIPOutputStream(out);
            write(second, members);
            second.finish();
        }
        Parcel parcel = new Parcel(file, Compression.GZIP, size, Files.size(file), Digest.of(file));
        return new Verb.Receive(id, manifest, base, parcel, 0);
    }

    private static void write(OutputStream out, List<Member> members) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, 512, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        for (Member member : members) {
            TarArchiveEntry entry = new TarArchiveEntry(member.name(), (byte) member.type(), true);
            entry.setMode(member.mode());
            byte[] contents = member.contents().getBytes(StandardCharsets.ISO_8859_1);
            boolean link = member.type() == '1' || member.type() == '2';
            if (link) {
                entry.setLinkName(member.contents());
            } else if (member.type() == '0') {
                entry.setSize(contents.length);
            }
            tar.putArchiveEntry(entry);
            if (member.type() == '0') {
                tar.write(contents);
            }
            tar.closeArchiveEntry();
        }
        tar.finish();
    }
}
