package dev.decant.ui;

import dev.decant.deploy.EnvironmentDiff;
import dev.decant.deploy.EnvironmentDiff.Drift;
import dev.decant.deploy.EnvironmentDiff.Entry;
import dev.decant.deploy.EnvironmentDiff.Having;
import dev.decant.deploy.EnvironmentDiff.OnHost;
import dev.decant.deploy.EnvironmentDiff.What;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How environments differ: from what hosts have to what they would get, and between hosts.
public final class EnvironmentDiffPrinter {

    private EnvironmentDiffPrinter() {}

    /// For people: hosts with which it is the same are told once.
    public static void print(PrintWriter out, EnvironmentDiff diff) {
        Map<List<String>, List<String>> told = new LinkedHashMap<>();
        for (OnHost host : diff.hosts()) {
            told.computeIfAbsent(lines(host), _ -> new ArrayList<>()).add(host.host());
        }
        told.forEach(
                (lines, hosts) -> {
                    out.println(PlanPrinter.names(hosts));
                    lines.forEach(line -> out.println("    " + line));
                });
        if (!diff.drifts().isEmpty()) {
            out.println();
            out.println("Hosts differ from each other:");
            diff.drifts().forEach(drift -> out.println("    " + line(drift)));
        }
        out.flush();
    }

    private static List<String> lines(OnHost host) {
        List<String> lines = new ArrayList<>();
        if (host.release().isEmpty()) {
            lines.add("serves nothing yet");
        }
        if (host.unknown()) {
            lines.add("environment other than here; the host does not say what it is");
        }
        host.entries().stream().flatMap(entry -> line(entry).stream()).forEach(lines::add);
        if (host.checks()) {
            lines.add("settings of the health check, migrations or seeds are others");
        }
        if (!host.differs()) {
            lines.add("as here");
        }
        return lines;
    }

    private static Optional<String> line(Entry entry) {
        String name = entry.name();
        String there = value(entry, entry.there());
        String here = value(entry, entry.here());
        return switch (entry.state()) {
            case SAME, KEPT -> Optional.empty();
            case DIFFERS -> Optional.of("~ " + name + "=" + there + " -> " + here);
            case ONLY_HERE -> Optional.of("+ " + name + "=" + here);
            case ONLY_THERE -> Optional.of("- " + name + "=" + there);
            case MISSING -> Optional.of("? " + name + " has a value neither here nor there");
        };
    }

    private static String value(Entry entry, Optional<String> value) {
        return entry.secret()
                ? "<secret " + value.orElse("") + ">"
                : value.map(PlanPrinter::shown).orElse("<hidden>");
    }

    private static String line(Drift drift) {
        String what =
                switch (drift.what()) {
                    case RELEASE -> "release";
                    case CHECKS -> "settings of the health check, migrations or seeds";
                    case VARIABLE, SECRET -> drift.name();
                };
        return what
                + ": "
                + drift.values().stream()
                        .map(
                                having ->
                                        value(drift, having)
                                                + " on "
                                                + PlanPrinter.names(having.hosts()))
                        .collect(Collectors.joining("; "));
    }

    private static String value(Drift drift, Having having) {
        return having.value()
                .map(
                        value ->
                                switch (drift.what()) {
                                    case RELEASE -> value;
                                    // Which ones can be looked up, and no digest says it.
                                    case CHECKS ->
                                            having.equals(drift.values().getFirst())
                                                    ? "one kind"
                                                    : "another kind";
                                    case VARIABLE -> PlanPrinter.shown(value);
                                    case SECRET -> "<secret " + value + ">";
                                })
                .orElse("none");
    }

    /// For programs.
    public static Map<String, Object> json(EnvironmentDiff diff) {
        return Json.ordered(
                "differs", diff.differs(),
                "hosts", diff.hosts().stream().map(EnvironmentDiffPrinter::json).toList(),
                "drifts",
                        diff.drifts().stream()
                                .map(
                                        drift ->
                                                Json.ordered(
                                                        "what", word(drift.what()),
                                                        "name", drift.name(),
                                                        "values", json(drift)))
                                .toList());
    }

    private static Map<String, Object> json(OnHost host) {
        return Json.ordered(
                "host", host.host(),
                "release", host.release().map(Object::toString).orElse(""),
                "differs", host.differs(),
                "environment_known", !host.unknown(),
                "health_or_expressions", host.checks(),
                "variables", entries(host, false),
                "secrets", entries(host, true));
    }

    private static List<Map<String, Object>> entries(OnHost host, boolean secrets) {
        return host.entries().stream()
                .filter(entry -> entry.secret() == secrets)
                .map(
                        entry ->
                                Json.ordered(
                                        "name", entry.name(),
                                        "state", word(entry.state()),
                                        "here", entry.here(),
                                        "there", entry.there()))
                .toList();
    }

    private static List<Map<String, Object>> json(Drift drift) {
        return drift.values().stream()
                .map(
                        having ->
                                Json.ordered(
                                        "value",
                                        drift.what() == What.CHECKS
                                                ? Optional.empty()
                                                : having.value(),
                                        "hosts",
                                        having.hosts()))
                .toList();
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
