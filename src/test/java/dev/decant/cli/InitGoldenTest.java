package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder for each case: `project/` with a Mix project, perhaps `hosts` with what is typed, and
/// what comes of it.
class InitGoldenTest {

    @TempDir private Path folder = Path.of("");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(Golden.folder("init"))) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_project_gets_a_config(Path given) throws IOException {
        Golden.copy(given.resolve("project"), folder);
        Path hosts = given.resolve("hosts");
        String typed = Files.exists(hosts) ? " " + Files.readString(hosts).strip() : "";

        Decant init = Decant.run(folder, ("init" + typed).split(" "));

        Golden.check(given.resolve("printed.txt"), init.shown(folder));
        Path toml = folder.resolve("decant.toml");
        if (init.status() == 0) {
            Golden.check(given.resolve("decant.toml"), Files.readString(toml));
        } else {
            assertThat(toml).doesNotExist();
        }
    }

    @Test
    void a_config_that_is_there_is_not_replaced_unless_forced() throws IOException {
        Files.writeString(folder.resolve("mix.exs"), "[app: :shop]\n");
        Files.writeString(folder.resolve("decant.toml"), "mine\n");

        Decant refused = Decant.run(folder, "init");

        Golden.check(Golden.folder("cli").resolve("config-exists.txt"), refused.shown(folder));
        assertThat(folder.resolve("decant.toml")).hasContent("mine");
        assertThat(Decant.run(folder, "init", "--force").status()).isZero();
        assertThat(folder.resolve("decant.toml")).content().contains("app = \"shop\"");
    }

    @Test
    void wrong_usage_looks_like_any_problem() {
        Golden.check(
                Golden.folder("cli").resolve("usage.txt"),
                Decant.run(folder, "depoly").shown(folder)
                        + Decant.run(folder, "deploy", "--relase", "x").shown(folder)
                        + Decant.run(folder, "deploy", "--release").shown(folder)
                        + Decant.run(folder).shown(folder));
    }
}
