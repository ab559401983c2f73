package dev.decant.source;

import dev.decant.config.SourceConfig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Files that are kept encrypted.
final class AgeSource implements Source {

    private final SourceConfig.Age access;
    private final Path folder;
    private final Map<String, String> environment;

    /// @param folder the project's
    AgeSource(SourceConfig.Age access, Path folder, Map<String, String> environment) {
        this.access = access;
        this.folder = folder;
        this.environment = environment;
    }

    @Override
    public Contents.Documents fetch() throws InterruptedException {
        AgeIdentity identity = AgeIdentity.of(access, environment);
        List<Contents.Document> documents = new ArrayList<>();
        for (Path file : access.files()) {
            String name = FileSource.name(file, folder);
            documents.add(
                    new Contents.Document(
                            name,
                            SourceConfig.Age.format(file).orElseThrow(),
                            Age.decrypt(file, name, identity)));
        }
        return new Contents.Documents(documents);
    }
}
