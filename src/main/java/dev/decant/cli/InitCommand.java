package dev.decant.cli;

import dev.decant.config.BuildConfig;
import dev.decant.config.ConfigReader;
import dev.decant.config.Kind;
import dev.decant.io.Trees;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.MixProject;
import dev.decant.project.ProjectProblem;
import dev.decant.project.RebarProject;

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
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "init",
        description =
                "Write a decant.toml for the project in this folder, of Mix or rebar3, whose files"
                        + " are read and never run.")
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
        Kind kind = Kind.of(folder);
        Found found = kind == Kind.MIX ? mix(folder) : rebar(folder);
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
        Trees.write(file, text(kind, found).getBytes(StandardCharsets.UTF_8));
        // What was written must be right: read it as any command will.
        ConfigReader.read(folder, Optional.empty());
        wiring.out().println("Wrote " + file);
        for (String advice : found.advice()) {
            wiring.out().println("  " + advice);
        }
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }

    /// What a project's files say.
    ///
    /// @param migrate an expression
    /// @param advice on what is to be done besides
    private record Found(
            String app,
            String release,
            Optional<String> migrate,
            List<String> secrets,
            Optional<String> healthPath,
            List<String> advice) {}

    private Found mix(Path folder) throws IOException {
        MixProject mix = MixProject.read(folder);
        String app = named(mix.app(), folder.resolve("mix.exs"), "app: :a_name");
        return new Found(
                app,
                mix.releases().stream().findFirst().orElse(app),
                mix.migrator().map(module -> module + ".migrate()"),
                mix.secrets(),
                mix.healthPath(),
                advice(
                        "mix.exs",
                        mix.releases(),
                        mix.makesTarball()
                                ? Optional.empty()
                                : Optional.of(
                                        "mix.exs makes no tarball yet; add:  releases: ["
                                                + app
                                                + ": [steps: [:assemble, :tar]]]")));
    }

    private Found rebar(Path folder) throws IOException {
        RebarProject rebar = RebarProject.read(folder, BuildConfig.MIX_ENV);
        String release =
                named(
                        rebar.releases().stream().findFirst(),
                        folder.resolve(RebarProject.FILE_NAME),
                        "{release, {a_name, …}, …}");
        boolean one = rebar.apps().size() == 1;
        return new Found(
                one ? rebar.apps().getFirst() : release,
                release,
                Optional.empty(),
                List.of(),
                rebar.healthPath(),
                advice(RebarProject.FILE_NAME, rebar.releases(), Optional.empty()));
    }

    private static String named(Optional<String> name, Path file, String looked) {
        return name.filter(it -> it.matches("[a-z][a-zA-Z0-9_]*"))
                .orElseThrow(
                        () ->
                                new Failure(
                                        new ProjectProblem.NoName(
                                                file,
                                                "Looked for  "
                                                        + looked
                                                        + "  and did not find it.")));
    }

    private String text(Kind kind, Found found) {
        StringBuilder toml =
                new StringBuilder(
                        """
                        # How Decant deploys this app. Every setting, explained:  decant config --reference

                        app = "%s"
                        """
                                .formatted(found.app()));
        if (!found.release().equals(found.app())) {
            toml.append("release = \"").append(found.release()).append("\"\n");
        }
        if (kind == Kind.REBAR3) {
            toml.append("kind = \"rebar3\"\n");
        }
        found.migrate()
                .ifPresent(
                        expression ->
                                toml.append(
                                        """

                                        # Run once for each deploy, before any host switches.
                                        migrate = "%s"
                                        """
                                                .formatted(expression)));
        if (!found.secrets().isEmpty()) {
            toml.append(
                    "\n"
                            + "# config/runtime.exs wants these. Their values come from your"
                            + " environment when you deploy.\n");
            toml.append("secrets = [")
                    .append(
                            String.join(
                                    ", ",
                                    found.secrets().stream()
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
                        .formatted(found.healthPath().orElse("/")));
        return toml.toString();
    }

    private List<String> advice(String file, List<String> releases, Optional<String> tarball) {
        ArrayList<String> lines = new ArrayList<>();
        if (hosts.isEmpty()) {
            lines.add("Put your host in place of web1.example.com.");
        }
        tarball.ifPresent(lines::add);
        if (releases.size() > 1) {
            lines.add(
                    file
                            + " has several releases ("
                            + String.join(", ", releases)
                            + "); the first was taken.");
        }
        lines.add("Then:  decant setup  and  decant deploy");
        return lines;
    }
}
