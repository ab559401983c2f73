package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.secrets.Secret;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

class SourcesTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("DATABASE_URL", "ecto://shop", "SECRET_KEY_BASE", "k", "HOME", "/root");

    @TempDir private Path folder;

    @Test
    void without_sources_the_environment_has_what_is_listed() throws Exception {
        Sources.Found found = find("");

        assertThat(found.secrets())
                .extracting(Secret::name)
                .containsExactly("DATABASE_URL", "SECRET_KEY_BASE");
        assertThat(found.config().secrets())
                .containsExactly("DATABASE_URL", "PASSWORD", "SECRET_KEY_BASE");
    }

    @Test
    void only_some_are_taken_of_a_source_that_says_so() throws Exception {
        Sources.Found found = find("[sources.environment]\nonly = [\"DATABASE_URL\"]\n");

        assertThat(found.secrets()).extracting(Secret::name).containsExactly("DATABASE_URL");
    }

    @Test
    void of_each_source_there_are_names_for_who_asks() throws Exception {
        Files.writeString(folder.resolve(".env"), "MAIL_KEY=hidden\nDATABASE_URL=hidden\n");

        assertThat(names(""))
                .isEqualTo(Map.of("environment", List.of("DATABASE_URL", "SECRET_KEY_BASE")));
        assertThat(names("[sources.environment]\n[sources.files]\nfiles = [\".env\"]\n"))
                .isEqualTo(
                        Map.of(
                                "environment", List.of("DATABASE_URL", "SECRET_KEY_BASE"),
                                "files", List.of("DATABASE_URL", "MAIL_KEY")));
    }

    @Test
    void one_that_has_not_what_it_is_to_have_ends_it() throws Exception {
        Failure failure = fails("[sources.environment]\nonly = [\"PASSWORD\"]\n");

        assertThat(failure.problems())
                .containsExactly(new SourceProblem.Lacks("environment", "PASSWORD"));
    }

    @Test
    void a_source_that_nobody_knows_is_an_error_with_its_place() throws Exception {
        Failure failure = fails("[sources.vualt]\n");

        assertThat(failure.getMessage()).contains("decant.toml:4").contains("vualt");
    }

    @Test
    void files_have_values_and_the_later_goes_before_the_earlier() throws Exception {
        Files.writeString(folder.resolve(".env"), "DATABASE_URL=old\nlower=1\n");
        Files.writeString(folder.resolve("more.yaml"), "database: {url: new, pool-size: 5}\n");

        Sources.Found found = find("[sources.files]\nfiles = [\".env\", \"more.yaml\"]\n");

        assertThat(found.secrets())
                .containsExactly(
                        new Secret("DATABASE_POOL_SIZE", "5"),
                        new Secret("DATABASE_URL", "new"),
                        new Secret("lower", "1"));
    }

    @Test
    void two_keys_of_a_file_that_would_be_one_variable_end_it() throws Exception {
        Files.writeString(folder.resolve("a.json"), "{\"a-b\": \"hidden\", \"a\": {\"b\": 1}}");

        Failure failure = fails("[sources.files]\nfiles = [\"a.json\"]\n");

        assertThat(failure.problems())
                .containsExactly(new SourceProblem.SameName("files", "a-b", "a/b", "A_B"));
    }

    @Test
    void a_file_that_is_not_there_or_no_text_is_named() throws Exception {
        assertThat(fails("[sources.files]\nfiles = [\"a.json\"]\n").problems())
                .containsExactly(new SourceProblem.Nothing("files", "a.json", "is not there"));

        Files.write(folder.resolve("a.json"), new byte[] {'{', (byte) 0xff, '}'});

        assertThat(fails("[sources.files]\nfiles = [\"a.json\"]\n").problems())
                .containsExactly(new SourceProblem.Unreadable("files", "a.json", "is not UTF-8"));
    }

    @Test
    void a_file_whose_name_does_not_say_how_to_read_it_is_an_error_in_decant_toml()
            throws Exception {
        assertThat(fails("[sources.files]\nfiles = [\".env.local\", \"secrets.txt\"]\n"))
                .hasMessageContaining("decant.toml:5:1")
                .hasMessageContaining("secrets.txt");
        assertThat(fails("[sources.files]\n")).hasMessageContaining("names no file");
    }

    @Test
    void programs_print_documents_and_values() throws Exception {
        Sources.Found found =
                find(
                        """
                        [sources.command]
                        run = ["printf", "%s", "db: { url: old, pool: 5 }"]
                        format = "yaml"
                        [sources.command.variables]
                        DB_URL = ["printf", 'a "b"\\r\\n\\n']
                        HERE = ["pwd"]
                        """);

        assertThat(found.secrets())
                .containsExactly(
                        new Secret("DB_POOL", "5"),
                        new Secret("DB_URL", "a \"b\"\r\n"),
                        new Secret("HERE", folder.toRealPath().toString()));
    }

    @Test
    void a_program_that_fails_is_shown_with_what_it_says_and_not_with_what_it_prints() {
        Failure failure =
                fails(
                        """
                        [sources.command.variables]
                        A = ["sh", "-c", "f=hid; echo ${f}den; echo locked >&2; exit 3"]
                        B = ["no-such-program"]
                        C = ["printf", '\\377']
                        """);

        assertThat(failure.problems())
                .extracting(Problem::id)
                .containsExactly("source-command-failed", "source-no-answer", "source-unreadable");
        assertThat(printed(failure))
                .contains("status 3", "locked", "no-such-program", "not UTF-8")
                .doesNotContain("hidden");
    }

    @Test
    void programs_run_at_once_and_not_for_longer_than_they_may() {
        long begun = System.nanoTime();

        Failure failure =
                fails(
                        """
                        [sources.command]
                        timeout = "1s"
                        variables.A = ["sleep", "471"]
                        variables.B = ["sh", "-c", "sleep 472; echo"]
                        """);

        assertThat(failure.problems())
                .containsExactly(new SourceProblem.TooSlow("command", Duration.ofSeconds(1)));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        await(() -> ProcessHandle.current().descendants().noneMatch(SourcesTest::sleeps));
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().commandLine().orElse("").matches(".*sleep 47[12].*");
    }

    private static void await(BooleanSupplier state) {
        for (int i = 0; i < 100 && !state.getAsBoolean(); i++) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        assertThat(state.getAsBoolean()).isTrue();
    }

    private static String printed(Failure failure) {
        StringWriter text = new StringWriter();
        ProblemPrinter.print(new PrintWriter(text), failure.problems());
        return text.toString();
    }

    private Failure fails(String sources) {
        return catchThrowableOfType(Failure.class, () -> find(sources));
    }

    private Sources.Found find(String sources) throws IOException, InterruptedException {
        return Sources.find(config(sources), ENVIRONMENT);
    }

    private Map<String, List<String>> names(String sources)
            throws IOException, InterruptedException {
        return Sources.names(config(sources), ENVIRONMENT);
    }

    private Config config(String sources) throws IOException {
        Files.writeString(
                folder.resolve(ConfigReader.FILE_NAME),
                """
                app = "shop"
                secrets = ["DATABASE_URL", "PASSWORD", "SECRET_KEY_BASE"]
                hosts.web1.address = "web1.example.com"
                """
                        + sources);
        return ConfigReader.read(folder, Optional.empty());
    }
}
