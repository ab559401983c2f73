package dev.decant.config;

import dev.decant.Golden;
import dev.decant.problem.Failure;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A folder for each case: `decant.toml`, perhaps `environment` with what `-e` says, and
/// `problems.txt` as printed.
class ConfigGoldenTest {

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(Golden.folder("config"))) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_wrong_file_is_answered_with_place_reason_and_remedy(Path folder, @TempDir Path project)
            throws IOException {
        Files.copy(folder.resolve("decant.toml"), project.resolve("decant.toml"));
        Path environment = folder.resolve("environment");
        Optional<String> chosen =
                Files.exists(environment)
                        ? Optional.of(Files.readString(environment).strip())
                        : Optional.empty();

        StringWriter printed = new StringWriter();
        try {
            ConfigReader.read(project, chosen);
            printed.write("no problem\n");
        } catch (Failure failure) {
            ProblemPrinter.print(new PrintWriter(printed), failure.problems());
            printed.write("exit status " + failure.status().number() + "\n");
        }

        Golden.check(folder.resolve("problems.txt"), printed.toString());
    }
}
