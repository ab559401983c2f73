package dev.decant.ui;

import dev.decant.deploy.HostChanges;
import dev.decant.deploy.HostPlan;
import dev.decant.deploy.Migration;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Step;
import dev.decant.release.FileChanges;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// A plan, for people.
public final class PlanPrinter {

    /// Hosts that are told one by one.
    private static final int NAMED = 4;

    private static final String INDENT = " ".repeat(16);

    private PlanPrinter() {}

    /// @param changes of each host on which something is done
    /// @param verbose name the files
    public static void print(
            PrintWriter out, Plan plan, Map<String, HostChanges> changes, boolean verbose) {
        out.println(plan.app() + "  " + plan.release());
        if (!plan.needs().isEmpty()) {
            out.println("    needs       " + String.join(", ", plan.needs()));
        }
        if (plan.batches().size() > 1 || (plan.hosts().size() > 1 && plan.batches().size() == 1)) {
            out.println(
                    "    order       "
                            + plan.batches().stream()
                                    .map(batch -> String.join(", ", batch))
                                    .collect(Collectors.joining("; then ")));
        }
        String label = "    hooks       ";
        for (var hook : plan.hooks().entrySet()) {
            out.println(label + hook.getKey().word() + ": " + String.join(" ", hook.getValue()));
            label = " ".repeat(label.length());
        }
        plan.assets()
                .ifPresent(
                        url -> out.println("    assets      to " + url + " before any switches"));
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
            HostChanges change = changes.get(host.host());
            if (change != null) {
                lines(change).forEach(line -> out.println("    " + line));
                if (verbose) {
                    change.files().ifPresent(files -> DiffPrinter.files(out, files));
                }
            }
            for (Step step : host.steps()) {
                out.println("    " + Words.of(step));
            }
            host.notes().forEach(note -> out.println("    note: " + note));
        }
        out.flush();
    }

    /// What changes, a line for all hosts with which it is the same, for who deploys.
    public static List<String> summary(Map<String, HostChanges> changes) {
        Map<String, List<String>> hosts = new LinkedHashMap<>();
        changes.forEach(
                (host, each) ->
                        hosts.computeIfAbsent(summary(each), _ -> new ArrayList<>()).add(host));
        return hosts.entrySet().stream()
                .filter(each -> !each.getKey().isEmpty())
                .map(each -> names(each.getValue()) + ": " + each.getKey())
                .toList();
    }

    static String names(List<String> hosts) {
        return hosts.size() <= NAMED
                ? String.join(", ", hosts)
                : String.join(", ", hosts.subList(0, NAMED))
                        + " and "
                        + (hosts.size() - NAMED)
                        + " more";
    }

    private static String summary(HostChanges changes) {
        List<String> words = new ArrayList<>();
        if (changes.firstRelease()) {
            words.add("the first release");
        } else {
            changes.files()
                    .filter(files -> !files.nothing())
                    .ifPresent(files -> words.add(files(files)));
            if (changes.files().isEmpty()) {
                words.add("files that are not known here");
            }
            changes.files()
                    .filter(files -> !files.libraries().isEmpty())
                    .ifPresent(files -> words.add(libraries(files)));
        }
        if (changes.variables().isEmpty()) {
            words.add("other variables in its environment");
        }
        changes.variables()
                .filter(variables -> !variables.isEmpty() && !changes.firstRelease())
                .ifPresent(
                        variables ->
                                words.add(
                                        variables.stream()
                                                .map(HostChanges.Variable::name)
                                                .collect(Collectors.joining(", "))));
        if (!changes.secrets().changed().isEmpty()) {
            words.add(
                    "other values of the secrets "
                            + String.join(", ", changes.secrets().changed()));
        }
        changes.migrations()
                .filter(migrations -> !migrations.isEmpty() && changes.migrates())
                .ifPresent(
                        migrations ->
                                words.add(Words.count(migrations.size(), "migration") + " in it"));
        return String.join("; ", words);
    }

    private static List<String> lines(HostChanges changes) {
        List<String> lines = new ArrayList<>();
        contents(changes, lines);
        if (changes.variables().isEmpty()) {
            lines.add("environment other than now; the host does not say what it is");
        }
        variables(changes.variables().orElse(List.of()), lines);
        if (changes.checks()) {
            lines.add("settings    of the health check, migrations or seeds are others");
        }
        secrets(changes.secrets(), lines);
        if (!changes.ports().isEmpty()) {
            lines.add(
                    "ports       "
                            + changes.ports().stream()
                                    .map(
                                            port ->
                                                    port.port()
                                                            + " from "
                                                            + where(port.from())
                                                            + " to "
                                                            + where(port.to()))
                                    .collect(Collectors.joining(", ")));
        }
        migrations(changes, lines);
        estimate(changes.estimate(), lines);
        return lines;
    }

    private static void contents(HostChanges changes, List<String> lines) {
        if (changes.files().isEmpty()) {
            lines.add(
                    "contents    not compared: neither the host nor this machine says what is in"
                            + " the release that serves");
            return;
        }
        FileChanges files = changes.files().get();
        if (files.nothing()) {
            lines.add("contents    as they are");
            return;
        }
        lines.add("contents    " + files(files));
        if (!changes.firstRelease() && !files.libraries().isEmpty()) {
            lines.add("libraries   " + libraries(files));
        }
    }

    private static String files(FileChanges files) {
        List<String> words = new ArrayList<>();
        part(words, files.changed().stream().map(FileChanges.Changed::to).toList(), "changed");
        part(words, files.added(), "added");
        part(words, files.removed(), "removed");
        if (words.isEmpty()) {
            words.add("the same files in folders of other names");
        }
        return String.join(", ", words);
    }

    private static void part(List<String> words, List<Entry> entries, String how) {
        if (!entries.isEmpty()) {
            long bytes =
                    entries.stream()
                            .mapToLong(entry -> entry instanceof File file ? file.size() : 0)
                            .sum();
            words.add(
                    Words.count(entries.size(), "file")
                            + " "
                            + how
                            + " ("
                            + Words.bytes(bytes)
                            + ")");
        }
    }

    private static String libraries(FileChanges files) {
        return files.libraries().entrySet().stream()
                .map(library -> library.getKey() + " " + DiffPrinter.words(library.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static void variables(List<HostChanges.Variable> variables, List<String> lines) {
        String label = "environment ";
        for (HostChanges.Variable variable : variables) {
            String name = variable.name();
            lines.add(
                    label
                            + (variable.from().isEmpty()
                                    ? "+ " + name + "=" + shown(variable.to().orElse(""))
                                    : variable.to().isEmpty()
                                            ? "- " + name + "=" + shown(variable.from().get())
                                            : "~ "
                                                    + name
                                                    + "="
                                                    + shown(variable.from().get())
                                                    + " -> "
                                                    + shown(variable.to().get())));
            label = " ".repeat(label.length());
        }
    }

    static String shown(String value) {
        return value.replace("\n", "\\n").replaceAll("\\p{Cc}", "?");
    }

    private static void secrets(HostChanges.Secrets secrets, List<String> lines) {
        if (!secrets.added().isEmpty()) {
            lines.add("secrets     new: " + String.join(", ", secrets.added()));
        }
        if (!secrets.changed().isEmpty()) {
            lines.add("secrets     changed: " + String.join(", ", secrets.changed()));
        }
        if (!secrets.removed().isEmpty()) {
            lines.add("secrets     gone: " + String.join(", ", secrets.removed()));
        }
    }

    private static String where(OptionalInt port) {
        return port.isPresent() ? Integer.toString(port.getAsInt()) : "nowhere";
    }

    private static void migrations(HostChanges changes, List<String> lines) {
        List<Migration> all = changes.migrations().orElse(List.of());
        if (!changes.migrates() || (all.isEmpty() && changes.migrations().isPresent())) {
            return;
        }
        if (changes.migrations().isEmpty()) {
            lines.add("migrations  not compared, as the contents");
        } else if (changes.firstRelease()) {
            lines.add(
                    "migrations  "
                            + all.size()
                            + " in this release; the database knows which have run");
        } else {
            lines.add("migrations  new in this release; the database knows which have run:");
            all.forEach(migration -> lines.add(INDENT.substring(4) + migration));
        }
    }

    private static void estimate(HostChanges.Estimate estimate, List<String> lines) {
        List<String> words = new ArrayList<>();
        if (estimate.bytes() > 0) {
            words.add("up to " + Words.bytes(estimate.bytes()) + " to send");
        }
        estimate.took()
                .ifPresent(
                        took ->
                                words.add(
                                        Words.of(took)
                                                + " from settings to serving, as "
                                                + (estimate.deploys() == 1
                                                        ? "the last deploy"
                                                        : "the last "
                                                                + estimate.deploys()
                                                                + " deploys")
                                                + " here"));
        if (!words.isEmpty()) {
            lines.add("estimate    " + String.join("; ", words));
        }
    }
}
