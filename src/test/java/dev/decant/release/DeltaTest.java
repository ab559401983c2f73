package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.decant.io.Digest;
import dev.decant.release.Delta.Drop;
import dev.decant.release.Delta.Move;
import dev.decant.release.Delta.Put;
import dev.decant.release.Delta.Take;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;
import dev.decant.release.FileList.Folder;
import dev.decant.release.FileList.Link;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class DeltaTest {

    private static final ReleaseId OLDEST = new ReleaseId("20261121T080000Z-0.1.0-aaaaaaa");
    private static final ReleaseId OLD = new ReleaseId("20261122T090000Z-0.1.1-bbbbbbb");

    private static FileList list(Entry... entries) {
        return new FileList(List.of(entries));
    }

    private static File file(String path, String contents) {
        return new File(path, false, contents.length(), Digest.of(contents));
    }

    private static File program(String path, String contents) {
        return new File(path, true, contents.length(), Digest.of(contents));
    }

    private static Delta delta(FileList wanted, FileList there) {
        return Delta.of(wanted, Map.of(OLD, there), Set.of());
    }

    /// @param older is on the host, too
    private static Delta delta(FileList wanted, FileList there, FileList older) {
        Map<ReleaseId, FileList> newestFirst = new LinkedHashMap<>();
        newestFirst.put(OLD, there);
        newestFirst.put(OLDEST, older);
        return Delta.of(wanted, newestFirst, Set.of());
    }

    @Test
    void a_host_that_has_nothing_gets_everything() {
        FileList wanted =
                list(file("a", "1"), program("bin/b", "2"), new Link("c", "a"), new Folder("d"));

        Delta delta = Delta.of(wanted, Map.of(), Set.of());

        assertThat(delta.base()).isEmpty();
        assertThat(delta.changes())
                .containsExactlyElementsOf(wanted.entries().stream().map(Put::new).toList());
        // An empty folder needs no contents.
        assertThat(delta.contents())
                .containsExactly(file("a", "1"), program("bin/b", "2"), new Link("c", "a"));
    }

    @Test
    void an_unchanged_release_needs_no_changes_and_no_contents() {
        FileList same = list(file("a", "1"), new Link("b", "a"), new Folder("c"));

        Delta delta = delta(same, same);

        assertThat(delta.base()).contains(OLD);
        assertThat(delta.changes()).isEmpty();
        assertThat(delta.contents()).isEmpty();
        assertThat(delta.text()).isEmpty();
        assertThat(delta.size()).isZero();
    }

    @Test
    void one_changed_file_is_all_that_is_sent() {
        Delta delta =
                delta(
                        list(file("a", "new"), file("b", "2"), file("c", "3")),
                        list(file("a", "old"), file("b", "2"), file("c", "3")));

        assertThat(delta.base()).contains(OLD);
        assertThat(delta.changes()).containsExactly(new Put(file("a", "new")));
        assertThat(delta.contents()).containsExactly(file("a", "new"));
        assertThat(delta.size()).isEqualTo(3);
    }

    @Test
    void another_version_is_a_folder_that_moves() {
        Delta delta =
                delta(
                        list(
                                file("lib/shop-0.2.0/ebin/a.beam", "1"),
                                file("lib/shop-0.2.0/ebin/shop.app", "0.2.0"),
                                file("lib/shop-0.2.0/priv/b", "2")),
                        list(
                                file("lib/shop-0.1.0/ebin/a.beam", "1"),
                                file("lib/shop-0.1.0/ebin/shop.app", "0.1.0"),
                                file("lib/shop-0.1.0/priv/b", "2")));

        assertThat(delta.changes())
                .containsExactly(
                        new Move("lib/shop-0.1.0/", "lib/shop-0.2.0/"),
                        new Put(file("lib/shop-0.2.0/ebin/shop.app", "0.2.0")));
        assertThat(delta.contents()).containsExactly(file("lib/shop-0.2.0/ebin/shop.app", "0.2.0"));
    }

    @Test
    void what_moves_with_a_folder_and_is_not_wanted_is_dropped_where_it_came_to() {
        Delta delta =
                delta(
                        list(file("new/a", "1"), file("new/b", "2"), file("new/c", "3")),
                        list(
                                file("old/a", "1"),
                                file("old/b", "2"),
                                file("old/c", "3"),
                                file("old/d", "4"),
                                new Folder("old/e")));

        assertThat(delta.changes())
                .containsExactly(new Move("old/", "new/"), new Drop("new/d"), new Drop("new/e"));
    }

    @Test
    void a_folder_that_is_still_wanted_does_not_move() {
        Delta delta =
                delta(
                        list(file("new/a", "1"), file("new/b", "2"), file("old/c", "3")),
                        list(file("old/a", "1"), file("old/b", "2"), file("old/c", "3")));

        assertThat(delta.changes()).noneMatch(Move.class::isInstance);
        assertThat(delta.contents()).isEmpty();
    }

    @Test
    void nothing_moves_to_where_something_is() {
        Delta delta =
                delta(
                        list(file("new/a", "1"), file("new/b", "2"), file("new/c", "3")),
                        list(file("old/a", "1"), file("old/b", "2"), file("new/c", "0")));

        assertThat(delta.changes()).noneMatch(Move.class::isInstance);
        assertThat(delta.contents()).containsExactly(file("new/c", "3"));
    }

    /// It is there until the moves are made.
    @Test
    void nothing_moves_below_what_is_no_folder_yet() {
        FileList wanted = list(file("x/new/a", "1"), file("x/new/b", "2"));
        for (Entry there : List.of(file("x", "3"), new Link("x", "elsewhere"))) {
            Delta delta = delta(wanted, list(file("old/a", "1"), file("old/b", "2"), there));

            assertThat(delta.changes()).noneMatch(Move.class::isInstance);
            assertThat(delta.contents()).isEmpty();
        }

        assertThat(
                        delta(wanted, list(file("old/a", "1"), file("old/b", "2"), new Folder("x")))
                                .changes())
                .contains(new Move("old/", "x/new/"));
    }

    @Test
    void contents_under_another_name_are_taken_from_there() {
        Delta delta =
                delta(
                        list(file("app-0123.js", "same"), file("b", "2")),
                        list(file("app-cafe.js", "same"), file("b", "2")));

        assertThat(delta.changes())
                .containsExactly(
                        new Drop("app-cafe.js"),
                        new Put(file("app-0123.js", "same")),
                        new Take(OLD, "app-cafe.js", "app-0123.js"));
        assertThat(delta.contents()).isEmpty();
    }

    @Test
    void a_file_that_was_changed_back_is_taken_from_an_older_release() {
        FileList changed =
                list(
                        file("a", "?"),
                        file("b", "2"),
                        file("c", "3"),
                        file("d", "4"),
                        file("e", "5"));
        FileList back =
                list(
                        file("a", "1"),
                        file("b", "2"),
                        file("c", "3"),
                        file("d", "4"),
                        file("e", "5"));

        Delta delta =
                delta(
                        back,
                        changed,
                        // Too far away to begin with.
                        list(file("x/a", "1"), file("x/y", "6"), file("x/z", "7")));

        assertThat(delta.base()).contains(OLD);
        assertThat(delta.changes())
                .containsExactly(new Put(file("a", "1")), new Take(OLDEST, "x/a", "a"));
        assertThat(delta.contents()).isEmpty();
    }

    @Test
    void it_begins_with_the_release_that_needs_the_fewest_changes() {
        FileList older = list(file("a", "1"), file("b", "2"), file("c", "3"));
        FileList newer = list(file("a", "1"), file("b", "?"), file("c", "?"));

        Delta delta = delta(list(file("a", "1"), file("b", "2"), file("c", "4")), newer, older);

        assertThat(delta.base()).contains(OLDEST);
        assertThat(delta.changes()).containsExactly(new Put(file("c", "4")));
    }

    @Test
    void of_two_that_are_as_near_it_begins_with_the_newer() {
        FileList list = list(file("a", "1"), file("b", "2"));

        assertThat(delta(list, list, list).base()).contains(OLD);
    }

    @Test
    void it_begins_with_nothing_where_all_would_have_to_go() {
        FileList other = list(file("x", "1"), file("y", "2"), file("z", "3"));

        Delta delta = delta(list(file("a", "4")), other);

        assertThat(delta.base()).isEmpty();
        assertThat(delta.changes()).containsExactly(new Put(file("a", "4")));
    }

    @Test
    void damaged_contents_are_sent_although_they_are_there() {
        FileList same = list(file("a", "1"), file("b", "2"), file("c", "1"));

        Delta delta = Delta.of(same, Map.of(OLD, same), Set.of(Digest.of("1")));

        assertThat(delta.base()).contains(OLD);
        assertThat(delta.changes())
                .containsExactly(new Put(file("a", "1")), new Put(file("c", "1")));
        assertThat(delta.contents()).containsExactly(file("a", "1"), file("c", "1"));
        assertThat(delta.size()).isEqualTo(1);
    }

    @Test
    void damaged_contents_are_not_taken_from_another_release_either() {
        FileList base = list(file("b", "2"), file("c", "3"), file("d", "4"));
        FileList older = list(file("a", "1"));

        Delta delta =
                Delta.of(
                        list(file("a", "1"), file("b", "2"), file("c", "3"), file("d", "4")),
                        Map.of(OLD, base, OLDEST, older),
                        Set.of(Digest.of("1")));

        assertThat(delta.changes()).containsExactly(new Put(file("a", "1")));
        assertThat(delta.contents()).containsExactly(file("a", "1"));
    }

    /// Releases share inodes, so that a mode cannot be changed in one of them alone.
    @Test
    void a_file_that_becomes_executable_is_another_file() {
        Delta delta =
                delta(
                        list(program("a", "1"), file("b", "2")),
                        list(file("a", "1"), file("b", "2")));

        assertThat(delta.changes()).containsExactly(new Put(program("a", "1")));
        assertThat(delta.contents()).containsExactly(program("a", "1"));
    }

    @Test
    void a_link_that_leads_elsewhere_is_made_anew() {
        Delta delta =
                delta(
                        list(file("a", "1"), new Link("l", "b")),
                        list(file("a", "1"), new Link("l", "a")));

        assertThat(delta.changes()).containsExactly(new Put(new Link("l", "b")));
        assertThat(delta.contents()).containsExactly(new Link("l", "b"));
        assertThat(delta.size()).isZero();
    }

    @Test
    void a_file_becomes_a_folder_and_a_folder_a_file() {
        Delta delta =
                delta(
                        list(file("a/b", "1"), file("c", "2"), file("z", "3")),
                        list(file("a", "1"), file("c/d", "2"), file("z", "3")));

        assertThat(delta.changes())
                .containsExactly(
                        new Drop("a"),
                        new Drop("c/d"),
                        new Put(file("a/b", "1")),
                        new Take(OLD, "a", "a/b"),
                        new Put(file("c", "2")),
                        new Take(OLD, "c/d", "c"));
        assertThat(delta.contents()).isEmpty();
    }

    @Test
    void a_folder_that_becomes_empty_is_put() {
        Delta delta =
                delta(
                        list(new Folder("tmp"), file("z", "3")),
                        list(file("tmp/a", "1"), file("z", "3")));

        assertThat(delta.changes()).containsExactly(new Drop("tmp/a"), new Put(new Folder("tmp")));
        assertThat(delta.contents()).isEmpty();
    }

    @Test
    void contents_that_are_wanted_twice_count_once() {
        Delta delta =
                Delta.of(
                        list(file("a", "12345"), file("b", "12345"), program("c", "12345")),
                        Map.of(),
                        Set.of());

        assertThat(delta.contents()).hasSize(3);
        assertThat(delta.size()).isEqualTo(10);
    }

    @Test
    void the_host_reads_a_line_for_each_change() {
        Delta delta =
                new Delta(
                        Optional.of(OLD),
                        List.of(
                                new Move("lib/a b/", "lib/c/"),
                                new Drop("größe"),
                                new Put(program("bin/x", "1")),
                                new Take(OLDEST, "bin/y", "bin/x"),
                                new Put(new Link("l", "../x")),
                                new Put(new Folder("f"))),
                        List.of(),
                        List.of());

        assertThat(delta.text())
                .isEqualTo(
                        """
                        move	lib/a b/	lib/c/
                        drop	größe
                        put	bin/x	750	1	%s
                        take	%s	bin/y	bin/x
                        put	l	link	0	../x
                        put	f	dir	0	-
                        """
                                .formatted(Digest.of("1").hex(), OLDEST));
    }

    @Test
    void many_files_that_are_alike_take_no_time() {
        List<Entry> before = new ArrayList<>();
        List<Entry> after = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String contents = i % 2 == 0 ? "" : "contents " + i;
            String path = i + (i % 4 == 0 ? "/.keep" : "/icon" + i);
            before.add(file("lib/icons-1.0/" + path, contents));
            after.add(file("lib/icons-1.1/" + path, contents));
        }

        Delta delta =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20),
                        () -> delta(new FileList(after), new FileList(before)));

        assertThat(delta.changes()).containsExactly(new Move("lib/icons-1.0/", "lib/icons-1.1/"));
    }
}
