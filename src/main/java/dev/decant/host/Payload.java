package dev.decant.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What follows the words of a request: contents that may be large or secret. Never printed.
///
/// @param size in bytes
record Payload(long size, Source source) {

    static final Payload NONE = of(List.of());

    interface Source {
        InputStream open() throws IOException;
    }

    static Payload of(List<String> texts) {
        byte[] bytes = String.join("", texts).getBytes(StandardCharsets.UTF_8);
        return new Payload(bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    /// A file from some place on.
    static Payload of(Path file, long from, long size) {
        return new Payload(
                size - from,
                () -> {
                    InputStream in = Files.newInputStream(file);
                    in.skipNBytes(from);
                    return in;
                });
    }

    @Override
    public String toString() {
        return size + " bytes";
    }
}
