package dev.decant.assets;

import dev.decant.aws.Bucket;

import java.nio.file.Path;

/// One static file.
///
/// @param key its path below the folder of static files, with `/`
/// @param digested whether its name has a digest of its contents, so that it never changes
/// @param bytes its size
/// @param md5 of its contents, hexadecimal; empty where the name tells
public record Asset(String key, Path file, boolean digested, long bytes, String md5) {

    /// A year, which is the longest that anybody honours.
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    /// A CDN may keep it for a moment, so that a thousand visitors are one question.
    private static final String BRIEFLY = "public, max-age=60, must-revalidate";

    /// What whoever fetches it is told. What is compressed is a variant of the file that its name
    /// without the end is of: it has that one's type.
    Bucket.Headers headers() {
        String encoding = encoding();
        String plain = encoding.isEmpty() ? key : key.substring(0, key.lastIndexOf('.'));
        return new Bucket.Headers(MediaTypes.of(plain), encoding, digested ? FOR_EVER : BRIEFLY);
    }

    private String encoding() {
        if (key.endsWith(".gz")) {
            return "gzip";
        }
        return key.endsWith(".br") ? "br" : "";
    }

    /// Whether the bucket has just this, by what it says of it.
    boolean isIn(Bucket.Held held) {
        return held.bytes() == bytes && (digested || held.etag().equals(md5));
    }
}
