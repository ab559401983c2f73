package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.release.Release;
import dev.decant.release.ReleaseDiff;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseProblem;
import dev.decant.release.ReleaseShelf;
import dev.decant.release.Signer;
import dev.decant.release.Tarball;
import dev.decant.systemd.DropIn;
import dev.decant.systemd.Units;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.DiffPrinter;
import dev.decant.ui.Json;
import dev.decant.ui.Table;
import dev.decant.ui.Words;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here.
@Command(
        name = "release",
        description = "The releases that are on this machine.",
        synopsisSubcommandLabel = "COMMAND")
final class ReleaseCommand extends CommandGroup {

    /// Whose units are compared; hosts with an older one get fewer directives.
    private static final int SYSTEMD = 257;

    private static final String ID =
            "By its name, or an unambiguous part of it such as the version or the commit.";

    private ReleaseCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new ReleaseCommand());
        line.addSubcommand(new ListAll(wiring));
        line.addSubcommand(new Show(wiring));
        line.addSubcommand(new Diff(wiring));
        line.addSubcommand(new Verify(wiring));
        line.addSubcommand(new Export(wiring));
        line.addSubcommand(new Import(wiring));
        line.addSubcommand(new Prune(wiring));
        return line;
    }

    /// What all of them have.
    abstract static class OnShelf implements Callable<Integer> {

        final Wiring wiring;

        @Mixin final ProjectOptions project = new ProjectOptions();

        OnShelf(Wiring wiring) {
            this.wiring = wiring;
        }

        ReleaseShelf shelf() {
            return BuildOptions.shelf(project.withoutHosts(wiring), wiring);
        }
    }

    @Command(name = "list", description = "List them, newest first.")
    static final class ListAll extends OnShelf {

        @Mixin private final OutputOptions output = new OutputOptions();

        ListAll(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException {
            ReleaseShelf shelf = shelf();
            List<Release> releases = new ArrayList<>();
            for (ReleaseId id : shelf.all()) {
                releases.add(shelf.open(id));
            }
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered("releases", releases.stream().map(Json::of).toList()));
                return ExitStatus.DONE.number();
            }
            Table table = new Table().row("RELEASE", "FILES", "SIZE", "ELIXIR", "OTP", "SIGNED");
            for (Release release : releases) {
                table.row(
                        release.id().value(),
                        Integer.toString(release.manifest().filesCount()),
                        Words.bytes(release.size()),
                        release.manifest().elixir(),
                        release.manifest().otp(),
                        release.signed() ? "yes" : "");
            }
            table.print(wiring.out());
            return ExitStatus.DONE.number();
        }
    }

    @Command(name = "show", description = "Say all about one, as JSON.")
    static final class Show extends OnShelf {

        @Parameters(paramLabel = "ID", description = ID)
        private String id = "";

        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException {
            Release release = shelf().get(id);
            Map<String, Object> json = Json.of(release);
            json.put("sbom", release.sbomFile().toString());
            json.put("signature", release.signed() ? release.signatureFile().toString() : "");
            Json.print(wiring.out(), json);
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "diff",
            description =
                    "Say how two differ: files, dependencies, Erlang and Elixir, configuration,"
                            + " units.")
    static final class Diff extends OnShelf {

        @Mixin private final OutputOptions output = new OutputOptions();

        @Parameters(index = "0", paramLabel = "A", description = ID)
        private String from = "";

        @Parameters(index = "1", paramLabel = "B", description = "As A.")
        private String to = "";

        Diff(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException {
            ReleaseShelf shelf = shelf();
            Release a = shelf.get(from);
            Release b = shelf.get(to);
            SortedMap<String, ReleaseDiff.Texts> settings = new TreeMap<>();
            settings.put(
                    ConfigReader.FILE_NAME,
                    new ReleaseDiff.Texts(lines(a.settingsFile()), lines(b.settingsFile())));
            settings.put("units", new ReleaseDiff.Texts(units(a), units(b)));
            settings.values().removeIf(texts -> texts.from().equals(texts.to()));
            ReleaseDiff diff = ReleaseDiff.of(a, b);
            if (output.json) {
                Json.print(wiring.out(), DiffPrinter.json(diff, settings));
            } else {
                DiffPrinter.print(wiring.out(), diff, settings);
            }
            return ExitStatus.DONE.number();
        }

        private static List<String> lines(Path file) throws IOException {
            return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
        }

        /// What decant.toml came to when the release was built; nothing where it is none for today.
        private List<String> units(Release release) {
            try {
                Config config =
                        ConfigReader.read(
                                release.folder(), Optional.ofNullable(project.environment));
                Units units = new Units(config, config.hosts().getFirst(), DropIn.NONE, SYSTEMD);
                return (config.service().beside() ? units.slot() : units.service())
                        .lines()
                        .toList();
            } catch (Failure notForToday) {
                return List.of();
            }
        }
    }

    @Command(
            name = "verify",
            description = "Read every file of one, or of all, and say what is not as it was built.")
    static final class Verify extends OnShelf {

        @Parameters(paramLabel = "ID", arity = "0..1", description = ID + " Default: all.")
        @Nullable
        private String id;

        Verify(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            Config config = project.withoutHosts(wiring);
            ReleaseShelf shelf = BuildOptions.shelf(config, wiring);
            List<ReleaseId> ids = id == null ? shelf.all() : List.of(shelf.get(id).id());
            List<ReleaseProblem> problems = new ArrayList<>();
            Signer signer = new Signer(Path.of(""), config.names().unit());
            for (ReleaseId each : ids) {
                Release release = shelf.open(each);
                List<String> odd = new ArrayList<>(shelf.verify(each));
                if (release.signed() && !signer.holds(release)) {
                    odd.add("its signature is not one of its manifest");
                }
                if (odd.isEmpty()) {
                    String signed = release.signed() ? " and signed" : "";
                    wiring.out().println(each + "  is as it was built" + signed);
                } else {
                    problems.add(
                            new ReleaseProblem.Damaged(release.folder(), String.join("; ", odd)));
                }
            }
            wiring.out().flush();
            if (!problems.isEmpty()) {
                throw new Failure(problems);
            }
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "export",
            description =
                    "Write one as a tar.gz that any tar unpacks. The same release always makes the"
                            + " same file.")
    static final class Export extends OnShelf {

        @Parameters(index = "0", paramLabel = "ID", description = ID)
        private String id = "";

        @Parameters(
                index = "1",
                paramLabel = "FILE",
                description = "Where to; replaced if it is there.")
        private Path file = Path.of("");

        Export(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException {
            Release release = shelf().get(id);
            Path to = wiring.folder().resolve(file).normalize();
            Tarball.write(release, to);
            wiring.out().println(release.id() + "  " + Words.bytes(Files.size(to)) + "  " + to);
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
    }

    @Command(
            name = "import",
            description =
                    "Take in one that was made elsewhere: a tar.gz of mix release, or one that was"
                            + " exported. The same file is the same release.")
    static final class Import extends OnShelf {

        @Parameters(paramLabel = "FILE", description = "The tar.gz.")
        private Path file = Path.of("");

        @Mixin private final ArtifactOptions artifact = new ArtifactOptions();

        Import(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            Config config = project.withoutHosts(wiring);
            ConsoleLog log = wiring.log(false);
            Release release =
                    BuildOptions.signed(config, artifact.takeIn(config, wiring, file, log), log);
            log.clear();
            wiring.out().println(release.id() + "  " + Words.bytes(release.size()));
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
    }

    @Command(name = "prune", description = "Remove old ones from this machine; hosts keep theirs.")
    static final class Prune extends OnShelf {

        @Spec private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--keep",
                paramLabel = "N",
                description = "How many to keep, the newest. Default: 10.")
        private int keep = 10;

        @Option(
                names = {"-n", "--dry-run"},
                description = "Remove nothing; only say what would be removed.")
        private boolean dryRun;

        Prune(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() throws IOException {
            if (keep < 1) {
                throw new ParameterException(spec.commandLine(), "--keep must be at least 1.");
            }
            ReleaseShelf shelf = shelf();
            for (ReleaseId each : shelf.all().stream().skip(keep).toList()) {
                if (!dryRun) {
                    shelf.remove(each);
                }
                wiring.out().println((dryRun ? "would remove  " : "removed  ") + each);
            }
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
    }
}
