package dev.decant.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.ToolchainConfig;
import dev.decant.exec.Program;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Installing from a mirror, with archives in which scripts stand in for Erlang.
class ToolchainShelfTest {

    @TempDir private Path folder = Path.of("");

    private LocalMirror mirror;

    @BeforeEach
    void start() throws IOException {
        mirror = LocalMirror.start();
    }

    @AfterEach
    void stop() throws IOException {
        mirror.close();
    }

    private ToolchainShelf shelf() {
        return new ToolchainShelf(folder);
    }

    private Toolchains toolchains(String platform) {
        return new Toolchains(
                shelf(), new ToolchainConfig(mirror.url(), Optional.of(platform), false), Map.of());
    }

    private Path install(String version) throws IOException, InterruptedException {
        return install(version, ToolchainLog.nop());
    }

    private Path install(String version, ToolchainLog log)
            throws IOException, InterruptedException {
        Tool tool = version.startsWith("1.") ? Tool.ELIXIR : Tool.ERLANG;
        return toolchains(LocalMirror.PLATFORM)
                .installed(ToolVersion.parse(tool, version, "here"), log);
    }

    private Problem refused(String version) {
        Failure failure = catchThrowableOfType(Failure.class, () -> install(version));
        assertThat(failure).isNotNull();
        return failure.problems().getFirst();
    }

    private List<String> installed() throws IOException {
        return shelf().all().stream().map(ToolchainShelf.Entry::version).toList();
    }

    /// What is there besides what is installed.
    private List<String> leftOvers() throws IOException {
        try (Stream<Path> list = Files.list(folder.resolve("erlang"))) {
            return list.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }

    private static String run(Path program) throws IOException, InterruptedException {
        return Program.of(program.toString()).run().text();
    }

    @Test
    void versions_are_installed_beside_each_other_and_know_where_they_are() throws Exception {
        mirror.otp("23.3.4").otp("27.1.2").otp("29.0");

        Path older = install("23.3.4");
        Path newer = install("27.1.2");
        install("29.0");

        assertThat(installed()).containsExactly("23.3.4", "27.1.2", "29.0");
        assertThat(older).isEqualTo(folder.resolve("erlang/23.3.4"));
        assertThat(run(older.resolve("bin/erl"))).isEqualTo(older.toString());
        assertThat(run(newer.resolve("bin/erl"))).isEqualTo(newer.toString());
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void elixir_is_unpacked_with_programs_that_can_be_run(@TempDir Path tree) throws Exception {
        Files.createDirectories(tree.resolve("bin"));
        Files.writeString(tree.resolve("bin/elixir"), "#!/bin/sh\necho run\n");
        Files.createDirectories(tree.resolve("lib/elixir/ebin"));
        Files.writeString(
                tree.resolve("lib/elixir/ebin/elixir.app"),
                "{application,elixir,[{vsn, \"1.17.3\"}]}.");
        mirror.elixir("1.17.3-otp-27", tree);
        mirror.elixir("1.17.3", tree);

        Path place = install("1.17.3-otp-27");

        assertThat(run(place.resolve("bin/elixir"))).isEqualTo("run");
        assertThat(installed()).containsExactly("1.17.3-otp-27");
        assertThat(refused("1.17.3-otp-28").next())
                .containsExactly("elixir 1.17.3-otp-27", "elixir 1.17.3");
    }

    @Test
    void what_is_there_is_not_fetched_again() throws Exception {
        mirror.otp("27.1.2");
        install("27.1.2");
        mirror.stop();

        assertThat(install("27.1.2")).isDirectory();
    }

    @Test
    void what_is_not_as_the_list_says_is_thrown_away() throws Exception {
        mirror.otp("27.1.2").spoil("27.1.2");

        Problem problem = refused("27.1.2");

        assertThat(problem.id()).isEqualTo("wrong-checksum");
        assertThat(String.join("\n", problem.why())).contains(mirror.archive("27.1.2"));
        assertThat(installed()).isEmpty();
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void a_download_that_is_cut_off_goes_on_where_it_was() throws Exception {
        mirror.otp("27.1.2").cuts.set(1);

        install("27.1.2");

        String archive = mirror.archive("27.1.2");
        assertThat(mirror.asked).endsWith(archive, archive + " bytes=1000-");
        assertThat(installed()).containsExactly("27.1.2");
    }

    @Test
    void what_has_come_before_a_failure_is_used_by_the_next_who_asks() throws Exception {
        mirror.otp("27.1.2").cuts.set(1000);
        assertThat(refused("27.1.2").id()).isEqualTo("mirror-failed");
        mirror.cuts.set(0);
        mirror.asked.clear();

        install("27.1.2");

        assertThat(mirror.asked).last().isEqualTo(mirror.archive("27.1.2") + " bytes=1000-");
        assertThat(installed()).containsExactly("27.1.2");
    }

    @Test
    void a_beginning_that_is_not_its_own_is_thrown_away() throws Exception {
        mirror.otp("27.1.2").cuts.set(1000);
        refused("27.1.2");
        mirror.cuts.set(0);
        Path part = folder.resolve("erlang").resolve(leftOvers().getFirst());
        Files.writeString(part, "something else");

        install("27.1.2");

        assertThat(installed()).containsExactly("27.1.2");
    }

    @Test
    void a_mirror_that_knows_no_ranges_sends_all_again() throws Exception {
        mirror.otp("27.1.2").cuts.set(1);
        mirror.takesRanges = false;

        install("27.1.2");

        assertThat(installed()).containsExactly("27.1.2");
    }

    @Test
    void a_version_that_there_is_not_is_answered_with_those_that_are_near() throws Exception {
        mirror.otp("26.2.5").otp("27.1.2").otp("27.1.10").otp("27.2", "exit 0", false).branches();

        Problem problem = refused("27.1.3");

        assertThat(problem.what()).isEqualTo("There is no build of erlang 27.1.3.");
        assertThat(problem.next()).containsExactly("erlang 27.1.10", "erlang 27.1.2");
        assertThat(toolchains(LocalMirror.PLATFORM).available(Tool.ERLANG, "27"))
                .containsExactly("27.1.10", "27.1.2");
    }

    @Test
    void what_cannot_be_verified_is_not_installed() throws Exception {
        mirror.otp("27.1.2", "exit 0", false);

        assertThat(refused("27.1.2").id()).isEqualTo("build-without-checksum");
    }

    @Test
    void a_mirror_that_is_down_and_one_without_the_platform_are_named() throws Exception {
        mirror.otp("27.1.2");
        Failure other =
                catchThrowableOfType(
                        Failure.class, () -> toolchains("ubuntu-24.04").available(Tool.ERLANG, ""));
        assertThat(other.problems().getFirst().what()).contains("/ubuntu-24.04/builds.txt");
        mirror.stop();

        Problem down = refused("27.1.2");
        assertThat(down.what()).startsWith(mirror.url() + "/builds/otp/");
        assertThat(down.why().getFirst()).contains("Connect");
    }

    @Test
    void what_does_not_run_on_this_machine_does_not_get_its_name() throws Exception {
        mirror.otp("27.1.2", "echo 'GLIBC_2.99 not found' >&2; exit 1", true);

        Problem problem = refused("27.1.2");

        assertThat(problem.what()).contains("it does not run on this machine");
        assertThat(problem.why()).containsExactly("GLIBC_2.99 not found");
        assertThat(installed()).isEmpty();
    }

    @Test
    void an_archive_with_another_version_in_it_does_not_get_the_name() throws Exception {
        mirror.otp("27.1.2");
        mirror.rename("27.1.2", "27.1.3");

        assertThat(refused("27.1.3").what()).contains("version 27.1.2");
        assertThat(installed()).isEmpty();
    }

    @Test
    void of_two_that_install_at_once_one_does_and_the_other_waits() throws Exception {
        mirror.otp("27.1.2");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Path>> both =
                    List.of(
                            threads.submit(() -> install("27.1.2")),
                            threads.submit(() -> install("27.1.2")));

            assertThat(both.getFirst().get()).isEqualTo(both.getLast().get()).isDirectory();
        }
        assertThat(mirror.asked).containsOnlyOnce(mirror.archive("27.1.2"));
    }

    @Test
    void what_nobody_has_used_for_a_while_is_pruned_with_what_was_left_behind() throws Exception {
        mirror.otp("25.0").otp("26.0").otp("27.0");
        for (String version : List.of("25.0", "26.0", "27.0")) {
            Path stamp = install(version).resolve(".decant");
            Files.setLastModifiedTime(
                    stamp,
                    FileTime.from(
                            Instant.now().minus(Duration.ofDays(version.equals("27.0") ? 1 : 90))));
        }
        Files.createDirectories(folder.resolve("erlang/.28.0.draft.123/bin"));
        List<ToolVersion> keep = List.of(ToolVersion.parse(Tool.ERLANG, "26.0", "here"));
        Duration month = Duration.ofDays(30);

        List<ToolchainShelf.Entry> would = shelf().prune(month, keep, true, ToolchainLog.nop());
        assertThat(installed()).hasSize(3);
        List<ToolchainShelf.Entry> gone = shelf().prune(month, keep, false, ToolchainLog.nop());

        assertThat(gone).isEqualTo(would).extracting("version").containsExactly("25.0");
        assertThat(installed()).containsExactly("26.0", "27.0");
        assertThat(leftOvers()).isEmpty();
        Trees.delete(folder.resolve("erlang"));
        assertThat(installed()).isEmpty();
    }

    @Test
    void how_far_a_download_is_can_be_seen() throws Exception {
        mirror.otp("27.1.2");
        List<String> heard = new CopyOnWriteArrayList<>();
        install(
                "27.1.2",
                new ToolchainLog() {
                    @Override
                    public void note(String text) {
                        heard.add(text);
                    }

                    @Override
                    public void downloading(String what, long bytes, long all) {
                        heard.add(what + (bytes == all ? " all" : " some"));
                    }

                    @Override
                    public void installed(String what, Duration took) {
                        heard.add(what + " installed");
                    }
                });

        assertThat(heard).endsWith("erlang 27.1.2 all", "erlang 27.1.2 installed");
    }
}
