package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Result;
import dev.decant.io.Trees;
import dev.decant.toolchain.LocalMirror;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A machine without Erlang and Elixir, made of this one by another `PATH`, and a mirror that has
/// this machine's own of both. It boots no host, but wants Debian's `elixir`, as other lab tests
/// do.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ToolchainLabTest {

    private static final Pattern BEAM =
            Pattern.compile("elixir|elixirc|iex|mix|erl|erlc|escript|epmd|erl_call");

    private LocalMirror mirror;
    private SampleProject project;
    private Path data;
    private Path path;
    private Path waits;
    private String otp;
    private String elixir;

    @BeforeAll
    void start() throws Exception {
        mirror = LocalMirror.start();
        otp = mirror.realOtp();
        elixir = mirror.realElixir(otp);
        data = Files.createTempDirectory("decant-test-data");
        waits = data.resolve("install-waits");
        path = Files.createDirectory(data.resolve("bin"));
        try (Stream<Path> programs = Files.list(Path.of("/usr/bin"))) {
            for (Path program : programs.toList()) {
                if (!BEAM.matcher(program.getFileName().toString()).matches()) {
                    Files.createSymbolicLink(path.resolve(program.getFileName()), program);
                }
            }
        }
        project = SampleProject.create();
        project.set("XDG_DATA_HOME", data.toString())
                .set("HOME", data.toString())
                .set("PATH", path.toString())
                .set("DECANT_TOOLCHAIN_MIRROR", mirror.url())
                .set("INSTALL_WAITS", waits.toString());
        Files.writeString(
                project.folder().resolve(".tool-versions"),
                "erlang " + otp + "\nelixir " + elixir + "\n");
        project.config(
                """
                app = "counter"
                [hosts.web1]
                [toolchain]
                platform = "ubuntu-22.04"
                """);
    }

    @AfterAll
    void stop() throws Exception {
        project.close();
        mirror.close();
        Trees.delete(data);
    }

    private Result run(String... words) throws Exception {
        return project.apart(words).run();
    }

    private static void assertDone(Result result) {
        assertThat(result.status()).as(result.text() + "\n" + result.err()).isZero();
    }

    private List<String> installed() {
        return project.must("toolchain", "list")
                .out()
                .lines()
                .skip(1)
                .map(line -> line.split(" +")[0])
                .toList();
    }

    @Test
    @Order(1)
    void a_build_without_them_is_refused_and_says_what_installs_them() throws Exception {
        Result refused = run("build");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(String.join("\n", refused.err()))
                .contains(
                        ".tool-versions:1:8 wants erlang " + otp,
                        ".tool-versions:2:8 wants elixir " + elixir,
                        "PATH has none that runs.",
                        "decant toolchain install");
    }

    @Test
    @Order(1)
    void what_path_has_in_exactly_that_version_is_used_as_it_is() {
        // In this process, whose PATH has both.
        Ran ran =
                project.run(
                        "toolchain",
                        "exec",
                        "--",
                        "elixir",
                        "-e",
                        "System.halt(String.length(to_string(:code.root_dir())))");

        assertThat(ran.status()).as(ran.all()).isEqualTo("/usr/lib/erlang".length());
        assertThat(ran.err()).isEmpty();
    }

    @Test
    @Order(2)
    void an_install_that_is_killed_leaves_nothing_that_is_taken_for_one() throws Exception {
        Files.createFile(waits);
        Process installing = project.apart("toolchain", "install", "erlang", otp).converse();
        Path erlang = data.resolve("decant/toolchains/erlang");
        List<ProcessHandle> started = new ArrayList<>();
        while (started.isEmpty()) {
            assertThat(installing.isAlive()).isTrue();
            Thread.sleep(50);
            installing
                    .descendants()
                    .filter(each -> each.info().commandLine().orElse("").contains("/Install"))
                    .forEach(started::add);
        }
        installing.destroyForcibly().waitFor();
        started.forEach(ProcessHandle::destroyForcibly);
        Files.delete(waits);

        assertThat(installed()).isEmpty();
        assertThat(erlang.resolve(otp)).doesNotExist();
        try (Stream<Path> left = Files.list(erlang)) {
            assertThat(left).isNotEmpty();
        }
    }

    @Test
    @Order(3)
    void of_two_processes_that_install_the_same_one_does_and_both_have_it() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Result>> both =
                    List.of(
                            threads.submit(() -> run("toolchain", "install", "erlang", otp)),
                            threads.submit(() -> run("toolchain", "install", "erlang", otp)));
            for (Future<Result> each : both) {
                assertDone(each.get());
            }
            assertThat(both.getFirst().get().out()).isEqualTo(both.getLast().get().out());
        }
        assertThat(installed()).containsExactly("erlang");
        try (Stream<Path> left = Files.list(data.resolve("decant/toolchains/erlang"))) {
            assertThat(left).containsExactly(data.resolve("decant/toolchains/erlang/" + otp));
        }
    }

    @Test
    @Order(4)
    void a_build_installs_what_is_missing_and_runs_with_it() throws Exception {
        Result built = run("build", "--install", "--json");

        assertDone(built);
        assertThat(built.text()).contains("\"otp\" : \"" + otp + "\"");
        assertThat(String.join("\n", built.err())).contains("tools  elixir " + elixir);
        assertThat(installed()).containsExactly("erlang", "elixir");
    }

    @Test
    @Order(5)
    void a_program_runs_with_them_where_path_has_neither() throws Exception {
        mirror.stop();

        Result root =
                run(
                        "toolchain",
                        "exec",
                        "--",
                        "elixir",
                        "-e",
                        "IO.puts(:code.root_dir()); System.halt(7)");

        assertThat(root.status()).as(root.text() + root.err()).isEqualTo(7);
        assertThat(root.text())
                .isEqualTo(data.resolve("decant/toolchains/erlang/" + otp).toString());
        assertThat(project.run("toolchain", "exec", "--", "nosuch").status()).isEqualTo(2);
    }

    @Test
    @Order(6)
    void what_the_project_names_is_not_pruned_and_all_else_is() throws Exception {
        assertThat(project.must("toolchain", "prune", "--days", "0").out()).isEmpty();
        assertThat(installed()).containsExactly("erlang", "elixir");

        Files.writeString(project.folder().resolve(".tool-versions"), "erlang " + otp + "\n");
        assertThat(project.must("toolchain", "prune", "--days", "0").out())
                .isEqualTo("removed  elixir " + elixir + "\n");
    }
}
