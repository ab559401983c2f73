package dev.decant.project;

import java.util.List;

/// A piece of Elixir's source: a word or sign of it, or all that stands between two that belong
/// together. Comments are none, and what stands in a text is no code.
public sealed interface Piece {

    /// Where it begins, counted in `char` from the start of the text.
    int at();

    /// A name that begins with a small letter, keywords included.
    record Word(int at, String name) implements Piece {}

    /// The name of a module, such as `System` or `Shop.Repo`.
    record Alias(int at, String name) implements Piece {}

    record Atom(int at, String name) implements Piece {}

    /// What stands before a value, with its colon: `port:` or `"assets.deploy":`.
    record Key(int at, String name) implements Piece {}

    /// @param value as written, with its escapes, and without what is put in between
    /// @param code what is put in between by `#{…}`
    record Text(int at, String value, List<Piece> code) implements Piece {}

    /// @param digits as written, such as `16_384` or `?a`
    record Numeral(int at, String digits) implements Piece {}

    /// An operator, or what separates.
    record Sign(int at, String sign) implements Piece {}

    /// The end of a line in which something stands.
    record Line(int at) implements Piece {}

    record Group(int at, Bracket bracket, List<Piece> pieces) implements Piece {}

    /// What a group stands in.
    enum Bracket {
        ROUND("(", ")"),
        SQUARE("[", "]"),
        CURLY("{", "}"),
        BITS("<<", ">>"),
        DO("do", "end"),
        FN("fn", "end");

        final String open;
        final String close;

        Bracket(String open, String close) {
            this.open = open;
            this.close = close;
        }
    }
}
