package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.Golden;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A folder for each case: `project/` with a project, perhaps `hosts` with what is typed, and what
/// comes of it; `written/` has what `--write` makes of the project's files.
///
/// Those of Phoenix have the shapes that its generators of 1.5, 1.7 and 1.8 make, written from
/// memory: Hex, which has the generators, is not always to be had.
class InitGoldenTest {

    @TempDir private Path folder = Path.of("");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(Golden.folder("init"))) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_project_gets_a_config(Path given) throws IOException {
        Golden.copy(given.resolve("project"), folder);
        String typed = typed(given);

        Decant init = Decant.run(folder, ("init" + typed).split(" "));

        Golden.check(given.resolve("printed.txt"), init.shown(folder));
        Path toml = folder.resolve("decant.toml");
        if (init.status() == 0 && !typed.contains("--dry-run")) {
            Golden.check(given.resolve("decant.toml"), Files.readString(toml));
        } else {
            assertThat(toml).doesNotExist();
        }
    }

    static List<Path> casesThatLackSomething() throws IOException {
        List<Path> lacking = new ArrayList<>();
        for (Path each : cases()) {
            Path printed = each.resolve("printed.txt");
            if (Files.exists(printed) && Files.readString(printed).contains(" lacks this, ")) {
                lacking.add(each);
            }
        }
        return lacking;
    }

    @ParameterizedTest
    @MethodSource("casesThatLackSomething")
    void what_a_project_lacks_is_written_only_when_told_to(Path given) throws Exception {
        Golden.copy(given.resolve("project"), folder);
        String typed = typed(given).replace(" --dry-run", "");

        String diff = Decant.run(folder, ("init" + typed).split(" ")).out();
        assertThat(changed(given.resolve("project"))).containsExactly("decant.toml");
        assertApplies(diff, given.resolve("project"));
        Decant init = Decant.run(folder, ("init --force --write" + typed).split(" "));

        assertThat(init.status()).as(init.err()).isZero();
        List<String> changed = changed(given.resolve("project"));
        assertThat(changed).hasSizeGreaterThan(1);
        for (String file : changed) {
            Golden.check(
                    given.resolve("written").resolve(file), Files.readString(folder.resolve(file)));
        }
        assertThat(Decant.run(folder, ("init --force" + typed).split(" ")).out())
                .as("nothing is lacking any more")
                .doesNotContain(" lacks this, ");
        assumeTrue(Program.find("elixir").isPresent());
        for (String file : changed) {
            if (file.endsWith(".exs") || file.endsWith(".ex")) {
                String code = "Code.string_to_quoted!(File.read!(hd(System.argv())))";
                Result parsed = Program.of("elixir", "-e", code, file).in(folder).run();
                assertThat(parsed.ok()).as(file + parsed.lastWords(5)).isTrue();
            }
        }
    }

    /// What is printed is a diff for git as well.
    private void assertApplies(String diff, Path project) throws Exception {
        Program.of("git", "init", "-q").in(folder).run();
        Result applied = Program.of("git", "apply").in(folder).input(diff).run();
        assertThat(applied.ok()).as(applied.lastWords(5) + diff).isTrue();
        Trees.delete(folder.resolve(".git"));
        assertThat(changed(project)).hasSizeGreaterThan(1);
        for (String file : changed(project)) {
            Path before = project.resolve(file);
            if (Files.exists(before)) {
                Files.copy(before, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(folder.resolve(file));
            }
        }
    }

    /// Files that a project did not have, or not like this.
    private List<String> changed(Path project) throws IOException {
        List<String> changed = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString();
                Path before = project.resolve(name);
                if (!Files.exists(before) || Files.mismatch(before, file) >= 0) {
                    changed.add(name);
                }
            }
        }
        return changed;
    }

    private static String typed(Path given) throws IOException {
        Path hosts = given.resolve("hosts");
        return Files.exists(hosts) ? " " + Files.readString(hosts).strip() : "";
    }

    @Test
    void a_config_that_is_there_stays_while_the_rest_is_written() throws IOException {
        Golden.copy(Golden.folder("init").resolve("phoenix-1.8/project"), folder);
        Files.writeString(folder.resolve("decant.toml"), "mine\n");

        Decant init = Decant.run(folder, "init", "--write");

        assertThat(init.status()).as(init.err()).isZero();
        assertThat(folder.resolve("decant.toml")).hasContent("mine");
        assertThat(folder.resolve("lib/shop/release.ex")).exists();
        assertThat(init.out()).contains("It could say:  migrate = \"Shop.Release.migrate()\"");
    }

    @Test
    void a_config_that_is_there_is_not_replaced_unless_forced() throws IOException {
        Files.writeString(folder.resolve("mix.exs"), "[app: :shop]\n");
        Files.writeString(folder.resolve("decant.toml"), "mine\n");

        Decant refused = Decant.run(folder, "init");

        Golden.check(Golden.folder("cli").resolve("config-exists.txt"), refused.shown(folder));
        assertThat(folder.resolve("decant.toml")).hasContent("mine");
        assertThat(Decant.run(folder, "init", "--force").status()).isZero();
        assertThat(folder.resolve("decant.toml")).content().contains("app = \"shop\"");
    }

    @Test
    void wrong_usage_looks_like_any_problem() {
        Golden.check(
                Golden.folder("cli").resolve("usage.txt"),
                Decant.run(folder, "depoly").shown(folder)
                        + Decant.run(folder, "deploy", "--relase", "x").shown(folder)
                        + Decant.run(folder, "deploy", "--release").shown(folder)
                        + Decant.run(folder).shown(folder));
    }
}
