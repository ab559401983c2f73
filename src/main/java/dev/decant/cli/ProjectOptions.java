package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/// Which project and which of its environments.
final class ProjectOptions {

    @Option(
            names = {"-C", "--directory"},
            paramLabel = "DIR",
            description = "The folder of decant.toml and mix.exs. Default: this folder.")
    @Nullable Path directory;

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "ENV",
            description = "One of [environments] in decant.toml. Needed where there are several.")
    @Nullable String environment;

    Path folder(Wiring wiring) {
        return directory == null
                ? wiring.folder()
                : wiring.folder().resolve(directory).toAbsolutePath().normalize();
    }

    /// With the hosts of an inventory, if that is where they are.
    Config config(Wiring wiring) throws InterruptedException {
        return withoutHosts(wiring).withInventory();
    }

    /// For what is done here, whatever the hosts are: an inventory is not read.
    Config withoutHosts(Wiring wiring) {
        Config config = ConfigReader.read(folder(wiring), Optional.ofNullable(environment));
        String key = wiring.environment().getOrDefault("DECANT_SIGNING_KEY", "");
        return key.isEmpty() ? config : config.signingWith(wiring.folder().resolve(key));
    }
}
