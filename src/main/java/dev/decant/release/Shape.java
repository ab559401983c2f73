package dev.decant.release;

import java.util.regex.Pattern;

/// What the texts of a [Dependency] may be.
enum Shape {
    APP("the name of an app", "[A-Za-z0-9_][A-Za-z0-9_.@-]*"),
    PACKAGE("the name of a package", "[A-Za-z0-9_][A-Za-z0-9_.@-]*"),
    VERSION("a version", "[A-Za-z0-9][A-Za-z0-9.+_-]*"),
    REPO("the name of a repository", "[A-Za-z0-9_][A-Za-z0-9_.:-]*"),
    KIND("a kind of dependency", "[A-Za-z0-9_][A-Za-z0-9_.@-]*"),
    URL("where a git repository is", "[^\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+"),
    REVISION("a revision of git's", "[0-9a-f]{40}|[0-9a-f]{64}"),
    REFERENCE("a branch, tag or ref of git's", "[^\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");

    private static final int SHOWN = 60;

    private final String noun;
    private final Pattern pattern;

    Shape(String noun, String pattern) {
        this.noun = noun;
        this.pattern = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
    }

    /// The text itself is not in the words for a URL: it may have a token in it.
    void check(String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    this == URL ? "This is not " + noun + "." : "Not " + noun + ": " + shown(text));
        }
    }

    private static String shown(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u0080-\\u009f\\u2028\\u2029]", "?");
        return plain.length() <= SHOWN ? "'" + plain + "'" : "'" + plain.substring(0, SHOWN) + "…'";
    }
}
