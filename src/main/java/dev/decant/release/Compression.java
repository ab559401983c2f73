package dev.decant.release;

import com.github.luben.zstd.ZstdOutputStream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// How a parcel is compressed. Levels are by measurement: `bench/README.md`.
public enum Compression {
    /// For hosts that have the program; a minimal Debian has not.
    ZSTD {
        @Override
        OutputStream open(OutputStream out, long size) throws IOException {
            return new ZstdOutputStream(out, size <= SMALL ? 19 : size <= LARGE ? 9 : 3);
        }
    },
    /// For all others.
    GZIP {
        @Override
        OutputStream open(OutputStream out, long size) throws IOException {
            return new GZIPOutputStream(out, 1 << 16) {
                {
                    def.setLevel(size <= SMALL ? 9 : 6);
                }
            };
        }
    };

    private static final long SMALL = 4L << 20;
    private static final long LARGE = 64L << 20;

    /// Has what takes time to load be there when it is needed: meant for a thread that has nothing
    /// else to do.
    public static void warmUp() {
        try (Parcel.Tar tar = Parcel.Tar.open(GZIP.open(OutputStream.nullOutputStream(), 1))) {
            tar.add("x", new byte[1]);
        } catch (IOException e) {
            // Whoever needs it is told then.
        }
    }

    /// @param size of what is going to be written, in bytes; about
    abstract OutputStream open(OutputStream out, long size) throws IOException;

    /// The program that undoes it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
