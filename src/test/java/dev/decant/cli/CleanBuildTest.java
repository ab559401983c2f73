package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What earlier builds have left makes a build faster, and is not to be seen in a release.
class CleanBuildTest {

    private static final String APP = "app = \"shop\"\n[hosts.web1]\n[build]\n";

    /// A project of an umbrella, or one by itself.
    private static final String MIX =
            """
            defmodule %s.MixProject do
              use Mix.Project

              def project do
                [app: :%s, version: "0.1.0", deps: [%s], aliases: aliases(), %s]
              end

              defp aliases, do: [%s]
            end
            """;

    private static final String ALONE = "releases: [shop: [steps: [:assemble, :tar]]]";

    private SampleProject project;

    @BeforeEach
    void create() throws Exception {
        assumeTrue(Program.find("mix").isPresent(), "no Elixir here");
        project = SampleProject.empty().file("mix.lock", "%{\n}\n").file(".gitignore", "/deps/\n");
    }

    @AfterEach
    void tidy() throws Exception {
        if (project != null) {
            project.close();
        }
    }

    private void alone(String aliases) throws Exception {
        project.file("mix.exs", MIX.formatted("Shop", "shop", "", ALONE, aliases))
                .file("lib/shop.ex", "defmodule Shop do\n  def one, do: 1\nend\n")
                .config(APP);
    }

    /// With a bundler that needs a package, and names its output by a digest.
    private void npm(String folder) throws IOException {
        assumeTrue(Program.find("npm").isPresent(), "no npm here");
        project.file(
                        folder + "vendor/shout/package.json",
                        "{\"name\":\"shout\",\"version\":\"1.0.0\"}")
                .file(folder + "vendor/shout/index.js", "module.exports = s => s.toUpperCase()\n")
                .file(
                        folder + "assets/package.json",
                        "{\"devDependencies\":{\"shout\":\"file:../vendor/shout\"}}")
                .file(
                        folder + "assets/package-lock.json",
                        """
                        {"lockfileVersion": 3, "requires": true, "packages": {
                          "": {"devDependencies": {"shout": "file:../vendor/shout"}},
                          "../vendor/shout": {"version": "1.0.0", "dev": true},
                          "node_modules/shout": {"resolved": "../vendor/shout", "link": true}}}
                        """)
                .file(
                        folder + "assets/bundle.js",
                        """
                        const fs = require('fs'), shout = require('shout')
                        const text = shout(fs.readFileSync('app.js', 'utf8'))
                        const sum = require('crypto').createHash('md5').update(text).digest('hex')
                        fs.mkdirSync('../priv/static', {recursive: true})
                        fs.writeFileSync(`../priv/static/app-${sum.slice(0, 4)}.js`, text)
                        """)
                .file(folder + "assets/app.js", "hello\n");
    }

    private static final String BUNDLE = "\"assets.deploy\": [\"cmd --cd assets node bundle.js\"]";

    private record Built(JsonNode release, String err) {

        Path tree() {
            return Path.of(release.get("folder").asString()).resolve("tree");
        }

        /// Digests of all files, names and modes with them.
        String files() throws IOException {
            return Files.readString(tree().resolveSibling("files"));
        }

        List<String> below(String folder) throws IOException {
            try (Stream<Path> list = Files.walk(tree().resolve(folder))) {
                return list.filter(Files::isRegularFile)
                        .map(file -> file.getFileName().toString())
                        .sorted()
                        .toList();
            }
        }

        String text(String file) throws IOException {
            return Files.readString(tree().resolve(file));
        }
    }

    private Built build(String... options) throws Exception {
        project.commit();
        Ran ran =
                project.must(
                        Stream.concat(Stream.of("build", "--json"), Stream.of(options))
                                .toArray(String[]::new));
        return new Built(new JsonMapper().readTree(ran.out()), ran.err());
    }

    private Ran refused(String... words) throws Exception {
        project.commit();
        Ran ran = project.run("build");
        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains(words).contains("Next").doesNotContain("\tat ");
        return ran;
    }

    private static String log() throws IOException {
        return Files.readString(SampleProject.cache().resolve("decant/build/shop/prod/build.log"));
    }

    @Test
    void packages_of_npm_are_installed_once_for_a_lock_and_assets_are_made_anew() throws Exception {
        npm("");
        alone(BUNDLE);

        Built first = build();
        assertThat(first.err()).contains("build  npm", "build  assets");
        assertThat(first.below("lib/shop-0.1.0/priv/static")).hasSize(1);

        project.file("assets/app.js", "good bye\n");
        Built second = build();
        assertThat(second.err()).doesNotContain("build  npm").contains("build  assets");
        assertThat(second.below("lib/shop-0.1.0/priv/static"))
                .as("without the file of the build before")
                .hasSize(1)
                .isNotEqualTo(first.below("lib/shop-0.1.0/priv/static"));
        assertThat(log())
                .contains(
                        "# node v",
                        "# Elixir 1.",
                        "$ mix assets.deploy",
                        "# assets was done after");

        project.edit("assets/package.json", "{\"dev", "{\"private\":true,\"dev");
        Built third = build();
        assertThat(third.err()).contains("build  npm");

        Built clean = build("--clean");
        assertThat(clean.err()).contains("build  npm", "build  dependencies");
        assertThat(clean.files()).isEqualTo(third.files());
    }

    @Test
    void an_umbrellas_app_makes_its_assets_in_its_own_folder() throws Exception {
        npm("apps/shop_web/");
        project.file(
                        "mix.exs",
                        """
                        defmodule Umbrella.MixProject do
                          use Mix.Project

                          def project do
                            [apps_path: "apps", version: "0.1.0", deps: [], releases: [shop: [
                              applications: [shop_web: :permanent], steps: [:assemble, :tar]]]]
                          end
                        end
                        """)
                .file("config/config.exs", "import Config\n");
        String inside =
                "build_path: \"../../_build\", deps_path: \"../../deps\", lockfile:"
                        + " \"../../mix.lock\", config_path: \"../../config/config.exs\"";
        project.file("apps/shop/mix.exs", MIX.formatted("Shop", "shop", "", inside, ""))
                .file("apps/shop/lib/shop.ex", "defmodule Shop do\nend\n")
                .file(
                        "apps/shop_web/mix.exs",
                        MIX.formatted(
                                "ShopWeb",
                                "shop_web",
                                "{:shop, in_umbrella: true}",
                                inside,
                                BUNDLE))
                .file("apps/shop_web/lib/web.ex", "defmodule ShopWeb do\nend\n")
                .config(APP);

        Built built = build();

        assertThat(built.err()).contains("build  npm", "build  assets");
        assertThat(built.below("lib/shop_web-0.1.0/priv/static"))
                .singleElement()
                .satisfies(
                        name ->
                                assertThat(built.text("lib/shop_web-0.1.0/priv/static/" + name))
                                        .isEqualTo("HELLO\n"));
    }

    @Test
    void a_build_that_cannot_be_repeated_or_has_another_node_ends_before_it_compiles()
            throws Exception {
        npm("");
        alone(BUNDLE);
        project.file(".tool-versions", "nodejs 1.2.3\n");

        assertThat(refused(".tool-versions wants Node 1.2.3, and this machine has v").err())
                .doesNotContain("build  compile");

        Files.delete(project.folder().resolve("assets/package-lock.json"));

        assertThat(
                        refused(
                                        "assets/package.json names packages, and no"
                                                + " package-lock.json pins them",
                                        "npm install --package-lock-only --prefix assets")
                                .err())
                .doesNotContain("build  compile");
    }

    @Test
    void a_decant_toml_that_no_commit_has_yet_keeps_nobody_from_deploying() throws Exception {
        alone("");
        project.git("rm", "-q", "--cached", "decant.toml");
        project.git("commit", "-qm", "Without decant.toml");

        Ran ran = project.must("build");

        assertThat(ran.out()).doesNotContain("-dirty");
        assertThat(ran.err()).contains("decant.toml is in no commit yet");
        project.file("more.txt", "");
        assertThat(project.run("build").err()).contains("?? more.txt", "--dirty");
    }

    @Test
    void tests_come_first_and_leave_nothing_in_the_release() throws Exception {
        alone("");
        project.config(APP + "tests = true\n")
                .file("test/test_helper.exs", "ExUnit.start()\n")
                .file(
                        "test/shop_test.exs",
                        """
                        defmodule ShopTest do
                          use ExUnit.Case

                          test "one" do
                            File.mkdir_p!("priv")
                            File.write!("priv/left", "by a test")
                            File.write!("lib/shop.ex", "not Elixir")
                            assert Shop.one() == 2
                          end
                        end
                        """);

        Ran failed =
                refused(
                        "The build failed in its step 'tests'",
                        "Assertion with == failed",
                        "--no-tests");
        assertThat(failed.err()).doesNotContain("build  release");
        assertThat(build("--no-tests").err()).contains("The tests are left out");

        project.edit("test/shop_test.exs", "== 2", "== 1");
        Built built = build();

        assertThat(built.err()).contains("build  tests", "build  release");
        assertThat(built.tree().resolve("lib/shop-0.1.0/priv")).doesNotExist();
    }

    @Test
    void a_warning_ends_a_build_also_where_an_earlier_one_has_compiled_the_file() throws Exception {
        alone("");
        project.file("lib/warned.ex", "defmodule Warned do\n  def x(unused), do: 1\nend\n");
        build();

        project.config(APP + "warnings_as_errors = true\n")
                .file("lib/shop.ex", "defmodule Shop do\n  def one, do: 11\nend\n");
        refused("The build failed in its step 'compile'", "variable \"unused\" is unused");

        project.edit("lib/warned.ex", "unused", "_unused");
        assertThat(build().err()).contains("build  compile");
    }
}
