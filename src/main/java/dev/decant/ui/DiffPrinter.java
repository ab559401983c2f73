package dev.decant.ui;

import dev.decant.release.FileChanges;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;
import dev.decant.release.Manifest;
import dev.decant.release.ReleaseDiff;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// How two releases differ, for people and for programs.
public final class DiffPrinter {

    private static final int FILES_AT_MOST = 40;
    private static final int WIDTH = 160;

    private DiffPrinter() {}

    /// @param settings texts that are not part of the releases: decant.toml, and the units that it
    ///   comes to
    public static void print(
            PrintWriter out, ReleaseDiff diff, SortedMap<String, ReleaseDiff.Texts> settings) {
        out.println(diff.from().id() + " -> " + diff.to().id());
        out.println();
        Table about = new Table();
        Manifest from = diff.from().manifest();
        Manifest to = diff.to().manifest();
        row(about, "version", from.version(), to.version());
        row(about, "commit", from.commit(), to.commit());
        row(about, "elixir", from.elixir(), to.elixir());
        row(about, "erlang/otp", from.otp(), to.otp());
        row(about, "size", Words.bytes(from.filesBytes()), Words.bytes(to.filesBytes()));
        about.print(out);
        out.println();
        files(out, diff.files());
        if (!diff.dependencies().isEmpty()) {
            out.println("dependencies");
            Table table = new Table();
            diff.dependencies()
                    .forEach((name, versions) -> table.row("    " + name, words(versions)));
            table.print(out);
        }
        texts(out, diff.texts());
        texts(out, settings);
        if (diff.files().nothing()) {
            out.println("The same files in both.");
        }
        out.flush();
    }

    static String words(FileChanges.Versions versions) {
        return versions.from().isEmpty()
                ? "new, " + versions.to()
                : versions.to().isEmpty()
                        ? versions.from() + ", gone"
                        : versions.from() + " -> " + versions.to();
    }

    private static void row(Table table, String what, String from, String to) {
        // A generic app has neither Elixir nor Erlang.
        if (!from.isEmpty() || !to.isEmpty()) {
            table.row(what, from.equals(to) ? from : from + " -> " + to);
        }
    }

    static void files(PrintWriter out, FileChanges diff) {
        if (diff.nothing()) {
            return;
        }
        out.println(
                "files  %d changed, %d added, %d removed"
                        .formatted(
                                diff.changed().size(), diff.added().size(), diff.removed().size()));
        Table table = new Table();
        int left = FILES_AT_MOST;
        for (var move : diff.moved()) {
            out.println("    " + move.from() + " is now " + move.to());
        }
        for (FileChanges.Changed each : diff.changed()) {
            if (left-- > 0) {
                table.row(
                        "    ~ " + each.to().path(),
                        each.from() instanceof File old && each.to() instanceof File now
                                ? sizes(old, now)
                                : "another kind");
            }
        }
        for (Entry each : diff.added()) {
            if (left-- > 0) {
                table.row("    + " + each.path(), size(each));
            }
        }
        for (Entry each : diff.removed()) {
            if (left-- > 0) {
                table.row("    - " + each.path(), size(each));
            }
        }
        table.print(out);
        if (left < 0) {
            out.println("    and " + -left + " more; --json has all");
        }
    }

    private static String sizes(File old, File now) {
        return (old.size() == now.size()
                        ? Words.bytes(now.size())
                        : Words.bytes(old.size()) + " -> " + Words.bytes(now.size()))
                + (old.executable() == now.executable()
                        ? ""
                        : now.executable() ? ", executable now" : ", not executable any more");
    }

    private static String size(Entry entry) {
        return entry instanceof File file ? Words.bytes(file.size()) : "";
    }

    private static void texts(PrintWriter out, SortedMap<String, ReleaseDiff.Texts> texts) {
        texts.forEach(
                (name, text) -> {
                    List<String> lines = TextDiff.of(text.from(), text.to());
                    if (!lines.isEmpty()) {
                        out.println(name);
                        lines.forEach(line -> out.println("    " + shortened(line)));
                    }
                });
    }

    /// Mix writes all of sys.config as one line.
    private static String shortened(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…";
    }

    /// The same, as one object.
    public static Map<String, Object> json(
            ReleaseDiff diff, SortedMap<String, ReleaseDiff.Texts> settings) {
        return Json.ordered(
                "from", diff.from().id().value(),
                "to", diff.to().id().value(),
                "moved",
                        diff.files().moved().stream()
                                .map(move -> Json.ordered("from", move.from(), "to", move.to()))
                                .toList(),
                "changed",
                        diff.files().changed().stream()
                                .map(
                                        each ->
                                                Json.ordered(
                                                        "path", each.to().path(),
                                                        "bytes_from", bytes(each.from()),
                                                        "bytes_to", bytes(each.to())))
                                .toList(),
                "added", diff.files().added().stream().map(DiffPrinter::one).toList(),
                "removed", diff.files().removed().stream().map(DiffPrinter::one).toList(),
                "dependencies", diff.dependencies(),
                "texts", lines(diff.texts()),
                "settings", lines(settings));
    }

    private static Map<String, Object> one(Entry entry) {
        return Json.ordered("path", entry.path(), "bytes", bytes(entry));
    }

    private static long bytes(Entry entry) {
        return entry instanceof File file ? file.size() : 0;
    }

    private static Map<String, Object> lines(SortedMap<String, ReleaseDiff.Texts> texts) {
        Map<String, Object> json = Json.ordered();
        texts.forEach((name, text) -> json.put(name, TextDiff.of(text.from(), text.to())));
        return json;
    }
}
