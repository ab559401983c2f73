package dev.decant.ui;

import dev.decant.deploy.HostPlan;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Step;

import java.io.PrintWriter;
import java.util.stream.Collectors;

/// A plan, for people.
public final class PlanPrinter {

    private PlanPrinter() {}

    public static void print(PrintWriter out, Plan plan) {
        out.println(plan.app() + "  " + plan.release());
        out.println("    needs       " + String.join(", ", plan.target().needs()));
        if (plan.batches().size() > 1 || (plan.hosts().size() > 1 && plan.batches().size() == 1)) {
            out.println(
                    "    order       "
                            + plan.batches().stream()
                                    .map(batch -> String.join(", ", batch))
                                    .collect(Collectors.joining("; then ")));
        }
        for (HostPlan host : plan.hosts()) {
            out.println();
            out.println(
                    host.host()
                            + (host.osRelease().isEmpty() ? "" : " (" + host.osRelease() + ")")
                            + "  "
                            + host.serving()
                                    .map(id -> "serves " + id)
                                    .orElse("serves nothing yet"));
            if (host.nothingToDo()) {
                out.println("    nothing to do");
            }
            for (Step step : host.steps()) {
                out.println("    " + Words.of(step));
            }
            host.notes().forEach(note -> out.println("    note: " + note));
        }
        out.flush();
    }
}
