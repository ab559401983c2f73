package dev.decant.host;

import dev.decant.io.Digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The two fixed texts that run on hosts.
public final class HostProgram {

    private static final byte[] PROGRAM = read("decant-host");

    private HostProgram() {}

    /// What `decant-host` is on every host.
    public static byte[] bytes() {
        return PROGRAM.clone();
    }

    /// What tells one version of the program from another.
    public static Digest digest() {
        return Digest.of(PROGRAM);
    }

    /// One line of shell that takes the program from its standard input and runs it as root. Has no
    /// single quote.
    static String bootstrap() {
        return new String(read("bootstrap"), StandardCharsets.UTF_8).strip();
    }

    private static byte[] read(String name) {
        try (InputStream in =
                Objects.requireNonNull(HostProgram.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
