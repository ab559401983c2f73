package dev.decant.cli;

import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

import java.io.File;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;

/// Writes what the commands say of themselves as AsciiDoc, a page for each of them.
///
///     java -cp … dev.decant.cli.ManPages FOLDER
final class ManPages {

    private ManPages() {}

    public static void main(String[] args) throws Exception {
        Wiring nowhere =
                new Wiring(
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()),
                        Map.of(),
                        false,
                        Path.of(""));
        CommandLine line = Main.commandLine(nowhere);
        brief(line);
        System.exit(
                ManPageGenerator.generateManPage(
                        new File(args[0]), null, new boolean[0], false, line.getCommandSpec()));
    }

    /// `whatis` shows a sentence, not all of a description.
    private static void brief(CommandLine line) {
        var usage = line.getCommandSpec().usageMessage();
        usage.header(Completion.first(usage.description()));
        line.getSubcommands().values().forEach(ManPages::brief);
    }
}
