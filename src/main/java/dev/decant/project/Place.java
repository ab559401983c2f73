package dev.decant.project;

/// A place in a text, mix.lock in the first place.
///
/// @param line from 1
/// @param column from 1, counted in Unicode characters
public record Place(int line, int column) {

    /// @param at counted in `char` from the start of the text
    public static Place of(String text, int at) {
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        int line = 1 + (int) text.chars().limit(lineStart).filter(c -> c == '\n').count();
        return new Place(line, 1 + text.codePointCount(lineStart, at));
    }

    /// As editors and compilers have it: `mix.lock:3:12`.
    @Override
    public String toString() {
        return MixLock.FILE_NAME + ":" + line + ":" + column;
    }
}
