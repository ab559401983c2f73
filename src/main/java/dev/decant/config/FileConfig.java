package dev.decant.config;

import dev.decant.config.SourceConfig.Format;

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
    ///
    /// @return empty for what nobody here reads or writes
    public Optional<Format> format() {
        return Format.of(name).filter(format -> format != Format.DOTENV);
    }
}
