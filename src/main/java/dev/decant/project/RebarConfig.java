package dev.decant.project;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// rebar3's `rebar.config`: terms of Erlang's, such as `{deps, [cowboy]}.`
///
/// @param terms none where Erlang itself is needed to read them
record RebarConfig(List<Term> terms) {

    private static final Pattern RELX = Pattern.compile("\\{\\s*relx\\b");

    static RebarConfig of(String text) {
        try {
            return new RebarConfig(ErlangTerms.read(text));
        } catch (ErlangTerms.Unreadable _) {
            // rebar3 will say so.
            return new RebarConfig(List.of());
        }
    }

    /// Names of releases, of all profiles.
    List<String> releases() {
        return Stream.concat(
                        values(terms, "relx"),
                        values(terms, "profiles")
                                .flatMap(profile -> value(profile).stream())
                                .flatMap(profile -> values(items(profile), "relx")))
                .filter(option -> isKey(option, "release"))
                // {release, {NAME, VERSION}, APPS}
                .flatMap(release -> fields(release).stream().skip(1).limit(1))
                .flatMap(named -> fields(named).stream().limit(1))
                .flatMap(name -> atom(name).stream())
                .distinct()
                .toList();
    }

    List<String> deps() {
        return names(values(terms, "deps"));
    }

    List<String> deps(String profile) {
        return names(
                values(terms, "profiles")
                        .filter(one -> isKey(one, profile))
                        .flatMap(one -> value(one).stream())
                        .flatMap(one -> values(items(one), "deps")));
    }

    List<String> plugins() {
        return names(Stream.concat(values(terms, "plugins"), values(terms, "project_plugins")));
    }

    /// Each is an atom, or a tuple that begins with one.
    private static List<String> names(Stream<Term> terms) {
        return terms.flatMap(term -> atom(term).or(() -> key(term)).stream()).distinct().toList();
    }

    /// What is in the lists of that name.
    private static Stream<Term> values(List<Term> terms, String key) {
        return terms.stream()
                .filter(term -> isKey(term, key))
                .flatMap(term -> value(term).stream())
                .flatMap(value -> items(value).stream());
    }

    private static Optional<Term> value(Term pair) {
        return fields(pair).size() == 2 ? Optional.of(fields(pair).getLast()) : Optional.empty();
    }

    private static boolean isKey(Term term, String key) {
        return key(term).filter(key::equals).isPresent();
    }

    private static Optional<String> key(Term tuple) {
        return fields(tuple).stream().findFirst().flatMap(RebarConfig::atom);
    }

    private static List<Term> fields(Term term) {
        return term instanceof Term.Tuple(_, List<Term> fields) ? fields : List.of();
    }

    private static List<Term> items(Term term) {
        return term instanceof Term.Items(_, List<Term> items) ? items : List.of();
    }

    private static Optional<String> atom(Term term) {
        return term instanceof Term.Atom(_, String name) ? Optional.of(name) : Optional.empty();
    }

    /// Whether it configures a release, `{relx, …`, outside of comments and texts; that is told
    /// also of a file that is not read.
    static boolean hasRelx(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '%') {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            } else if (c == '"' || c == '\'') {
                i = afterQuoted(text, i);
            } else if (c == '$') {
                i += text.startsWith("\\", i + 1) ? 3 : 2;
            } else if (RELX.matcher(text).region(i, text.length()).lookingAt()) {
                return true;
            } else {
                i++;
            }
        }
        return false;
    }

    private static int afterQuoted(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != text.charAt(start)) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }
}
