package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;
import dev.decant.release.FileList.Folder;
import dev.decant.release.FileList.Link;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

class FileListTest {

    private static final String SUM =
            "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    private static final FileList ALL_KINDS =
            new FileList(
                    List.of(
                            new File("lib/größe 1.txt", false, 3, Digest.of("foo")),
                            new Link("lib/current", "../bin/shop"),
                            new Folder("lib/empty"),
                            new File("bin/shop", true, 1_234_567_890_123L, Digest.of("foo"))));

    @TempDir private Path temp = Path.of("");

    private static FileList list(String... paths) {
        return new FileList(List.of(paths).stream().<Entry>map(Folder::new).toList());
    }

    private static List<String> paths(FileList list) {
        return list.entries().stream().map(Entry::path).toList();
    }

    @Test
    void a_list_is_a_line_for_each_thing() {
        assertThat(ALL_KINDS.text())
                .isEqualTo(
                        """
                        bin/shop	750	1234567890123	%s
                        lib/current	link	0	../bin/shop
                        lib/empty	dir	0	-
                        lib/größe 1.txt	640	3	%s
                        """
                                .formatted(SUM, SUM));
    }

    @Test
    void what_was_written_can_be_read() throws IOException {
        assertThat(FileList.parse(ALL_KINDS.text())).isEqualTo(ALL_KINDS);
        assertThat(FileList.parse("")).isEqualTo(list());
    }

    @Test
    void whatever_is_in_a_tree_can_be_written_and_read() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            FileList list = new RandomTrees(seed).tree().list();

            assertThat(FileList.parse(list.text())).as("seed " + seed).isEqualTo(list);
        }
    }

    @Test
    void its_digest_and_size_are_those_of_all_in_it() {
        assertThat(ALL_KINDS.digest()).isEqualTo(Digest.of(ALL_KINDS.text()));
        assertThat(ALL_KINDS.size()).isEqualTo(1_234_567_890_126L);
        assertThat(ALL_KINDS.files())
                .extracting(File::path)
                .containsExactly("bin/shop", "lib/größe 1.txt");
    }

    @Test
    void the_order_is_that_of_bytes() {
        // A slash comes after a space, a dash and a dot, and before letters.
        FileList list =
                list(
                        "a/b", "b", "a0", "B", "a.b", "a", "a b", "aa", "a-b", "ä", "\uff5e", "😀",
                        "z");

        assertThat(paths(list))
                .containsExactly(
                        "B", "a", "a b", "a-b", "a.b", "a/b", "a0", "aa", "b", "z", "ä", "\uff5e",
                        "😀");
    }

    @Test
    void the_order_is_that_of_the_lines_in_sort() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            String text = new RandomTrees(seed).tree().list().text();

            Result sorted = Program.of("sort").env(Map.of("LC_ALL", "C")).input(text).run();

            assertThat(String.join("\n", sorted.out()) + "\n").as("seed " + seed).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "a\tdir\t0\t-",
                "a\tdir\t0\t-\n\n",
                "a\tdir\t0\t-\r\n",
                "\na\tdir\t0\t-\n",
                "b\tdir\t0\t-\na\tdir\t0\t-\n",
                "a\tdir\t0\t-\na\tdir\t0\t-\n",
                "a\tdir\t0\t-\na\tlink\t0\tb\n",
                "a\n",
                "a\tdir\t0\n",
                "a\tdir\t0\t-\t\n",
                "a\tdir\t1\t-\n",
                "a\tdir\t0\tx\n",
                "a\tfolder\t0\t-\n",
                "a\tlink\t1\tb\n",
                "a\tlink\t0\t\n",
                "a\tlink\t0\t/b\n",
                "a\tlink\t0\t../b\n",
                "a\t640\t1\t-\n",
                "a\t640\t3\t2C26B46B68FFC68FF99B453C1D30413413422D706483BFA0F98A5E886266E7AE\n",
                "a\t640\t03\t" + SUM + "\n",
                "a\t640\t-3\t" + SUM + "\n",
                "a\t640\t\t" + SUM + "\n",
                "a\t640\t1234567890123456789\t" + SUM + "\n",
                "a\t644\t3\t" + SUM + "\n",
                "a\t0640\t3\t" + SUM + "\n",
                "\t640\t3\t" + SUM + "\n",
                "/a\t640\t3\t" + SUM + "\n",
                "../a\t640\t3\t" + SUM + "\n",
                "a\\b\t640\t3\t" + SUM + "\n",
            })
    void what_is_no_list_is_refused(String text) {
        assertThatThrownBy(() -> FileList.parse(text)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a/b", ".a", "..a", "a..", "...", "a b", " ", "-rf", "größe", "😀"})
    void names_may_be_odd(String path) {
        assertThat(FileList.isPath(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "./a",
                "../a",
                "a/.",
                "a/..",
                "a/./b",
                "a/../b",
                "a\tb",
                "a\nb",
                "a\rb",
                "a\0b",
                "a\u007fb",
                "a\\b"
            })
    void some_names_are_none(String path) {
        assertThat(FileList.isPath(path)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "l, a",
        "l, a/b",
        "l, not there",
        "d/l, a",
        "d/l, ..",
        "d/l, ../a",
        "d/l, ../..a",
        "d/e/l, ../..",
        "d/e/l, ../../a/b",
        "d/e/l, ...",
    })
    void links_lead_to_what_is_in_the_release(String path, String target) {
        assertThat(FileList.isTarget(path, target)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "l, ''",
        "l, .",
        "l, ..",
        "l, ../a",
        "l, ./a",
        "l, /",
        "l, /etc/passwd",
        "l, a/",
        "l, a//b",
        "l, a/.",
        "l, a\\b",
        "d/l, ../..",
        "d/l, ../../a",
        "d/l, ../",
        "d/e/l, ../../../a",
        "d/e/l, .././../../a",
    })
    void links_that_lead_out_are_none(String path, String target) {
        assertThat(FileList.isTarget(path, target)).isFalse();
    }

    /// Were `x` a link to `a/b/c`, `x/..` would be `a/b`, and `x/../../..` the release's root.
    @ParameterizedTest
    @CsvSource({"l, x/..", "l, x/../y", "d/l, ../x/..", "d/e/l, ../x/../../y", "d/l, x/../../.."})
    void links_go_up_only_before_they_could_go_through_another(String path, String target) {
        assertThat(FileList.isTarget(path, target)).isFalse();
    }

    @Test
    void control_characters_are_in_no_target() {
        assertThat(FileList.isTarget("l", "a\tb")).isFalse();
        assertThat(FileList.isTarget("l", "a\nb")).isFalse();
    }

    @Test
    void a_tree_is_listed_as_it_is() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            RandomTrees.Tree tree = new RandomTrees(seed).tree();
            Path folder = temp.resolve("tree" + seed);

            tree.write(folder);

            assertThat(FileList.of(folder)).as("seed " + seed).isEqualTo(tree.list());
        }
    }

    @Test
    void links_are_listed_and_not_followed() throws IOException {
        Files.createDirectory(temp.resolve("folder"));
        Files.writeString(temp.resolve("folder/file"), "foo");
        Files.createSymbolicLink(temp.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(temp.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(temp.resolve("there"), Path.of("folder"));

        assertThat(FileList.of(temp).entries())
                .containsExactly(
                        new Link("dangling", "nowhere"),
                        new File("folder/file", false, 3, new Digest(SUM)),
                        new Link("loop", "loop"),
                        new Link("there", "folder"));
    }

    @ParameterizedTest
    @CsvSource({
        "rwxr-xr-x, true",
        "r-x------, true",
        "rw-r--r--, false",
        "rw-rwxrwx, false",
    })
    void a_file_is_executable_if_it_is_for_its_owner(String mode, boolean executable)
            throws IOException {
        Path file = Files.writeString(temp.resolve("a"), "foo");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(FileList.of(temp).entries())
                .containsExactly(new File("a", executable, 3, new Digest(SUM)));
    }

    @Test
    void what_can_be_in_no_list_is_refused() throws Exception {
        Path pipe = Files.createDirectory(temp.resolve("pipe"));
        Program.of("mkfifo", pipe.resolve("fifo").toString()).run();
        Path name = Files.createDirectory(temp.resolve("name"));
        Files.writeString(name.resolve("two\nlines"), "");

        for (Path tree : List.of(pipe, name)) {
            assertThatThrownBy(() -> FileList.of(tree))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure ->
                                    assertThat(failure.problems().getFirst())
                                            .isInstanceOf(ReleaseProblem.OddFile.class));
        }
    }
}
