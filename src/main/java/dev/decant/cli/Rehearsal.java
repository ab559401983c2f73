package dev.decant.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Carries out several commands in one JVM, so that whoever makes a package learns which classes
/// they load, and can keep those ready. No command of the user's.
///
/// The first argument is a folder, in which the commands are given, the second one a file with a
/// command on each line, its words separated by blanks. How they end is of no interest.
final class Rehearsal {

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        Wiring wiring =
                new Wiring(
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()),
                        System.getenv(),
                        false,
                        Path.of(args[0]));
        List<String> commands = Files.readAllLines(Path.of(args[1]));
        for (String command : commands) {
            Main.run(wiring, command.split(" ", -1));
        }
    }
}
