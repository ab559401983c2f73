package dev.decant.ui;

import dev.decant.deploy.AppEnvironment;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Prints what apps find in their environment.
public final class EnvironmentPrinter {

    private EnvironmentPrinter() {}

    /// @param explain name the files as well
    public static void print(PrintWriter out, List<AppEnvironment> all, boolean explain) {
        Table table = new Table();
        row(table, all, explain, "HOST", "NAME", "VALUE", "FROM", "OVER");
        for (AppEnvironment each : all) {
            for (AppEnvironment.Variable variable : each.variables()) {
                row(
                        table,
                        all,
                        explain,
                        each.host(),
                        variable.name(),
                        value(variable),
                        variable.from(),
                        String.join(", ", variable.over()));
            }
        }
        table.print(out);
        for (AppEnvironment each : all) {
            for (AppEnvironment.Note note : each.notes()) {
                out.println(note.file() + " on " + each.host() + words(note));
            }
        }
        out.flush();
    }

    private static void row(
            Table table,
            List<AppEnvironment> all,
            boolean explain,
            String host,
            String name,
            String value,
            String from,
            String over) {
        List<String> cells = new ArrayList<>(List.of(name, value));
        if (all.size() > 1) {
            cells.addFirst(host);
        }
        if (explain) {
            cells.addAll(List.of(from, over));
        }
        table.row(cells.toArray(String[]::new));
    }

    private static String value(AppEnvironment.Variable variable) {
        return variable.value()
                .map(value -> value.replace("\n", "\\n").replaceAll("\\p{Cc}", "?"))
                .orElse(variable.secret() ? "(secret)" : "(not shown without --values)");
    }

    private static String words(AppEnvironment.Note note) {
        return switch (note.what()) {
            case UNREAD ->
                    " is not for the deploy user to read: what it sets is not shown, and may go"
                            + " before what is.";
            case REFUSED -> " is not UTF-8: systemd takes nothing from it.";
            case CHANGED ->
                    " was changed after the app was started: decant restart has it take that.";
        };
    }
}
