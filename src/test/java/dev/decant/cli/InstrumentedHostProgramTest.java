package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

class InstrumentedHostProgramTest {

    private static final Path HOST_PROGRAM =
            Path.of("src/main/resources/dev/decant/host/decant-host");

    @TempDir private Path folder = Path.of("");

    private static InstrumentedHostProgram instrumented() throws Exception {
        return InstrumentedHostProgram.of(Files.readString(HOST_PROGRAM));
    }

    @Test
    void it_is_shell_and_what_was_there_is_still_there() throws Exception {
        Path file = Files.writeString(folder.resolve("decant-host"), instrumented().text());

        Result checked = Program.of("sh", "-n", file.toString()).run();

        assertThat(checked.ok()).as(checked.err().toString()).isTrue();
        assertThat(Files.readAllLines(file)).containsSubsequence(Files.readAllLines(HOST_PROGRAM));
    }

    @Test
    void every_renaming_is_a_point() throws Exception {
        assertThat(instrumented().points().values())
                .map(InstrumentedHostProgram.Point::function)
                .contains("install_file", "stage_file", "install_link", "make_release", "do_apply")
                .contains("put_in_place", "verb_prune", "verb_setup", "finish", "end_deployment");
    }

    @Test
    void what_only_looks_is_no_point() throws Exception {
        assertThat(instrumented().points().values())
                .map(InstrumentedHostProgram.Point::line)
                .noneMatch(line -> line.startsWith("put host_program"))
                .noneMatch(line -> line.startsWith("state=$(systemctl show"));
    }

    @Test
    void it_says_what_the_original_says() throws Exception {
        Path file = Files.writeString(folder.resolve("decant-host"), instrumented().text());
        String request = "facts 0 0\nno-such-verb 0 0\n";

        Result theirs =
                Program.of("sh", HOST_PROGRAM.toString(), "session", "app", folder.toString())
                        .input(request)
                        .run();
        Result ours =
                Program.of("sh", file.toString(), "session", "app", folder.toString())
                        .input(request)
                        .run();

        assertThat(stable(ours)).isEqualTo(stable(theirs));
        assertThat(ours.err()).isEmpty();
    }

    /// Without what changes by itself; some facts are asked for at the same time.
    private static String stable(Result result) {
        return result.status()
                + result.out().stream()
                        .filter(line -> !line.matches("= (free|available)_.*"))
                        .sorted()
                        .collect(Collectors.joining("\n"));
    }
}
