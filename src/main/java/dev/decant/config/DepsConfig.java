package dev.decant.config;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/// `[deps]`: what is to be thought of advisories for the app's dependencies, and of retired ones.
///
/// @param advisories a copy of a database of them
/// @param registry of Hex, which builds ask for retired versions
/// @param registryKey its public key, as PEM, if it is not hex.pm's
/// @param gate whether a build is refused for one that is not acknowledged
/// @param acknowledged exceptions, by the advisories' ids, or by `NAME@VERSION`
public record DepsConfig(
        Optional<Path> advisories,
        Optional<String> registry,
        Optional<Path> registryKey,
        boolean gate,
        Map<String, Acknowledged> acknowledged) {

    /// @param reason why the advisory does not matter
    /// @param until the last day of the exception
    public record Acknowledged(String reason, LocalDate until) {}

    public DepsConfig {
        acknowledged = Map.copyOf(acknowledged);
    }
}
