package dev.decant.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the name that a mistyped one was probably meant to be.
public final class Nearest {

    private Nearest() {}

    /// @param given what was written
    /// @param known the names that exist
    /// @return the known name at the smallest edit distance (insert, delete, replace, swap of
    ///   neighbours), if that is at most a third of the longer name, rounded up
    public static Optional<String> to(String given, Collection<String> known) {
        return known.stream()
                .filter(
                        name ->
                                distance(given, name)
                                        <= (Math.max(given.length(), name.length()) + 2) / 3)
                .min(
                        Comparator.comparingInt((String name) -> distance(given, name))
                                .thenComparing(name -> name));
    }

    /// The words for an error: `did you mean 'x'?`, or the whole list where nothing is near.
    public static String hint(String given, Collection<String> known) {
        return to(given, known)
                .map(name -> "Did you mean '" + name + "'?")
                .orElse("Known: " + String.join(", ", known.stream().sorted().toList()) + ".");
    }

    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
