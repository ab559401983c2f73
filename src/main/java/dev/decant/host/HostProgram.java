package dev.decant.host;

import dev.decant.io.Digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two fixed texts that run on hosts.
public final class HostProgram {

    private static final byte[] PROGRAM = read("decant-host");

    private static final int PROTOCOL = number("PROTOCOL");
    private static final int EDITION = number("EDITION");

    private HostProgram() {}

    /// What `decant-host` is on every host.
    public static byte[] bytes() {
        return PROGRAM.clone();
    }

    /// What tells one version of the program from another.
    public static Digest digest() {
        return Digest.of(PROGRAM);
    }

    /// Of requests, answers and what lies on a host's disk: where it is another, a host cannot be
    /// spoken with, or not yet.
    public static int protocol() {
        return PROTOCOL;
    }

    /// Counts up with each release that has another program; a later one of the same protocol
    /// serves this Decant, too.
    public static int edition() {
        return EDITION;
    }

    private static int number(String name) {
        Matcher line =
                Pattern.compile("(?m)^" + name + "=([0-9]{1,6})$")
                        .matcher(new String(PROGRAM, StandardCharsets.UTF_8));
        if (!line.find()) {
            throw new IllegalStateException("The host program does not say its " + name + ".");
        }
        return Integer.parseInt(line.group(1));
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
