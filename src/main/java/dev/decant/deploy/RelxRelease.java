package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.Kind;
import dev.decant.problem.Failure;
import dev.decant.release.Release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What units need of a release that relx has made, beyond its files.
public final class RelxRelease {

    private static final Pattern NAME =
            Pattern.compile("(?m)^-name[ \t]+\\$\\{RELEASE_NODE(:-.*)?}");
    private static final Pattern COOKIE =
            Pattern.compile("(?m)^-setcookie[ \t]+\\$\\{RELEASE_COOKIE(:-.*)?}");

    private RelxRelease() {}

    /// @throws Failure with a [DeployProblem] where its script is another, or others are to connect
    ///   to an app that would be another node than they look for
    public static void mustFit(Config config, Release release) throws IOException {
        if (config.kind() != Kind.REBAR3) {
            return;
        }
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
