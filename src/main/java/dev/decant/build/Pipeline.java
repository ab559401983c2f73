package dev.decant.build;

import dev.decant.config.CodeDeployConfig;
import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.Kind;
import dev.decant.io.Template;
import dev.decant.problem.Failure;
import dev.decant.project.LockFile;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;
import dev.decant.project.ToolVersions;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Services that run a build and a deploy for each push, and what they are to be told.
public enum Pipeline {
    GITHUB(
            ".github/workflows/deploy.yml",
            "in the repository's settings under Secrets and variables, Actions",
            "          %1$s: ${{ secrets.%1$s }}\n",
            "      - name: test\n        run: |\n",
            "          %s\n"),
    GITLAB(
            ".gitlab-ci.yml",
            "in the project's settings under CI/CD, Variables, masked and protected",
            // All of a project's variables are in a job's environment.
            "",
            "",
            "    - %s\n"),
    CODEBUILD(
            "buildspec.yml",
            "in the parameter store; the first two below",
            "    %1$s: /%2$s/%1$s\n",
            "",
            "      - %s\n");

    /// Of Ubuntu, on which Erlang's builds are made: glibc 2.35 is older than Debian 12's.
    private static final String UBUNTU = "22.04";

    private static final Map<String, String> CODENAMES =
            Map.of("22.04", "jammy", "24.04", "noble", "26.04", "resolute");

    private static final String KEY = "SIGNING_KEY";

    private final String file;
    private final String settings;
    private final String secret;
    private final String beforeTests;
    private final String command;

    Pipeline(String file, String settings, String secret, String beforeTests, String command) {
        this.file = file;
        this.settings = settings;
        this.secret = secret;
        this.beforeTests = beforeTests;
        this.command = command;
    }

    /// Its name, as it is typed.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param in the project's folder in its repository, with a `/` behind; empty where they are
    ///   the same
    /// @param versions what the project is built with
    /// @throws Failure with [BuildProblem.VersionsUnknown] where no file names an exact one
    public String text(Config config, String in, ToolVersions versions) {
        LockFile lock =
                LockFile.of(config.kind())
                        .orElseThrow(() -> new Failure(new BuildProblem.NoPipeline(toString())));
        List<String> options = new ArrayList<>();
        if (!in.isEmpty()) {
            options.addAll(List.of("-C", in.substring(0, in.length() - 1)));
        }
        config.environment().ifPresent(name -> options.addAll(List.of("-e", name)));
        String folder = in.isEmpty() ? "" : " -C " + in.substring(0, in.length() - 1);
        String ubuntu =
                config.toolchain()
                        .platform()
                        .map(platform -> platform.replaceFirst("^ubuntu-", ""))
                        .filter(CODENAMES::containsKey)
                        .orElse(UBUNTU);
        boolean signs = config.signingKey().isPresent();
        boolean revision = this == CODEBUILD && handsToCodeDeploy(config.codeDeploy());
        Map<String, String> values = new HashMap<>();
        values.put("@CI@", toString());
        values.put("@FILE@", file);
        values.put("@SETTINGS@", settings);
        values.put("@APP@", config.names().unit());
        values.put("@IN@", in);
        values.put(
                "@VERSIONS@",
                Path.of(in).resolve(versions.files().getFirst()).normalize().toString());
        values.put("@ENVIRONMENT@", config.environment().orElse("production"));
        values.put("@OPTIONS@", options.stream().map(" "::concat).collect(Collectors.joining()));
        values.put("@TOOLS@", tools(config.kind(), versions));
        values.put("@LOCK@", lock.fileName());
        values.put("@UBUNTU@", ubuntu);
        values.put("@CODENAME@", CODENAMES.getOrDefault(ubuntu, ""));
        values.put("@USER@", config.ssh().user());
        values.put("@SCAN@", scan(config));
        values.put("@NEEDED@\n", needed(config, !revision));
        values.put(
                "@SECRETS@",
                revision
                        ? (signs ? "  parameter-store:\n" + secret(config, KEY) : "")
                        : secrets(config));
        values.put("@HAND@", hand(config.codeDeploy(), values.get("@OPTIONS@")));
        values.put("@KEY@", signs && this == GITHUB ? "        env:\n" + secret(config, KEY) : "");
        values.put("@SIGN@", signs ? sign() : "");
        values.put("@TESTS@", config.build().tests() ? "" : tests(config.kind(), folder));
        return Template.text(
                Pipeline.class, revision ? this + "-revision.yml" : this + ".yml", values);
    }

    private static boolean handsToCodeDeploy(CodeDeployConfig config) {
        return config.bucket().isPresent() || config.application().isPresent();
    }

    /// What brings a release to instances. Whoever has no group in decant.toml has it deployed by
    /// others.
    private String hand(CodeDeployConfig config, @Nullable String options) {
        String release = options + " --release \"$CODEBUILD_RESOLVED_SOURCE_VERSION\"";
        if (config.bucket().isEmpty()) {
            return "";
        }
        boolean deploys = config.application().isPresent() && config.group().isPresent();
        return command.formatted(
                deploys
                        ? "decant codedeploy deploy" + release + " --watch --every 10"
                        : "decant export codedeploy" + release + " --push");
    }

    private static String tools(Kind kind, ToolVersions versions) {
        return Tool.neededBy(kind).stream()
                .map(tool -> tool.word() + " " + exact(versions, tool))
                .collect(Collectors.joining(" and "));
    }

    private static String exact(ToolVersions versions, Tool tool) {
        ToolVersion version = versions.tools().get(tool);
        if (version == null || version.kind() != ToolVersion.Kind.EXACT) {
            throw new Failure(
                    new BuildProblem.VersionsUnknown(
                            tool.word(), version == null ? "" : version.text()));
        }
        return version.text();
    }

    private static String scan(Config config) {
        String port =
                config.ssh().port().isPresent() ? "-p " + config.ssh().port().getAsInt() + " " : "";
        return port
                + config.hosts().stream()
                        .filter(host -> !host.local())
                        .map(HostConfig::address)
                        .collect(Collectors.joining(" "));
    }

    private static String needed(Config config, boolean secrets) {
        return (config.kind() == Kind.REBAR3
                        ? "#   rebar3                     an executable of that name in the"
                                + " project's folder, committed\n"
                        : "")
                + (config.signingKey().isPresent()
                        ? "#   "
                                + KEY
                                + "                secret: a private key without a passphrase that"
                                + " hosts take releases of (signers in decant.toml)\n"
                        : "")
                + (config.secrets().isEmpty() || !secrets
                        ? ""
                        : "#   "
                                + String.join(", ", config.secrets())
                                + "\n#                              secret: for the app; hosts keep"
                                + " what they have, so that one without a value here stays as it"
                                + " is\n");
    }

    private String secrets(Config config) {
        return Stream.concat(
                        config.secrets().stream(),
                        config.signingKey().isPresent() ? Stream.of(KEY) : Stream.empty())
                .map(name -> secret(config, name))
                .collect(Collectors.joining());
    }

    private String secret(Config config, String name) {
        return secret.formatted(name, config.names().unit());
    }

    private String sign() {
        return Stream.of(
                        "(umask 077; printf '%s\\n' \"$" + KEY + "\" >/tmp/signing_key)",
                        "export DECANT_SIGNING_KEY=/tmp/signing_key")
                .map(command::formatted)
                .collect(Collectors.joining());
    }

    /// Where `decant build` does not run them itself.
    private String tests(Kind kind, String folder) {
        String exec = "decant toolchain exec" + folder + " --install -- ";
        List<String> commands =
                switch (kind) {
                    case MIX ->
                            List.of(
                                    exec + "mix local.hex --force --if-missing",
                                    exec + "mix local.rebar --force --if-missing",
                                    "MIX_ENV=test " + exec + "mix deps.get",
                                    "MIX_ENV=test " + exec + "mix test");
                    case REBAR3 -> List.of(exec + "./rebar3 do eunit, ct");
                    case GENERIC -> List.of();
                };
        return beforeTests
                + commands.stream().map(command::formatted).collect(Collectors.joining());
    }
}
