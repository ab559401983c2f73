package dev.decant.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 digest.
///
/// @param hex 64 lower-case hexadecimal digits, as `sha256sum` prints them
public record Digest(String hex) {

    public Digest {
        if (!isOne(hex)) {
            throw new IllegalArgumentException("Not a SHA-256 digest: " + hex);
        }
    }

    public static boolean isOne(String text) {
        return text.matches("[0-9a-f]{64}");
    }

    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    public static Digest of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads the whole file, in pieces.
    public static Digest of(Path file) throws IOException {
        return of(file, Long.MAX_VALUE);
    }

    /// Reads the beginning of a file, in pieces.
    ///
    /// @param bytes how many; all if there are fewer
    public static Digest of(Path file, long bytes) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long left = bytes;
            for (int count = in.read(buffer); count >= 0 && left > 0; count = in.read(buffer)) {
                int used = (int) Math.min(count, left);
                digest.update(buffer, 0, used);
                left -= used;
            }
        }
        return new Digest(HexFormat.of().formatHex(digest.digest()));
    }

    /// Counts and digests what is written through it.
    public static final class Stream extends FilterOutputStream {

        private final MessageDigest sha256 = sha256();
        private long count;

        public Stream(OutputStream to) {
            super(to);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            sha256.update((byte) one);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            sha256.update(bytes, from, length);
            count += length;
        }

        /// Bytes so far.
        public long count() {
            return count;
        }

        /// Of what has been written so far. Ends it: nothing more can be written then.
        public Digest digest() {
            return new Digest(HexFormat.of().formatHex(sha256.digest()));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
