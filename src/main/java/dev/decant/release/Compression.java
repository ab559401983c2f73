package dev.decant.release;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// How a parcel is compressed. Levels are by measurement: `bench/README.md`.
public enum Compression {
    /// For hosts that have the program; a minimal Debian has not.
    ZSTD {
        @Override
        OutputStream open(OutputStream out, long size, byte[] dictionary) throws IOException {
            long all = size + dictionary.length;
            if (all <= SMALL) {
                return whole(out, dictionary);
            }
            var zstd = new ZstdOutputStream(out, all <= LARGE ? 9 : 3);
            return dictionary.length == 0
                    ? zstd
                    : zstd.setDict(dictionary).setWindowLog(WINDOW_LOG);
        }
    },
    /// For all others.
    GZIP {
        @Override
        OutputStream open(OutputStream out, long size, byte[] dictionary) throws IOException {
            return new GZIPOutputStream(out, 1 << 16) {
                {
                    def.setLevel(size <= SMALL ? 9 : 6);
                }
            };
        }
    };

    private static final long SMALL = 4L << 20;
    private static final long LARGE = 64L << 20;

    /// 16 MB: how far behind a dictionary stays in sight, and what it costs a host in memory.
    private static final int WINDOW_LOG = 24;

    /// A stream has tables for whatever may come: 80 MB at this level, which takes longer to get
    /// than little takes to pack.
    private static OutputStream whole(OutputStream out, byte[] dictionary) {
        return new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
                    zstd.setLevel(19);
                    if (dictionary.length > 0) {
                        zstd.loadDict(dictionary);
                    }
                    out.write(zstd.compress(toByteArray()));
                }
                out.close();
            }
        };
    }

    /// Has what takes time to load be there when it is needed: meant for a thread that has nothing
    /// else to do.
    public static void warmUp() {
        try (Parcel.Tar tar = Parcel.Tar.open(GZIP.open(OutputStream.nullOutputStream(), 1))) {
            tar.add("x", new byte[1]);
        } catch (IOException e) {
            // Whoever needs it is told then.
        }
    }

    OutputStream open(OutputStream out, long size) throws IOException {
        return open(out, size, new byte[0]);
    }

    /// @param size of what is going to be written, in bytes; about
    /// @param dictionary what it may be like, and whoever undoes it has too; gzip knows of none
    abstract OutputStream open(OutputStream out, long size, byte[] dictionary) throws IOException;

    /// The program that undoes it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
