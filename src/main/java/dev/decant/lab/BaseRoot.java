package dev.decant.lab;

import dev.decant.problem.Failure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a host's disk begins as: a minimal Debian with systemd and sshd, and maybe more packages.
///
/// @param packages names of Debian packages, without those that every root has; sorted, each once
public record BaseRoot(Suite suite, List<String> packages) {

    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{0,80}");
    private static final int LONGEST_NAME = 100;

    /// @throws Failure where a name cannot be one of a package
    public BaseRoot {
        for (String name : packages) {
            if (!PACKAGE.matcher(name).matches()) {
                throw new Failure(new LabProblem.BadPackageName(name));
            }
        }
        packages = packages.stream().distinct().sorted().toList();
    }

    public static BaseRoot of(Suite suite) {
        return new BaseRoot(suite, List.of());
    }

    /// The same with more packages.
    public BaseRoot with(List<String> more) {
        return new BaseRoot(suite, Stream.concat(packages.stream(), more.stream()).toList());
    }

    /// Such as `bookworm+postgresql`; unique, and short enough for a file name.
    public String name() {
        String all =
                Stream.concat(Stream.of(suite.codename()), packages.stream())
                        .reduce((before, next) -> before + "+" + next)
                        .orElseThrow();
        return all.length() <= LONGEST_NAME
                ? all
                : suite.codename()
                        + "+"
                        + packages.size()
                        + "-"
                        + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    }
}
