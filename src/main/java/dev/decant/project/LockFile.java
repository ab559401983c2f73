package dev.decant.project;

import dev.decant.config.Kind;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What pins the dependencies of a project.
public enum LockFile {
    MIX(MixLock.FILE_NAME),
    REBAR3(RebarLock.FILE_NAME);

    private final String fileName;

    LockFile(String fileName) {
        this.fileName = fileName;
    }

    /// @return empty for what is locked in ways that Decant does not read
    public static Optional<LockFile> of(Kind kind) {
        return switch (kind) {
            case MIX -> Optional.of(MIX);
            case REBAR3 -> Optional.of(REBAR3);
            case GENERIC -> Optional.empty();
        };
    }

    public String fileName() {
        return fileName;
    }

    /// @param folder of the project
    /// @return sorted by app
    /// @throws Failure with a [ProjectProblem], also where there is none and should be one
    public List<Dependency> read(Path folder) throws IOException {
        return switch (this) {
            case MIX -> MixLock.read(folder);
            case REBAR3 -> RebarLock.read(folder);
        };
    }

    /// @return that of no text at all where there is no lock
    public Digest digest(Path folder) throws IOException {
        return Digest.of(text(folder));
    }

    /// @return empty where there is no lock
    public String text(Path folder) throws IOException {
        Path file = folder.resolve(fileName);
        return Files.isRegularFile(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                : "";
    }
}
