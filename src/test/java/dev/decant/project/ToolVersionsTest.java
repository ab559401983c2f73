package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ToolVersionsTest {

    private static ToolVersions parse(String text) {
        return ToolVersions.parse(text.lines().toList());
    }

    @Test
    void a_tool_and_its_version_stand_on_a_line() {
        ToolVersions tools = parse("erlang 25.2.3\nelixir   1.14.0\nnodejs 20\n");

        assertThat(tools.erlang()).contains("25.2.3");
        assertThat(tools.elixir()).contains("1.14.0");
        assertThat(tools.versions()).hasSize(3);
    }

    @Test
    void a_comment_ends_a_line() {
        ToolVersions tools = parse("# erlang 24\nerlang 25.2.3 # not 26\nelixir#1.14\n#\n");

        assertThat(tools.erlang()).contains("25.2.3");
        assertThat(tools.elixir()).isEmpty();
    }

    @Test
    void the_first_line_of_a_tool_counts_and_so_does_its_first_version() {
        ToolVersions tools = parse("erlang 25.2.3 system\nerlang 26.0\n");

        assertThat(tools.erlang()).contains("25.2.3");
    }

    @Test
    void words_are_split_at_spaces_only() {
        ToolVersions tools = parse("erlang\t25.2.3\nelixir 1.14\tx\n");

        assertThat(tools.erlang()).isEmpty();
        assertThat(tools.elixir()).contains("1.14\tx");
    }

    @Test
    void blank_lines_line_ends_of_windows_and_lonely_names_do_no_harm() {
        ToolVersions tools = parse("\n   \nerlang\n  elixir 1.14.0  \r\n");

        assertThat(tools.erlang()).isEmpty();
        assertThat(tools.elixir()).contains("1.14.0");
    }

    @Test
    void the_build_of_elixir_is_not_its_version() {
        assertThat(parse("elixir 1.17.2-otp-27").elixir()).contains("1.17.2");
        assertThat(parse("elixir 1.18.0-rc.0-otp-27").elixir()).contains("1.18.0-rc.0");
        assertThat(parse("elixir main-otp-27").elixir()).contains("main");
    }

    @Test
    void a_file_need_not_be_there(@TempDir Path folder) throws IOException {
        assertThat(ToolVersions.read(folder)).isEmpty();

        Files.writeString(folder.resolve(".tool-versions"), "erlang system\n");

        assertThat(ToolVersions.read(folder).flatMap(ToolVersions::erlang))
                .contains(ToolVersions.SYSTEM);
    }
}
