package dev.decant.ui;

import dev.decant.lint.Finding;
import dev.decant.lint.Severity;
import dev.decant.problem.Problem;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What `decant doctor` has found, for people: hosts first, then the project, and how many there
/// are.
public final class DiagnosisPrinter {

    private DiagnosisPrinter() {}

    public static void print(PrintWriter out, Diagnosis diagnosis) {
        for (Problem problem : diagnosis.hosts()) {
            print(out, "error: " + problem.what(), problem.why(), problem.next());
        }
        for (Finding finding : diagnosis.findings()) {
            print(
                    out,
                    "%s: %s: %s [%s]"
                            .formatted(
                                    finding.place(),
                                    finding.severity().word(),
                                    finding.what(),
                                    finding.rule().word()),
                    finding.why(),
                    finding.next());
        }
        diagnosis.acknowledged().stream()
                .map(Finding::rule)
                .distinct()
                .sorted()
                .forEach(
                        rule ->
                                out.println(
                                        "Meant to be so: "
                                                + rule.word()
                                                + ": "
                                                + diagnosis.reason(rule)));
        out.println(
                summary(diagnosis) + (diagnosis.hostsAsked() ? "" : " The hosts were not asked."));
        out.flush();
    }

    private static void print(PrintWriter out, String title, List<String> why, List<String> next) {
        out.println(title);
        out.println();
        ProblemPrinter.block(out, "Why", why);
        ProblemPrinter.block(out, "Next", next);
        out.println();
    }

    private static String summary(Diagnosis diagnosis) {
        List<String> counts = new ArrayList<>();
        Stream.of(Severity.values())
                .forEach(
                        severity -> {
                            long count = diagnosis.count(severity);
                            if (count > 0) {
                                counts.add(count + " " + severity.word() + (count == 1 ? "" : "s"));
                            }
                        });
        return counts.isEmpty() ? "Nothing found." : String.join(", ", counts) + ".";
    }
}
