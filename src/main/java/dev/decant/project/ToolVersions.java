package dev.decant.project;

import dev.decant.config.MiseTools;
import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which Erlang and Elixir a project wants: what its `.tool-versions` says, as asdf reads it, and
/// its mise.toml. Each tool by itself, in the nearest file that names it; where both kinds of file
/// name one, they have to agree.
///
/// Of a `.tool-versions` a tool's first line counts, and of that the first version; words are split
/// at spaces only, and `#` begins a comment anywhere. Source: asdf's `internal/toolversions`.
///
/// @param files that were read, as a person would name them from the project's folder
public record ToolVersions(Map<Tool, ToolVersion> tools, List<String> files) {

    public static final String FILE_NAME = ".tool-versions";

    static final List<String> MISE = List.of("mise.toml", ".mise.toml");
    private static final List<String> TOOLS = Arrays.stream(Tool.values()).map(Tool::word).toList();

    /// @param folder of the project
    /// @param top the last folder above it in which files count: the checkout's
    /// @throws Failure with a [ToolVersionProblem]
    public static ToolVersions read(Path folder, Path top) throws IOException {
        Map<Tool, ToolVersion> asdf = new EnumMap<>(Tool.class);
        Map<Tool, ToolVersion> mise = new EnumMap<>(Tool.class);
        List<String> files = new ArrayList<>();
        @Nullable Path at = folder;
        while (at != null && at.startsWith(top)) {
            Path file = at.resolve(FILE_NAME);
            if (Files.isRegularFile(file)) {
                String name = folder.relativize(file).toString();
                files.add(name);
                // asdf takes what is no UTF-8 as it is.
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                parse(text, name).forEach(asdf::putIfAbsent);
            }
            for (String each : MISE) {
                Path toml = at.resolve(each);
                if (Files.isRegularFile(toml)) {
                    String name = folder.relativize(toml).toString();
                    files.add(name);
                    parse(MiseTools.read(toml, name, TOOLS), name).forEach(mise::putIfAbsent);
                }
            }
            at = at.getParent();
        }
        mise.forEach(
                (tool, version) -> {
                    ToolVersion other = asdf.putIfAbsent(tool, version);
                    if (other != null && !other.text().equals(version.text())) {
                        throw new Failure(new ToolVersionProblem.Contradiction(other, version));
                    }
                });
        return new ToolVersions(asdf, files);
    }

    /// @param name of the file, for errors
    static Map<Tool, ToolVersion> parse(String text, String name) {
        Map<Tool, ToolVersion> versions = new EnumMap<>(Tool.class);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int comment = line.indexOf('#');
            List<String> words = new ArrayList<>();
            int column = 0;
            int from = 0;
            for (String word :
                    line.substring(0, comment < 0 ? line.length() : comment).split(" ", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                    if (words.size() == 2) {
                        column = 1 + line.codePointCount(0, line.indexOf(word.strip(), from));
                    }
                }
                from += word.length() + 1;
            }
            if (words.isEmpty()) {
                continue;
            }
            String[] first = words.getFirst().split("\\s");
            Optional<Tool> tool = Tool.of(first[0]);
            if (tool.isPresent() && first.length > 1 && !versions.containsKey(tool.get())) {
                int tab = 1 + line.codePointCount(0, line.indexOf(first[0]) + first[0].length());
                throw new Failure(
                        new ToolVersionProblem.Tab(tool.get(), name + ":" + number + ":" + tab));
            }
            if (tool.isPresent() && words.size() > 1 && !versions.containsKey(tool.get())) {
                String at = name + ":" + number + ":" + column;
                versions.put(tool.get(), ToolVersion.parse(tool.get(), words.get(1), at));
            }
        }
        return versions;
    }

    private static Map<Tool, ToolVersion> parse(List<MiseTools.Entry> entries, String name) {
        Map<Tool, ToolVersion> versions = new EnumMap<>(Tool.class);
        for (MiseTools.Entry entry : entries) {
            Tool.of(entry.tool())
                    .ifPresent(
                            tool -> {
                                String at = name + ":" + entry.line() + ":" + entry.column();
                                versions.put(tool, ToolVersion.parse(tool, entry.version(), at));
                            });
        }
        return versions;
    }

    /// Of some tools only.
    public ToolVersions only(Set<Tool> some) {
        Map<Tool, ToolVersion> kept = new EnumMap<>(Tool.class);
        kept.putAll(tools);
        kept.keySet().retainAll(some);
        return new ToolVersions(kept, files);
    }

    /// @return empty where no file names it
    public Optional<ToolVersion> get(Tool tool) {
        return Optional.ofNullable(tools.get(tool));
    }
}
