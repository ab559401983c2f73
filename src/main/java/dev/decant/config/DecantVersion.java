package dev.decant.config;

import java.util.Arrays;
import java.util.Optional;

/// Which Decant this is.
public final class DecantVersion {

    /// What a file may ask for.
    static final String PATTERN = "[0-9]{1,6}([.][0-9]{1,6}){0,2}";

    private DecantVersion() {}

    /// @return such as `0.2.0`, or `0.2.0-SNAPSHOT` on the way to it; empty where it does not run
    ///   from its jar
    public static Optional<String> own() {
        return Optional.ofNullable(DecantVersion.class.getPackage().getImplementationVersion());
    }

    /// Whether one is of before another; one on the way to a version has what that has.
    ///
    /// @param wanted of [#PATTERN]; what it leaves out is 0
    static boolean isBefore(String own, String wanted) {
        return Arrays.compare(numbers(own), numbers(wanted)) < 0;
    }

    private static int[] numbers(String version) {
        int[] three =
                Arrays.stream(version.replaceFirst("-.*", "").split("\\."))
                        .mapToInt(Integer::parseInt)
                        .toArray();
        return Arrays.copyOf(three, 3);
    }
}
