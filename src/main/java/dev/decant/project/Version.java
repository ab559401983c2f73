package dev.decant.project;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version as Elixir's `Version` reads and orders it, which is semantic versioning 2.0.
///
/// @param pre the parts of what stands behind a `-`; a version with some comes before the one
///   without
record Version(long major, long minor, long patch, List<String> pre)
        implements Comparable<Version> {

    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final String PART = "[0-9A-Za-z-]+";
    private static final String PARTS = PART + "(?:\\." + PART + ")*";

    /// With the patch, which a requirement may leave out, as its third group.
    static final Pattern PATTERN =
            Pattern.compile(
                    "%s\\.%s(?:\\.%s)?(?:-(%s))?(?:\\+%s)?"
                            .formatted(NUMBER, NUMBER, NUMBER, PARTS, PARTS));

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /// @return empty for what is no version to Elixir, such as `1.0`
    static Optional<Version> parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        return matcher.matches() && matcher.group(3) != null ? of(matcher) : Optional.empty();
    }

    /// @param matched by [#PATTERN]; a patch that is not there is 0
    static Optional<Version> of(Matcher matched) {
        String parts = matched.group(4);
        List<String> pre = parts == null ? List.of() : Arrays.asList(parts.split("\\."));
        if (pre.stream().anyMatch(part -> isNumber(part) && part.matches("0.+"))) {
            return Optional.empty();
        }
        String patch = matched.group(3);
        return Optional.of(
                new Version(
                        Long.parseLong(matched.group(1)),
                        Long.parseLong(matched.group(2)),
                        patch == null ? 0 : Long.parseLong(patch),
                        List.copyOf(pre)));
    }

    private static boolean isNumber(String part) {
        return DIGITS.matcher(part).matches();
    }

    @Override
    public int compareTo(Version other) {
        int order = Long.compare(major, other.major);
        order = order != 0 ? order : Long.compare(minor, other.minor);
        order = order != 0 ? order : Long.compare(patch, other.patch);
        if (order != 0 || pre.isEmpty() || other.pre.isEmpty()) {
            return order != 0 ? order : Boolean.compare(pre.isEmpty(), other.pre.isEmpty());
        }
        for (int i = 0; i < Math.min(pre.size(), other.pre.size()) && order == 0; i++) {
            order = compare(pre.get(i), other.pre.get(i));
        }
        return order != 0 ? order : Integer.compare(pre.size(), other.pre.size());
    }

    /// Numbers come before words.
    private static int compare(String a, String b) {
        if (isNumber(a) != isNumber(b)) {
            return isNumber(a) ? -1 : 1;
        }
        return isNumber(a) && a.length() != b.length()
                ? Integer.compare(a.length(), b.length())
                : a.compareTo(b);
    }
}
