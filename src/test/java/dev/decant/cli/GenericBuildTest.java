package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.ConfigReader;
import dev.decant.exec.Program;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How releases of generic apps are made. What becomes of them on hosts is in [GenericLabTest].
class GenericBuildTest {

    private static final String CONFIG =
            """
            app = "bell"
            kind = "generic"
            [build]
            command = ["./make-it", "two words"]
            output = "out"
            [service]
            start = ["bin/bell"]
            [hosts.web1]
            """;

    private SampleProject project;

    @BeforeEach
    void a_project_in_git() throws Exception {
        project = SampleProject.empty();
        project.set("XDG_DATA_HOME", project.folder().resolve(".git/data").toString());
        project.file(
                "make-it",
                """
                #!/bin/sh
                set -eu
                mkdir -p out/bin
                printf '#!/bin/sh\\necho %s\\n' "$DECANT_VERSION" >out/bin/bell
                chmod +x out/bin/bell
                echo "$1, $DECANT_COMMIT, $SOURCE_DATE_EPOCH" >out/told
                echo once more >>"$DECANT_CACHE/builds"
                cp "$DECANT_CACHE/builds" out/
                """);
        Files.setPosixFilePermissions(
                project.folder().resolve("make-it"), PosixFilePermissions.fromString("rwxr-xr-x"));
        project.file(".gitignore", "out/\n");
        project.config(CONFIG);
    }

    @AfterEach
    void close() throws Exception {
        project.close();
    }

    /// Its folder on the shelf.
    private Path built() {
        return built(project.must("build"));
    }

    private static Path built(Ran ran) {
        String printed = ran.out().strip();
        return Path.of(printed.replaceFirst(".* ", "")).resolve("tree");
    }

    @Test
    void the_program_of_the_project_is_run_and_told_the_version_by_the_nearest_tag()
            throws Exception {
        project.git("tag", "v1.2.0");
        project.file("more", "of it");
        project.commit();
        String commit = project.git("rev-parse", "HEAD").text();

        Path tree = built();

        assertThat(Program.of(tree.resolve("bin/bell").toString()).run().text())
                .isEqualTo("1.2.0-1-g" + commit.substring(0, 7));
        assertThat(tree.resolve("told")).hasContent("two words, " + commit + ", 1767225600");
        assertThat(project.must("build").err()).contains("has been built already");
        project.must("build", "--clean");
        assertThat(built(project.must("build", "--rebuild")).resolve("builds"))
                .hasContent("once more\nonce more\n");
    }

    @Test
    void a_file_of_the_commit_says_the_version_where_one_is_named() throws Exception {
        project.file("VERSION", "3.1.4\n");
        project.config(CONFIG.replace("output =", "version_file = \"VERSION\"\noutput ="));
        String built = project.must("build").out();
        project.file("VERSION", "the third\n");
        project.commit();
        Ran refused = project.run("build");

        assertThat(built).contains("-3.1.4-");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("VERSION does not say", "the third");
    }

    @Test
    void what_does_not_come_out_of_the_build_is_missed_with_what_there_is_instead()
            throws Exception {
        project.config(CONFIG.replace("\"out\"", "\"dist\""));
        Ran noFolder = project.run("build");
        project.config(CONFIG.replace("bin/bell", "bin/gong"));
        Ran noProgram = project.run("build");
        project.config(CONFIG.replace("bin/bell", "told"));
        Ran notExecutable = project.run("build");
        project.config(CONFIG.replace("./make-it", "no-such-tool"));
        Ran noTool = project.run("build");

        assertThat(noFolder.err()).contains("the folder dist is not there", "make-it, out");
        assertThat(noProgram.err()).contains("bin/gong", "Executable are: bin/bell.");
        assertThat(notExecutable.err()).contains("It is there, and not executable.");
        assertThat(noTool.err()).contains("There is no no-such-tool on this machine");
        assertThat(noFolder.status() + noProgram.status() + notExecutable.status())
                .isEqualTo(3 * 3);
    }

    @Test
    void what_others_have_made_is_taken_in_and_what_was_made_here_travels() throws Exception {
        project.git("tag", "v2.0.0");
        String commit = project.git("rev-parse", "HEAD").text();
        built();
        project.must("release", "export", commit, "bell.tar.gz");
        project.set("XDG_DATA_HOME", project.folder().resolve(".git/other").toString());
        Ran again = project.must("release", "import", "bell.tar.gz");
        Program.of(
                        "sh",
                        "-c",
                        "DECANT_VERSION=x DECANT_COMMIT=y SOURCE_DATE_EPOCH=1 DECANT_CACHE=."
                                + " ./make-it 1; tar -czf raw.tar.gz -C out .")
                .in(project.folder())
                .run();
        Ran raw = project.must("release", "import", "raw.tar.gz", "--commit", commit);

        assertThat(again.all()).contains("-2.0.0-" + commit.substring(0, 7));
        assertThat(raw.all()).contains("-2.0.0-" + commit.substring(0, 7)).doesNotContain("lock");
    }

    @Test
    void a_release_without_what_is_started_is_not_deployed() throws Exception {
        built();
        project.config(CONFIG.replace("bin/bell", "bin/bell2"));
        Ran refused = project.run("deploy", "--release", project.git("rev-parse", "HEAD~1").text());

        assertThat(refused.status()).as(refused.all()).isEqualTo(3);
        assertThat(refused.err()).contains("bin/bell2 is not in it.");
    }

    @Test
    void what_needs_an_erlang_is_refused_in_words() {
        for (String words :
                new String[] {"eval 1", "rpc 1", "console", "deps", "generate notify"}) {
            Ran ran = project.run(words.split(" "));

            assertThat(ran.status()).as(words).isEqualTo(3);
            assertThat(ran.err())
                    .contains(
                            "There is no  decant "
                                    + words.replace(" 1", "")
                                    + "  for a generic app.",
                            "kind = \"generic\"");
        }
    }

    @Test
    void the_settings_that_the_page_shows_can_be_read() throws Exception {
        Matcher block =
                Pattern.compile("(?s)```toml\n(app = .*?)```")
                        .matcher(Files.readString(Path.of("docs/how-to/generic.md")));
        int found = 0;
        while (block.find()) {
            project.config(block.group(1));
            assertThat(ConfigReader.read(project.folder(), Optional.empty()).generic())
                    .as(block.group(1))
                    .isPresent();
            found++;
        }
        assertThat(found).isPositive();
        for (String sample : new String[] {"hello-go", "hello-java", "hello-bun"}) {
            assertThat(ConfigReader.read(Path.of("samples", sample), Optional.empty()).generic())
                    .isPresent();
        }
    }
}
