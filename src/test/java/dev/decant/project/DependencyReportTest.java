package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.project.DependencyReport.Entry;
import dev.decant.project.DependencyReport.Finding;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class DependencyReportTest {

    private static final String SUM = "0123456789abcdef".repeat(4);
    private static final String REVISION = "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f";

    @TempDir private Path folder = Path.of("");

    /// @param lock with `@` for a checksum and `#` for a revision
    private DependencyReport report(String mixExs, String lock) throws IOException {
        Files.writeString(folder.resolve("mix.exs"), mixExs);
        Files.writeString(
                folder.resolve("mix.lock"), lock.replace("@", SUM).replace("#", REVISION));
        return DependencyReport.of(folder);
    }

    private static String deps(String list) {
        return """
        defmodule Shop.MixProject do
          use Mix.Project
          def project, do: [app: :shop, deps: deps()]
          defp deps do
            %s
          end
        end
        """
                .formatted(list);
    }

    private static String hex(String app, String version, String needs) {
        return "\"%s\": {:hex, :%s, \"%s\", \"@\", [:mix], [%s], \"hexpm\", \"@\"},\n"
                .formatted(app, app, version, needs);
    }

    private static Entry entry(DependencyReport report, String app) {
        return report.entries().stream()
                .filter(it -> it.app().equals(app))
                .findFirst()
                .orElseThrow();
    }

    // ---- what mix.exs says

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{:jason, \"~> 1.4\"}]",
                "[\n  {:jason, \"~> 1.4\"},\n]",
                "[ # {:other, \"~> 1.0\"}\n"
                        + " {:jason, \"~> 1.4\", only: [:dev, :test], runtime: false}]",
                "[{:jason, \"~> 1.4\", runtime: Mix.env() == :dev}]",
                "[{:jason, \"~> 1.4\", [hex: :jason]}]",
                "[{:\"jason\", \"~> 1.4\"}]",
                "[jason: \"~> 1.4\"]",
            })
    void a_requirement_is_read_in_whatever_way_it_is_written(String list) throws IOException {
        DependencyReport report = report(deps(list), "%{" + hex("jason", "1.4.1", "") + "}");

        assertThat(report.notes()).isEmpty();
        assertThat(report.entries())
                .singleElement()
                .satisfies(
                        jason -> {
                            assertThat(jason.required()).containsExactly("~> 1.4");
                            assertThat(jason.findings()).isEmpty();
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{:jason, version()}]",
                "[{:jason, \"~> #{version()}\"}]",
                "[jason()]",
                "[{:jason, \"~> 1.4\"}] ++ more()",
                "Enum.map(names(), &{&1, \">= 0.0.0\"})",
                "[{:jason, git: url()}]",
            })
    void what_only_code_knows_is_said_to_be_unknown_and_nothing_is_called_unused(String list)
            throws IOException {
        DependencyReport report =
                report(
                        deps(list),
                        "%{" + hex("jason", "1.4.1", "") + hex("other", "1.0.0", "") + "}");

        assertThat(report.notes())
                .anyMatch(note -> note.startsWith("Code says what is required at mix.exs:"))
                .anyMatch(note -> note.contains("not known") && note.contains("other"));
        assertThat(entry(report, "other").findings()).isEmpty();
    }

    @Test
    void places_are_those_of_the_file() throws IOException {
        DependencyReport report = report("# é\n\n" + deps("[\n # a\n\n jason()]"), "%{}");

        assertThat(report.notes())
                .containsExactly("Code says what is required at mix.exs:10, and it was not run.");
    }

    @Test
    void nothing_of_it_is_run() throws IOException {
        Path owned = folder.resolve("owned");

        report(deps("[{:jason, File.touch!(\"" + owned + "\")}]"), "%{}");

        assertThat(owned).doesNotExist();
    }

    // ---- what is amiss

    @Test
    void what_nothing_needs_is_unused_and_what_could_be_done_without_does_not_count()
            throws IOException {
        String optional = "{:maybe, \"~> 1.0\", [hex: :maybe, repo: \"hexpm\", optional: true]}";
        String needed = "{:mime, \"~> 2.0\", [hex: :mime, repo: \"hexpm\", optional: false]}, ";
        DependencyReport report =
                report(
                        deps("[{:plug, \"~> 1.0\"}]"),
                        "%{"
                                + hex("plug", "1.15.0", needed + optional)
                                + hex("mime", "2.0.5", "")
                                + hex("maybe", "1.0.0", "")
                                + hex("old", "0.1.0", "{:older, \">= 0.0.0\", []}")
                                + hex("older", "0.1.0", "")
                                + "}");

        assertThat(report.entries())
                .filteredOn(it -> it.findings().equals(List.of(Finding.UNUSED)))
                .extracting(Entry::app)
                .containsExactly("maybe", "old", "older");
        assertThat(entry(report, "mime").neededBy()).containsExactly("plug");
        assertThat(entry(report, "mime").findings()).isEmpty();
    }

    @Test
    void a_lock_that_mix_exs_has_left_behind_is_found() throws IOException {
        DependencyReport report =
                report(
                        deps(
                                "[{:a, \"~> 1.4\"}, {:b, \"~> 2.0\"}, {:c, \"~> 1.0\"}, {:d, git:"
                                        + " \"u\", tag: \"v1\"}]"),
                        "%{"
                                + hex("a", "1.4.1", "")
                                + hex("b", "1.9.9", "")
                                + hex("d", "1.0.0", "")
                                + "}");

        assertThat(entry(report, "a").findings()).isEmpty();
        assertThat(entry(report, "b").findings()).containsExactly(Finding.DOES_NOT_FIT);
        assertThat(entry(report, "c").findings()).containsExactly(Finding.NOT_LOCKED);
        assertThat(entry(report, "d").findings()).containsExactly(Finding.DOES_NOT_FIT);
    }

    @Test
    void a_repository_by_its_branch_only_and_a_package_without_its_checksum_are_found()
            throws IOException {
        DependencyReport report =
                report(
                        deps(
                                "[{:a, github: \"acme/a\"}, {:b, git: \"u\", branch: \"main\"},"
                                        + " {:c, git: \"u\", tag: \"v1\"}, {:d, git: \"u\", ref:"
                                        + " \"#\"}, {:e, \">= 0.0.0\"}]"),
                        """
                        %{
                          "a": {:git, "https://github.com/acme/a.git", "#", []},
                          "b": {:git, "u", "#", [branch: "main"]},
                          "c": {:git, "u", "#", [tag: "v1"]},
                          "d": {:git, "u", "#", [ref: "#"]},
                          "e": {:hex, :e, "1.0.0", "@", [:mix], []},
                        }
                        """);

        assertThat(report.entries())
                .extracting(Entry::findings)
                .containsExactly(
                        List.of(Finding.BY_BRANCH),
                        List.of(Finding.BY_BRANCH),
                        List.of(),
                        List.of(),
                        List.of(Finding.NO_OUTER_CHECKSUM));
        assertThat(report.notes())
                .containsExactly(
                        "Nothing here says what a, b, c, d may need: what they are is not there"
                                + " (mix deps.get).");
    }

    @Test
    void a_path_within_the_repository_is_pinned_by_its_commit_and_another_one_is_not()
            throws IOException {
        Path shop = Files.createDirectories(folder.resolve("repository/shop"));
        Files.createDirectory(folder.resolve("repository/.git"));
        for (String name : List.of("repository/inside", "outside")) {
            Files.createDirectories(folder.resolve(name));
            Files.writeString(
                    folder.resolve(name + "/mix.exs"),
                    deps("[{:of_" + name.replace("repository/", "") + ", \"~> 1.0\"}]"));
        }
        Files.writeString(
                shop.resolve("mix.exs"),
                deps("[{:inside, path: \"../inside\"}, {:outside, path: \"../../outside\"}]"));
        Files.writeString(
                shop.resolve("mix.lock"),
                ("%{" + hex("of_inside", "1.0.0", "") + hex("of_outside", "1.0.0", "") + "}")
                        .replace("@", SUM));

        DependencyReport report = DependencyReport.of(shop);

        assertThat(report.notes()).isEmpty();
        assertThat(entry(report, "inside").findings()).isEmpty();
        assertThat(entry(report, "inside").from()).isEqualTo("../inside");
        assertThat(entry(report, "outside").findings()).containsExactly(Finding.OUTSIDE);
        assertThat(entry(report, "of_inside").neededBy()).containsExactly("inside");
        assertThat(entry(report, "of_outside").findings()).isEmpty();
    }

    @Test
    void an_umbrella_requires_what_its_apps_require() throws IOException {
        for (String app : List.of("one", "two")) {
            Files.createDirectories(folder.resolve("apps/" + app));
        }
        Files.writeString(
                folder.resolve("apps/one/mix.exs"),
                deps("[{:two, in_umbrella: true}, {:jason, \"~> 1.4\"}]"));
        Files.writeString(
                folder.resolve("apps/two/mix.exs"), deps("[{:jason, \">= 1.0.0\"}, {:mime, nil}]"));

        DependencyReport report =
                report(
                        "[apps_path: \"apps\", deps: []]",
                        "%{" + hex("jason", "1.4.1", "") + hex("mime", "2.0.5", "") + "}");

        assertThat(report.entries()).extracting(Entry::app).containsExactly("jason", "mime");
        assertThat(entry(report, "jason").required()).containsExactly("~> 1.4", ">= 1.0.0");
        assertThat(entry(report, "jason").findings()).isEmpty();
        assertThat(report.notes().getFirst()).contains("apps/two/mix.exs:");
    }
}
