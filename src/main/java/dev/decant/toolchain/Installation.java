package dev.decant.toolchain;

import dev.decant.project.Tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An Erlang or an Elixir in a folder of its own, with its programs in `bin`.
///
/// @param whose who has put it there, such as `asdf`
record Installation(Tool tool, Path folder, String whose) {

    static final String DECANT = "Decant";

    private static final Pattern ELIXIR = Pattern.compile("\\{vsn,\\s*\"([^\"]+)\"}");

    Path bin() {
        return folder.resolve("bin");
    }

    /// What its own files say, without running it: exact, such as `27.1.2`.
    ///
    /// @return empty where there is no such tool in the folder
    Optional<String> version() throws IOException {
        return switch (tool) {
            case ERLANG -> {
                Optional<String> own = otp(folder);
                yield own.isPresent() ? own : otp(folder.resolve("lib/erlang"));
            }
            case ELIXIR -> {
                Optional<String> own = elixir(folder);
                yield own.isPresent() ? own : elixir(folder.resolve("lib/elixir"));
            }
        };
    }

    private static Optional<String> otp(Path root) throws IOException {
        Path releases = root.resolve("releases");
        if (!Files.isDirectory(releases)) {
            return Optional.empty();
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(releases)) {
            files =
                    list.map(release -> release.resolve("OTP_VERSION"))
                            .filter(Files::isRegularFile)
                            .toList();
        }
        Optional<String> newest = Optional.empty();
        for (Path file : files) {
            String version = Files.readString(file).strip();
            if (newest.isEmpty() || Compatibility.BY_NUMBERS.compare(newest.get(), version) < 0) {
                newest = Optional.of(version);
            }
        }
        return newest;
    }

    private static Optional<String> elixir(Path root) throws IOException {
        Path app = root.resolve("lib/elixir/ebin/elixir.app");
        if (!Files.isRegularFile(app)) {
            return Optional.empty();
        }
        Matcher version = ELIXIR.matcher(Files.readString(app));
        return version.find() ? Optional.of(version.group(1)) : Optional.empty();
    }
}
