package dev.decant.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/// Files of this program with marks that something else stands in place of.
public final class Template {

    private Template() {}

    /// A file without marks.
    ///
    /// @param of beside which it is
    public static String text(Class<?> of, String file) {
        return text(of, file, Map.of());
    }

    /// @param of beside which the file is
    /// @param values by their marks, such as `@NAME@`
    public static String text(Class<?> of, String file, Map<String, String> values) {
        try (InputStream in = Objects.requireNonNull(of.getResourceAsStream(file), file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace(value.getKey(), value.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
