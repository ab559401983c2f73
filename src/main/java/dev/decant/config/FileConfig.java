package dev.decant.config;

import java.nio.file.Path;
import java.util.Optional;

/// A file that the app finds in the folder `CREDENTIALS_DIRECTORY`: one table `[files.NAME]`. It
/// has either a file of this machine, or what a source has.
///
/// @param name as the app finds it; has a dot, which no variable has
/// @param line of the table in decant.toml, from 1
/// @param path taken as it is
/// @param source the word of its table
public record FileConfig(String name, int line, Optional<Path> path, Optional<String> source) {

    /// What it is to be, by the end of its name.
    public enum Kind {
        JSON,
        TOML,
        YAML,
        /// Whatever else.
        OTHER
    }

    public Kind kind() {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "json" -> Kind.JSON;
            case "toml" -> Kind.TOML;
            case "yaml", "yml" -> Kind.YAML;
            default -> Kind.OTHER;
        };
    }
}
