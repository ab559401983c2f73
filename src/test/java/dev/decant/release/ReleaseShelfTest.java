package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.exec.Program;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;

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

    private static MixTarball shop(String contents) throws IOException {
        return MixTarball.ordinary().file("lib/a", 0644, contents);
    }

    /// @param hours after the evening
    private Release keep(int hours, String version, String commit, boolean dirty, String mixEnv)
            throws IOException {
        return keep(hours, MixTarball.ordinary(), version, commit, dirty, mixEnv);
    }

    private Release keep(
            int hours, MixTarball tarball, String version, String commit, boolean dirty)
            throws IOException {
        return keep(hours, tarball, version, commit, dirty, "prod");
    }

    private Release keep(
            int hours,
            MixTarball tarball,
            String version,
            String commit,
            boolean dirty,
            String mixEnv)
            throws IOException {
        ReleaseId id = ReleaseId.of(EVENING.plusSeconds(hours * 3600L), version, commit, dirty);
        Path draft = shelf.draft(id);
        Path file = tarball.write(temp.resolve("from-mix.tar.gz"));
        return shelf.keep(
                Packer.pack(
                        file, MixTarball.about(id, commit, dirty, mixEnv), draft, shelf.newest()));
    }

    /// In place, as a slip or a bad disk does it: whoever shares the file sees it, too.
    private static void change(Path file, String contents) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, contents);
        Files.setPosixFilePermissions(file, mode);
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
        assertThat(got.tree()).isDirectory().startsWith(folder);
        assertThat(FileList.of(got.tree())).isEqualTo(got.files());
    }

    @Test
    void a_draft_is_not_on_the_shelf_and_can_be_thrown_away() throws IOException {
        ReleaseId id = ReleaseId.of(EVENING, "0.2.0", COMMIT, false);
        Path draft = shelf.draft(id);
        Files.createDirectory(draft.resolve(Release.TREE));
        Files.writeString(draft.resolve(Release.FILES), "half of it");

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
                "{\"format\": 2, \"app\": \"shop_web\"}"
            })
    void a_damaged_manifest_is_told_with_its_place(String json) throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");
        Path place = folder.resolve(kept.id().value());
        Files.writeString(place.resolve(Release.MANIFEST), json);

        Problem problem = refused(kept.id().value());

        assertThat(problem.id()).isEqualTo("release-damaged");
        assertThat(problem.what()).contains(place.toString());
        assertThat(problem.next()).contains("rm -r " + place);
    }

    @Test
    void a_manifest_of_a_format_that_is_no_longer_made_is_damage() throws IOException {
        Problem problem = refused(ofFormat(1).id().value());

        assertThat(problem.id()).isEqualTo("release-damaged");
        assertThat(problem.why().getFirst()).contains("format 1");
    }

    @Test
    void a_release_of_a_newer_decant_is_not_said_to_be_damaged() throws IOException {
        Release kept = ofFormat(3);
        String json = Files.readString(kept.manifestFile());
        Files.writeString(kept.manifestFile(), json.replace("\"commit\"", "\"source\""));

        Problem problem = refused(kept.id().value());

        assertThat(problem.id()).isEqualTo("release-is-newer");
        assertThat(problem.why())
                .containsExactly("Its manifest is of format 3; this Decant reads format 2.");
        assertThat(problem.next().toString()).doesNotContain("rm -r");
    }

    private Release ofFormat(int format) throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");
        String json = Files.readString(kept.manifestFile());
        Files.writeString(
                kept.manifestFile(), json.replace("\"format\" : 2", "\"format\" : " + format));
        return kept;
    }

    @Test
    void a_manifest_of_another_release_is_damage() throws IOException {
        Release one = keep(0, "0.1.0", COMMIT, false, "prod");
        Release other =
                keep(1, MixTarball.ordinary().file("lib/a", 0644, "x"), "0.2.0", COMMIT, false);
        Files.copy(other.manifestFile(), one.manifestFile(), StandardCopyOption.REPLACE_EXISTING);

        assertThat(refused(one.id().value()).id()).isEqualTo("release-damaged");
    }

    @Test
    void a_list_of_files_that_is_lost_or_another_is_damage() throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");
        String list = Files.readString(kept.filesFile());

        Files.writeString(kept.filesFile(), list.replaceFirst("\t640\t", "\t750\t"));
        assertThat(refused(kept.id().value()).id()).isEqualTo("release-damaged");
        assertThat(shelf.files(kept.id(), kept.files().digest())).isEmpty();

        Files.writeString(kept.filesFile(), list + "what is that?");
        assertThat(refused(kept.id().value()).id()).isEqualTo("release-damaged");
        assertThat(shelf.files(kept.id(), kept.files().digest())).isEmpty();

        Files.delete(kept.filesFile());
        assertThat(refused(kept.id().value()).id()).isEqualTo("release-damaged");
        assertThat(shelf.files(kept.id(), kept.files().digest())).isEmpty();
    }

    @Test
    void it_knows_what_is_in_a_release_if_just_that_is_meant() throws IOException {
        Release kept = keep(0, "0.2.0", COMMIT, false, "prod");

        assertThat(shelf.files(kept.id(), kept.files().digest())).contains(kept.files());
        assertThat(shelf.files(kept.id(), Digest.of("another list"))).isEmpty();
        assertThat(shelf.files(new ReleaseId("20261123T191500Z-9"), kept.files().digest()))
                .isEmpty();
    }

    @Test
    void what_two_releases_have_in_common_is_there_once() throws IOException {
        Release one = keep(0, shop("1"), "0.1.0", COMMIT, false);
        Release two =
                keep(1, shop("2").file("lib/copy", 0644, "a\n"), "0.1.1", OTHER_COMMIT, false);

        for (String path : List.of("bin/shop_web", "erts-13.1.5/bin/beam.smp")) {
            assertThat(Unpacked.inode(two.tree().resolve(path)))
                    .isEqualTo(Unpacked.inode(one.tree().resolve(path)));
        }
        // Under whatever name.
        assertThat(Unpacked.inode(two.tree().resolve("lib/copy")))
                .isEqualTo(
                        Unpacked.inode(
                                one.tree().resolve("lib/shop_web-0.2.0/priv/static/größe 1.txt")));
        assertThat(two.tree().resolve("lib/a")).hasContent("2");
        assertThat(one.tree().resolve("lib/a")).hasContent("1");
        for (Release release : List.of(one, two)) {
            assertThat(FileList.of(release.tree())).isEqualTo(release.files());
            assertThat(shelf.verify(release.id())).isEmpty();
        }
    }

    @Test
    void files_of_another_mode_are_not_shared() throws IOException {
        Release one = keep(0, shop("1"), "0.1.0", COMMIT, false);
        Release two =
                keep(
                        1,
                        MixTarball.ordinary().file("lib/a", 0755, "1"),
                        "0.1.1",
                        OTHER_COMMIT,
                        false);

        assertThat(Unpacked.inode(two.tree().resolve("lib/a")))
                .isNotEqualTo(Unpacked.inode(one.tree().resolve("lib/a")));
        assertThat(shelf.verify(two.id())).isEmpty();
    }

    @Test
    void what_is_damaged_is_not_shared() throws IOException {
        Release one = keep(0, shop("12345"), "0.1.0", COMMIT, false);
        change(one.tree().resolve("lib/a"), "54321");

        Release two = keep(1, shop("12345"), "0.1.1", OTHER_COMMIT, false);

        assertThat(two.tree().resolve("lib/a")).hasContent("12345");
        assertThat(shelf.verify(two.id())).isEmpty();
    }

    @Test
    void what_was_changed_since_it_was_listed_is_not_shared_with_what_is_the_same_now()
            throws IOException {
        Release one = keep(0, shop("12345"), "0.1.0", COMMIT, false);
        change(one.tree().resolve("lib/a"), "54321");

        Release two = keep(1, shop("54321"), "0.1.1", OTHER_COMMIT, false);

        assertThat(two.tree().resolve("lib/a")).hasContent("54321");
        assertThat(shelf.verify(two.id())).isEmpty();
    }

    @Test
    void nor_is_what_was_changed_in_the_very_tick_of_its_listing() throws IOException {
        Release one = keep(0, shop("12345"), "0.1.0", COMMIT, false);
        Path file = one.tree().resolve("lib/a");
        change(file, "54321");
        Files.setLastModifiedTime(
                file, Files.getLastModifiedTime(one.folder().resolve(Release.FILES)));

        Release two = keep(1, shop("54321"), "0.1.1", OTHER_COMMIT, false);

        assertThat(two.tree().resolve("lib/a")).hasContent("54321");
        assertThat(shelf.verify(two.id())).isEmpty();
    }

    @Test
    void all_that_is_not_as_it_was_built_is_found() throws IOException {
        Release kept =
                keep(
                        0,
                        shop("1").link("lib/link", "a").file("lib/b", 0644, "2"),
                        "0.2.0",
                        COMMIT,
                        false);
        assertThat(shelf.verify(kept.id())).isEmpty();

        Path lib = kept.tree().resolve("lib");
        change(lib.resolve("a"), "?");
        Files.delete(lib.resolve("link"));
        Files.createSymbolicLink(lib.resolve("link"), Path.of("/etc/passwd"));
        Files.delete(lib.resolve("b"));
        Files.delete(lib.resolve("shop_web-0.2.0/priv/uploads"));
        Files.writeString(lib.resolve("new"), "3");
        Trees.seal(kept.tree().resolve("bin/shop_web"), false);

        assertThat(shelf.verify(kept.id()))
                .containsExactlyInAnyOrder(
                        "bin/shop_web has changed",
                        "lib/a has changed",
                        "lib/b is missing",
                        "lib/link has changed",
                        "lib/new has been added",
                        "lib/shop_web-0.2.0/priv/uploads is missing");
    }

    @Test
    void a_file_that_becomes_longer_or_shorter_has_changed() throws IOException {
        Release kept = keep(0, shop("12345"), "0.2.0", COMMIT, false);

        for (String now : List.of("", "1234", "123456")) {
            change(kept.tree().resolve("lib/a"), now);

            assertThat(shelf.verify(kept.id())).containsExactly("lib/a has changed");
        }
    }

    @Test
    void what_no_release_may_have_is_found_and_not_opened() throws Exception {
        Release kept = keep(0, shop("1"), "0.2.0", COMMIT, false);
        Path lib = kept.tree().resolve("lib");
        Files.writeString(lib.resolve("back\\slash"), "2");
        Files.delete(lib.resolve("a"));
        // Whoever reads it waits for a writer.
        Program.of("mkfifo", lib.resolve("a").toString(), lib.resolve("pipe").toString()).run();

        assertThat(shelf.verify(kept.id()))
                .containsExactlyInAnyOrder(
                        "lib/a has changed",
                        "lib/back\\slash has been added",
                        "lib/pipe has been added");
    }

    @Test
    void a_release_that_is_removed_leaves_nothing_and_the_others_whole() throws IOException {
        Release one = keep(0, shop("1"), "0.1.0", COMMIT, false);
        Release two = keep(1, shop("1"), "0.1.1", OTHER_COMMIT, false);

        shelf.remove(one.id());

        assertThat(shelf.all()).containsExactly(two.id());
        assertThat(folder.toFile().list()).containsExactly(two.id().value());
        assertThat(shelf.verify(two.id())).isEmpty();
    }

    @Test
    void removing_what_is_not_there_leaves_nothing_behind() throws IOException {
        Release one = keep(0, shop("1"), "0.1.0", COMMIT, false);

        assertThatIOException()
                .isThrownBy(() -> shelf.remove(new ReleaseId("20261123T191500Z-9.9.9")));

        assertThat(folder.toFile().list()).containsExactly(one.id().value());
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
