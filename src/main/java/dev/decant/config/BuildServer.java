package dev.decant.config;

import java.util.Optional;

/// A machine that builds, and is reached over SSH.
///
/// @param user whom to connect as; empty leaves it to ssh_config
/// @param address as ssh is given it
public record BuildServer(Optional<String> user, String address) {

    /// No such machine: this one builds.
    public static final String HERE = "here";

    static final String PATTERN = "(" + ConfigReader.USER + "@)?" + ConfigReader.ADDRESS;

    public static final String EXPECTED =
            "a machine as ssh knows it, such as \"ci@build1.example.com\", or \"here\"";

    /// @param text `[USER@]ADDRESS`, or [#HERE]
    public static boolean isOne(String text) {
        return text.matches(PATTERN);
    }

    /// @param text one that is one
    /// @return empty for [#HERE]
    public static Optional<BuildServer> of(String text) {
        int at = text.lastIndexOf('@');
        return text.equals(HERE)
                ? Optional.empty()
                : Optional.of(
                        new BuildServer(
                                at < 0 ? Optional.empty() : Optional.of(text.substring(0, at)),
                                text.substring(at + 1)));
    }
}
