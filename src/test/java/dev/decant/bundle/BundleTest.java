package dev.decant.bundle;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class BundleTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void only_what_decant_has_made_is_replaced() throws Exception {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        assertThatCode(() -> Bundle.mustBeReplaceable(mine, "appspec.yml"))
                .doesNotThrowAnyException();
        Files.writeString(mine.resolve("thesis.txt"), "");

        assertThatThrownBy(() -> Bundle.mustBeReplaceable(mine, "appspec.yml"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mine.toString());

        Files.writeString(mine.resolve("appspec.yml"), "");
        assertThatCode(() -> Bundle.mustBeReplaceable(mine, "appspec.yml"))
                .doesNotThrowAnyException();
    }
}
