package dev.decant.source;

import dev.decant.config.SourceConfig.Format;

import java.util.List;
import java.util.Optional;

/// What a source has. None of it is to be seen.
sealed interface Contents {

    /// The same, but for one text.
    default Contents without(Document document) {
        return this instanceof Documents(List<Document> documents, List<Entry> variables)
                ? new Documents(
                        documents.stream().filter(each -> !each.equals(document)).toList(),
                        variables)
                : this;
    }

    /// Values by keys, as a store has them.
    record Entries(List<Entry> entries) implements Contents {

        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /// Several of which the later goes before the earlier.
    record Layers(List<Entries> layers) implements Contents {

        public Layers {
            layers = List.copyOf(layers);
        }
    }

    /// Texts that have values in them; the later goes before the earlier.
    ///
    /// @param variables go before them all, by the names that they have
    record Documents(List<Document> documents, List<Entry> variables) implements Contents {

        public Documents {
            documents = List.copyOf(documents);
            variables = List.copyOf(variables);
        }

        Documents(List<Document> documents) {
            this(documents, List.of());
        }
    }

    /// @param path the parts of the key below what was asked for, at least one
    record Entry(List<String> path, String value) {

        public Entry {
            path = List.copyOf(path);
        }

        /// As messages have it.
        String key() {
            return String.join("/", path);
        }

        @Override
        public String toString() {
            return key() + "=<hidden>";
        }
    }

    /// @param name of the file, object or program that it is from
    /// @param format empty where its name says none: then it can only be a file of the app
    record Document(String name, Optional<Format> format, String text) {

        Document(String name, Format format, String text) {
            this(name, Optional.of(format), text);
        }

        @Override
        public String toString() {
            return name + " <hidden>";
        }
    }
}
