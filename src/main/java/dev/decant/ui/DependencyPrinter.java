package dev.decant.ui;

import dev.decant.advisory.Advisory;
import dev.decant.advisory.Audit;
import dev.decant.advisory.Notice;
import dev.decant.advisory.Retirement;
import dev.decant.project.DependencyReport;
import dev.decant.project.DependencyReport.Entry;
import dev.decant.project.DependencyReport.Finding;
import dev.decant.release.Dependency;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Shows what an app is built with, a line for each, and what is to be said of it below.
public final class DependencyPrinter {

    /// Digits of a revision.
    private static final int SHORT = 12;

    private DependencyPrinter() {}

    public static void print(PrintWriter out, DependencyReport report, Audit audit, Instant now) {
        if (report.entries().isEmpty()) {
            out.println("Nothing is required, and nothing is locked.");
        } else {
            Table table = new Table().row("APP", "REQUIRED", "LOCKED", "FROM", "CHECKS", "AMISS");
            report.entries().forEach(entry -> row(table, entry));
            table.print(out);
        }
        List<String> lines = new ArrayList<>();
        for (Finding finding : Finding.values()) {
            if (report.entries().stream().anyMatch(entry -> entry.findings().contains(finding))) {
                lines.add(finding.word() + ": " + finding.reason() + " (" + finding.remedy() + ")");
            }
        }
        lines.addAll(report.notes());
        audit.hits().forEach(hit -> hit(lines, hit));
        lines.addAll(audit.notes());
        lines.addAll(summary(audit, now));
        out.println();
        lines.forEach(out::println);
        out.flush();
    }

    private static void row(Table table, Entry entry) {
        table.row(
                entry.app(),
                required(entry),
                entry.locked()
                        .map(
                                locked ->
                                        locked instanceof Dependency.Git git
                                                ? git.revision().substring(0, SHORT)
                                                : locked.locked().orElse("?"))
                        .orElse("-"),
                entry.locked().isEmpty() && !entry.from().isEmpty()
                        ? "path " + entry.from()
                        : entry.from(),
                checks(entry),
                entry.findings().stream().map(Finding::word).collect(Collectors.joining(", ")));
    }

    private static String required(Entry entry) {
        if (!entry.required().isEmpty()) {
            return String.join(", ", entry.required());
        }
        List<String> by = entry.neededBy();
        return by.isEmpty()
                ? ""
                : "by "
                        + by.getFirst()
                        + (by.size() > 1 ? " and " + (by.size() - 1) + " more" : "");
    }

    private static String checks(Entry entry) {
        return switch (entry.locked().orElse(null)) {
            case Dependency.Hex hex ->
                    hex.outer().isPresent() ? "outer" : hex.inner().isPresent() ? "inner" : "none";
            case Dependency.Git git ->
                    git.tag()
                            .map(tag -> "tag " + tag)
                            .or(() -> git.ref().map(_ -> "ref"))
                            .or(() -> git.branch().map(branch -> "branch " + branch))
                            .orElse("branch");
            case null, default -> "-";
        };
    }

    private static void hit(List<String> lines, Audit.Hit hit) {
        lines.add(hit.said());
        if (!hit.notice().link().isEmpty()) {
            lines.add("  " + hit.notice().link());
        }
        hit.acknowledged()
                .ifPresent(
                        it -> lines.add("  Acknowledged until " + it.until() + ": " + it.reason()));
        hit.expired()
                .ifPresent(
                        day ->
                                lines.add(
                                        "  Its exception in decant.toml ended on "
                                                + day
                                                + " and counts no more."));
    }

    /// What was looked at, how old it is, and what came of it.
    public static List<String> summary(Audit audit, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(
                audit.database()
                        .map(
                                it ->
                                        "Advisories: "
                                                + counted(audit, Advisory.class)
                                                + ", "
                                                + age(it.asOf(), now)
                                                + ". What was published later is not known.")
                        .orElse(
                                "No advisories were looked at: deps.advisories in decant.toml names"
                                        + " no copy of a database."));
        audit.registry().ifPresent(it -> registry(lines, audit, it, now));
        return lines;
    }

    private static void registry(
            List<String> lines, Audit audit, Audit.Asked registry, Instant now) {
        String base = registry.base().toString().replaceFirst("/$", "");
        lines.add(
                registry.asOf()
                        .map(
                                asOf ->
                                        "Retired versions: "
                                                + counted(audit, Retirement.class)
                                                + ", "
                                                + age(asOf, now)
                                                + ", by "
                                                + base
                                                + ".")
                        .orElse("Which versions are retired is not known."));
        registry.why().forEach(why -> lines.add("  " + why));
        if (registry.asOf().isPresent() && !registry.unknown().isEmpty()) {
            lines.add("  It is not known of " + String.join(", ", registry.unknown()) + ".");
        }
    }

    private static String counted(Audit audit, Class<? extends Notice> kind) {
        long all = audit.hits().stream().filter(hit -> kind.isInstance(hit.notice())).count();
        long open = audit.open().stream().filter(hit -> kind.isInstance(hit.notice())).count();
        return all + ", of which " + (all - open) + " acknowledged";
    }

    private static String age(Instant asOf, Instant now) {
        long days = Duration.between(asOf, now).toDays();
        return "as of "
                + asOf.atOffset(ZoneOffset.UTC).toLocalDate()
                + (days < 1 ? "" : days == 1 ? " (yesterday)" : " (" + days + " days ago)");
    }
}
