package dev.decant.advisory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.advisory.Audit.Hit;
import dev.decant.config.DepsConfig;
import dev.decant.config.DepsConfig.Acknowledged;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

class AuditTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);
    private static final String ID = "GHSA-aaaa-bbbb-cccc";

    @TempDir private Path folder = Path.of("");

    /// As the database has it.
    private Path advisory(String name, String id, String ranges) throws IOException {
        Path file = folder.resolve("packages").resolve(name).resolve(id + ".yml");
        Files.createDirectories(file.getParent());
        return Files.writeString(
                file,
                """
                ---
                description: |-
                  Long: "quoted", and # so on
                disclosure_date: 2026-01-02
                first_patched_versions:
                  - 1.10
                  -
                id: %s
                link: https://example.org/%s
                package: %s
                severity: high
                title: Something, it leaks
                vulnerable_version_ranges:
                %s
                """
                        .formatted(id, id, name, ranges.indent(2).stripTrailing()));
    }

    private static Dependency.Hex hex(String name, String version, String repo) {
        return new Dependency.Hex(
                name, name, version, repo, Optional.empty(), Optional.empty(), List.of());
    }

    private Audit audit(Map<String, Acknowledged> acknowledged, Dependency... locked)
            throws IOException, InterruptedException {
        DepsConfig config =
                new DepsConfig(
                        Optional.empty(), Optional.empty(), Optional.empty(), false, acknowledged);
        return Audit.of(Optional.of(folder), Optional.empty(), List.of(locked), config, TODAY);
    }

    private List<String> hits(String version) throws IOException, InterruptedException {
        return audit(Map.of(), hex("plug", version, "hexpm")).hits().stream()
                .map(hit -> hit.notice().id())
                .toList();
    }

    @Test
    void a_locked_version_in_any_of_the_ranges_is_hit() throws Exception {
        advisory("plug", ID, "- < 1.4.0\n- '>= 1.5.0, < 1.5.2'\n- = 1.9.0");

        assertThat(hits("1.3.9")).containsExactly(ID);
        assertThat(hits("1.4.0")).isEmpty();
        assertThat(hits("1.4.0-rc.1")).containsExactly(ID);
        assertThat(hits("1.5.1")).containsExactly(ID);
        assertThat(hits("1.5.2")).isEmpty();
        assertThat(hits("1.9.0")).containsExactly(ID);
        assertThat(hits("1.10.0")).isEmpty();
    }

    @Test
    void what_is_told_of_it_is_in_one_line_with_versions_as_they_are_written() throws Exception {
        advisory("plug", ID, "- < 1.10");

        assertThat(audit(Map.of(), hex("plug", "1.9.0", "hexpm")).hits())
                .extracting(Hit::said)
                .containsExactly(
                        "plug 1.9.0: " + ID + " (high): Something, it leaks; mended in 1.10");
    }

    @Test
    void what_cannot_be_told_to_be_safe_is_taken_to_concern_it() throws Exception {
        advisory("plug", "GHSA-1", "- all of them");
        Files.writeString(folder.resolve("packages/plug/GHSA-2.yml"), "id: [");
        Files.writeString(folder.resolve("packages/plug/GHSA-3.yml"), "just text");
        Files.writeString(
                folder.resolve("packages/plug/GHSA-4.yml"), "!!javax.script.X [id: \u001b[2J]");
        advisory("plug", "GHSA-5", "- < 1.0.0");
        Files.writeString(folder.resolve("packages/plug/README.md"), "No advisory.");

        assertThat(hits("1.3.9")).containsExactly("GHSA-1", "GHSA-2", "GHSA-3", "GHSA-4");
        assertThat(hits("1.3")).contains("GHSA-5");
    }

    @Test
    void names_are_compared_as_hex_has_them_and_only_for_what_is_from_there() throws Exception {
        advisory("Plug", ID, "- <= 99.0.0");

        assertThat(hits("1.3.9")).containsExactly(ID);
        assertThat(audit(Map.of(), hex("plug", "1.3.9", "hexpm:acme")).hits()).isEmpty();
        assertThat(audit(Map.of(), hex("plugs", "1.3.9", "hexpm")).hits()).isEmpty();
    }

    @Test
    void a_repository_of_git_has_no_version_and_that_is_said() throws Exception {
        advisory("plug", ID, "- < 99.0.0");
        Dependency git =
                new Dependency.Git(
                        "plug",
                        "https://example.org/plug.git",
                        "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        Audit audit = audit(Map.of(), git);

        assertThat(audit.hits()).isEmpty();
        assertThat(audit.notes())
                .containsExactly(
                        "plug is from git, which has no version to compare. Advisories for the"
                                + " package of that name: 1.");
    }

    @Test
    void an_exception_counts_until_the_end_of_its_day_and_then_says_that_it_is_over()
            throws Exception {
        advisory("plug", ID, "- < 99.0.0");
        for (int days : List.of(-1, 0, 1)) {
            LocalDate until = TODAY.plusDays(days);
            Map<String, Acknowledged> exception =
                    Map.of(ID.toLowerCase(Locale.ROOT), new Acknowledged("Why", until));

            Audit audit = audit(exception, hex("plug", "1.3.9", "hexpm"));

            assertThat(audit.open()).hasSize(days < 0 ? 1 : 0);
            Hit hit = audit.hits().getFirst();
            assertThat(hit.acknowledged().map(Acknowledged::until))
                    .isEqualTo(days < 0 ? Optional.empty() : Optional.of(until));
            assertThat(hit.expired()).isEqualTo(days < 0 ? Optional.of(until) : Optional.empty());
            assertThat(audit.notes()).isEmpty();
        }
    }

    @Test
    void an_exception_for_nothing_is_named() throws Exception {
        advisory("plug", ID, "- < 1.0.0");

        Audit audit =
                audit(Map.of(ID, new Acknowledged("Why", TODAY)), hex("plug", "1.3.9", "hexpm"));

        assertThat(audit.notes())
                .containsExactly(
                        "deps.acknowledged."
                                + ID
                                + " concerns nothing that is locked, and can go.");
    }

    // ---- how old it is

    @Test
    void its_age_is_that_of_its_last_commit_or_else_of_its_newest_file() throws Exception {
        FileTime newest = FileTime.from(Instant.parse("2026-10-02T03:04:05Z"));
        Files.setLastModifiedTime(
                advisory("a", "GHSA-1", "- < 1.0.0"),
                FileTime.from(Instant.parse("2026-10-01T00:00:00Z")));
        Files.setLastModifiedTime(advisory("b", "GHSA-2", "- < 1.0.0"), newest);

        assertThat(audit(Map.of()).database().orElseThrow().asOf()).isEqualTo(newest.toInstant());

        git("init", "-q");
        git("add", "-A");
        git("commit", "-q", "-m", "Advisories");

        assertThat(audit(Map.of()).database().orElseThrow().asOf())
                .isEqualTo("2026-09-08T07:06:05Z");
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("git"));
        all.addAll(List.of("-c", "user.name=Tester", "-c", "user.email=tester@example.org"));
        all.addAll(List.of(words));
        Result result =
                Program.of(all)
                        .in(folder)
                        .env(Map.of("GIT_COMMITTER_DATE", "2026-09-08T09:06:05+02:00"))
                        .run();
        assertThat(result.status()).as(String.join("\n", result.lastWords(5))).isZero();
    }

    @Test
    void what_is_no_database_is_refused() throws Exception {
        assertThat(catchThrowableOfType(Failure.class, () -> audit(Map.of())).problems())
                .containsExactly(new AdvisoryProblem.NoDatabase(folder));

        Files.createDirectory(folder.resolve("packages"));

        assertThat(catchThrowableOfType(Failure.class, () -> audit(Map.of())).problems())
                .containsExactly(new AdvisoryProblem.NoDatabase(folder));
    }
}
