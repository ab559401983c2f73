package dev.decant.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.ToolchainConfig;
import dev.decant.exec.Program;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which of several a build gets. Scripts stand in for Erlang and Elixir, and say what they are.
class ToolchainsTest {

    @TempDir private Path folder = Path.of("");

    private final List<String> notes = new ArrayList<>();
    private LocalMirror mirror;

    private final ToolchainLog log =
            new ToolchainLog() {
                @Override
                public void note(String text) {
                    notes.add(text);
                }

                @Override
                public void downloading(String what, long bytes, long all) {}

                @Override
                public void installed(String what, Duration took) {
                    notes.add(what + " installed");
                }
            };

    @BeforeEach
    void start() throws IOException {
        mirror = LocalMirror.start();
    }

    @AfterEach
    void stop() throws IOException {
        mirror.close();
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void erlang(Path place, String version) throws IOException {
        script(place.resolve("bin/erl"), "echo " + place);
        Path release =
                Files.createDirectories(
                        place.resolve("releases").resolve(version.replaceFirst("[.].*", "")));
        Files.writeString(release.resolve("OTP_VERSION"), version + "\n");
    }

    /// @param otp on which it says that it runs
    private static void elixir(Path place, String version, String otp) throws IOException {
        script(place.resolve("bin/elixir"), "echo " + version + " " + otp);
        Path ebin = Files.createDirectories(place.resolve("lib/elixir/ebin"));
        Files.writeString(
                ebin.resolve("elixir.app"), "{application,elixir,[{vsn,\"" + version + "\"}]}.");
    }

    private Path asdf(String tool, String version) {
        return folder.resolve("home/.asdf/installs").resolve(tool).resolve(version);
    }

    private Toolchains toolchains(boolean install) {
        return new Toolchains(
                new ToolchainShelf(folder.resolve("shelf")),
                new ToolchainConfig(mirror.url(), Optional.of(LocalMirror.PLATFORM), install),
                Map.of("HOME", folder.resolve("home").toString()));
    }

    private Toolchain choose(boolean install, String... lines)
            throws IOException, InterruptedException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.write(project.resolve(".tool-versions"), List.of(lines));
        return toolchains(install)
                .choose(
                        ToolVersions.read(project, project),
                        EnumSet.allOf(Tool.class),
                        project,
                        Optional.empty(),
                        log);
    }

    private List<Problem> refused(String... lines) {
        Failure failure = catchThrowableOfType(Failure.class, () -> choose(false, lines));
        assertThat(failure).isNotNull();
        return failure.problems();
    }

    @Test
    void what_a_version_manager_has_is_used_and_said() throws Exception {
        erlang(asdf("erlang", "27.1.2"), "27.1.2");
        Path mise = folder.resolve("home/.local/share/mise/installs/elixir/1.17.3-otp-27");
        elixir(mise, "1.17.3", "27.1.2");

        Toolchain chosen = choose(false, "erlang 27.1.2", "elixir 1.17.3-otp-27");

        assertThat(chosen.otp()).isEqualTo("27.1.2");
        assertThat(chosen.elixir()).isEqualTo("1.17.3");
        assertThat(chosen.bins())
                .containsExactly(mise.resolve("bin"), asdf("erlang", "27.1.2").resolve("bin"));
        assertThat(chosen.mixHome()).isEmpty();
        assertThat(notes)
                .containsExactly(
                        "erlang 27.1.2 is asdf's: " + asdf("erlang", "27.1.2"),
                        "elixir 1.17.3 is mise's: " + mise);
    }

    @Test
    void what_kerl_has_installed_anywhere_is_found() throws Exception {
        Path place = folder.resolve("erlangs/a 27");
        erlang(place, "27.1.2");
        elixir(asdf("elixir", "1.17.3"), "1.17.3", "27.1.2");
        Files.createDirectories(folder.resolve("home/.kerl"));
        Files.writeString(
                folder.resolve("home/.kerl/otp_installations"),
                "26.0 " + folder.resolve("gone") + "\n27.1.2 " + place + "\n");

        Toolchain chosen = choose(false, "erlang 27.1.2", "elixir 1.17.3");

        assertThat(chosen.bins()).contains(place.resolve("bin"));
        assertThat(notes).contains("erlang 27.1.2 is kerl's: " + place);
    }

    @Test
    void a_folder_with_a_versions_name_and_another_in_it_is_passed_over() throws Exception {
        erlang(asdf("erlang", "27.1.2"), "27.1.1");

        assertThat(refused("erlang 27.1.2")).extracting(Problem::id).contains("no-such-toolchain");
    }

    @Test
    void what_decant_has_installed_goes_before_all_others() throws Exception {
        erlang(asdf("erlang", "27.1.2"), "27.1.2");
        elixir(asdf("elixir", "1.17.3"), "1.17.3", "27.1.2");
        Path own = folder.resolve("shelf/erlang/27.1.2");
        erlang(own, "27.1.2");
        Files.writeString(own.resolve(".decant"), "");

        Toolchain chosen = choose(false, "erlang 27.1.2", "elixir 1.17.3");

        assertThat(chosen.bins()).contains(own.resolve("bin"));
        assertThat(notes).noneMatch(note -> note.startsWith("erlang"));
    }

    @Test
    void a_commit_and_a_path_are_exceptions_that_are_said() throws Exception {
        erlang(asdf("erlang", "ref-maint"), "27.9");
        Path place = folder.resolve("my/elixir");
        elixir(place, "1.18.0-dev", "27.9");

        Toolchain chosen = choose(false, "erlang ref:maint", "elixir path:" + place);

        assertThat(chosen.otp()).isEqualTo("27.9");
        assertThat(chosen.bins()).hasSize(2);
        assertThat(notes)
                .containsExactly(
                        "erlang 27.9 is what this machine has in "
                                + asdf("erlang", "ref-maint")
                                + ": .tool-versions:1:8 says ref:maint.",
                        "elixir 1.18.0-dev is what this machine has in "
                                + place
                                + ": .tool-versions:2:8 says path:"
                                + place
                                + ".");
    }

    @Test
    void what_is_missing_is_named_with_what_installs_it() {
        List<Problem> problems = refused("erlang 27.1.97", "elixir 1.17.97-otp-27");

        assertThat(problems)
                .extracting(Problem::what)
                .containsExactly(
                        ".tool-versions:1:8 wants erlang 27.1.97, which is not on this machine.",
                        ".tool-versions:2:8 wants elixir 1.17.97-otp-27, which is not on this"
                                + " machine.");
        assertThat(problems.getFirst().why().getFirst())
                .contains("/shelf", "/.asdf/installs", "/mise/installs", "/.kerl");
        assertThat(problems.getFirst().next().getFirst()).startsWith("decant toolchain install ");
        assertThat(refused("erlang ref:nobody").getFirst().next().getFirst())
                .startsWith("asdf install");
        assertThat(refused("erlang path:/nowhere").getFirst().next())
                .containsExactly("ls /nowhere");
    }

    @Test
    void what_is_missing_is_installed_where_that_is_wanted() throws Exception {
        Path tree = folder.resolve("tree");
        elixir(tree, "1.17.3", "27.1.2");
        mirror.elixir("1.17.3-otp-27", tree);
        mirror.otp("27.1.2");

        Toolchain chosen = choose(true, "erlang 27.1.2", "elixir 1.17.3-otp-27");

        Path own = folder.resolve("shelf/elixir/1.17.3-otp-27");
        assertThat(chosen.bins())
                .containsExactly(own.resolve("bin"), folder.resolve("shelf/erlang/27.1.2/bin"));
        assertThat(chosen.mixHome()).contains(own.resolve(".mix"));
        assertThat(notes)
                .containsExactly("erlang 27.1.2 installed", "elixir 1.17.3-otp-27 installed");
        mirror.stop();
        assertThat(choose(false, "erlang 27.1.2", "elixir 1.17.3-otp-27")).isEqualTo(chosen);
    }

    @Test
    void a_program_gets_them_and_nothing_else_does() throws Exception {
        erlang(asdf("erlang", "27.1.2"), "27.1.2");
        elixir(asdf("elixir", "1.17.3"), "1.17.3", "27.1.2");

        Toolchain chosen = choose(false, "erlang 27.1.2", "elixir 1.17.3");

        assertThat(chosen.program(List.of("erl"), folder, Map.of()).run().text())
                .isEqualTo(asdf("erlang", "27.1.2").toString());
        assertThat(chosen.program(List.of("sh", "-c", "erl"), folder, Map.of()).run().text())
                .isEqualTo(asdf("erlang", "27.1.2").toString());
        assertThat(Program.of("sh", "-c", "command -v erl").run().text())
                .doesNotContain(folder.toString());
    }

    @Test
    void a_pair_outside_of_the_table_is_refused_before_anything_is_fetched() throws Exception {
        Problem problem = refused("erlang 28.1", "elixir 1.17.3").getFirst();

        assertThat(problem.what()).isEqualTo("Elixir 1.17.3 is not made for Erlang/OTP 28.1.");
        assertThat(problem.why()).contains("Elixir 1.17.3 runs on Erlang/OTP 25 to 27.");
        assertThat(problem.next())
                .containsExactly(
                        "Name another Erlang: one of Erlang/OTP 25 to 27.",
                        "Or another Elixir: on OTP 28 run 1.18.4 to 1.20.x.");
        assertThat(mirror.asked).isEmpty();
    }

    @Test
    void a_pair_that_only_turns_up_on_the_machine_is_looked_at_too() throws Exception {
        Path place = folder.resolve("old");
        elixir(place, "1.10.0", "27.0");

        assertThat(refused("elixir path:" + place).getFirst().id()).isEqualTo("elixir-and-otp");
    }

    @Test
    void an_elixir_that_was_built_for_a_newer_otp_is_refused() {
        Problem problem = refused("erlang 26.2.5", "elixir 1.17.3-otp-27").getFirst();

        assertThat(problem.what())
                .isEqualTo(
                        ".tool-versions:2:8: elixir 1.17.3-otp-27 was built for a newer Erlang/OTP"
                                + " than the 26.2.5 that is used.");
        assertThat(problem.next().getFirst()).endsWith("elixir 1.17.3-otp-26");
    }

    @Test
    void an_elixir_that_is_newer_than_the_table_is_taken_with_a_note() throws Exception {
        erlang(asdf("erlang", "31.0"), "31.0");
        elixir(asdf("elixir", "1.23.0"), "1.23.0", "31.0");

        choose(false, "erlang 31.0", "elixir 1.23.0");

        assertThat(notes.getFirst()).startsWith("Elixir 1.23.0 is newer than the table");
    }

    @Test
    void an_elixir_that_does_not_say_what_it_should_is_refused() throws Exception {
        erlang(asdf("erlang", "27.1.2"), "27.1.2");
        elixir(asdf("elixir", "1.17.3"), "1.17.3", "26.0");

        Problem problem = refused("erlang 27.1.2", "elixir 1.17.3").getFirst();

        assertThat(problem.id()).isEqualTo("other-version");
        assertThat(problem.what())
                .isEqualTo(".tool-versions:1:8 wants erlang 27.1.2, and what runs is 26.0.");
    }

    @Test
    void a_guess_spares_the_question_only_where_it_was_the_same() throws Exception {
        Path asked = folder.resolve("asked");
        for (String version : List.of("1.17.2", "1.17.3")) {
            erlang(asdf("erlang", "27.1.2"), "27.1.2");
            elixir(asdf("elixir", version), version, "27.1.2");
            script(
                    asdf("elixir", version).resolve("bin/elixir"),
                    "echo " + version + " >>" + asked + "; echo " + version + " 27.1.2");
        }
        Path project = Files.createDirectories(folder.resolve("project"));
        Set<Tool> both = EnumSet.allOf(Tool.class);
        for (String wanted : List.of("1.17.2", "1.17.3")) {
            Files.write(
                    project.resolve(".tool-versions"), List.of("erlang 27.1.2", "elixir 1.17.2"));
            var guess = toolchains(false).guess(ToolVersions.read(project, project), both, project);
            Files.write(
                    project.resolve(".tool-versions"),
                    List.of("erlang 27.1.2", "elixir " + wanted));
            guess.said().get();

            Toolchain chosen =
                    toolchains(false)
                            .choose(
                                    ToolVersions.read(project, project),
                                    both,
                                    project,
                                    Optional.of(guess),
                                    log);

            assertThat(chosen.elixir()).isEqualTo(wanted);
        }
        assertThat(asked).hasContent("1.17.2\n1.17.2\n1.17.3");
    }

    @Test
    void a_tool_that_no_file_names_is_said(@TempDir Path empty) throws Exception {
        elixir(asdf("elixir", "1.17.3"), "1.17.3", "27.1.2");
        Files.writeString(empty.resolve(".tool-versions"), "elixir 1.17.3\n");

        toolchains(false)
                .choose(
                        ToolVersions.read(empty, empty),
                        EnumSet.allOf(Tool.class),
                        empty,
                        Optional.empty(),
                        log);

        assertThat(notes)
                .contains(
                        "This machine's own erlang 27.1.2 is used: .tool-versions does not name"
                                + " one.");
    }
}
