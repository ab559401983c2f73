package dev.decant.release;

import dev.decant.io.Digest;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/// Writes such a tarball as `mix release` does, or one that it should not have written.
public final class MixTarball {

    private record Entry(
            String name, byte type, int mode, String target, Supplier<byte[]> contents) {}

    private final List<Entry> entries = new ArrayList<>();
    private FileTime time = FileTime.from(Instant.parse("2026-11-23T19:15:00Z"));

    public static MixTarball empty() {
        return new MixTarball();
    }

    /// What every release has; the emulator is some real program of this machine.
    public static MixTarball ordinary() throws IOException {
        return empty().folder("releases/")
                .file("releases/COOKIE", 0644, "a secret")
                .file("releases/start_erl.data", 0644, "13.1.5 0.2.0")
                .file("bin/shop_web", 0755, "#!/bin/sh\n")
                .file("erts-13.1.5/bin/beam.smp", 0755, Files.readAllBytes(Path.of("/bin/ls")))
                .file("lib/shop_web-0.2.0/priv/static/größe 1.txt", 0666, "a\n")
                .folder("lib/shop_web-0.2.0/priv/uploads/");
    }

    public MixTarball file(String name, int mode, byte[] contents) {
        entries.add(new Entry(name, TarArchiveEntry.LF_NORMAL, mode, "", () -> contents));
        return this;
    }

    public MixTarball file(String name, int mode, String contents) {
        return file(name, mode, contents.getBytes(StandardCharsets.UTF_8));
    }

    public MixTarball folder(String name) {
        entries.add(new Entry(name, TarArchiveEntry.LF_DIR, 0755, "", () -> new byte[0]));
        return this;
    }

    public MixTarball link(String name, String target) {
        entries.add(new Entry(name, TarArchiveEntry.LF_SYMLINK, 0777, target, () -> new byte[0]));
        return this;
    }

    /// @param type such as [TarArchiveEntry#LF_FIFO]
    public MixTarball odd(String name, byte type) {
        entries.add(new Entry(name, type, 0644, "/etc/passwd", () -> new byte[0]));
        return this;
    }

    public MixTarball without(String name) {
        entries.removeIf(entry -> entry.name.equals(name));
        return this;
    }

    public MixTarball backwards() {
        Collections.reverse(entries);
        return this;
    }

    public MixTarball at(Instant other) {
        time = FileTime.from(other);
        return this;
    }

    public Path write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(
                                new GZIPOutputStream(out), StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (Entry each : entries) {
                TarArchiveEntry entry = new TarArchiveEntry(each.name, each.type);
                entry.setMode(each.mode);
                entry.setIds(1000, 1000);
                entry.setLastModifiedTime(time);
                byte[] contents = each.contents.get();
                entry.setSize(contents.length);
                entry.setLinkName(each.target);
                tar.putArchiveEntry(entry);
                tar.write(contents);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    static Packer.About about(ReleaseId id, String commit, boolean dirty, String mixEnv) {
        return new Packer.About(
                id,
                "shop_web",
                "shop_web",
                "0.2.0",
                commit,
                dirty,
                Optional.of(Digest.of("a mix.lock")),
                List.of(),
                "1.14.0",
                "25.2.3",
                mixEnv,
                Optional.empty());
    }
}
