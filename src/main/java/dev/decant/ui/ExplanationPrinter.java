package dev.decant.ui;

import dev.decant.problem.Explanation;

import java.io.PrintWriter;
import java.util.List;

/// Prints what kinds of problems mean.
public final class ExplanationPrinter {

    private static final int WIDTH = 80;

    private ExplanationPrinter() {}

    public static void print(PrintWriter out, Explanation explanation) {
        out.println(explanation.id() + "  (" + explanation.about() + ")");
        out.println();
        StringBuilder line = new StringBuilder();
        for (String word : explanation.text().split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        out.println(line);
        explanation
                .page()
                .ifPresent(
                        page -> {
                            out.println();
                            out.println("More: docs/" + page);
                        });
        out.flush();
    }

    public static void list(PrintWriter out, List<Explanation> all) {
        Table table = new Table();
        String about = "";
        for (Explanation each : all) {
            if (!each.about().equals(about)) {
                if (!about.isEmpty()) {
                    table.row("");
                }
                about = each.about();
                table.row(about);
            }
            table.row("  " + each.id(), each.inShort());
        }
        table.print(out);
        out.flush();
    }
}
