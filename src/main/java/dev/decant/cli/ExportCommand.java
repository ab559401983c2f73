package dev.decant.cli;

import dev.decant.bundle.AnsibleProject;
import dev.decant.bundle.Bundle;
import dev.decant.config.Config;
import dev.decant.config.SourceConfig;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Release;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.Words;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// Each of its commands is a class in here.
@Command(
        name = "export",
        description = "Hand a release over to something other than Decant that brings it to hosts.",
        synopsisSubcommandLabel = "COMMAND")
final class ExportCommand extends CommandGroup {

    private ExportCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new ExportCommand());
        line.addSubcommand(new OfBundle(wiring));
        line.addSubcommand(new OfAnsible(wiring));
        return line;
    }

    /// What all of them have.
    abstract static class Exporting implements Callable<Integer> {

        final Wiring wiring;

        @Mixin final ProjectOptions project = new ProjectOptions();

        @Mixin final ReleaseOptions release = new ReleaseOptions();

        @Mixin final OutputOptions output = new OutputOptions();

        Exporting(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public final Integer call() throws Exception {
            Config config = project.withoutHosts(wiring);
            ConsoleLog log = wiring.log(release.build.verbose);
            Release wanted = BuildOptions.signed(config, release.release(config, wiring, log), log);
            export(config, wanted, log);
            return ExitStatus.DONE.number();
        }

        abstract void export(Config config, Release wanted, ConsoleLog log) throws Exception;

        /// Who makes it, as the bundle says it.
        final Bundle.About about(Config config) throws IOException {
            return new Bundle.About(wiring.owner(), SetupCommand.signers(config));
        }

        /// Values that Decant would bring and a bundle does not.
        static void noteSecrets(Config config, ConsoleLog log) {
            List<String> asked =
                    config.sources().stream()
                            .filter(source -> !source.boot())
                            .map(SourceConfig::word)
                            .toList();
            if (!asked.isEmpty()) {
                log.note(
                        "Not asked for a bundle: [sources."
                                + String.join("], [sources.", asked)
                                + "]. Let hosts ask them (at = \"boot\"), or put the values on the"
                                + " hosts.");
            }
        }

        final void print(Release wanted, Path to) throws IOException {
            long bytes;
            try (Stream<Path> walk = Files.walk(to)) {
                bytes =
                        walk.filter(Files::isRegularFile)
                                .mapToLong(file -> file.toFile().length())
                                .sum();
            }
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered(
                                "release",
                                wanted.id().value(),
                                "bytes",
                                bytes,
                                "path",
                                to.toString()));
            } else {
                wiring.out().println(wanted.id() + "  " + Words.bytes(bytes) + "  " + to);
                wiring.out().flush();
            }
        }
    }

    @Command(
            name = "bundle",
            description =
                    "Write a folder that puts the release on whatever machine it is brought to:"
                            + " sh decant-bundle install. It has no secrets.")
    static final class OfBundle extends Exporting {

        @Option(
                names = "--to",
                paramLabel = "FOLDER",
                description = "Where to; replaced if it is a bundle. Default: ${DEFAULT-VALUE}.")
        private Path to = Path.of("bundle");

        OfBundle(Wiring wiring) {
            super(wiring);
        }

        @Override
        void export(Config config, Release wanted, ConsoleLog log) throws Exception {
            Path folder = wiring.folder().resolve(to).normalize();
            Bundle.write(config, wanted, about(config), folder);
            noteSecrets(config, log);
            log.clear();
            print(wanted, folder);
        }
    }

    @Command(
            name = "ansible",
            description =
                    "Write a role of Ansible's that has the release, and playbooks for it: deploy,"
                            + " rollback, setup. It has no secrets. docs/ansible.md has more.")
    static final class OfAnsible extends Exporting {

        @Option(
                names = "--to",
                paramLabel = "FOLDER",
                description =
                        "Where to: the role is replaced, playbooks and inventory are written where"
                                + " there are none. Default: ${DEFAULT-VALUE}.")
        private Path to = Path.of("ansible");

        OfAnsible(Wiring wiring) {
            super(wiring);
        }

        @Override
        void export(Config config, Release wanted, ConsoleLog log) throws Exception {
            Path folder = wiring.folder().resolve(to).normalize();
            AnsibleProject.Written written =
                    AnsibleProject.write(config, wanted, about(config), folder);
            noteSecrets(config, log);
            if (!written.kept().isEmpty()) {
                log.note(
                        "Kept as you have it: "
                                + String.join(", ", written.kept())
                                + ". Where it is gone, it is written anew.");
            }
            log.clear();
            print(wanted, written.role());
        }
    }
}
