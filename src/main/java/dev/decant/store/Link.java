package dev.decant.store;

import dev.decant.io.Digest;
import dev.decant.release.Compression;
import dev.decant.release.Parcel;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;

import java.util.Locale;
import java.util.Optional;

/// One parcel of those that a host takes in their order, from the first that it has not.
///
/// @param manifest of the release
/// @param base the release that it is made from; empty where the parcel has all of it
/// @param head bytes of the parcel's first part
public record Link(
        ReleaseId release,
        Digest manifest,
        Optional<ReleaseId> base,
        Compression compression,
        Digest parcel,
        long head,
        long bytes) {

    private static final int WORDS = 7;

    public static Link of(Release release, Optional<ReleaseId> base, Parcel parcel) {
        return new Link(
                release.id(),
                release.digest(),
                base,
                parcel.compression(),
                parcel.digest(),
                parcel.head(),
                parcel.size());
    }

    /// As hosts read it: words with blanks between.
    public String text() {
        return String.join(
                " ",
                release.value(),
                manifest.hex(),
                base.map(ReleaseId::value).orElse("-"),
                compression.word(),
                parcel.hex(),
                Long.toString(head),
                Long.toString(bytes));
    }

    /// @throws IllegalArgumentException if it is none
    static Link parse(String text) {
        String[] words = text.split(" ");
        if (words.length != WORDS) {
            throw new IllegalArgumentException("Not a parcel: " + text);
        }
        return new Link(
                new ReleaseId(words[0]),
                new Digest(words[1]),
                words[2].equals("-") ? Optional.empty() : Optional.of(new ReleaseId(words[2])),
                Compression.valueOf(words[3].toUpperCase(Locale.ROOT)),
                new Digest(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]));
    }

    boolean is(Release other) {
        return release.equals(other.id()) && manifest.equals(other.digest());
    }
}
