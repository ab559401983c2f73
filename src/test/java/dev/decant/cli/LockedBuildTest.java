package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.io.Trees;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Builds that the lock, or what is known of what it names, keeps from being made.
class LockedBuildTest {

    private SampleProject project;

    @BeforeEach
    void create() throws Exception {
        assumeTrue(Program.find("mix").isPresent(), "no Elixir here");
        project = SampleProject.create().config("app = \"counter\"\n[hosts.web1]\n");
    }

    @AfterEach
    void tidy() throws Exception {
        if (project != null) {
            project.close();
        }
    }

    private void refused(Ran ran, String... words) {
        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains(words).contains("Next").doesNotContain("\tat ");
    }

    @Test
    void code_in_a_lock_is_not_run_by_any_command_that_builds_or_reads_it() throws Exception {
        Path owned = project.folder().resolve("owned");
        String run = "File.touch!(\"" + owned + "\")";
        for (String lock :
                List.of(
                        run + "\n%{}\n",
                        "%{a: " + run + "}",
                        "%{\"#{" + run + "}\": {:x}}",
                        "%{a: ~s(#{" + run + "})}",
                        "%{a: (fn -> " + run + " end).()}",
                        "%{a: {:git, \"u\", \"r\", [tag: " + run + "]}}",
                        "%{} # \r" + run)) {
            Files.writeString(project.folder().resolve("mix.lock"), lock);
            project.commit();

            for (String command : List.of("build --rebuild", "build --dirty", "deps")) {
                refused(project.run(command.split(" ")), "mix.lock:1:");
            }
            assertThat(owned).doesNotExist();
            assertThat(project.folder().resolve("deps")).doesNotExist();
            assertThat(project.folder().resolve("_build")).doesNotExist();
        }
    }

    @Test
    void a_lock_elsewhere_is_refused_before_mix_reads_it() throws Exception {
        project.edit("mix.exs", "app: :counter,", "app: :counter,\n      lockfile: \"my.lock\",");

        refused(project.run("build"), "mix.exs:9: Mix is told of another lock than mix.lock.");
    }

    @Test
    void a_lock_that_is_a_link_out_of_the_repository_is_not_committed() throws Exception {
        Path elsewhere = Files.createTempFile("decant-test", ".lock");
        Files.writeString(elsewhere, "%{}\n");
        Path lock = project.folder().resolve("mix.lock");
        Files.delete(lock);
        Files.createSymbolicLink(lock, elsewhere);
        project.commit();

        refused(project.run("build"), "mix.lock is not in git", "It is a link that leads to ");

        Files.delete(elsewhere);
    }

    @Test
    void a_dependency_that_is_not_as_it_is_locked_is_not_compiled() throws Exception {
        Path repository = dependency();
        String deps = "deps: [{:dep, git: \"file://" + repository + "/dep.git\"}],";
        project.edit("mix.exs", "deps: [],", deps);
        String revision = project.git("-C", repository + "/dep.git", "rev-parse", "HEAD").text();
        Files.writeString(
                project.folder().resolve("mix.lock"),
                "%{\n  \"dep\": {:git, \"file://"
                        + repository
                        + "/dep.git\", \""
                        + revision
                        + "\", []},\n}\n");
        String evil =
                " aliases: [\"deps.get\": [\"deps.get\", fn _ ->"
                    + " File.write!(\"deps/dep/lib/evil.ex\", \"defmodule Evil do end\") end]],";
        project.edit("mix.exs", deps, deps + evil);

        Ran ran = project.run("build");

        refused(ran, "deps/dep is not what mix.lock names.", "git status: ?? lib/evil.ex");
        assertThat(ran.err()).contains("build  dependencies").doesNotContain("build  release");

        project.edit("mix.exs", deps + evil, deps);

        assertThat(project.must("build").err()).contains("build  release");
        Trees.delete(repository);
    }

    @Test
    void a_lock_that_lacks_something_is_not_added_to() throws Exception {
        Path repository = dependency();
        project.edit(
                "mix.exs",
                "deps: [],",
                "deps: [{:dep, git: \"file://" + repository + "/dep.git\"}],");

        Ran ran = project.run("build");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("mix.lock", "dep").doesNotContain("build  release");
        Trees.delete(repository);
    }

    private Path dependency() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("decant-test-dependency");
        Path work = folder.resolve("work");
        Files.createDirectories(work.resolve("lib"));
        Files.writeString(
                work.resolve("mix.exs"),
                "defmodule Dep.MixProject do\n"
                        + "  use Mix.Project\n"
                        + "  def project, do: [app: :dep, version: \"1.0.0\"]\n"
                        + "end\n");
        Files.writeString(work.resolve("lib/dep.ex"), "defmodule Dep do\nend\n");
        project.git("-C", work.toString(), "init", "-q");
        project.git("-C", work.toString(), "add", "-A");
        project.git("-C", work.toString(), "commit", "-q", "-m", "Begin");
        project.git("clone", "-q", "--bare", work.toString(), folder.resolve("dep.git").toString());
        return folder;
    }

    @Test
    void an_advisory_stops_a_build_only_where_it_is_to_and_is_told_otherwise() throws Exception {
        Path advisories = project.folder().resolve("advisories/packages/jason");
        Files.createDirectories(advisories);
        Files.writeString(
                advisories.resolve("GHSA-1.yml"),
                "id: GHSA-1\ntitle: It leaks\nvulnerable_version_ranges:\n  - < 2.0.0\n");
        String sum = "0".repeat(64);
        Files.writeString(
                project.folder().resolve("mix.lock"),
                "%{\n  \"jason\": {:hex, :jason, \"1.4.1\", \"@\", [:mix], [], \"hexpm\", \"@\"},\n}\n"
                        .replace("@", sum));
        String toml = "app = \"counter\"\n[hosts.web1]\n[deps]\nadvisories = \"advisories\"\n";

        project.config(toml + "gate = true\n");
        refused(project.run("build"), "jason 1.4.1: GHSA-1: It leaks", "deps.gate is true");

        // Enough is known by then: no other Elixir, no Hex.
        project.edit(".tool-versions", "elixir system", "elixir 1.99.0").config(toml);
        Ran told = project.run("build");
        assertThat(told.err())
                .contains("note   jason 1.4.1: GHSA-1: It leaks", "Advisories: 1, of which 0")
                .doesNotContain("deps.gate is true");

        project.config(
                toml
                        + "gate = true\n[deps.acknowledged.GHSA-1]\nreason = \"So\"\nuntil ="
                        + " 2999-12-31\n");
        assertThat(project.run("build").err())
                .contains("Advisories: 1, of which 1 acknowledged")
                .doesNotContain("deps.gate is true");
    }
}
