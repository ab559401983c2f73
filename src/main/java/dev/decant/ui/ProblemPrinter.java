package dev.decant.ui;

import dev.decant.problem.Problem;

import java.io.PrintWriter;
import java.util.List;

/// Prints problems the one way in which Decant prints them.
public final class ProblemPrinter {

    private ProblemPrinter() {}

    public static void print(PrintWriter err, List<Problem> problems) {
        for (int i = 0; i < problems.size(); i++) {
            Problem problem = problems.get(i);
            err.println("decant: " + problem.what());
            err.println();
            block(err, "Why", problem.why());
            block(err, "Next", problem.next());
            // Once for those of one kind, below the last.
            if (problems.stream().skip(i + 1).noneMatch(each -> each.id().equals(problem.id()))) {
                block(err, "More", List.of("decant explain " + problem.id()));
            }
            err.println();
        }
        err.flush();
    }

    static void block(PrintWriter err, String title, List<String> lines) {
        String label = title;
        for (String line : lines) {
            err.println(("  " + (label + "      ").substring(0, 6) + line).stripTrailing());
            label = "";
        }
    }
}
