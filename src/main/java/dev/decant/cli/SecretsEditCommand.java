package dev.decant.cli;

import dev.decant.exec.Machine;
import dev.decant.io.Trees;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.source.AgeFiles;
import dev.decant.source.AgeProblem;
import dev.decant.ui.ProblemPrinter;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

@Command(
        name = "edit",
        description =
                "Open a file of [sources.age] in your editor (VISUAL or EDITOR), and encrypt it"
                        + " again where it was changed. The first time, it makes your key and the"
                        + " file.")
final class SecretsEditCommand implements Callable<Integer> {

    private static final String FOLDER = "decant-edit-";

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Which one, as decant.toml names it. Needed where there are several.")
    private @Nullable String file;

    SecretsEditCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        AgeFiles files = AgeFiles.of(project.withoutHosts(wiring), wiring.environment());
        Path chosen = files.choose(Optional.ofNullable(file));
        files.prepare().forEach(wiring.out()::println);
        AgeFiles.Opened before = files.open(chosen);
        Path folder = privateFolder();
        // Also where it is stopped; what a kill leaves, the next one takes away.
        Thread tidying = new Thread(() -> delete(folder));
        Runtime.getRuntime().addShutdownHook(tidying);
        try {
            String text = edited(files, before, folder);
            if (text.equals(before.text())) {
                wiring.out().println("Nothing was changed.");
            } else {
                files.write(before, text);
                wiring.out().println("Encrypted " + files.name(chosen) + "; commit it.");
            }
        } finally {
            delete(folder);
            Runtime.getRuntime().removeShutdownHook(tidying);
        }
        return ExitStatus.DONE.number();
    }

    /// Opens the editor again while somebody mends what cannot be read.
    private String edited(AgeFiles files, AgeFiles.Opened before, Path folder)
            throws IOException, InterruptedException {
        String name = before.file().getFileName().toString().replaceFirst("[.]age$", "");
        Path plain =
                Files.createFile(
                        folder.resolve(name),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(plain, before.text());
        String last = before.text();
        while (true) {
            edit(plain);
            String text = Files.readString(plain);
            try {
                files.names(before.file(), text);
                return text;
            } catch (Failure failure) {
                if (!wiring.terminal() || text.equals(last)) {
                    throw failure;
                }
                ProblemPrinter.print(wiring.err(), failure.problems());
                last = text;
            }
        }
    }

    private void edit(Path plain) throws IOException, InterruptedException {
        String editor =
                Stream.of("VISUAL", "EDITOR")
                        .map(name -> wiring.environment().getOrDefault(name, ""))
                        .filter(text -> !text.isBlank())
                        .findFirst()
                        .orElse("vi");
        List<String> words = new ArrayList<>(List.of(editor.strip().split("\\s+")));
        words.add(plain.toString());
        wiring.out().flush();
        int status = Machine.HERE.program(words, wiring.folder(), wiring.environment()).runHere();
        if (status != 0) {
            throw new Failure(new AgeProblem.Editor(editor, status));
        }
    }

    /// In memory, where there is such a place.
    private Path privateFolder() throws IOException {
        Path base =
                Stream.of(wiring.environment().getOrDefault("XDG_RUNTIME_DIR", ""), "/dev/shm")
                        .filter(place -> !place.isEmpty())
                        .map(Path::of)
                        .filter(place -> Files.isDirectory(place) && Files.isWritable(place))
                        .findFirst()
                        .orElse(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
        try (Stream<Path> all = Files.list(base)) {
            all.filter(SecretsEditCommand::isLeft).forEach(SecretsEditCommand::delete);
        }
        return Files.createTempDirectory(
                base,
                FOLDER + ProcessHandle.current().pid() + "-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Of somebody who is gone.
    private static boolean isLeft(Path folder) {
        String name = folder.getFileName().toString();
        return name.matches(FOLDER + "[0-9]{1,9}-.*")
                && Files.isWritable(folder)
                && ProcessHandle.of(Long.parseLong(name.split("-")[2])).isEmpty();
    }

    private static void delete(Path folder) {
        try {
            Trees.delete(folder);
        } catch (IOException e) {
            // Gone already, or another's.
        }
    }
}
