package dev.decant.cli;

import dev.decant.config.ConfigReader;
import dev.decant.config.Kind;
import dev.decant.io.Trees;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.FoundProject;
import dev.decant.ui.TextDiff;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

@Command(
        name = "init",
        description =
                "Write a decant.toml for the project in this folder: of Mix or rebar3, or a"
                    + " starting point for one of Go, Maven, Gradle or npm. Its files are read and"
                    + " never run. What else they lack is shown as a diff.")
final class InitCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "HOST",
            description = "Hosts to deploy to: names or addresses.")
    private List<String> hosts = List.of();

    @Option(names = "--force", description = "Replace a decant.toml that is there.")
    private boolean force;

    @Option(
            names = "--release",
            paramLabel = "NAME",
            description = "Which release, where mix.exs or rebar.config has several.")
    private @Nullable String release;

    @Option(
            names = "--write",
            description =
                    "Also make the changes that the diff shows, such as to mix.exs and"
                            + " config/runtime.exs. A decant.toml that is there stays as it is.")
    private boolean write;

    @Option(names = "--dry-run", description = "Print decant.toml and the diff, and write nothing.")
    private boolean dryRun;

    InitCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    /// @param file that would be replaced
    record ConfigExists(Path file) implements Problem {
        @Override
        public String id() {
            return "config-exists";
        }

        @Override
        public String what() {
            return "There is a decant.toml here already.";
        }

        @Override
        public List<String> why() {
            return List.of(file.toString());
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant config              shows what it says",
                    "decant init --force        replaces it");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.REFUSED;
        }
    }

    @Override
    public Integer call() throws Exception {
        Path folder = project.folder(wiring);
        FoundProject found = FoundProject.in(folder, Optional.ofNullable(release));
        Path file = folder.resolve(ConfigReader.FILE_NAME);
        boolean kept = Files.exists(file) && !force;
        if (kept && !write && !dryRun) {
            throw new Failure(new ConfigExists(file));
        }
        for (String host : hosts) {
            if (!ConfigReader.isAddress(host)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "'"
                                + host
                                + "' is no host. Give a name or an address only: the user is"
                                + " ssh.user in decant.toml, the port ssh.port.");
            }
        }
        String text = text(found);
        if (dryRun) {
            wiring.out().print(text);
        } else if (!kept) {
            Trees.write(file, text.getBytes(StandardCharsets.UTF_8));
            // What was written must be right: read it as any command will.
            ConfigReader.read(folder, Optional.empty());
            wiring.out().println("Wrote " + file);
        }
        found.found().forEach(line -> wiring.err().println("Found    " + line));
        found.assumed().forEach(line -> wiring.err().println("Assumed  " + line));
        wiring.err().flush();
        for (FoundProject.Edit edit : found.edits()) {
            edit(folder, edit);
        }
        advice(found, kept).forEach(line -> wiring.out().println("  " + line));
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }

    private void edit(Path folder, FoundProject.Edit edit) throws IOException {
        if (write && !dryRun) {
            Path file = folder.resolve(edit.file());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Trees.write(file, edit.after().getBytes(StandardCharsets.UTF_8));
            wiring.out().println("Wrote " + file + ", " + edit.reason());
            return;
        }
        // As git apply takes it.
        wiring.out().println();
        wiring.out().println(edit.file() + " lacks this, " + edit.reason() + ":");
        wiring.out().println(edit.before().isEmpty() ? "--- /dev/null" : "--- a/" + edit.file());
        wiring.out().println("+++ b/" + edit.file());
        TextDiff.of(edit.before().lines().toList(), edit.after().lines().toList()).stream()
                // That is what a new file is to git.
                .map(
                        line ->
                                edit.before().isEmpty()
                                        ? line.replaceFirst("^@@ -1,0 ", "@@ -0,0 ")
                                        : line)
                .forEach(wiring.out()::println);
    }

    private String text(FoundProject found) {
        StringBuilder toml =
                new StringBuilder(
                        """
                        # How Decant deploys this app. Every setting, explained:  decant config --reference

                        app = "%s"
                        """
                                .formatted(found.app()));
        found.release()
                .filter(name -> !name.equals(found.app()))
                .ifPresent(name -> toml.append("release = \"").append(name).append("\"\n"));
        if (found.kind() != Kind.MIX) {
            toml.append("kind = \"%s\"\n".formatted(found.kind().name().toLowerCase(Locale.ROOT)));
        }
        migrate(toml, found);
        if (!found.secrets().isEmpty()) {
            toml.append(
                    "\n"
                            + "# config/runtime.exs wants these. Their values come from your"
                            + " environment when you deploy.\n");
            toml.append("secrets = [")
                    .append(
                            found.secrets().stream()
                                    .map(name -> "\"" + name + "\"")
                                    .collect(Collectors.joining(", ")))
                    .append("]\n");
        }
        List<String> wanted = hosts.isEmpty() ? List.of("web1.example.com") : hosts;
        for (String host : wanted) {
            String name = wanted.size() == 1 ? "web1" : host.replaceAll("[:%]", "-");
            toml.append("\n[hosts.")
                    .append(name.matches("[A-Za-z0-9_-]+") ? name : "\"" + name + "\"")
                    .append("]\naddress = \"")
                    .append(host)
                    .append("\"\n");
        }
        if (!found.env().isEmpty()) {
            toml.append("\n# What visitors type.\n[env]\n");
            found.env()
                    .forEach(
                            name ->
                                    toml.append(name)
                                            .append(" = \"")
                                            .append(wanted.getFirst())
                                            .append("\"\n"));
        }
        found.program().ifPresent(program -> toml.append("\n[build]\n").append(program.build()));
        toml.append("\n[service]\n");
        found.program().ifPresent(program -> toml.append(program.start()));
        toml.append(
                """
                port = 4000

                # Where the world connects to the host itself: then nobody notices a deploy.
                # [public]
                # ports = ["80:4000"]

                [health]
                path = "%s"
                """
                        .formatted(found.healthPath().orElse("/")));
        if (!found.headers().isEmpty()) {
            toml.append("# Or force_ssl answers that the page is elsewhere.\nheaders = [")
                    .append(
                            found.headers().stream()
                                    .map(header -> "\"" + header + "\"")
                                    .collect(Collectors.joining(", ")))
                    .append("]\n");
        }
        found.program()
                .filter(program -> !program.hardening().isEmpty())
                .ifPresent(program -> toml.append('\n').append(program.hardening()));
        return toml.toString();
    }

    /// What the diff would add is there only once it is made.
    private void migrate(StringBuilder toml, FoundProject found) {
        if (found.migrate().isPresent() || (write && found.offered().isPresent())) {
            toml.append(
                    """

                    # Run once for each deploy, before any host switches.
                    migrate = "%s"
                    """
                            .formatted(found.migrate().or(found::offered).orElseThrow()));
        } else if (found.offered().isPresent()) {
            toml.append(
                    """

                    # Run once for each deploy, before any host switches; once there is that module.
                    # migrate = "%s"
                    """
                            .formatted(found.offered().get()));
        }
    }

    private List<String> advice(FoundProject found, boolean kept) {
        List<String> lines = new ArrayList<>();
        if (!found.edits().isEmpty() && (!write || dryRun)) {
            wiring.out().println();
            lines.add(
                    "decant init --write        makes these changes (and leaves decant.toml as it"
                            + " is)");
        }
        if (kept && write && found.offered().isPresent()) {
            lines.add(
                    "decant.toml is as it was. It could say:  migrate = \""
                            + found.offered().get()
                            + "\"");
        }
        if (!kept && hosts.isEmpty()) {
            lines.add("Put your host in place of web1.example.com.");
        }
        if (write && !found.edits().isEmpty() && !dryRun) {
            lines.add("Look at it:  git diff  and commit it: what is deployed is the commit.");
        }
        if (!dryRun) {
            lines.add("Then:  decant setup  and  decant deploy");
        }
        return lines;
    }
}
