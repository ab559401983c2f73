package dev.decant.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `.tool-versions`, as asdf reads it: a tool and its version on a line, `#` begins a comment, the
/// first line of a tool counts and so does its first version.
///
/// Source: asdf's `internal/toolversions`: words are split at spaces only.
///
/// @param versions by tool, such as `erlang` → `25.2.3`
public record ToolVersions(Map<String, String> versions) {

    public static final String FILE_NAME = ".tool-versions";

    /// `system` in the file: whatever this machine has.
    public static final String SYSTEM = "system";

    /// @return empty where there is no such file
    public static Optional<ToolVersions> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        return Files.isRegularFile(file)
                ? Optional.of(parse(Files.readAllLines(file)))
                : Optional.empty();
    }

    static ToolVersions parse(List<String> lines) {
        Map<String, String> versions = new HashMap<>();
        for (String line : lines) {
            String text = line.replaceFirst("#.*", "").replace("\r", "").strip();
            String[] words = text.split(" +");
            if (words.length >= 2) {
                versions.putIfAbsent(words[0], words[1]);
            }
        }
        return new ToolVersions(Map.copyOf(versions));
    }

    public Optional<String> erlang() {
        return Optional.ofNullable(versions.get("erlang"));
    }

    /// Without the `-otp-NN` that names the build of it.
    public Optional<String> elixir() {
        return Optional.ofNullable(versions.get("elixir"))
                .map(version -> version.replaceFirst("-otp-[0-9]+$", ""));
    }
}
