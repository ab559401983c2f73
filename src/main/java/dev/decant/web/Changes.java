package dev.decant.web;

import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;
import dev.decant.release.Manifest;
import dev.decant.release.ReleaseDiff;
import dev.decant.release.ReleaseId;
import dev.decant.ui.Words;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How two releases differ, in the few words that a page has room for.
///
/// @param facts of the releases themselves: version, commit, Erlang
/// @param dependencies that have another version, are new, or are gone
/// @param files the first of them
/// @param more how many other files there are
public record Changes(
        ReleaseId from,
        ReleaseId to,
        List<Versions> facts,
        List<Versions> dependencies,
        int changed,
        int added,
        int removed,
        List<Line> files,
        int more) {

    private static final int FILES_AT_MOST = 100;

    /// @param from empty where it was not there
    /// @param to empty where it is not there any more
    public record Versions(String name, String from, String to) {}

    /// @param kind `changed`, `added` or `removed`
    /// @param size in words
    public record Line(String kind, String path, String size) {}

    public static Changes of(ReleaseDiff diff) {
        Manifest from = diff.from().manifest();
        Manifest to = diff.to().manifest();
        List<Line> lines = new ArrayList<>();
        diff.files()
                .changed()
                .forEach(
                        each ->
                                lines.add(
                                        new Line(
                                                "changed",
                                                each.to().path(),
                                                sizes(each.from(), each.to()))));
        diff.files().added().forEach(each -> lines.add(new Line("added", each.path(), size(each))));
        diff.files()
                .removed()
                .forEach(each -> lines.add(new Line("removed", each.path(), size(each))));
        List<Versions> dependencies = new ArrayList<>();
        diff.dependencies()
                .forEach(
                        (name, versions) ->
                                dependencies.add(
                                        new Versions(name, versions.from(), versions.to())));
        return new Changes(
                diff.from().id(),
                diff.to().id(),
                Stream.of(
                                new Versions("Version", from.version(), to.version()),
                                new Versions("Commit", commit(from), commit(to)),
                                new Versions("Elixir", from.elixir(), to.elixir()),
                                new Versions("Erlang/OTP", from.otp(), to.otp()),
                                new Versions(
                                        "Size",
                                        Words.bytes(from.filesBytes()),
                                        Words.bytes(to.filesBytes())))
                        .filter(each -> !each.from().isEmpty() || !each.to().isEmpty())
                        .toList(),
                dependencies,
                diff.files().changed().size(),
                diff.files().added().size(),
                diff.files().removed().size(),
                List.copyOf(lines.subList(0, Math.min(FILES_AT_MOST, lines.size()))),
                Math.max(0, lines.size() - FILES_AT_MOST));
    }

    private static String commit(Manifest manifest) {
        String commit = manifest.commit();
        return commit.substring(0, Math.min(10, commit.length()))
                + (manifest.dirty() ? " (dirty)" : "");
    }

    private static String sizes(Entry from, Entry to) {
        String before = size(from);
        String after = size(to);
        return before.equals(after) ? after : before + " → " + after;
    }

    private static String size(Entry entry) {
        return entry instanceof File file ? Words.bytes(file.size()) : "";
    }
}
