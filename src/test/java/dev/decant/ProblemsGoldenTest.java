package dev.decant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.problem.Explanation;
import dev.decant.problem.Problem;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// All problems that there are, as they are printed, to be read in one go.
class ProblemsGoldenTest {

    private static final List<Problem> ALL = ProblemExamples.all();

    @Test
    void all_problems_as_they_are_printed() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        for (Problem problem : ALL) {
            out.println("---- exit status " + problem.status().number());
            ProblemPrinter.print(out, List.of(problem));
        }

        Golden.check(Path.of("src/test/golden/problems.txt"), text.toString());
    }

    @Test
    void each_kind_has_an_id_of_its_own_and_is_explained() {
        assertThat(ALL).extracting(Problem::id).doesNotHaveDuplicates();
        assertThat(Explanation.all())
                .extracting(Explanation::id)
                .as("src/main/resources/dev/decant/problem/explained.md")
                .containsExactlyInAnyOrderElementsOf(ALL.stream().map(Problem::id).toList());
    }

    @Test
    void each_says_in_a_sentence_what_happened_and_has_something_to_do_next() {
        for (Problem problem : ALL) {
            assertThat(problem.id()).matches("[a-z]+(-[a-z]+)*");
            assertThat(problem.what()).as(problem.id()).matches("(?s)[^\\n]+[.]");
            assertThat(problem.next()).as(problem.id()).isNotEmpty();
            assertThat(problem.next()).as(problem.id()).noneMatch(String::isBlank);
        }
    }

    @Test
    void what_is_explained_is_a_few_sentences_and_the_page_is_there() throws IOException {
        for (Explanation each : Explanation.all()) {
            assertThat(each.text()).as(each.id()).endsWith(".");
            assertThat(each.text().length()).as(each.id()).isBetween(50, 480);
            if (each.page().isPresent()) {
                String[] page = each.page().get().split("#");
                Path file = Path.of("docs", page[0]);
                assertThat(file).as(each.id()).exists();
                if (page.length > 1) {
                    assertThat(Files.readString(file).toLowerCase(java.util.Locale.ROOT))
                            .as(each.id())
                            .containsPattern("(?m)^#+ " + page[1].replace('-', ' ') + "$");
                }
            }
        }
    }
}
