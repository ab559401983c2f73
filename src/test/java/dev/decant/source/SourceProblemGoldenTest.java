package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.problem.Problem;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

class SourceProblemGoldenTest {

    private static final List<Problem> ALL =
            List.of(
                    new SourceProblem.NoAnswer(
                            "vault",
                            "https://vault.example.com:8200/v1/secret/data/shop",
                            "is sealed"),
                    new SourceProblem.Ended(
                            "command", "op read op://x", 1, List.of("not signed in")),
                    new SourceProblem.TooSlow("etcd", Duration.ofSeconds(10)),
                    new SourceProblem.Refused(
                            "etcd",
                            "https://etcd1.example.com:2379",
                            "permission denied",
                            List.of("Ask.")),
                    new SourceProblem.Nothing("files", ".env", "is not there"),
                    new SourceProblem.Unreadable("files", ".env:3:14", "the quote is not closed"),
                    new SourceProblem.NoName("consul", "1/a"),
                    new SourceProblem.SameName("etcd", "db/url", "db-url", "DB_URL"),
                    new SourceProblem.NoValue("age", "PASSWORD"),
                    new SourceProblem.Lacks("ssm", "DATABASE_URL"),
                    new SourceProblem.InEnv("files", "PORT"),
                    new AgeProblem.NoTable(),
                    new AgeProblem.WhichFile("", List.of("a.env.age", "b.env.age")),
                    new AgeProblem.WhichFile("c.env.age", List.of("a.env.age", "b.env.age")),
                    new AgeProblem.NoRecipients(Path.of("age-recipients.txt")),
                    new AgeProblem.NotYetOne(
                            Path.of("/home/a/.config/decant/age.key"),
                            "age1x",
                            Path.of("age-recipients.txt")),
                    new AgeProblem.NeedsAge("the key in id_ed25519 is not age's own"),
                    new AgeProblem.Editor("nano", 1),
                    new AgeProblem.Changed("secrets/shop.env.age"),
                    new AgeProblem.OnlyDotenv("secrets/shop.json.age"),
                    new AgeProblem.NoName("a-b"),
                    new AgeProblem.NoValue("DATABASE_URL"));

    @Test
    void each_says_what_happened_why_and_what_to_do() {
        StringWriter text = new StringWriter();
        ProblemPrinter.print(new PrintWriter(text), ALL);

        Golden.check(Golden.folder("source").resolve("problems.txt"), text.toString());
    }

    @Test
    void all_of_them_are_here() {
        assertThat(ALL.stream().map(Problem::getClass).distinct().toArray())
                .contains((Object[]) SourceProblem.class.getPermittedSubclasses())
                .contains((Object[]) AgeProblem.class.getPermittedSubclasses());
        assertThat(Arrays.asList(AgeProblem.class.getPermittedSubclasses())).isNotEmpty();
    }
}
