package dev.decant.toolchain;

import dev.decant.io.Template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Elixir's own table of which Erlang/OTP it runs on, which is a file beside this class.
final class Compatibility {

    /// Of versions, by their numbers: `1.9.4` before `1.10.0`, what is behind a `-` left out.
    static final Comparator<String> BY_NUMBERS =
            (a, b) -> {
                List<Integer> x = numbers(a);
                List<Integer> y = numbers(b);
                for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                    int order = Integer.compare(x.get(i), y.get(i));
                    if (order != 0) {
                        return order;
                    }
                }
                return Integer.compare(x.size(), y.size());
            };

    /// More than any version has.
    private static final int DIGITS = 9;

    private static final List<Row> ROWS = rows();

    private Compatibility() {}

    /// @param from a version of Elixir; the row holds up to the next one
    /// @param first major version of OTP; 0 where the table has ended
    /// @param last likewise
    record Row(String from, int first, int last) {
        boolean isKnown() {
            return first > 0;
        }

        boolean takes(int otp) {
            return !isKnown() || (otp >= first && otp <= last);
        }

        @Override
        public String toString() {
            return "Erlang/OTP " + first + " to " + last;
        }
    }

    /// @return empty for an Elixir that is older than the table
    static Optional<Row> of(String elixir) {
        return ROWS.stream()
                .filter(row -> BY_NUMBERS.compare(row.from(), elixir) <= 0)
                .reduce((_, later) -> later);
    }

    /// @param otp its major version
    /// @return versions of Elixir from which on it is taken, and up to which; empty where none does
    static Optional<String> elixirsOn(int otp) {
        List<Row> takers =
                ROWS.stream().filter(Row::isKnown).filter(row -> row.takes(otp)).toList();
        return takers.isEmpty()
                ? Optional.empty()
                : Optional.of(takers.getFirst().from() + " to " + minor(takers.getLast().from()));
    }

    private static String minor(String version) {
        return version.replaceFirst("[.][0-9]+$", ".x");
    }

    /// The first number of a version.
    static int major(String version) {
        return numbers(version).getFirst();
    }

    private static List<Integer> numbers(String version) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : version.replaceFirst("[^0-9.].*", "").split("[.]")) {
            numbers.add(part.isEmpty() || part.length() > DIGITS ? 0 : Integer.parseInt(part));
        }
        return numbers;
    }

    private static List<Row> rows() {
        return Template.text(Compatibility.class, "compatibility.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" +"))
                .map(row -> new Row(row[0], Integer.parseInt(row[1]), Integer.parseInt(row[2])))
                .toList();
    }
}
