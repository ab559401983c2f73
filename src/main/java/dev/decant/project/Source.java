package dev.decant.project;

import java.util.List;
import java.util.Optional;

/// A file of Elixir, taken apart and never run.
///
/// @param file relative to the project
/// @param unread why it was not read to its end; what stands in the last of its expressions is not
///   known then
public record Source(String file, String text, List<Piece> pieces, Optional<Unread> unread) {

    /// @param at counted in `char` from the start of the text
    public record Unread(int at, String reason) {}

    public Source {
        pieces = List.copyOf(pieces);
    }

    public static Source of(String file, String text) {
        return ElixirReader.read(file, text);
    }

    /// The same file, with other pieces.
    public Source with(List<Piece> others) {
        return new Source(file, text, others, unread);
    }
}
