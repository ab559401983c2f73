package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.decant.Golden;
import dev.decant.build.Pipeline;
import dev.decant.exec.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What `decant build --print-ci` prints. None of the services can be had here: what is printed is
/// read as YAML, its scripts by a shell, and its `decant` commands by Decant itself.
class PipelineGoldenTest {

    private static final String PLAIN =
            "app = \"shop_web\"\n[hosts.web1]\naddress = \"web1.example.com\"\n";
    private static final String ALL =
            """
            app = "shop_web"
            secrets = ["DATABASE_URL", "SECRET_KEY_BASE"]
            signing_key = "~/.ssh/id_ed25519.pub"
            [ssh]
            user = "ship"
            port = 2222
            [build]
            tests = true
            [toolchain]
            platform = "ubuntu-24.04"
            [environments.staging]
            hosts.staging = {}
            [environments.production]
            hosts.web1 = { address = "10.0.0.1" }
            hosts.web2 = { address = "10.0.0.2" }
            """;

    @TempDir private Path folder = Path.of("");

    private Path project(String below, String toml, String versions) throws Exception {
        Path project = Files.createDirectories(folder.resolve(below));
        Files.writeString(project.resolve("decant.toml"), toml);
        if (!versions.isEmpty()) {
            Files.writeString(folder.resolve(".tool-versions"), versions);
        }
        for (String words :
                List.of(
                        "init -q",
                        "add -A",
                        "-c user.name=a -c user.email=a@b commit -q --no-gpg-sign -m x")) {
            assertThat(Program.of(("git " + words).split(" ")).in(folder).run().ok()).isTrue();
        }
        return project;
    }

    private static String printed(Path project, String... words) {
        List<String> all = new ArrayList<>(List.of("build"));
        all.addAll(List.of(words));
        Decant ran = Decant.run(project, all.toArray(String[]::new));
        assertThat(ran.status()).as(ran.err()).isZero();
        return ran.out();
    }

    private void check(Pipeline pipeline, String name, String printed) throws Exception {
        assertThat(commands(pipeline, name, printed))
                .anyMatch(line -> line.startsWith("decant build"))
                .anyMatch(line -> line.startsWith("decant release export"))
                .anyMatch(line -> line.startsWith("decant deploy") && line.contains("--artifact"));
    }

    /// Those of Decant, each of which it knows.
    private List<String> commands(Pipeline pipeline, String name, String printed) throws Exception {
        Golden.check(Golden.folder("ci").resolve(pipeline + "-" + name + ".yml"), printed);
        assertThat(printed).doesNotContain("@@").doesNotContainPattern("@[A-Z]+@");
        Object yaml = new Load(LoadSettings.builder().build()).loadFromString(printed);
        List<String> scripts = new ArrayList<>();
        scripts(yaml, scripts);
        List<String> commands = new ArrayList<>();
        for (String script : scripts) {
            assertThat(Program.of("sh", "-n").input(script).run().err()).as(script).isEmpty();
            script.lines()
                    .map(line -> line.strip().replaceFirst("^MIX_ENV=test ", ""))
                    .filter(line -> line.startsWith("decant "))
                    .forEach(commands::add);
        }
        assertThat(commands).allSatisfy(PipelineGoldenTest::isKnown);
        return commands;
    }

    /// What a service runs: a list of commands, or what stands at `run`.
    private static void scripts(Object yaml, List<String> found) {
        if (yaml instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> {
                        if (value instanceof String text && key.equals("run")) {
                            found.add(text);
                        } else if (value instanceof List<?> list
                                && List.of("script", "before_script", "commands").contains(key)) {
                            list.forEach(line -> found.add(line.toString()));
                        } else {
                            scripts(value, found);
                        }
                    });
        } else if (yaml instanceof List<?> list) {
            list.forEach(item -> scripts(item, found));
        }
    }

    private static void isKnown(String line) {
        String[] words = line.replace("\"", "").substring("decant ".length()).split(" ");
        Wiring nowhere =
                new Wiring(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(new StringWriter()),
                        Map.of(),
                        false,
                        Path.of(""));
        assertThatCode(() -> Main.commandLine(nowhere, words).parseArgs(words))
                .as(line)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void a_pipeline_tests_builds_and_deploys(Pipeline pipeline) throws Exception {
        Path project = project("", PLAIN, "erlang 27.1.2\nelixir 1.17.3-otp-27\n");

        check(pipeline, "plain", printed(project, "--print-ci", pipeline.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void it_knows_the_environment_its_secrets_and_where_the_project_is(Pipeline pipeline)
            throws Exception {
        Path project = project("apps/web", ALL, "erlang 27.1.2\nelixir 1.17.3-otp-27\n");

        check(
                pipeline,
                "all",
                printed(project, "-e", "production", "--print-ci", pipeline.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void an_app_of_erlangs_is_tested_by_rebar3_and_needs_no_elixir(Pipeline pipeline)
            throws Exception {
        Path project = project("", "kind = \"rebar3\"\n" + PLAIN, "erlang 27.1.2\n");

        check(pipeline, "rebar3", printed(project, "--print-ci", pipeline.toString()));
    }

    @Test
    void codebuild_hands_to_codedeploy_what_is_codedeploys_to_deploy() throws Exception {
        Path project =
                project(
                        "",
                        """
                        app = "shop_web"
                        hosts = "elsewhere"
                        secrets = ["DATABASE_URL"]
                        signing_key = "~/.ssh/id_ed25519.pub"
                        [codedeploy]
                        application = "shop"
                        group = "production"
                        bucket = "shop-revisions"
                        """,
                        "erlang 27.1.2\nelixir 1.17.3-otp-27\n");

        String printed = printed(project, "--print-ci", "codebuild");

        assertThat(commands(Pipeline.CODEBUILD, "revision", printed))
                .anyMatch(line -> line.startsWith("decant build"))
                .anyMatch(line -> line.startsWith("decant export codedeploy"))
                .anyMatch(line -> line.matches("decant codedeploy deploy .*--watch.*"));
        assertThat(printed).doesNotContain("DATABASE_URL", "DEPLOY_SSH_KEY");
    }

    @Test
    void what_it_is_to_be_built_with_has_to_be_known() throws Exception {
        Path project = project("", PLAIN, "erlang system\nelixir 1.17.3-otp-27\n");

        Decant ran = Decant.run(project, "build", "--print-ci", "github");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains(
                        "Which erlang a machine of CI is to build with is not known.", "'system'");
    }
}
