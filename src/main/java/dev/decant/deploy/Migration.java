package dev.decant.deploy;

import dev.decant.release.FileList;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A migration of Ecto's that a release has.
///
/// @param app whose it is
/// @param repo the folder of its repo below `priv`
/// @param file such as `20260101120000_add_visits.exs`, maybe in a folder
public record Migration(String app, String repo, String file) {

    private static final Pattern PATH =
            Pattern.compile(
                    "lib/([a-z][A-Za-z0-9_@]*)-[^/]+/priv/([^/]+)/migrations/((?:.+/)?[0-9]+_[^/]+[.]exs)");

    /// Those of one release that another does not have, by their names. Which of them a database
    /// has is known to the database.
    static List<Migration> added(FileList before, FileList after) {
        Set<Migration> known = in(before).collect(Collectors.toSet());
        return in(after).filter(migration -> !known.contains(migration)).toList();
    }

    private static Stream<Migration> in(FileList list) {
        return list.files().stream()
                .map(file -> PATH.matcher(file.path()))
                .filter(Matcher::matches)
                .map(path -> new Migration(path.group(1), path.group(2), path.group(3)));
    }

    @Override
    public String toString() {
        return app + "/" + repo + "/" + file;
    }
}
