package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.EventSchema;
import dev.decant.config.ConfigReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class MainTest {

    @TempDir private Path folder = Path.of("");

    private Decant run(String... args) {
        return Decant.run(folder, args);
    }

    private void config(String toml) throws IOException {
        Files.writeString(folder.resolve("decant.toml"), toml);
    }

    // ---- help

    private static Wiring nowhere() {
        return new Wiring(
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(Writer.nullWriter()),
                Map.of(),
                false,
                Path.of(""));
    }

    static List<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        collect(Main.commandLine(nowhere()), all);
        return all;
    }

    @Test
    void a_command_that_is_named_is_the_only_one_that_is_read() {
        for (String name : Main.commandLine(nowhere()).getSubcommands().keySet()) {
            CommandLine one = Main.commandLine(nowhere(), name);

            assertThat(one.getSubcommands()).containsOnlyKeys(name);
            assertThat(one.getSubcommands().values())
                    .extracting(CommandLine::getCommandName)
                    .contains(name);
        }
        assertThat(Main.commandLine(nowhere(), "uplaod").getSubcommands())
                .hasSameSizeAs(Main.commandLine(nowhere()).getSubcommands());
    }

    private static void collect(CommandLine line, List<CommandLine> all) {
        all.add(line);
        line.getSubcommands().values().forEach(inner -> collect(inner, all));
    }

    private static String[] words(CommandLine line, String... more) {
        List<String> words =
                new ArrayList<>(List.of(line.getCommandSpec().qualifiedName().split(" ")));
        words.removeFirst();
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_its_options(CommandLine line) {
        Decant help = run(words(line, "--help"));

        assertThat(help.status()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: " + line.getCommandSpec().qualifiedName())
                .contains("--help");
        for (OptionSpec option : line.getCommandSpec().options()) {
            assertThat(help.out()).contains(option.longestName());
            assertThat(option.description()).as(option.longestName()).isNotEmpty();
        }
        assertThat(line.getCommandSpec().usageMessage().description())
                .as("description")
                .isNotEmpty();
    }

    @Test
    void help_lists_commands_and_exit_statuses() {
        assertThat(run("--help").out())
                .contains("deploy", "rollback", "setup", "Exit statuses:", "  3  ", "130  ");
    }

    @Test
    void the_version_is_one_line() {
        Decant version = run("--version");

        assertThat(version.status()).isZero();
        assertThat(version.out()).matches("decant \\S+\n");
        assertThat(run("deploy", "--version").out()).isEqualTo(version.out());
    }

    @Test
    void the_list_of_commands_is_what_all_of_them_say_of_themselves() {
        assertThat(run("--help").out()).isEqualTo(Main.commandLine(nowhere()).getUsageMessage());
    }

    // ---- wrong usage

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "depoly",
                "deploy --relase x",
                "rollback one two",
                "logs -n many",
                "plan -C",
                "toolchain",
                "toolchain install erlang",
                "toolchain install",
                "toolchain install python 3.12.1",
                "toolchain prune --days -1",
                "lab"
            })
    void a_wrong_command_line_changes_nothing_and_points_to_help(String line) {
        Decant wrong = run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).startsWith("decant: ").endsWith("--help\n");
    }

    @Test
    void a_mistyped_command_or_option_is_recognised() {
        assertThat(run("depoly").err()).contains("deploy");
        assertThat(run("deploy", "--relase", "x").err()).contains("--release");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setup",
                "doctor",
                "plan",
                "deploy",
                "rollback",
                "status",
                "releases",
                "logs",
                "start",
                "stop",
                "restart",
                "migrate",
                "build",
                "config"
            })
    void without_a_config_nothing_is_done(String command) {
        Decant refused = run(command);

        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .contains("There is no decant.toml here.", folder.toString(), "decant init");
    }

    @Test
    void another_folder_can_be_named() throws IOException {
        Path shop = Files.createDirectory(folder.resolve("shop"));
        Files.writeString(shop.resolve("decant.toml"), "app = \"shop\"\n[hosts.web1]\n");

        assertThat(run("config").status()).isEqualTo(2);
        assertThat(run("config", "-C", "shop").status()).isZero();
        assertThat(run("config", "-C", shop.toString()).status()).isZero();
    }

    // ---- config

    @Test
    void config_shows_what_it_comes_to() throws IOException {
        config("app = \"my_shop\"\n[hosts.web1]\n[environments.staging.env]\nA = \"1\"\n");

        Decant shown = run("config");

        assertThat(shown.status()).isZero();
        JsonNode json = JsonMapper.shared().readTree(shown.out());
        assertThat(json.path("name").asString()).isEqualTo("my-shop");
        assertThat(json.path("environment").asString()).isEqualTo("staging");
        assertThat(json.path("env").path("A").asString()).isEqualTo("1");
        assertThat(json.path("port").asInt()).isEqualTo(4000);
    }

    @Test
    void the_reference_is_printed_as_it_is() {
        assertThat(run("config", "--reference"))
                .isEqualTo(new Decant(0, ConfigReader.reference(), ""));
    }

    // ---- failures

    @Test
    void how_a_written_plan_is_told_of_may_be_chosen_and_what_is_done_may_not() {
        String[] told = {"deploy", "--plan", "nowhere.json", "-q", "--report", "report.html"};

        assertThat(run(told).err()).contains("nowhere.json").doesNotContain("cannot be said");
        assertThat(run("deploy", "--plan", "nowhere.json", "--again").err())
                .contains("--again cannot be said with --plan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "deploy", "rollback", "status", "releases", "build"})
    void with_json_a_failure_is_one_object_on_standard_output(String command) {
        Decant failed = run(command, "--json");

        assertThat(failed.status()).isEqualTo(2);
        assertThat(failed.err()).isEmpty();
        JsonNode json = JsonMapper.shared().readTree(failed.out());
        assertThat(json.path("status").asInt()).isEqualTo(2);
        JsonNode problem = json.path("problems").get(0);
        assertThat(problem.path("id").asString()).isEqualTo("no-config");
        assertThat(problem.path("what").asString()).isEqualTo("There is no decant.toml here.");
        assertThat(problem.path("why").isArray()).isTrue();
        assertThat(problem.path("next").isArray()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy", "upload", "rollback", "restart", "resume"})
    void what_is_told_as_events_ends_with_one_wherever_it_ends(String command) {
        List<String> lines = run(command, "--json").out().lines().toList();

        assertThat(lines).hasSize(1);
        EventSchema.mustFit(lines);
    }

    @Test
    void a_host_that_cannot_be_reached_is_found_by_the_doctor_besides_all_else()
            throws IOException {
        config("app = \"shop\"\n[hosts.web1]\naddress = \"no-such-host.invalid\"\n");
        Files.writeString(folder.resolve("mix.exs"), "[app: :shop]\n");

        Decant doctor = run("doctor");

        assertThat(doctor.status()).isEqualTo(3);
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.out())
                .startsWith("error: web1")
                .contains("[release-tarball]", "2 errors.");
    }

    @Test
    void a_project_that_is_not_in_git_is_not_built() throws IOException {
        config("app = \"shop\"\n[hosts.web1]\n");

        Decant refused = run("build");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).startsWith("\ndecant: ").contains("  Next  ");
    }

    @Test
    void a_mistake_of_decants_own_says_so() throws IOException {
        // The file's name is taken by a folder: no command is ready for that.
        Files.createDirectories(folder.resolve(".decant.toml.new/x"));
        Files.writeString(folder.resolve("mix.exs"), "[app: :shop]\n");

        Decant failed = run("init");

        assertThat(failed.status()).isEqualTo(70);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .startsWith("decant: This is a mistake in Decant.")
                .contains("\tat dev.decant.");
    }

    @Test
    void a_toolchain_needs_no_decant_toml_but_an_exact_version_and_a_mirror() {
        assertThat(run("toolchain", "list"))
                .isEqualTo(new Decant(0, "TOOL  VERSION  LAST USED  FOLDER\n", ""));
        assertThat(run("toolchain", "install", "erlang", "27").err())
                .contains("decant toolchain install: erlang 27 is not one exact version.");
    }

    // ---- who is at work

    @Test
    void the_owner_is_a_word_that_hosts_take() {
        Wiring odd =
                new Wiring(
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()),
                        Map.of("USER", "al ice;\n", "HOSTNAME", "größe"),
                        false,
                        folder);

        assertThat(odd.owner()).matches("[A-Za-z0-9@._+:-]+").isEqualTo("al_ice__@gr__e");
    }

    @Test
    void folders_of_the_user_are_where_xdg_says() {
        Wiring wiring =
                new Wiring(
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()),
                        Map.of("HOME", "/home/alice", "XDG_CACHE_HOME", "/cache", "XDG_X", ""),
                        false,
                        folder);

        assertThat(wiring.xdg("XDG_CACHE_HOME", ".cache")).isEqualTo(Path.of("/cache/decant"));
        assertThat(wiring.xdg("XDG_DATA_HOME", ".local/share"))
                .isEqualTo(Path.of("/home/alice/.local/share/decant"));
        assertThat(wiring.xdg("XDG_X", ".x")).isEqualTo(Path.of("/home/alice/.x/decant"));
    }

    // ---- what a problem means

    @Test
    void a_problem_is_explained_by_its_id_and_a_mistyped_one_is_recognised() {
        Decant explained = run("explain", "host-unreachable");

        assertThat(explained.status()).isZero();
        assertThat(explained.out())
                .startsWith("host-unreachable  (Reaching hosts)\n")
                .endsWith("More: docs/how-to/bastion.md\n");
        assertThat(run("--explain", "host-unreachable").out()).isEqualTo(explained.out());
        assertThat(run("explain").out()).contains("  never-healthy  ", "  lab-unusable  ");
        assertThat(
                        JsonMapper.shared()
                                .readTree(run("explain", "--json", "never-healthy").out())
                                .path("page")
                                .asString())
                .isEqualTo("docs/concepts/deploy.md");
        Decant mistyped = run("explain", "host-unreachble");
        assertThat(mistyped.status()).isEqualTo(2);
        assertThat(mistyped.err()).contains("Did you mean host-unreachable?");
        assertThat(run("explain", "proc-access").err()).contains("docs/reference/doctor.md");
    }
}
