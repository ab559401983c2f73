package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.io.Digest;
import dev.decant.release.FileList.File;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class DictionaryTest {

    @TempDir private Path tree = Path.of("");

    private File file(String path, byte[] contents) throws IOException {
        Path place = tree.resolve(path);
        Files.createDirectories(place.getParent());
        Files.write(place, contents);
        return new File(path, false, contents.length, Digest.of(contents));
    }

    private File file(String path, String contents) throws IOException {
        return file(path, contents.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void it_is_the_contents_of_files_one_after_the_other() throws IOException {
        Dictionary dictionary =
                Dictionary.of(List.of(file("lib/b", "second"), file("lib/a", "first")), tree);

        assertThat(dictionary.paths()).containsExactly("lib/b", "lib/a");
        assertThat(dictionary.bytes()).asString().isEqualTo("secondfirst");
        assertThat(dictionary.text())
                .isEqualTo(
                        "like\tlib/b\nlike\tlib/a\ndictionary\t"
                                + Digest.of("secondfirst").hex()
                                + "\n");
    }

    @Test
    void what_is_not_here_or_not_as_it_was_is_left_out() throws IOException {
        File gone = file("gone", "1");
        File changed = file("changed", "2");
        File good = file("good", "3");
        Files.delete(tree.resolve("gone"));
        Files.writeString(tree.resolve("changed"), "4");

        assertThat(Dictionary.of(List.of(gone, changed, good), tree).paths())
                .containsExactly("good");
        assertThat(Dictionary.of(List.of(gone, changed), tree)).isEqualTo(Dictionary.NONE);
        assertThat(Dictionary.NONE.text()).isEmpty();
    }

    @Test
    void it_has_no_more_than_the_program_zstd_takes() throws IOException {
        File most = file("a", new byte[8_000_000]);
        File tooLarge = file("b", new byte[1_000_000]);
        File fits = file("c", new byte[100_000]);

        assertThat(Dictionary.of(List.of(most, tooLarge, fits), tree).paths())
                .containsExactly("a", "c");
    }

    @Test
    void it_is_never_what_zstd_would_take_for_a_trained_one() throws IOException {
        File magic = file("a", new byte[] {0x37, (byte) 0xa4, 0x30, (byte) 0xec, 1, 2, 3, 4});

        assertThat(Dictionary.of(List.of(magic, file("b", "b")), tree)).isEqualTo(Dictionary.NONE);
    }
}
