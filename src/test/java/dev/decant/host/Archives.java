package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.release.Packer;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Releases to send, and archives that the packer would never make.
final class Archives {

    static final String SUMS = ".decant/sha256sums";

    private Archives() {}

    /// One entry of an archive.
    ///
    /// @param contents a character for each byte; of a link, where it leads
    record Member(String name, char type, int mode, String contents) {
        static Member file(String name, int mode, String contents) {
            return new Member(name, '0', mode, contents);
        }
    }

    /// A release as the packer makes it; its emulator is some ELF program of this machine.
    ///
    /// @param scripts programs by path, besides the emulator
    static Release packed(Path folder, ReleaseId id, Map<String, String> scripts)
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
        Path tarball = folder.resolve("mix.tar.gz");
        write(tarball, members);
        Packer.About about =
                new Packer.About(
                        id,
                        "shop",
                        "shop",
                        "0.1.0",
                        "1f3a9c2".repeat(5),
                        false,
                        Digest.of("lock"),
                        "1.14.0",
                        "25.2.3",
                        "prod");
        return Packer.pack(tarball, about, Files.createTempDirectory(folder, "packed"));
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// The same release with another archive, and with that archive's digest: what the packer would
    /// have sent had it been wrong.
    static Release with(Release release, List<Member> members) throws IOException {
        Path archive = Files.createTempFile(release.archive().getParent(), "other", ".tar.gz");
        write(archive, members);
        return with(release, archive);
    }

    /// As [#with(Release, List)], from any file.
    static Release with(Release release, Path archive) throws IOException {
        return new Release(release.manifest(), archive, Digest.of(archive), Files.size(archive));
    }

    static List<Member> members(Release release) throws IOException {
        List<Member> members = new ArrayList<>();
        try (InputStream file = Files.newInputStream(release.archive());
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GZIPInputStream(file), "UTF-8")) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                members.add(
                        new Member(
                                entry.getName(),
                                entry.isDirectory() ? '5' : '0',
                                entry.getMode() & 07777,
                                new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1)));
            }
        }
        return members;
    }

    /// What the manifest would say of a file.
    static String sum(Member member) {
        byte[] bytes = member.contents().getBytes(StandardCharsets.ISO_8859_1);
        return Digest.of(bytes).hex() + "  " + latin1(member.name()) + "\n";
    }

    private static void write(Path archive, List<Member> members) throws IOException {
        try (OutputStream file = Files.newOutputStream(archive);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GZIPOutputStream(file), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Member member : members) {
                TarArchiveEntry entry =
                        new TarArchiveEntry(member.name(), (byte) member.type(), true);
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
        }
    }
}
