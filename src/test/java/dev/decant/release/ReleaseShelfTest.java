package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

class ReleaseShelfTest {

    private static final String COMMIT = "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567";
    private static final String OTHER_COMMIT = "1f3a9c2000000000000000000000000000000000";
    private static final Instant EVENING = Instant.parse("2026-11-23T19:15:00Z");

    @TempDir private Path temp = Path.of("");
    private Path folder = Path.of("");
    private ReleaseShelf shelf = new ReleaseShelf(folder, "shop_web");

    @BeforeEach
    void anEmptyShelf() {
        folder = temp.resolve("not/there/yet");
        shelf = new ReleaseShelf(folder, "shop_web");
    }

    /// @param hours after the evening
    private Release keep(int hours, String version, String commit, boolean dirty, String mixEnv)
            throws IOException {
        ReleaseId id = ReleaseId.of(EVENING.plusSeconds(hours * 3600L), version, commit, dirty);
        Path draft = shelf.draft(id);
        Path tarball = MixTarball.ordinary().write(temp.resolve("from-mix.tar.gz"));
        return shelf.keep(Packer.pack(tarball, MixTarball.about(id, commit, dirty, mixEnv), draft));
    }

    private Problem refused(String given) {
        Problem[] problem = new Problem[1];
        assertThatThrownBy(() -> shelf.get(given))
                .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
                .satisfies(failure -> problem[0] = failure.problems().getFirst());
        return problem[0];
    }

    @Test
    void what_was_kept_is_there_whole() throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");

        Release got = shelf.get(kept.id().value());

        assertThat(got).isEqualTo(kept);
        assertThat(got.archive()).exists().startsWith(folder);
    }

    @Test
    void a_draft_is_not_on_the_shelf_and_can_be_thrown_away() throws IOException {
        ReleaseId id = ReleaseId.of(EVENING, "0.2.0", COMMIT, false);
        Path draft = shelf.draft(id);
        Files.writeString(draft.resolve(ReleaseShelf.ARCHIVE), "half of it");

        assertThat(shelf.all()).isEmpty();
        shelf.discard(draft);
        assertThat(folder).isEmptyDirectory();
        shelf.discard(draft);
    }

    @Test
    void an_empty_shelf_says_how_to_fill_it() {
        assertThat(refused("0.2.0").why()).containsExactly("None has been built here.");
    }

    @Test
    void they_come_newest_first_and_strangers_are_passed_over() throws IOException {
        Release first = keep(0, "0.9.0", COMMIT, false, "prod");
        Release second = keep(1, "0.10.0", COMMIT, false, "prod");
        Files.createDirectory(folder.resolve("notes"));

        assertThat(shelf.all()).containsExactly(second.id(), first.id());
    }

    @Test
    void a_part_of_the_name_is_enough_if_only_one_has_it() throws IOException {
        Release first = keep(0, "0.1.0", "aaaaaaa0", false, "prod");
        keep(1, "0.2.0", "bbbbbbb0", false, "prod");

        assertThat(shelf.get("aaaaaaa").id()).isEqualTo(first.id());
        assertThat(shelf.get("-0.1.0-").id()).isEqualTo(first.id());
    }

    @Test
    void a_part_of_several_names_is_not_enough() throws IOException {
        Release first = keep(0, "0.1.0", "aaaaaaa0", false, "prod");
        Release second = keep(1, "0.1.0", "bbbbbbb0", false, "prod");
        keep(2, "0.2.0", "ccccccc0", false, "prod");

        Problem problem = refused("0.1.0");

        assertThat(problem.id()).isEqualTo("release-ambiguous");
        assertThat(problem.why().getFirst())
                .contains(first.id().value(), second.id().value())
                .doesNotContain("0.2.0");
    }

    @Test
    void a_whole_name_is_meant_even_where_it_is_part_of_another() throws IOException {
        Release clean = keep(0, "0.1.0", COMMIT, false, "prod");
        keep(0, "0.1.0", COMMIT, true, "prod");

        assertThat(shelf.get(clean.id().value()).id()).isEqualTo(clean.id());
    }

    @Test
    void two_characters_are_too_few_to_mean_one() throws IOException {
        keep(0, "0.1.0", COMMIT, false, "prod");

        assertThat(refused("1f").id()).isEqualTo("no-such-release");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "null",
                "[]",
                "{\"format\": 1, \"files\": []}",
                "{\"format\": 2, \"id\": \"20261123T191500Z-0.2.0-1f3a9c2\", \"files\": []}"
            })
    void a_damaged_manifest_is_told_with_its_place(String json) throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");
        Path place = folder.resolve(kept.id().value());
        Files.writeString(place.resolve(ReleaseShelf.MANIFEST), json);

        Problem problem = refused(kept.id().value());

        assertThat(problem.id()).isEqualTo("release-damaged");
        assertThat(problem.what()).contains(place.toString());
        assertThat(problem.next()).contains("rm -r " + place);
    }

    @Test
    void a_manifest_of_another_release_is_damage() throws IOException {
        Release one = keep(0, "0.1.0", COMMIT, false, "prod");
        Release other = keep(1, "0.2.0", COMMIT, false, "prod");
        Files.copy(
                other.archive().resolveSibling(ReleaseShelf.MANIFEST),
                one.archive().resolveSibling("copy"));
        Files.move(
                one.archive().resolveSibling("copy"),
                one.archive().resolveSibling(ReleaseShelf.MANIFEST),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(refused(one.id().value()).id()).isEqualTo("release-damaged");
    }

    @Test
    void a_lost_archive_is_damage() throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");
        Files.delete(kept.archive());

        assertThat(refused(kept.id().value()).id()).isEqualTo("release-damaged");
    }

    @Test
    void a_commit_is_found_if_it_was_built_clean_and_for_this_environment() throws IOException {
        Release clean = keep(0, "0.2.0", COMMIT, false, "prod");
        keep(1, "0.2.0", COMMIT, true, "prod");
        keep(2, "0.2.0", COMMIT, false, "staging");
        keep(3, "0.2.0", OTHER_COMMIT, false, "prod");

        assertThat(shelf.ofCommit(COMMIT, "prod")).contains(clean);
        assertThat(shelf.ofCommit(COMMIT, "dev")).isEmpty();
        assertThat(shelf.ofCommit("2" + COMMIT.substring(1), "prod")).isEmpty();
    }

    @Test
    void of_two_builds_of_a_commit_the_newer_is_taken() throws IOException {
        keep(0, "0.2.0", COMMIT, false, "prod");
        Release newer = keep(1, "0.2.0", COMMIT, false, "prod");

        assertThat(shelf.ofCommit(COMMIT, "prod")).contains(newer);
    }
}
