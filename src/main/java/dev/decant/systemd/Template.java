package dev.decant.systemd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Files of this program in which one name stands for another.
final class Template {

    private Template() {}

    /// @param file beside this class
    /// @param mark such as `@NAME@`
    static String text(String file, String mark, String value) {
        try (InputStream in =
                Objects.requireNonNull(Template.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(mark, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
