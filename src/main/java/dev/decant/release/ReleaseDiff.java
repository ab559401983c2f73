package dev.decant.release;

import dev.decant.release.FileChanges.Changed;
import dev.decant.release.FileChanges.Versions;
import dev.decant.release.FileList.File;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How one release differs from another.
///
/// @param dependencies from the bills of materials; Erlang's own applications are among them
/// @param texts files of configuration that have changed, by path in the new release
public record ReleaseDiff(
        Release from,
        Release to,
        FileChanges files,
        SortedMap<String, Versions> dependencies,
        SortedMap<String, Texts> texts) {

    /// What a release says at boot of how it is to run; each is small.
    private static final Pattern CONFIG =
            Pattern.compile(
                    "releases/[^/]+/(runtime\\.exs|releases\\.exs|sys\\.config|(remote\\.)?vm\\.args|env\\.sh)");

    /// Lines; none where there was no such file.
    public record Texts(List<String> from, List<String> to) {}

    /// @throws IOException if files of a release cannot be read
    public static ReleaseDiff of(Release from, Release to) throws IOException {
        FileChanges files = FileChanges.of(from.files(), to.files());
        SortedMap<String, Texts> texts = new TreeMap<>();
        for (Changed each : files.changed()) {
            if (CONFIG.matcher(each.to().path()).matches()
                    && each.from() instanceof File
                    && each.to() instanceof File) {
                texts.put(
                        each.to().path(),
                        new Texts(lines(from, each.from().path()), lines(to, each.to().path())));
            }
        }
        return new ReleaseDiff(from, to, files, dependencies(from, to), texts);
    }

    private static List<String> lines(Release release, String path) throws IOException {
        Path file = release.tree().resolve(path);
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    }

    private static SortedMap<String, Versions> dependencies(Release from, Release to)
            throws IOException {
        SortedMap<String, String> before = Sbom.components(Files.readAllBytes(from.sbomFile()));
        SortedMap<String, String> after = Sbom.components(Files.readAllBytes(to.sbomFile()));
        return Versions.differing(before, after);
    }
}
