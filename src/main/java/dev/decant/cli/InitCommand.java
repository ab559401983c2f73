package dev.decant.cli;

import dev.decant.config.ConfigReader;
import dev.decant.io.Trees;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.MixProject;
import dev.decant.project.ProjectProblem;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "init",
        description =
                "Write a decant.toml for the Mix project in this folder. mix.exs is read, never"
                        + " run.")
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
        MixProject mix = MixProject.read(folder);
        Path file = folder.resolve(ConfigReader.FILE_NAME);
        if (Files.exists(file) && !force) {
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
        String app =
                mix.app()
                        .filter(name -> name.matches("[a-z][a-zA-Z0-9_]*"))
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                new ProjectProblem.NoName(
                                                        folder.resolve("mix.exs"),
                                                        "Looked for  app: :a_name  and did not find"
                                                                + " it.")));
        Trees.write(file, text(mix, app).getBytes(StandardCharsets.UTF_8));
        // What was written must be right: read it as any command will.
        ConfigReader.read(folder, Optional.empty());
        wiring.out().println("Wrote " + file);
        for (String advice : advice(mix, app)) {
            wiring.out().println("  " + advice);
        }
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }

    private String text(MixProject mix, String app) {
        StringBuilder toml =
                new StringBuilder(
                        """
                        # How Decant deploys this app. Every setting, explained:  decant config --reference

                        app = "%s"
                        """
                                .formatted(app));
        if (!mix.releases().isEmpty() && !mix.releases().getFirst().equals(app)) {
            toml.append("release = \"").append(mix.releases().getFirst()).append("\"\n");
        }
        mix.migrator()
                .ifPresent(
                        module ->
                                toml.append(
                                        """

                                        # Run once for each deploy, before any host switches.
                                        migrate = "%s.migrate()"
                                        """
                                                .formatted(module)));
        if (!mix.secrets().isEmpty()) {
            toml.append(
                    "\n"
                            + "# config/runtime.exs wants these. Their values come from your"
                            + " environment when you deploy.\n");
            toml.append("secrets = [")
                    .append(
                            String.join(
                                    ", ",
                                    mix.secrets().stream()
                                            .map(name -> "\"" + name + "\"")
                                            .toList()))
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
        toml.append(
                """

                [service]
                port = 4000

                # Where the world connects to the host itself: then nobody notices a deploy.
                # [public]
                # ports = ["80:4000"]

                [health]
                path = "%s"
                """
                        .formatted(mix.healthPath().orElse("/")));
        return toml.toString();
    }

    private List<String> advice(MixProject mix, String app) {
        ArrayList<String> lines = new ArrayList<>();
        if (hosts.isEmpty()) {
            lines.add("Put your host in place of web1.example.com.");
        }
        if (!mix.makesTarball()) {
            lines.add(
                    "mix.exs makes no tarball yet; add:  releases: ["
                            + app
                            + ": [steps: [:assemble, :tar]]]");
        }
        if (mix.releases().size() > 1) {
            lines.add(
                    "mix.exs has several releases ("
                            + String.join(", ", mix.releases())
                            + "); the first was taken.");
        }
        lines.add("Then:  decant setup  and  decant deploy");
        return lines;
    }
}
