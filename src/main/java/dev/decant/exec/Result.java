package dev.decant.exec;

import java.util.List;

/// What a finished program left.
///
/// @param status exit status, 0 to 255; 128 plus the signal where one ended it
/// @param out lines of standard output, in order, without line ends
/// @param err lines of standard error; empty where it was read together with standard output
public record Result(int status, List<String> out, List<String> err) {

    public Result {
        out = List.copyOf(out);
        err = List.copyOf(err);
    }

    public boolean ok() {
        return status == 0;
    }

    /// All of standard output as one text, lines joined by newlines, trimmed.
    public String text() {
        return String.join("\n", out).strip();
    }

    /// The last lines of what was said, standard error first choice, for an error message.
    ///
    /// @param most how many lines at the most
    public List<String> lastWords(int most) {
        List<String> said = err.stream().anyMatch(line -> !line.isBlank()) ? err : out;
        return said.subList(Math.max(0, said.size() - most), said.size());
    }
}
