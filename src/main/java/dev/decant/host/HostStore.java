package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.release.Compression;
import dev.decant.release.FileList;
import dev.decant.release.ReleaseId;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// What need not be sent to a host: the releases that it has, and what has arrived of a parcel.
///
/// Shape: the reply to `store`. A value that is not of its shape counts as none.
///
/// @param zstd it has that program
/// @param signers it takes only signed releases
/// @param holds the digest of the list of files of each release
/// @param lists lists that it sent along, since nobody said that they are known
/// @param parts parcels that have not arrived whole
public record HostStore(
        boolean zstd,
        boolean signers,
        Map<ReleaseId, Digest> holds,
        Map<ReleaseId, FileList> lists,
        List<Part> parts) {

    /// Nothing is known of it.
    public static final HostStore NONE = new HostStore(false, false, Map.of(), Map.of(), List.of());

    private static final long WORTH_ZSTD = 256 << 10;

    /// The beginning of a parcel.
    ///
    /// @param parcel the parcel's digest
    /// @param bytes that have arrived
    /// @param digest of these bytes
    public record Part(Digest parcel, long bytes, Digest digest) {}

    /// @param known releases whose lists of files are known on this side
    /// @throws dev.decant.problem.Failure if the host does not answer
    public static HostStore ask(Host host, List<ReleaseId> known) {
        return of(host.must(new Verb.Store(known)));
    }

    /// @param reply to `store`
    public static HostStore of(Reply reply) {
        Map<ReleaseId, Digest> holds = new LinkedHashMap<>();
        for (String line : reply.all("holds").reversed()) {
            String[] words = line.split(" ");
            if (words.length == 2 && ReleaseId.isOne(words[0]) && Digest.isOne(words[1])) {
                holds.put(new ReleaseId(words[0]), new Digest(words[1]));
            }
        }
        Map<ReleaseId, FileList> lists = new LinkedHashMap<>();
        for (String line : reply.all("list")) {
            String[] words = line.split(" ");
            if (words.length == 2 && ReleaseId.isOne(words[0])) {
                ReleaseId id = new ReleaseId(words[0]);
                list(words[1])
                        .filter(list -> list.digest().equals(holds.get(id)))
                        .ifPresent(list -> lists.put(id, list));
            }
        }
        List<Part> parts = new ArrayList<>();
        for (String line : reply.all("part")) {
            String[] words = line.split(" ");
            if (words.length == 3
                    && Digest.isOne(words[0])
                    && words[1].matches("[0-9]{1,18}")
                    && Digest.isOne(words[2])) {
                parts.add(
                        new Part(
                                new Digest(words[0]),
                                Long.parseLong(words[1]),
                                new Digest(words[2])));
            }
        }
        return new HostStore(
                reply.value("zstd").isPresent(),
                reply.value("signers").isPresent(),
                holds,
                lists,
                parts);
    }

    private static Optional<FileList> list(String base64) {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(base64)))) {
            return Optional.of(
                    FileList.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The best that the host can undo, unless it is not worth its while: zstd takes a tenth of a
    /// second to load on this side, in which a line of 20 Mbit/s carries 250 kB.
    ///
    /// @param size of what is to be compressed, in bytes
    public Compression compression(long size) {
        return zstd && size > WORTH_ZSTD ? Compression.ZSTD : Compression.GZIP;
    }
}
