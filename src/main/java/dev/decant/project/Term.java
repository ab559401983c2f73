package dev.decant.project;

import java.util.List;

/// A literal of Elixir or Erlang: what needs no running to be known. A keyword list is a list of
/// pairs.
sealed interface Term {

    /// Where it begins, counted in `char` from the start of the text.
    int at();

    /// `nil`, `true` and `false` are atoms too.
    record Atom(int at, String name) implements Term {}

    record Text(int at, String value) implements Term {}

    /// @param digits as written; a number may be longer than any type holds
    record Whole(int at, String digits) implements Term {}

    record Items(int at, List<Term> items) implements Term {}

    record Tuple(int at, List<Term> items) implements Term {}

    /// @param pairs in the order of the text; a key may stand twice
    record Pairs(int at, List<Pair> pairs) implements Term {}

    record Pair(Term key, Term value) {}
}
