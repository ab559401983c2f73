package dev.decant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the documentation says of the project itself.
class DocsTest {

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))[.](\\w+)`");

    private static List<Path> files(String folder, String name) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(folder))) {
            return all.filter(file -> file.getFileName().toString().matches(name)).toList();
        }
    }

    @Test
    void tests_that_are_named_are_there() throws IOException {
        int found = 0;
        for (Path document : files("docs", ".*[.]md")) {
            Matcher named = TEST.matcher(Files.readString(document));
            while (named.find()) {
                List<Path> sources = files("src/test/java", named.group(1) + "[.]java");
                assertThat(sources).as("%s in %s", named.group(), document).hasSize(1);
                assertThat(Files.readString(sources.getFirst()))
                        .as("%s in %s", named.group(), document)
                        .contains("void " + named.group(2) + "(");
                found++;
            }
        }
        assertThat(found).isGreaterThan(40);
    }
}
