package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.io.Trees;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Builds that follow one another in the same workspace, with a cache of their own.
class KeptBuildTest {

    @TempDir private Path cache = Path.of("");

    private SampleProject project;
    private Path workspace;

    @BeforeEach
    void create() throws Exception {
        assumeTrue(Program.find("mix").isPresent(), "no Elixir here");
        project = SampleProject.create().config("app = \"counter\"\n[hosts.web1]\n");
        project.set("XDG_CACHE_HOME", cache.toString());
        workspace = cache.resolve("decant/build/counter/prod");
    }

    @AfterEach
    void tidy() throws Exception {
        if (project != null) {
            project.close();
        }
    }

    private String built() throws Exception {
        Ran ran = project.must("build", "--rebuild", "--json");
        return ran.out().replaceFirst("(?s).*\"folder\" : \"([^\"]*)\".*", "$1");
    }

    private String log() throws Exception {
        return Files.readString(workspace.resolve("build.log"));
    }

    private List<String> files(String folder) throws Exception {
        return Files.readAllLines(Path.of(folder).resolve("files"));
    }

    @Test
    void only_what_has_changed_is_compiled_again_and_what_is_gone_is_gone() throws Exception {
        Files.writeString(
                project.folder().resolve("lib/counter/passing.ex"),
                "defmodule Counter.Passing do\nend\n");
        project.commit();
        String first = built();
        assertThat(log()).contains("Compiling 17 files (.ex)");

        project.git("rm", "-q", "lib/counter/passing.ex");
        project.edit("lib/counter/greeting.ex", "Hello from Counter", "Hello again");
        String second = built();

        assertThat(log()).contains("Compiling 1 file (.ex)");
        assertThat(String.join("\n", files(first))).contains("Elixir.Counter.Passing.beam");
        assertThat(String.join("\n", files(second))).doesNotContain("Elixir.Counter.Passing.beam");
    }

    @Test
    void a_workspace_that_is_damaged_is_made_anew() throws Exception {
        built();
        Files.delete(workspace.resolve("checkout/.git"));
        built();
        Files.delete(workspace.resolve("repository/HEAD"));
        built();
        Trees.delete(workspace.resolve("kept"));
        Files.writeString(workspace.resolve("checkout/lib/counter/left.ex"), "What is this?");
        built();

        assertThat(workspace.resolve("checkout/lib/counter/left.ex")).doesNotExist();
    }

    @Test
    void of_two_builds_at_once_one_waits_for_the_other() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Ran>> both =
                    List.of(
                            threads.submit(() -> project.run("build", "--rebuild")),
                            threads.submit(() -> project.run("build", "--rebuild")));
            String all = both.getFirst().get().all() + both.getLast().get().all();

            assertThat(both.getFirst().get().status()).as(all).isZero();
            assertThat(both.getLast().get().status()).as(all).isZero();
            assertThat(all)
                    .contains("Another build of this app is under way; this one waits for it.");
        }
    }

    @Test
    void the_users_repository_stays_as_it_was_and_none_of_its_hooks_run() throws Exception {
        Path hooks = Files.createDirectories(project.folder().resolve(".git/hooks"));
        for (String hook : List.of("pre-push", "post-checkout", "reference-transaction")) {
            Files.writeString(hooks.resolve(hook), "#!/bin/sh\ntouch '" + cache + "/ran'\n");
            Files.setPosixFilePermissions(
                    hooks.resolve(hook), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(project.folder().resolve("lib/new.ex"), "defmodule New do\nend\n");

        Ran dirty = project.must("build", "--dirty");

        assertThat(dirty.out()).contains("-dirty");
        assertThat(cache.resolve("ran")).doesNotExist();
        assertThat(project.git("worktree", "list").out()).hasSize(1);
        assertThat(project.git("for-each-ref").out()).hasSize(1);
        assertThat(project.git("status", "--short").text()).isEqualTo("?? lib/new.ex");
    }

    @Test
    void a_shallow_clone_builds() throws Exception {
        project.version("0.2.0");
        Path clone = cache.resolve("clone");
        project.git("clone", "-q", "--depth=1", "file://" + project.folder(), clone.toString());

        Ran ran = project.must("build", "-C", clone.toString());

        assertThat(ran.out()).contains("-0.2.0-");
    }
}
