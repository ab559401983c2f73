package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.ConfigProblem;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

class ToolVersionsTest {

    @TempDir private Path folder = Path.of("");

    private static Map<Tool, ToolVersion> parse(String text) {
        return ToolVersions.parse(text, ".tool-versions");
    }

    private static Optional<String> text(Map<Tool, ToolVersion> versions, Tool tool) {
        return Optional.ofNullable(versions.get(tool)).map(ToolVersion::text);
    }

    private static ToolVersion one(String line, Tool tool) {
        return Objects.requireNonNull(parse(line).get(tool));
    }

    private ToolVersions read() throws IOException {
        return ToolVersions.read(folder, folder);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Problem refused(Work work) {
        Failure failure = catchThrowableOfType(Failure.class, work::run);
        assertThat(failure).isNotNull();
        return failure.problems().getFirst();
    }

    private interface Work {
        void run() throws IOException;
    }

    // ---- as asdf reads it

    @Test
    void a_tool_and_its_version_stand_on_a_line_with_their_place() {
        Map<Tool, ToolVersion> tools = parse("erlang 25.2.3\nelixir   1.14.0\nnodejs 20\n");

        assertThat(tools).hasSize(2);
        assertThat(tools.get(Tool.ERLANG))
                .isEqualTo(
                        new ToolVersion(
                                Tool.ERLANG,
                                ToolVersion.Kind.EXACT,
                                "25.2.3",
                                ".tool-versions:1:8"));
        assertThat(one("\nelixir   1.14.0", Tool.ELIXIR).at()).isEqualTo(".tool-versions:2:10");
    }

    @Test
    void a_comment_ends_a_line_wherever_it_begins() {
        Map<Tool, ToolVersion> tools = parse("# erlang 24\nerlang path:/opt/a#b\nelixir#1.14\n#\n");

        assertThat(text(tools, Tool.ERLANG)).contains("path:/opt/a");
        assertThat(text(tools, Tool.ELIXIR)).isEmpty();
    }

    @Test
    void the_first_line_of_a_tool_counts_and_so_does_its_first_version() {
        Map<Tool, ToolVersion> tools = parse("erlang 25.2.3 system\nerlang latest\n");

        assertThat(text(tools, Tool.ERLANG)).contains("25.2.3");
    }

    @Test
    void blank_lines_line_ends_of_windows_and_lonely_names_do_no_harm() {
        Map<Tool, ToolVersion> tools = parse("\n   \nerlang\n  elixir 1.14.0  \r\n");

        assertThat(text(tools, Tool.ERLANG)).isEmpty();
        assertThat(text(tools, Tool.ELIXIR)).contains("1.14.0");
    }

    @Test
    void a_tab_behind_a_tool_is_refused_since_asdf_passes_over_it_and_mise_does_not() {
        assertThat(refused(() -> parse("\n erlang\t25.2.3\n")).what())
                .isEqualTo(".tool-versions:2:8: there is a tab behind erlang.");
        assertThat(parse("nodejs\t20\n")).isEmpty();
        assertThat(parse("erlang \t25.2.3\n")).containsKey(Tool.ERLANG);
    }

    @Test
    void the_build_of_elixir_is_not_its_version() {
        ToolVersion elixir = one("elixir 1.18.0-rc.0-otp-27", Tool.ELIXIR);

        assertThat(elixir.version()).isEqualTo("1.18.0-rc.0");
        assertThat(elixir.builtFor()).hasValue(27);
        assertThat(one("elixir 1.17.2", Tool.ELIXIR).builtFor()).isEmpty();
    }

    // ---- what is no version

    @ParameterizedTest
    @ValueSource(
            strings = {
                "latest",
                "latest:27",
                "27",
                "lts",
                "prefix:27",
                "sub-1:27.1",
                "27.x",
                ">=27",
                "ref:",
                "path:./erlang",
                "OTP-27.1.2",
                "maint-27",
                "99999999999.1",
                "27.1.2;rm"
            })
    void an_erlang_that_is_not_exact_is_refused(String version) {
        Problem problem = refused(() -> parse("elixir 1.17.3\nerlang " + version + "\n"));

        assertThat(problem.what())
                .isEqualTo(".tool-versions:2:8: erlang " + version + " is not one exact version.");
        assertThat(problem.next()).first().asString().endsWith("erlang 27.1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.17", "1", "latest", "main", "main-otp-27", "v1.17.3", "1.17.3-otp"})
    void an_elixir_that_is_not_exact_is_refused(String version) {
        assertThat(refused(() -> parse("elixir " + version)).what())
                .startsWith(".tool-versions:1:8: elixir " + version);
    }

    @ParameterizedTest
    @CsvSource({
        "ERLANG, 27.0, EXACT",
        "ERLANG, 27.0-rc1, EXACT",
        "ERLANG, 25.3.2.21, EXACT",
        "ELIXIR, 1.17.3, EXACT",
        "ELIXIR, 1.17.3-otp-27, EXACT",
        "ELIXIR, ref:v1.17.3, REF",
        "ELIXIR, path:/opt/elixir, PATH",
        "ERLANG, system, SYSTEM"
    })
    void an_exact_one_and_three_exceptions_are_taken(
            Tool tool, String version, ToolVersion.Kind kind) {
        assertThat(one(tool.word() + " " + version, tool).kind()).isEqualTo(kind);
    }

    @Test
    void the_problems_name_what_can_be_installed() {
        assertThat(refused(() -> parse("elixir 1.17")).next())
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "decant toolchain list --available elixir 1.17"));
    }

    // ---- files

    @Test
    void a_file_need_not_be_there() throws IOException {
        assertThat(read().tools()).isEmpty();
        assertThat(read().files()).isEmpty();
    }

    @Test
    void each_tool_is_taken_from_the_nearest_file_that_names_it_up_to_the_checkout()
            throws IOException {
        write(".tool-versions", "erlang 26.0\nelixir 1.15.0\n");
        write("repo/.tool-versions", "erlang 25.2.3\nelixir 1.14.0\n");
        write("repo/apps/shop/.tool-versions", "elixir 1.14.5\n");
        Path repo = folder.resolve("repo");

        ToolVersions tools = ToolVersions.read(repo.resolve("apps/shop"), repo);

        assertThat(tools.get(Tool.ELIXIR).orElseThrow().text()).isEqualTo("1.14.5");
        assertThat(tools.get(Tool.ERLANG).orElseThrow().text()).isEqualTo("25.2.3");
        assertThat(tools.get(Tool.ERLANG).orElseThrow().at()).isEqualTo("../../.tool-versions:1:8");
    }

    @Test
    void mise_may_name_them_too() throws IOException {
        write(
                "mise.toml",
                """
                [tools]
                erlang = ["27.1.2", "26.0"]
                elixir = { version = "1.17.3-otp-27" }
                node = 20
                """);

        assertThat(read().get(Tool.ERLANG).orElseThrow().text()).isEqualTo("27.1.2");
        assertThat(read().get(Tool.ERLANG).orElseThrow().at()).startsWith("mise.toml:2:");
        assertThat(read().get(Tool.ELIXIR).orElseThrow().text()).isEqualTo("1.17.3-otp-27");
    }

    @Test
    void two_files_that_agree_are_fine_and_two_that_do_not_are_both_named() throws IOException {
        write("mise.toml", "[tools]\nerlang = \"27.1.2\"\n");
        write(".tool-versions", "erlang 27.1.2\n");
        assertThat(read().get(Tool.ERLANG)).isPresent();

        write(".tool-versions", "\nerlang 27.1\n");

        assertThat(refused(this::read).why())
                .containsExactly(".tool-versions:2:8: 27.1", "mise.toml:2:1: 27.1.2");
    }

    @Test
    void what_mise_would_take_for_the_newest_is_refused() throws IOException {
        write("mise.toml", "[tools]\nerlang = \"27\"\n");

        assertThat(refused(this::read).what())
                .isEqualTo("mise.toml:2:1: erlang 27 is not one exact version.");
    }

    @Test
    void a_mise_toml_that_is_not_toml_is_refused_with_its_place() throws IOException {
        write("mise.toml", "[tools]\nerlang = 27.1.2\n");
        assertThat(refused(this::read))
                .isInstanceOf(ConfigProblem.Invalid.class)
                .extracting(Problem::what)
                .asString()
                .startsWith("mise.toml:2:");

        write("mise.toml", "[tools]\nerlang = 27\n");
        assertThat(refused(this::read).what())
                .isEqualTo("mise.toml:2:1: the version of erlang is no text.");
    }
}
