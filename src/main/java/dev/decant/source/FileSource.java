package dev.decant.source;

import dev.decant.config.SourceConfig;
import dev.decant.config.SourceConfig.Format;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files of this machine.
final class FileSource implements Source {

    private final SourceConfig.Files access;
    private final Path folder;

    /// @param folder the project's
    FileSource(SourceConfig.Files access, Path folder) {
        this.access = access;
        this.folder = folder;
    }

    @Override
    public Contents fetch() {
        List<Contents.Document> documents = new ArrayList<>();
        for (Path file : access.files()) {
            String name = name(file, folder);
            Format format = Format.of(file.getFileName().toString()).orElseThrow();
            documents.add(new Contents.Document(name, format, text(file, name)));
        }
        return new Contents.Documents(documents);
    }

    private String text(Path file, String name) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new Failure(new SourceProblem.Nothing(access.word(), name, "is not there"));
        } catch (CharacterCodingException e) {
            throw new Failure(new SourceProblem.Unreadable(access.word(), name, "is not UTF-8"));
        } catch (IOException e) {
            throw new Failure(
                    new SourceProblem.NoAnswer(
                            access.word(), name, "cannot be read: " + e.getMessage()));
        }
    }

    /// As messages call a file.
    static String name(Path file, Path folder) {
        return file.startsWith(folder) ? folder.relativize(file).toString() : file.toString();
    }
}
