package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.io.Trees;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/// Builds of rebar3's, and what keeps them from being made.
class RebarBuildTest {

    private SampleProject project;
    private Path elsewhere;

    @BeforeEach
    void create() throws Exception {
        assumeTrue(Program.find("rebar3").isPresent(), "no rebar3 here");
        project = SampleProject.of("tally").config("app = \"tally\"\n[hosts.web1]\n");
        elsewhere = Files.createTempDirectory("decant-test-dependency");
    }

    @AfterEach
    void tidy() throws Exception {
        if (project != null) {
            project.close();
            Trees.delete(elsewhere);
        }
    }

    private static void refused(Ran ran, String... words) {
        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains(words).contains("Next").doesNotContain("\tat ");
    }

    /// A repository that the project wants, by its tag.
    private void dependency() throws Exception {
        Files.createDirectories(elsewhere.resolve("src"));
        Files.writeString(
                elsewhere.resolve("src/dep.app.src"),
                "{application, dep, [{vsn, \"1.0.0\"}, {applications, [kernel, stdlib]}]}.\n");
        Files.writeString(elsewhere.resolve("src/dep.erl"), "-module(dep).\n");
        project.git("-C", elsewhere.toString(), "init", "-q");
        project.git("-C", elsewhere.toString(), "add", "-A");
        project.git("-C", elsewhere.toString(), "commit", "-q", "-m", "Begin");
        project.git("-C", elsewhere.toString(), "tag", "v1");
        project.edit(
                        "rebar.config",
                        "{deps, []}",
                        "{deps, [{dep, {git, \"file://" + elsewhere + "\", {tag, \"v1\"}}}]}")
                .edit("src/tally.app.src", "[kernel, stdlib]", "[kernel, stdlib, dep]");
    }

    private void lock(String text) throws Exception {
        Files.writeString(project.folder().resolve("rebar.lock"), text);
        project.commit();
    }

    private String entry(String app) throws Exception {
        return "{<<\"%s\">>,{git,\"file://%s\",{ref,\"%s\"}},0}"
                .formatted(
                        app,
                        elsewhere,
                        project.git("-C", elsewhere.toString(), "rev-parse", "HEAD").text());
    }

    @Test
    void a_dependency_is_what_the_lock_says_and_what_no_lock_has_is_not_built() throws Exception {
        dependency();
        refused(project.run("build"), "There is no rebar.lock", "rebar.config wants dep.");

        lock("[].\n");
        Ran lacking = project.run("build");
        refused(lacking, "The build changed rebar.lock", "- [].", "+ [{<<\"dep\">>");
        assertThat(lacking.err()).doesNotContain("build  release");

        lock("[" + entry("dep") + "].\n");
        project.must("build");
        assertThat(project.must("deps").out()).contains("dep", "file://" + elsewhere);
        String release = project.must("release", "list", "--json").out();
        assertThat(release).contains("0.1.0");

        lock("[os:cmd(\"touch owned\")].\n");
        refused(project.run("build"), "rebar.lock:1:4: this is not what rebar3 writes.");
    }

    @Test
    void what_rebar3_never_locks_is_refused_or_told() throws Exception {
        project.edit("rebar.config", "{prod, [{relx", "{prod, [{deps, [recon]}, {relx");
        refused(project.run("build"), "which rebar3 never locks", "recon");

        project.edit("rebar.config", "{deps, [recon]}, ", "")
                .edit("rebar.config", "{deps, []}.", "{deps, []}. {plugins, [no_such_plugin]}.");
        assertThat(project.run("build").err())
                .contains("rebar3 locks no plugins", "no_such_plugin");
    }

    @Test
    void tests_that_fail_end_a_build() throws Exception {
        project.config("app = \"tally\"\n[hosts.web1]\n[build]\ntests = true\n")
                .edit("test/tally_tests.erl", "assertEqual(2", "assertEqual(3");

        refused(project.run("build"), "The build failed in its step 'tests'");
    }

    @Test
    void a_release_without_erlang_is_refused() throws Exception {
        project.edit("rebar.config", "{mode, prod}", "{mode, minimal}");

        refused(project.run("build"), "has no Erlang in it", "{mode, prod}");
    }

    @Test
    void a_release_with_another_script_is_refused() throws Exception {
        project.edit(
                "rebar.config", "{mode, prod}", "{mode, prod}, {extended_start_script, false}");

        refused(project.run("build"), "bin/tally", "{extended_start_script, false}");
    }

    @Test
    void what_is_for_mix_only_is_refused_in_words() throws Exception {
        project.config("app = \"tally\"\nmigrate = \"tally:migrate()\"\n[hosts.web1]\n");
        Ran down = project.run("migrate", "--down", "Repo", "1");
        Ran module = project.run("generate", "notify");
        Ran doctor = project.run("doctor", "--no-hosts");
        project.config("app = \"tally\"\n[hosts.web1]\n[build]\nwarnings_as_errors = true\n");

        assertThat(down.err()).contains("--down is for the migrations of Ecto");
        assertThat(module.err()).contains("docs/how-to/rebar3.md");
        assertThat(doctor.err()).contains("are for projects of Mix");
        assertThat(project.run("build").err())
                .contains("decant.toml:4:", "{erl_opts, [warnings_as_errors]}");
    }
}
