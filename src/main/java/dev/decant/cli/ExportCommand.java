package dev.decant.cli;

import dev.decant.aws.Bucket;
import dev.decant.aws.CodeDeploy;
import dev.decant.bundle.AnsibleProject;
import dev.decant.bundle.Bundle;
import dev.decant.bundle.UserData;
import dev.decant.config.Config;
import dev.decant.config.SourceConfig;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Release;
import dev.decant.store.ReleaseStore;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.Words;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        line.addSubcommand(new OfCodeDeploy(wiring));
        line.addSubcommand(new OfUserData(wiring));
        return line;
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
            check(config);
            ConsoleLog log = wiring.log(release.build.verbose);
            Release wanted = BuildOptions.signed(config, release.release(config, wiring, log), log);
            export(config, wanted, log);
            return ExitStatus.DONE.number();
        }

        /// Before anything is built for it.
        void check(Config config) {}

        abstract void export(Config config, Release wanted, ConsoleLog log) throws Exception;

        /// Who makes it, as the bundle says it.
        final Bundle.About about(Config config) throws IOException {
            return about(config, wiring);
        }

        static Bundle.About about(Config config, Wiring wiring) throws IOException {
            return new Bundle.About(wiring.owner(), SetupCommand.signers(config));
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
                        + " rollback, setup. It has no secrets. docs/how-to/ansible.md has more.")
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

    @Command(
            name = "codedeploy",
            description =
                    "Write a revision for AWS CodeDeploy, which needs nothing but its agent on the"
                            + " instances. It has no secrets.")
    static final class OfCodeDeploy extends Exporting {

        @Option(
                names = "--to",
                paramLabel = "FILE.tgz|FOLDER",
                description =
                        "Where to, as an archive or, where the name has no such end, as a folder."
                                + " Default: revision.tgz, or nowhere with --push.")
        private @Nullable Path to;

        @Option(
                names = "--push",
                paramLabel = "s3://BUCKET/PREFIX/",
                arity = "0..1",
                fallbackValue = "",
                description =
                        "Put it into that bucket. Without a value: that of [codedeploy] in"
                                + " decant.toml.")
        private @Nullable String push;

        @Spec private CommandSpec spec = CommandSpec.create();

        private Optional<Bucket.Place> place = Optional.empty();

        OfCodeDeploy(Wiring wiring) {
            super(wiring);
        }

        @Override
        void check(Config config) {
            if (push != null) {
                place = Optional.of(Revisions.place(config, push, spec.commandLine()));
            }
        }

        @Override
        void export(Config config, Release wanted, ConsoleLog log) throws Exception {
            noteSecrets(config, log);
            try (Revisions made = Revisions.make(config, wanted, about(config), log)) {
                Path target =
                        wiring.folder()
                                .resolve(to == null ? Path.of("revision.tgz") : to)
                                .normalize();
                boolean kept = to != null || push == null;
                if (kept) {
                    made.keep(config, wanted, about(config), target);
                }
                Optional<CodeDeploy.Stored> stored = Optional.empty();
                if (place.isPresent()) {
                    stored = Optional.of(made.push(config, place.get()));
                }
                log.clear();
                print(wanted, made.size(), kept ? Optional.of(target) : Optional.empty(), stored);
            }
        }

        private void print(
                Release wanted, long bytes, Optional<Path> at, Optional<CodeDeploy.Stored> stored) {
            if (output.json) {
                Map<String, Object> json =
                        Json.ordered("release", wanted.id().value(), "bytes", bytes);
                at.ifPresent(path -> json.put("path", path.toString()));
                stored.ifPresent(each -> json.putAll(Revisions.json(each)));
                Json.print(wiring.out(), json);
                return;
            }
            String what = wanted.id() + "  " + Words.bytes(bytes) + "  ";
            at.ifPresent(path -> wiring.out().println(what + path));
            stored.ifPresent(each -> wiring.out().println(what + Revisions.url(each)));
            wiring.out().flush();
        }
    }

    @Command(
            name = "user-data",
            description =
                    "Print a program for new machines, such as cloud-init's user data: it has them"
                            + " serve what is current in the release store, from the first boot"
                            + " on.")
    static final class OfUserData implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Option(
                names = "--url",
                paramLabel = "URL",
                description =
                        "Where machines ask without credentials for what is below the app's name in"
                                + " the store, such as a CDN or a proxy. Default: the bucket, with"
                                + " those of the machine's role.")
        private @Nullable URI url;

        @Option(
                names = "--migrate",
                description =
                        "Machines run migrations when they install a release. Otherwise decant"
                                + " deploy has done so.")
        private boolean migrate;

        OfUserData(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws IOException {
            Config config = project.withoutHosts(wiring);
            try (ReleaseStore store = StoreCommand.store(config)) {
                wiring.out()
                        .print(
                                UserData.of(
                                        store,
                                        config,
                                        new UserData.About(
                                                Optional.ofNullable(url),
                                                migrate,
                                                SetupCommand.signers(config))));
            }
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
    }
}
