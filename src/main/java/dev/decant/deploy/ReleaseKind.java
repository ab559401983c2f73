package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.GenericConfig;
import dev.decant.config.Kind;
import dev.decant.problem.Failure;
import dev.decant.release.Release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What units need of a release, which know by decant.toml what kind it is of.
public final class ReleaseKind {

    private static final Pattern NAME =
            Pattern.compile("(?m)^-name[ \t]+\\$\\{RELEASE_NODE(:-.*)?}");
    private static final Pattern COOKIE =
            Pattern.compile("(?m)^-setcookie[ \t]+\\$\\{RELEASE_COOKIE(:-.*)?}");

    private ReleaseKind() {}

    /// @throws Failure with a [DeployProblem] where it is of another kind, what is started is not
    ///   in it, or others are to connect to an app that would be another node than they look for
    public static void mustFit(Config config, Release release) throws IOException {
        boolean hasErlang = !release.manifest().erts().isEmpty();
        if (hasErlang != config.kind().hasErlang()) {
            throw new Failure(
                    new DeployProblem.OtherKind(release.id().value(), hasErlang, config.kind()));
        }
        Optional<String> program = config.generic().flatMap(GenericConfig::program);
        if (program.isPresent() && !Files.isRegularFile(release.tree().resolve(program.get()))) {
            throw new Failure(new DeployProblem.LacksProgram(release.id().value(), program.get()));
        }
        if (config.kind() == Kind.REBAR3) {
            mustBeRelx(config, release);
        }
    }

    private static void mustBeRelx(Config config, Release release) throws IOException {
        String script = "bin/" + config.names().release();
        if (!text(release, script).contains("console_clean")) {
            throw new Failure(new DeployProblem.NoRelxScript(script));
        }
        if (config.service().distribution().isPresent()) {
            mustBeNamed(config, release);
        }
    }

    /// @return empty where there is no such file
    private static String text(Release release, String file) throws IOException {
        Path path = release.tree().resolve(file);
        return Files.isRegularFile(path)
                ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                : "";
    }

    private static void mustBeNamed(Config config, Release release) throws IOException {
        // What relx makes of it is where relx would have read it otherwise.
        String file =
                "releases/"
                        + release.manifest().version()
                        + (config.env().containsKey("RELX_REPLACE_OS_VARS")
                                ? "/vm.args"
                                : "/vm.args.src");
        String text = text(release, file);
        List<String> lacks = new ArrayList<>();
        if (!NAME.matcher(text).find()) {
            lacks.add("-name ${RELEASE_NODE}");
        }
        if (!COOKIE.matcher(text).find()) {
            lacks.add("-setcookie ${RELEASE_COOKIE}");
        }
        if (!lacks.isEmpty()) {
            throw new Failure(new DeployProblem.OwnNodeName(file, !text.isEmpty(), lacks));
        }
    }
}
