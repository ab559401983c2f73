package dev.decant.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Several Mix projects that are built as one, from the folder above them.
public final class Umbrella {

    private Umbrella() {}

    /// The folders of its apps, in the order of their names.
    ///
    /// @param project its folder
    /// @return none where mix.exs is that of a single app
    public static List<Path> apps(Path project, Source mixExs) throws IOException {
        Optional<Path> apps =
                path(mixExs.pieces())
                        .map(name -> project.resolve(name).normalize())
                        .filter(path -> path.startsWith(project) && Files.isDirectory(path));
        if (apps.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(apps.get())) {
            return list.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static Optional<String> path(List<Piece> pieces) {
        boolean named = false;
        for (Piece piece : pieces) {
            Optional<String> found =
                    named
                            ? text(piece)
                            : piece instanceof Piece.Group group
                                    ? path(group.pieces())
                                    : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
            named = piece instanceof Piece.Key(_, String key) && key.equals("apps_path");
        }
        return Optional.empty();
    }

    private static Optional<String> text(Piece piece) {
        return piece instanceof Piece.Text(_, String value, List<Piece> code)
                        && code.isEmpty()
                        && value.indexOf('\0') < 0
                ? Optional.of(value)
                : Optional.empty();
    }
}
