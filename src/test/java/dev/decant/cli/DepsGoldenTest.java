package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.advisory.LocalRegistry;
import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What `decant deps` says of a few projects, with a copy of an advisory database beside each.
class DepsGoldenTest {

    @TempDir private Path temporary = Path.of("");

    private Path project(String name) throws IOException, InterruptedException {
        Path project = temporary.resolve("project");
        copy(Golden.folder("deps").resolve(name), project);
        Path advisories = project.resolve("advisories");
        copy(Golden.folder("deps").resolve("advisories"), advisories);
        git(advisories, "init", "-q");
        git(advisories, "add", "-A");
        git(advisories, "commit", "-q", "-m", "Advisories");
        return project;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.sorted().toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void git(Path folder, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("git"));
        all.addAll(List.of("-c", "user.name=Tester", "-c", "user.email=tester@example.org"));
        all.addAll(List.of(words));
        Result result =
                Program.of(all)
                        .in(folder)
                        .env(Map.of("GIT_COMMITTER_DATE", "2026-01-01T12:00:00Z"))
                        .run();
        assertThat(result.status()).as(String.join("\n", result.lastWords(5))).isZero();
    }

    private static String dateless(String shown) {
        return shown.replaceAll("\\([0-9]+ days ago\\)", "(N days ago)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fine", "amiss", "computed"})
    void dependencies_are_shown_with_what_is_amiss(String name) throws Exception {
        Path project = project(name);

        Decant text = Decant.run(project, "deps", "--strict", "--offline");
        Decant json = Decant.run(project, "deps", "--json", "--offline");

        assertThat(text.status()).isEqualTo(name.equals("amiss") ? 3 : 0);
        assertThat(json.status()).isZero();
        Path folder = Golden.folder("deps").resolve(name);
        Golden.check(folder.resolve("out.txt"), dateless(text.shown(project)));
        Golden.check(folder.resolve("out.json"), json.out().replace(project.toString(), "FOLDER"));
    }

    @Test
    void a_copy_of_the_database_can_be_named_and_is_not_made_up() throws Exception {
        Path project = project("computed");

        assertThat(Decant.run(project, "deps", "--offline").out())
                .contains("No advisories were looked at");
        assertThat(Decant.run(project, "deps", "--offline", "--advisories", "advisories").out())
                .contains("as of 2026-01-01");
        Decant refused = Decant.run(project, "deps", "--offline", "--advisories", "lib");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("There is no advisory database in ", "git clone ");
    }

    /// By a registry on this machine: hex.pm cannot be reached here.
    @Test
    void retired_versions_are_told_of_and_gate_a_build_if_asked() throws Exception {
        Path project = project("retired");
        try (LocalRegistry registry = LocalRegistry.start()) {
            registry.retired("jason", "1.4.1", 2, "Use 1.4.2");
            registry.retired("plug", "1.15.3", 3, "");
            registry.retired("mime", "1.0.0", 0, "");
            registry.keyFile(project);
            Path toml = project.resolve("decant.toml");
            Files.writeString(toml, Files.readString(toml).replace("URL", registry.url()));
            git(project, "init", "-q");
            git(project, "add", "-A", "--", ".", ":!advisories");
            git(project, "commit", "-q", "-m", "Project");

            Decant text = Decant.run(project, "deps", "--strict");
            Decant json = Decant.run(project, "deps", "--json");
            Decant build = Decant.run(project, "build", "--dirty");

            assertThat(text.status()).isEqualTo(3);
            Path folder = Golden.folder("deps").resolve("retired");
            for (Map.Entry<String, String> shown :
                    Map.of(
                                    "out.txt", text.shown(project),
                                    "out.json", json.out(),
                                    "build.txt", build.shown(project))
                            .entrySet()) {
                Golden.check(
                        folder.resolve(shown.getKey()),
                        shown.getValue()
                                .replace(registry.url(), "URL")
                                .replaceAll("as of [0-9-]{10}", "as of TODAY")
                                .replaceAll("\"as_of\" : \"[^\"]*\"", "\"as_of\" : \"NOW\""));
            }
        }
    }

    @Test
    void a_lock_that_is_not_data_is_refused_with_its_place() throws Exception {
        Path project = project("fine");
        Files.writeString(
                project.resolve("mix.lock"), "%{\n  \"a\": {:hex, File.touch!(\"owned\")},\n}\n");

        Decant refused = Decant.run(project, "deps");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("mix.lock:2:15: this is code");
        assertThat(project.resolve("owned")).doesNotExist();
    }
}
