package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.project.Piece;
import dev.decant.project.Place;
import dev.decant.project.Source;

import java.util.List;

/// What a rule has found.
///
/// @param file relative to the project
/// @param line from 1
/// @param column from 1, counted in Unicode characters
/// @param what was seen, in one sentence
/// @param why it matters, a line each
/// @param next how to mend it, a line each
public record Finding(
        LintRule rule,
        Severity severity,
        String file,
        int line,
        int column,
        String what,
        List<String> why,
        List<String> next) {

    public Finding {
        why = List.copyOf(why);
        next = List.copyOf(next);
    }

    static Finding at(
            Source source,
            int at,
            LintRule rule,
            Severity severity,
            String what,
            List<String> why,
            List<String> next) {
        Place place = Place.of(source.text(), at);
        return new Finding(
                rule, severity, source.file(), place.line(), place.column(), what, why, next);
    }

    static Finding at(
            Source source,
            Piece piece,
            LintRule rule,
            Severity severity,
            String what,
            List<String> why,
            List<String> next) {
        return at(source, piece.at(), rule, severity, what, why, next);
    }

    /// Where a piece is: `config/runtime.exs:3`.
    static String place(Source source, int at) {
        return source.file() + ":" + Place.of(source.text(), at).line();
    }

    /// As editors and compilers have it: `config/runtime.exs:3:12`.
    public String place() {
        return file + ":" + line + ":" + column;
    }
}
