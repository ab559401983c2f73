package dev.decant.source;

import dev.decant.config.SourceConfig;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A key, or several, that opens what age has encrypted.
///
/// @param where a file, or the name of a variable
/// @param keys its lines without comments
record AgeIdentity(String where, List<String> keys) {

    static final String KEY = "DECANT_AGE_KEY";
    private static final String FILE = "DECANT_AGE_KEY_FILE";
    private static final String NATIVE = "AGE-SECRET-KEY-1[A-Z0-9]+";

    AgeIdentity {
        keys = List.copyOf(keys);
    }

    /// The file that is to have it.
    ///
    /// @param environment of this process
    static Path file(SourceConfig.Age access, Map<String, String> environment) {
        String named = environment.getOrDefault(FILE, "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
        return access.identity()
                .orElseGet(
                        () ->
                                (config.isEmpty() ? home.resolve(".config") : Path.of(config))
                                        .resolve("decant/age.key"));
    }

    /// Whether there is one.
    static boolean exists(SourceConfig.Age access, Map<String, String> environment) {
        return !environment.getOrDefault(KEY, "").isBlank()
                || Files.exists(file(access, environment));
    }

    /// @throws Failure if there is none
    static AgeIdentity of(SourceConfig.Age access, Map<String, String> environment) {
        String given = environment.getOrDefault(KEY, "");
        if (!given.isBlank()) {
            return new AgeIdentity(KEY, keys(given));
        }
        Path file = file(access, environment);
        try {
            return new AgeIdentity(file.toString(), keys(Files.readString(file)));
        } catch (IOException e) {
            throw new Failure(
                    new SourceProblem.Refused(
                            access.word(),
                            file.toString(),
                            Files.exists(file) ? "cannot be read" : "there is no key",
                            List.of(
                                    "Put your key there, or name its file in " + FILE + ".",
                                    "decant secrets edit        makes one, if you have none")));
        }
    }

    private static List<String> keys(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /// Whether all are age's own, rather than of ssh or a plugin.
    boolean isNative() {
        return keys.stream().allMatch(key -> key.matches(NATIVE));
    }

    @Override
    public String toString() {
        return where + " <hidden>";
    }
}
