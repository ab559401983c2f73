package dev.decant.config;

import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The `[tools]` of a mise.toml, which is read here because this room knows TOML.
public final class MiseTools {

    private MiseTools() {}

    /// @param version of several the first, which is the one that mise puts in front
    /// @param line of the tool, from 1
    /// @param column likewise
    public record Entry(String tool, String version, int line, int column) {}

    /// @param name of the file, for errors
    /// @param wanted which tools; others are left alone
    /// @throws Failure with [ConfigProblem.Invalid] if it is not TOML
    public static List<Entry> read(Path file, String name, List<String> wanted) throws IOException {
        TomlParseResult toml = Toml.parse(file);
        if (toml.hasErrors()) {
            throw ConfigReader.notToml(name, toml);
        }
        List<Entry> entries = new ArrayList<>();
        if (!(toml.get(List.of("tools")) instanceof TomlTable tools)) {
            return entries;
        }
        for (String tool : wanted.stream().filter(tool -> tools.keySet().contains(tool)).toList()) {
            TomlPosition at = ConfigReader.position(tools, tool);
            Object version = first(tools.get(List.of(tool)));
            if (!(version instanceof String text)) {
                throw new Failure(
                        new ConfigProblem.Invalid(
                                name,
                                at.line(),
                                at.column(),
                                "the version of " + tool + " is no text",
                                "Put it in quotes, for example:  " + tool + " = \"27.1.2\""));
            }
            entries.add(new Entry(tool, text, at.line(), at.column()));
        }
        return entries;
    }

    /// mise takes a version, a list of them, or a table with options.
    private static @Nullable Object first(@Nullable Object value) {
        return switch (value) {
            case TomlArray array when !array.isEmpty() -> first(array.get(0));
            case TomlTable table -> table.get(List.of("version"));
            case null, default -> value;
        };
    }
}
