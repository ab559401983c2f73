package dev.decant.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which versions will do, as mix.exs says it: `~> 1.4 and != 1.4.2`.
///
/// Source: Elixir's `Version`. `and` and `or` bind alike and are taken from left to right.
public final class VersionRequirement {

    private static final Pattern JOINED = Pattern.compile(" +(and|or) +");
    private static final Pattern CLAUSE =
            Pattern.compile(" *(>=|<=|~>|==|!=|=|!|>|<)? *(" + Version.PATTERN.pattern() + ") *");

    /// @param and joined to what is before it by `and`; otherwise by `or`
    /// @param toPatch the patch was named
    private record Clause(boolean and, String operator, Version version, boolean toPatch) {

        boolean fits(Version given) {
            int order = given.compareTo(version);
            return switch (operator) {
                case ">=" -> order >= 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case "<" -> order < 0;
                case "!=", "!" -> order != 0;
                case "~>" ->
                        order >= 0
                                && given.major() == version.major()
                                && (!toPatch || given.minor() == version.minor());
                default -> order == 0;
            };
        }
    }

    private final List<Clause> clauses;

    private VersionRequirement(List<Clause> clauses) {
        this.clauses = List.copyOf(clauses);
    }

    /// @return empty for what Elixir does not take
    public static Optional<VersionRequirement> parse(String text) {
        List<Clause> clauses = new ArrayList<>();
        Matcher joined = JOINED.matcher(text);
        int from = 0;
        boolean and = true;
        while (from >= 0) {
            boolean more = joined.find();
            Optional<Clause> clause =
                    clause(and, text.substring(from, more ? joined.start() : text.length()), false);
            if (clause.isEmpty()) {
                return Optional.empty();
            }
            clauses.add(clause.get());
            and = more && joined.group(1).equals("and");
            from = more ? joined.end() : -1;
        }
        return Optional.of(new VersionRequirement(clauses));
    }

    /// A range as advisories have it: `>= 1.0.0, < 1.11`, all of which is to hold.
    ///
    /// @return empty for what is no range
    public static Optional<VersionRequirement> range(String text) {
        List<Clause> clauses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Optional<Clause> clause = clause(true, part, true);
            if (clause.isEmpty()) {
                return Optional.empty();
            }
            clauses.add(clause.get());
        }
        return Optional.of(new VersionRequirement(clauses));
    }

    /// @param range may have `=` and leave out the patch
    private static Optional<Clause> clause(boolean and, String text, boolean range) {
        Matcher matcher = CLAUSE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String operator = matcher.group(1) == null ? "==" : matcher.group(1);
        Matcher version = Version.PATTERN.matcher(matcher.group(2));
        boolean toPatch = version.matches() && version.group(3) != null;
        return (toPatch || range || operator.equals("~>")) && (range || !operator.equals("="))
                ? Version.of(version).map(read -> new Clause(and, operator, read, toPatch))
                : Optional.empty();
    }

    /// @return empty where that is no version to Elixir
    public Optional<Boolean> fits(String version) {
        return Version.parse(version).map(this::fits);
    }

    private boolean fits(Version version) {
        boolean fits = true;
        for (Clause clause : clauses) {
            fits = clause.and() ? fits && clause.fits(version) : fits || clause.fits(version);
        }
        return fits;
    }
}
