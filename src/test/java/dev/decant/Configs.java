package dev.decant;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.config.PublicPort;
import dev.decant.config.ServiceConfig;
import dev.decant.config.Strategy;
import dev.decant.io.Trees;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Configs as a user writes them.
public final class Configs {

    public static final String SHOP =
            """
            app = "shop_web"
            migrate = "Shop.Release.migrate()"
            secrets = ["DATABASE_URL", "SECRET_KEY_BASE"]
            """;

    private Configs() {}

    public static Config of(String toml) {
        try {
            Path folder = Files.createTempDirectory("decant-test");
            try {
                Files.writeString(folder.resolve(ConfigReader.FILE_NAME), toml);
                return ConfigReader.read(folder, Optional.empty());
            } finally {
                Trees.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A service with its defaults.
    public static ServiceConfig service(Strategy strategy, List<PublicPort> ports) {
        return new ServiceConfig(
                4000,
                strategy,
                10,
                Duration.ZERO,
                Duration.ofSeconds(40),
                ports,
                OptionalInt.empty(),
                4370,
                false,
                Duration.ZERO,
                false);
    }
}
