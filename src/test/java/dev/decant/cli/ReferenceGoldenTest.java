package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.ProblemExamples;
import dev.decant.config.SettingsSchema;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Explanation;
import dev.decant.problem.Problem;
import dev.decant.ui.Json;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Pages of `docs/reference` that are made of the code. `bin/golden` writes them anew.
class ReferenceGoldenTest {

    private static final Path REFERENCE = Path.of("docs/reference");
    private static final Path HOST_PROGRAM =
            Path.of("src/main/resources/dev/decant/host/decant-host");
    private static final Path VERBS = Path.of("src/main/java/dev/decant/host/Verb.java");

    private static void check(String page, String text) {
        Golden.check(REFERENCE.resolve(page), text);
    }

    /// A text from the code, as Markdown: what is a page there is a link here.
    private static String markdown(String text) {
        String escaped = text.replace("<", "&lt;").replace("*", "\\*").replace("[", "\\[");
        return Pattern.compile("docs/((concepts|how-to|reference|tutorial)/[a-z0-9-]+[.]md)")
                .matcher(escaped)
                .replaceAll(found -> "[" + found.group(1) + "](../" + found.group(1) + ")");
    }

    // ---- commands

    @Test
    void all_commands_with_what_they_take() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Commands

                What `--help` says, of all of them. Each also takes `--help` and `--version`. How they end is
                [a status](exit-statuses.md).
                """);
        commands(
                Main.commandLine(
                        new Wiring(
                                new PrintWriter(Writer.nullWriter()),
                                new PrintWriter(Writer.nullWriter()),
                                Map.of(),
                                false,
                                Path.of(""))),
                page);

        check("commands.md", page.toString());
    }

    private static void commands(CommandLine line, StringBuilder page) {
        CommandLine.Model.CommandSpec spec = line.getCommandSpec();
        page.append("\n## ").append(spec.qualifiedName()).append("\n\n");
        page.append(markdown(said(spec.usageMessage().description()))).append("\n\n");
        Help help = new Help(spec, Help.defaultColorScheme(Ansi.OFF));
        spec.usageMessage().width(100);
        page.append("```text\n").append(help.synopsis(0).stripTrailing()).append("\n```\n");
        List<String> rows = new ArrayList<>();
        for (PositionalParamSpec each : spec.positionalParameters()) {
            rows.add(row("`" + each.paramLabel() + "`", each.description()));
        }
        spec.options().stream()
                .filter(option -> !option.hidden())
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .forEach(option -> rows.add(row(names(option), option.description())));
        if (!rows.isEmpty()) {
            page.append('\n');
            rows.forEach(page::append);
        }
        line.getSubcommands().values().forEach(each -> commands(each, page));
    }

    private static String names(OptionSpec option) {
        String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
        return List.of(option.names()).stream()
                .map(name -> "`" + name + value + "`")
                .collect(Collectors.joining(", "));
    }

    private static String row(String name, String[] description) {
        return "- " + name + ": " + markdown(said(description)) + "\n";
    }

    private static String said(String[] lines) {
        return String.join(" ", lines).replace("%n", " ").replace("%%", "%");
    }

    // ---- settings

    @Test
    void all_settings_with_what_they_mean() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Settings

                All that `decant.toml` may have, with what it means and what it is when left out. The same text is printed by
                `decant config --reference`, and it is what your file is checked against: a key that does not stand here is an
                error. `NAME` stands for any name. Only `app` and one host are needed.

                Editors complete and check the file by [its JSON Schema](decant.schema.json), which `decant config --schema` prints.
                With Taplo, which is behind most of what editors know of TOML, write it beside your file and name it in the first line:

                ```text
                #:schema ./decant.schema.json
                ```

                ## At the top
                """);
        for (SettingsSchema.Setting setting : SettingsSchema.settings()) {
            page.append(setting.table() ? "\n## " : "\n### ").append(setting.name());
            page.append("\n\n");
            if (!setting.about().isEmpty()) {
                page.append(listed(setting.about())).append("\n");
            }
            if (!setting.table()) {
                page.append(setting.about().isEmpty() ? "" : "\n");
                page.append("```toml\n").append(setting.example()).append("\n```\n");
            }
        }

        check("settings.md", page.toString());
    }

    private static String listed(String about) {
        return markdown(about).replaceAll("\n(\")", "\n- $1").replaceFirst("\n- ", "\n\n- ");
    }

    @Test
    void a_schema_of_the_settings() {
        StringWriter text = new StringWriter();
        Json.print(new PrintWriter(text), SettingsSchema.json());

        check("decant.schema.json", text.toString());
    }

    // ---- how commands end

    @Test
    void all_exit_statuses_with_the_problems_that_end_so() {
        Map<ExitStatus, List<String>> problems = new LinkedHashMap<>();
        for (Problem problem : ProblemExamples.all()) {
            problems.computeIfAbsent(problem.status(), _ -> new ArrayList<>()).add(problem.id());
        }
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Exit statuses

                How a command ends. The numbers are a promise to scripts and CI. Where there are several problems, the first one's
                status counts.
                """);
        for (ExitStatus status : ExitStatus.values()) {
            page.append("\n## ").append(status.number()).append("\n\n");
            page.append(status.meaning()).append("\n");
            List<String> ids = problems.getOrDefault(status, List.of());
            if (!ids.isEmpty() && status != ExitStatus.REFUSED) {
                page.append("\nAs a rule with: ");
                page.append(
                        ids.stream()
                                .map(id -> "[" + id + "](problems.md#" + id + ")")
                                .collect(Collectors.joining(", ")));
                page.append(".\n");
            } else if (!ids.isEmpty()) {
                page.append("\nMost [problems](problems.md) end so.\n");
            }
        }

        check("exit-statuses.md", page.toString());
    }

    @Test
    void all_problems_with_what_to_do() {
        Map<String, Problem> examples =
                ProblemExamples.all().stream()
                        .collect(Collectors.toMap(Problem::id, problem -> problem));
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Problems

                All that Decant may report, by the id that stands below a message; `decant explain ID` prints the same. The
                examples are as they are printed. For a symptom rather than a message, begin at
                [what to do when](../troubleshooting.md).
                """);
        String about = "";
        for (Explanation each : Explanation.all()) {
            if (!each.about().equals(about)) {
                about = each.about();
                page.append("\n## ").append(about).append("\n");
            }
            Problem example = Objects.requireNonNull(examples.get(each.id()), each.id());
            page.append("\n### ").append(each.id()).append("\n\n");
            page.append(each.text());
            each.page().ifPresent(more -> page.append(" [More](../").append(more).append(")."));
            page.append("\n\n```text\n").append(printed(example)).append("\n```\n");
            page.append("\nEnds with ")
                    .append("[status ")
                    .append(example.status().number())
                    .append("](exit-statuses.md#")
                    .append(example.status().number())
                    .append(").\n");
        }

        check("problems.md", page.toString());
    }

    private static String printed(Problem problem) {
        StringWriter text = new StringWriter();
        ProblemPrinter.print(new PrintWriter(text), List.of(problem));
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("  More  "))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    // ---- the host program

    @Test
    void all_verbs_of_the_host_program() throws IOException {
        String program = Files.readString(HOST_PROGRAM);
        List<String> root = words(program, "ROOT_VERBS");
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # What a host can be asked

                Decant runs one program on a host, `/usr/local/lib/decant/decant-host`, and that knows these verbs. Their words and
                what they answer travel by standard input and output of one ssh session
                ([why](../adr/0002-fixed-host-program.md)). The deploy user may ask for those of the first two lists; what each
                privilege stops is in [security](../concepts/security.md). Those of root are written to the journal:
                `journalctl -t decant-host`.
                """);
        Map<String, String> all = verbs(program);
        verbs(page, "As the deploy user", words(program, "USER_VERBS"), all);
        verbs(page, "As root, for the deploy user", root, all);
        List<String> others = new ArrayList<>(all.keySet());
        others.removeAll(words(program, "USER_VERBS"));
        others.removeAll(root);
        verbs(page, "As root, some only for whoever sets a host up", others, all);
        assertThat(all).hasSizeGreaterThan(25);

        check("host-verbs.md", page.toString());
    }

    private static void verbs(
            StringBuilder page, String title, List<String> names, Map<String, String> all) {
        page.append("\n## ").append(title).append("\n\n");
        for (String name : names) {
            assertThat(all).as("verb_" + name).containsKey(name);
            page.append("- ").append(all.get(name)).append("\n");
        }
    }

    private static List<String> words(String program, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + "='([^']*)'$").matcher(program);
        assertThat(found.find()).as(name).isTrue();
        return List.of(found.group(1).split(" "));
    }

    /// By name: its words, what the record says that asks for it, or else its function's comment.
    private static Map<String, String> verbs(String program) throws IOException {
        Map<String, String> about = new LinkedHashMap<>();
        Matcher found =
                Pattern.compile(
                                "(?m)((?:^#.*\n"
                                        + ")*)^verb_([a-z]+)\\(\\) \\{(?: # (.*?)(?=: |, |$))?.*$")
                        .matcher(program);
        while (found.find()) {
            String name = found.group(2);
            String words = found.group(3) == null ? "" : " " + found.group(3).strip();
            String said =
                    found.group(1)
                            .lines()
                            .map(line -> line.substring(1).strip())
                            .filter(line -> !line.startsWith("shellcheck"))
                            .collect(Collectors.joining(" "));
            String asked = asked(name);
            String why = asked.isEmpty() ? said : asked;
            assertThat(why).as("what verb_" + name + " is for").isNotEmpty();
            about.put(name, "`" + name + words + "`: " + markdown(why));
        }
        return about;
    }

    private static String asked(String verb) throws IOException {
        String record = verb.substring(0, 1).toUpperCase(Locale.ROOT) + verb.substring(1);
        Matcher found =
                Pattern.compile("(?m)((?:^ *///.*\n)+) *record " + record + "\\(")
                        .matcher(Files.readString(VERBS));
        return found.find()
                ? found.group(1)
                        .lines()
                        .map(line -> line.strip().substring(3).strip())
                        .takeWhile(line -> !line.isEmpty() && !line.startsWith("@"))
                        .collect(Collectors.joining(" "))
                        .replaceAll("; see \\[\\w+]", "")
                        .replace("[Receive]", "`receive`")
                        .replace("[Confirm]", "`confirm`")
                        .replace(", each line of text a [LogEntry]", "")
                : "";
    }
}
