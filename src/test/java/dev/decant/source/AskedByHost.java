package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Configs;
import dev.decant.config.Config;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.systemd.Units;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What a source says to the host program, which is run as the unit runs it, but here.
final class AskedByHost {

    private static final Path PROGRAM =
            Path.of("src/main/resources/dev/decant/host/decant-host").toAbsolutePath();

    private AskedByHost() {}

    /// @param table of one source, nothing else
    /// @param credentials what a host has in its file of these
    static Map<String, String> found(String table, Map<String, String> credentials, Path folder)
            throws IOException, InterruptedException {
        Result result = run(table, credentials, folder);
        assertThat(result.ok()).as(result.toString()).isTrue();
        return values(result);
    }

    /// @param said lines of a name and a value each, of which the later goes before the earlier
    static Map<String, String> values(Result said) {
        Map<String, String> values = new TreeMap<>();
        for (String line : said.out()) {
            String[] words = line.split(" ", 2);
            values.put(
                    words[0],
                    new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8));
        }
        return values;
    }

    /// @return why it has none
    static String problem(String table, Map<String, String> credentials, Path folder)
            throws IOException, InterruptedException {
        Result result = run(table, credentials, folder);
        assertThat(result.ok()).isFalse();
        return String.join("\n", result.err());
    }

    private static Result run(String table, Map<String, String> credentials, Path folder)
            throws IOException, InterruptedException {
        Config config =
                Configs.of(
                        "app = \"shop\"\nhosts.web1.address = \"web1\"\n"
                                + table.stripTrailing()
                                + "\nat = \"boot\"\n");
        String unit =
                Objects.requireNonNull(
                        Units.of(config, config.hosts().getFirst(), 252)
                                .more()
                                .get("shop-fetch.service"));
        String[] source = unit.split("Source=", 2)[1].split("\n", 2);
        Path work = Files.createDirectories(folder.resolve("asked"));
        Files.writeString(work.resolve("settings"), source[1]);
        return Program.of("sh", PROGRAM.toString(), "ask", "shop", source[0], work.toString())
                .env(credentials)
                .run();
    }
}
