package dev.decant.cli;

import dev.decant.aws.Bucket;
import dev.decant.aws.CodeDeploy;
import dev.decant.aws.CodeDeployment;
import dev.decant.aws.Policy;
import dev.decant.config.CodeDeployConfig;
import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Release;
import dev.decant.ui.CodeDeployPrinter;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Each of its commands is a class in here.
@Command(
        name = "codedeploy",
        description = "Have AWS CodeDeploy bring a release to its instances.",
        synopsisSubcommandLabel = "COMMAND")
final class CodeDeployCommand extends CommandGroup {

    private CodeDeployCommand() {}

    static CommandLine of(Wiring wiring) {
        CommandLine line = new CommandLine(new CodeDeployCommand());
        line.addSubcommand(new Deploy(wiring));
        line.addSubcommand(new Watch(wiring));
        line.addSubcommand(new Rights(wiring));
        return line;
    }

    /// Which deployment group.
    static final class GroupOptions {

        @Option(
                names = "--application",
                paramLabel = "NAME",
                description = "Of CodeDeploy. Default: that of [codedeploy] in decant.toml.")
        private @Nullable String application;

        @Option(
                names = "--group",
                paramLabel = "NAME",
                description = "Its deployment group. Default: that of [codedeploy].")
        private @Nullable String group;

        @Spec(Spec.Target.MIXEE)
        private CommandSpec command = CommandSpec.create();

        CodeDeploy.Group of(CodeDeployConfig config) {
            return new CodeDeploy.Group(
                    named("application", application, config.application()),
                    named("group", group, config.group()));
        }

        private String named(String what, @Nullable String typed, Optional<String> written) {
            return Optional.ofNullable(typed)
                    .or(() -> written)
                    .orElseThrow(
                            () ->
                                    new ParameterException(
                                            command.commandLine(),
                                            "Which %s of CodeDeploy? Say --%s NAME, or '%s' in"
                                                            .formatted(what, what, what)
                                                    + " [codedeploy] of decant.toml."));
        }
    }

    /// How long from one look to the next.
    static final class LookOptions {

        @Option(
                names = "--every",
                paramLabel = "SECONDS",
                defaultValue = "5",
                description = "How often to look how it goes on. Default: ${DEFAULT-VALUE}.")
        private double seconds;

        Duration every() {
            return Duration.ofMillis(Math.max(100, Math.round(seconds * 1000)));
        }
    }

    /// Who hears of it: whoever wants JSON only of the end.
    private static CodeDeployPrinter printer(Wiring wiring, boolean json) {
        return new CodeDeployPrinter(json ? new PrintWriter(Writer.nullWriter()) : wiring.err());
    }

    @Command(
            name = "deploy",
            description =
                    "Push a release as a revision, and have CodeDeploy deploy it. An earlier"
                            + " release goes back.")
    static final class Deploy implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final ReleaseOptions release = new ReleaseOptions();

        @Mixin private final GroupOptions group = new GroupOptions();

        @Option(
                names = "--push",
                paramLabel = "s3://BUCKET/PREFIX/",
                description = "Where to. Default: the bucket of [codedeploy] in decant.toml.")
        private String push = "";

        @Option(
                names = "--watch",
                description =
                        "Wait until it has ended, and say what becomes of it on each instance; end"
                                + " with a status that says how it went.")
        private boolean watch;

        @Mixin private final LookOptions look = new LookOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        @Spec private CommandSpec spec = CommandSpec.create();

        Deploy(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config config = project.config(wiring);
            CodeDeploy.Group to = group.of(config.codeDeploy());
            Bucket.Place place = Revisions.place(config, push, spec.commandLine());
            ConsoleLog log = wiring.log(release.build.verbose);
            Release wanted = BuildOptions.signed(config, release.release(config, wiring, log), log);
            ExportCommand.noteSecrets(config, log);
            try (CodeDeploy codeDeploy = CodeDeploy.open(config.codeDeploy().aws())) {
                CodeDeploy.Stored stored;
                try (Revisions made =
                        Revisions.make(
                                config,
                                wanted,
                                ExportCommand.Exporting.about(config, wiring),
                                log)) {
                    stored = made.push(config, place);
                }
                String id =
                        codeDeploy.create(
                                to,
                                stored,
                                wanted.id() + ", by " + wiring.owner() + " with Decant");
                log.clear();
                Map<String, Object> json = Json.ordered("release", wanted.id().value());
                json.putAll(Revisions.json(stored));
                json.put("deployment", id);
                if (!output.json) {
                    wiring.out().println(id + "  " + wanted.id() + "  " + to);
                    wiring.out().flush();
                }
                if (watch) {
                    CodeDeployment ended =
                            codeDeploy.watch(id, look.every(), printer(wiring, output.json));
                    json.putAll(CodeDeployPrinter.json(ended));
                }
                if (output.json) {
                    Json.print(wiring.out(), json);
                }
                return ExitStatus.DONE.number();
            }
        }
    }

    @Command(
            name = "watch",
            description =
                    "Say how a deployment goes on until it has ended, as deploy --watch does.")
    static final class Watch implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Parameters(paramLabel = "DEPLOYMENT", description = "Such as d-A1B2C3D4E.")
        private String deployment = "";

        @Mixin private final LookOptions look = new LookOptions();

        @Mixin private final OutputOptions output = new OutputOptions();

        Watch(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() throws Exception {
            Config config = project.config(wiring);
            try (CodeDeploy codeDeploy = CodeDeploy.open(config.codeDeploy().aws())) {
                CodeDeployment ended =
                        codeDeploy.watch(deployment, look.every(), printer(wiring, output.json));
                if (output.json) {
                    Json.print(wiring.out(), CodeDeployPrinter.json(ended));
                }
                return ExitStatus.DONE.number();
            }
        }
    }

    /// Whose rights.
    enum Who {
        DEPLOYER,
        INSTANCE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            name = "policy",
            description =
                    "Print the IAM policy that whoever pushes and deploys needs, or that the role"
                            + " of the instances needs. No more is in it.")
    static final class Rights implements Callable<Integer> {

        private final Wiring wiring;

        @Mixin private final ProjectOptions project = new ProjectOptions();

        @Mixin private final GroupOptions group = new GroupOptions();

        @Parameters(
                paramLabel = "WHO",
                description = "${COMPLETION-CANDIDATES}: who pushes and deploys, or the instances.")
        private Who who = Who.DEPLOYER;

        @Option(
                names = "--account",
                paramLabel = "ID",
                required = true,
                description = "The AWS account, of 12 digits.")
        private String account = "";

        @Option(
                names = "--region",
                paramLabel = "REGION",
                description = "Default: that of [codedeploy] in decant.toml, or AWS_REGION.")
        private @Nullable String region;

        @Option(
                names = "--push",
                paramLabel = "s3://BUCKET/PREFIX/",
                description = "Where revisions are. Default: that of [codedeploy].")
        private String push = "";

        @Spec private CommandSpec spec = CommandSpec.create();

        Rights(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() {
            Config config = project.withoutHosts(wiring);
            if (!account.matches("[0-9]{12}")) {
                throw new ParameterException(
                        spec.commandLine(), "'" + account + "' is no account of 12 digits.");
            }
            Bucket.Place place = Revisions.place(config, push, spec.commandLine());
            Policy policy = new Policy(account, region(config.codeDeploy()));
            Map<String, Object> json =
                    switch (who) {
                        case DEPLOYER -> policy.deployer(place, group.of(config.codeDeploy()));
                        case INSTANCE -> policy.instance(place, config.bootSources());
                    };
            Json.print(wiring.out(), json);
            return ExitStatus.DONE.number();
        }

        private String region(CodeDeployConfig config) {
            return Optional.ofNullable(region)
                    .or(config.aws()::region)
                    .or(() -> Optional.ofNullable(wiring.environment().get("AWS_REGION")))
                    .orElseThrow(
                            () ->
                                    new ParameterException(
                                            spec.commandLine(),
                                            "In which region? Say --region NAME, or 'region' in"
                                                    + " [codedeploy] of decant.toml."));
        }
    }
}
