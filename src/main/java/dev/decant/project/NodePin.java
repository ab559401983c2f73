package dev.decant.project;

import dev.decant.config.MiseTools;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which Node a project wants for its assets: what the nearest `.tool-versions` or mise.toml says
/// that names it. Decant installs none, and takes the one that `PATH` has.
///
/// @param version as it was written, such as `20.11.1`, `20` or `lts`
/// @param at the file, as a person would name it from the project's folder
public record NodePin(String version, String at) {

    private static final Pattern LINE = Pattern.compile("(?m)^ *nodejs +([^\\s#]+)");
    private static final List<String> NAMES = List.of("nodejs", "node");

    /// @param folder of the project
    /// @param top the last folder above it in which files count: the checkout's
    public static Optional<NodePin> read(Path folder, Path top) throws IOException {
        @Nullable Path at = folder;
        while (at != null && at.startsWith(top)) {
            Path asdf = at.resolve(ToolVersions.FILE_NAME);
            if (Files.isRegularFile(asdf)) {
                Matcher line =
                        LINE.matcher(new String(Files.readAllBytes(asdf), StandardCharsets.UTF_8));
                if (line.find()) {
                    return Optional.of(
                            new NodePin(line.group(1), folder.relativize(asdf).toString()));
                }
            }
            for (String name : ToolVersions.MISE) {
                Path mise = at.resolve(name);
                if (Files.isRegularFile(mise)) {
                    String shown = folder.relativize(mise).toString();
                    List<MiseTools.Entry> entries = MiseTools.read(mise, shown, NAMES);
                    if (!entries.isEmpty()) {
                        return Optional.of(new NodePin(entries.getFirst().version(), shown));
                    }
                }
            }
            at = at.getParent();
        }
        return Optional.empty();
    }

    /// Whether a Node is that one. What names no number, such as `lts` or `system`, any may be.
    ///
    /// @param found as `node --version` prints it, such as `v20.11.1`
    public boolean fits(String found) {
        return !version.matches("v?[0-9]+([.][0-9]+)*")
                || (found.replaceFirst("^v", "") + ".")
                        .startsWith(version.replaceFirst("^v", "") + ".");
    }
}
