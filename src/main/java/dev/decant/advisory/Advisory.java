package dev.decant.advisory;

import dev.decant.project.VersionRequirement;

import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One published weakness of a package.
///
/// @param id such as `GHSA-vq52-99r9-h5pw`
/// @param severity `low`, `moderate`, `high` or `critical`; empty where it was not given
/// @param link to where it is told in full
/// @param ranges of versions that have it, such as `>= 1.0.0, < 1.11.0`
/// @param patched first versions without it
public record Advisory(
        String id,
        String severity,
        String title,
        String link,
        List<String> ranges,
        List<String> patched)
        implements Notice {

    private static final LoadSettings TEXTS = LoadSettings.builder().setSchema(new Texts()).build();

    /// All values are texts, since 1.10 is a number to YAML and the same as 1.1; nothing is an
    /// empty one.
    private static final class Texts extends FailsafeSchema {
        @Override
        public Map<Tag, ConstructNode> getSchemaTagConstructors() {
            return Map.of(Tag.NULL, _ -> "");
        }
    }

    public Advisory {
        ranges = List.copyOf(ranges);
        patched = List.copyOf(patched);
    }

    /// Shape: a file of `packages` in mirego/elixir-security-advisories. One that cannot be read is
    /// an advisory for all versions: whoever knows it to be none can acknowledge it.
    static Advisory read(Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        try {
            Object yaml = new Load(TEXTS).loadFromString(Files.readString(file));
            if (yaml instanceof Map<?, ?> map) {
                return new Advisory(
                        text(map, "id").orElse(name),
                        text(map, "severity").orElse(""),
                        text(map, "title").orElse(""),
                        text(map, "link").orElse(""),
                        texts(map, "vulnerable_version_ranges"),
                        texts(map, "first_patched_versions"));
            }
            return unreadable(name, file + " is no list of keys and values.");
        } catch (YamlEngineException notYaml) {
            return unreadable(name, file + " cannot be read: " + notYaml.getMessage());
        }
    }

    private static Advisory unreadable(String name, String reason) {
        return new Advisory(name, "", plain(reason), "", List.of(), List.of());
    }

    private static Optional<String> text(Map<?, ?> map, String key) {
        return map.get(key) instanceof String text && !text.isBlank()
                ? Optional.of(plain(text))
                : Optional.empty();
    }

    /// On one line, and without what a terminal obeys.
    static String plain(String text) {
        return text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    }

    private static List<String> texts(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(text -> ((String) text).strip())
                        .filter(text -> !text.isEmpty())
                        .toList()
                : List.of();
    }

    @Override
    public String said() {
        return id
                + (severity.isEmpty() ? "" : " (" + severity + ")")
                + ": "
                + title
                + (patched.isEmpty() ? "" : "; mended in " + String.join(", ", patched));
    }

    /// Whether a version has it. Where that cannot be told, it does.
    boolean concerns(String version) {
        return ranges.isEmpty()
                || ranges.stream()
                        .anyMatch(
                                range ->
                                        VersionRequirement.range(range)
                                                .flatMap(it -> it.fits(version))
                                                .orElse(true));
    }
}
