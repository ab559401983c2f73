package dev.decant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern PAGE = Pattern.compile("docs/[a-z0-9/-]+[.](?:md|json)");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files("docs", ".*[.]md"));
        Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md")
                .map(Path::of)
                .forEach(pages::add);
        return pages;
    }

    /// As GitHub and MkDocs make them.
    private static Set<String> anchors(Path page) throws IOException {
        String text = Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
        return HEADING.matcher(text)
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w\\s-]", "").strip())
                .map(heading -> heading.replaceAll("\\s+", "-"))
                .collect(Collectors.toSet());
    }

    @Test
    void links_lead_somewhere_and_out_of_the_documentation_none() throws IOException {
        int found = 0;
        for (Path page : pages()) {
            String text = Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                String target = link.group(1);
                if (target.matches("[a-z]+:.*")) {
                    continue;
                }
                String[] parts = target.split("#", 2);
                Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
                assertThat(file).as("%s in %s", target, page).exists();
                if (page.startsWith("docs")) {
                    // Elsewhere is not on the site.
                    assertThat(file.startsWith("docs")).as("%s in %s", target, page).isTrue();
                }
                if (parts.length > 1 && file.toString().endsWith(".md")) {
                    assertThat(anchors(file)).as("%s in %s", target, page).contains(parts[1]);
                }
                found++;
            }
        }
        assertThat(found).isGreaterThan(200);
    }

    @Test
    void pages_that_the_code_names_are_there() throws IOException {
        int found = 0;
        for (Path file : files("src/main", ".*[.](java|toml|md|jte)|decant-[a-z]+")) {
            for (MatchResult page : PAGE.matcher(Files.readString(file)).results().toList()) {
                if (!page.group().startsWith("docs/reference/configuration/")) {
                    assertThat(Path.of(page.group())).as("named in %s", file).exists();
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThan(50);
    }

    @Test
    void every_page_stands_in_the_navigation_of_the_site() throws IOException {
        String navigation = Files.readString(Path.of("mkdocs.yml"));
        for (Path page : files("docs", ".*[.]md")) {
            assertThat(navigation).contains(" " + Path.of("docs").relativize(page) + "\n");
        }
    }
}
