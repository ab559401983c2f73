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

/// A folder for each case: `project/` with a Mix project and its decant.toml, perhaps `typed` with
/// what is typed besides, and what comes of it.
class DoctorGoldenTest {

    @TempDir private Path folder = Path.of("");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(Golden.folder("doctor"))) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void what_is_found_says_where_why_and_what_to_do(Path given) throws IOException {
        Golden.copy(given.resolve("project"), folder);
        Path typed = given.resolve("typed");
        String more = Files.exists(typed) ? " " + Files.readString(typed).strip() : "";

        Decant doctor = Decant.run(folder, ("doctor --no-hosts" + more).split(" "));

        Golden.check(given.resolve("printed.txt"), doctor.shown(folder));
    }

    @Test
    void the_sample_app_is_in_good_health() throws IOException {
        Golden.copy(Path.of("samples/counter"), folder);
        Files.writeString(
                folder.resolve("decant.toml"),
                """
                app = "counter"
                secrets = ["COUNTER_SECRET"]
                [hosts.web1]
                [public]
                ports = ["80:4000"]
                [health]
                path = "/health"
                """);

        assertThat(Decant.run(folder, "doctor", "--no-hosts", "--strict"))
                .isEqualTo(new Decant(0, "Nothing found. The hosts were not asked.\n", ""));
    }
}
