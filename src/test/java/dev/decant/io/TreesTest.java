package dev.decant.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class TreesTest {

    @TempDir private Path temp = Path.of("");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void all_in_a_folder_goes_with_it() throws IOException {
        Path tree = temp.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Path file = Files.writeString(tree.resolve("a/file"), "foo");
        Trees.seal(file, false);

        Trees.delete(tree);

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void what_a_link_leads_to_stays() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("file"), "foo");
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), outside);

        Trees.delete(tree);
        Trees.delete(link);

        assertThat(outside.resolve("file")).hasContent("foo");
        assertThat(tree).doesNotExist();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void what_is_not_there_can_be_deleted() throws IOException {
        Trees.delete(temp.resolve("nothing"));

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void a_file_is_replaced_and_nothing_stays_beside_it() throws IOException {
        Path file = temp.resolve("a");

        Trees.write(file, bytes("1"));
        Trees.write(file, bytes("22"));

        assertThat(file).hasContent("22");
        assertThat(temp.toFile().list()).containsExactly("a");
    }

    /// Whoever has the old file open reads on in that.
    @Test
    void the_old_contents_stay_where_else_they_are() throws IOException {
        Path file = temp.resolve("a");
        Trees.write(file, bytes("1"));
        Path other = Files.createLink(temp.resolve("other"), file);

        Trees.write(file, bytes("2"));

        assertThat(other).hasContent("1");
    }

    @Test
    void without_its_folder_no_file_is_written() {
        assertThatIOException()
                .isThrownBy(() -> Trees.write(temp.resolve("not/there"), bytes("1")));
    }

    @Test
    void a_sealed_file_can_be_read_and_maybe_run() throws IOException {
        Path file = Files.writeString(temp.resolve("a"), "foo");

        Trees.seal(file, false);
        assertThat(mode(file)).isEqualTo("r--r-----");

        Trees.seal(file, true);
        assertThat(mode(file)).isEqualTo("r-xr-x---");
    }
}
