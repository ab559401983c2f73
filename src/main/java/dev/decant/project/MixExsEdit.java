package dev.decant.project;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Changes the text of a mix.exs where it says plainly what it says; all else stays as it is.
final class MixExsEdit {

    private static final String STEPS = "steps: [:assemble, :tar]";
    private static final Pattern PROJECT =
            Pattern.compile("\\bdef\\s+project(?:\\(\\))?(?:\\s+do|,\\s*do:)\\s*\\[");
    private static final Pattern FUNCTION =
            Pattern.compile("\\bdefp?\\s+releases(?:\\(\\))?(?:\\s+do|,\\s*do:)\\s*\\[");

    private final String text;

    /// Of the same length, without comments.
    private final String code;

    private MixExsEdit(String text) {
        this.text = text;
        this.code = ElixirCode.withoutComments(text);
    }

    /// Has a release be made as a tarball.
    ///
    /// @param apps of the umbrella, all of which are in the release where there is none yet
    /// @return empty where it is not plain where that would have to stand
    static Optional<String> withTarball(String text, String release, List<String> apps) {
        return new MixExsEdit(text).withTarball(release, apps);
    }

    private Optional<String> withTarball(String release, List<String> apps) {
        Matcher project = PROJECT.matcher(code);
        if (!project.find()) {
            return Optional.empty();
        }
        Optional<int[]> releases = item(project.end(), "releases");
        if (releases.isEmpty()) {
            boolean plain =
                    item(project.end(), "app").isPresent()
                            || item(project.end(), "apps_path").isPresent();
            return plain
                    ? Optional.of(withReleases(items(project.end()).getLast(), release, apps))
                    : Optional.empty();
        }
        int open = listAt(releases.get(), "releases");
        if (open < 0) {
            Matcher function = FUNCTION.matcher(code);
            open = function.find() ? function.end() : -1;
        }
        if (open < 0) {
            return Optional.empty();
        }
        return item(open, release).flatMap(it -> withSteps(it, release));
    }

    private String withReleases(int[] before, String release, List<String> apps) {
        String indent = indent(before[0]);
        String value =
                apps.isEmpty()
                        ? "releases: [" + release + ": [" + STEPS + "]]"
                        : """
                        releases: [
                          %s: [
                            applications: [%s],
                            %s
                          ]
                        ]\
                        """
                                .formatted(
                                        release,
                                        apps.stream()
                                                .map(app -> app + ": :permanent")
                                                .collect(Collectors.joining(", ")),
                                        STEPS)
                                .replace("\n", "\n" + indent);
        return insert(before[1], indent.isEmpty() ? ", " + value : ",\n" + indent + value);
    }

    private Optional<String> withSteps(int[] item, String release) {
        int open = listAt(item, release);
        if (open < 0) {
            return Optional.empty();
        }
        Optional<int[]> steps = item(open, "steps");
        if (steps.isPresent()) {
            int list = listAt(steps.get(), "steps");
            return list < 0
                    ? Optional.empty()
                    : Optional.of(insert(ElixirCode.closing(code, list) - 1, ", :tar"));
        }
        List<int[]> inside = items(open);
        if (inside.isEmpty()) {
            return Optional.of(insert(open, STEPS));
        }
        int first = inside.getFirst()[0];
        String indent = indent(first);
        return Optional.of(insert(first, indent.isEmpty() ? STEPS + ", " : STEPS + ",\n" + indent));
    }

    /// The entry of a keyword list.
    ///
    /// @param open just behind its bracket
    /// @return begin and end
    private Optional<int[]> item(int open, String key) {
        return items(open).stream().filter(item -> code.startsWith(key + ":", item[0])).findFirst();
    }

    /// Begin and end of each entry of a list.
    private List<int[]> items(int open) {
        return ElixirCode.items(code, open, ElixirCode.closing(code, open) - 1);
    }

    /// @return just behind the bracket of the list that an entry has, or -1 where it has none
    private int listAt(int[] item, String key) {
        int at = item[0] + key.length() + 1;
        while (at < item[1] && Character.isWhitespace(code.charAt(at))) {
            at++;
        }
        return at < item[1] && code.charAt(at) == '[' ? at + 1 : -1;
    }

    /// What stands before it in its line; empty where that is not only blanks.
    private String indent(int at) {
        String before = text.substring(text.lastIndexOf('\n', at - 1) + 1, at);
        return before.isBlank() ? before : "";
    }

    private String insert(int at, String added) {
        return text.substring(0, at) + added + text.substring(at);
    }
}
