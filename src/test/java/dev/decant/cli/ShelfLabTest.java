package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.io.Digest;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Releases that are built for real: what they come to, how they are kept, and where they go.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShelfLabTest {

    private final Lab lab;
    private final LabHost web1;

    @TempDir private Path temp = Path.of("");

    ShelfLabTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        web1 = lab.boot("web1", Suite.BOOKWORM);
    }

    @AfterAll
    void end() {
        lab.close();
    }

    private static String field(Ran ran, String name) {
        return ran.out().replaceFirst("(?s).*\"" + name + "\" : \"([^\"]*)\".*", "$1");
    }

    @Test
    void a_commit_that_is_built_twice_in_different_folders_is_the_same_release() throws Exception {
        String digest = "";
        Digest exported = Digest.of("");
        for (int i = 0; i < 2; i++) {
            try (SampleProject project =
                    SampleProject.create().config(lab.sshConfig(), List.of(web1), "", "# twice")) {
                Ran built = project.must("build", "--rebuild", "--json");
                Path file = temp.resolve(i + ".tar.gz");
                project.must("release", "export", field(built, "release"), file.toString());
                if (i > 0) {
                    assertThat(field(built, "digest")).isEqualTo(digest);
                    assertThat(Digest.of(file)).isEqualTo(exported);
                }
                digest = field(built, "digest");
                exported = Digest.of(file);
            }
        }
        assertThat(digest).matches("[0-9a-f]{64}");
        // Any tar unpacks it, and there is no cookie in it.
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        assertThat(
                        Program.of("tar", "-xzf", temp.resolve("0.tar.gz").toString())
                                .in(unpacked)
                                .run()
                                .ok())
                .isTrue();
        assertThat(unpacked.resolve("bin/counter")).isExecutable();
        assertThat(unpacked.resolve(".decant/sbom.cdx.json")).exists();
        assertThat(unpacked.resolve("releases/COOKIE")).doesNotExist();
    }

    @Test
    void ten_releases_take_little_more_of_a_hosts_disk_than_one() throws Exception {
        try (SampleProject project =
                SampleProject.create().config(lab.sshConfig(), List.of(web1), "", "")) {
            project.must("setup");
            web1.ssh("rm -rf /srv/counter/releases/*");
            List<Long> sizes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                project.edit(
                        "lib/counter/greeting.ex",
                        i == 0 ? "Hello" : "Hello " + (i - 1),
                        "Hello " + i);
                project.version("0.1." + i);
                project.must("upload");
                sizes.add(
                        Long.parseLong(
                                web1.ssh("du -s --block-size=1 /srv/counter/releases")
                                        .text()
                                        .replaceFirst("\\s.*", "")));
            }
            System.out.printf(
                    "ShelfLabTest: one release takes %,d bytes, ten %,d: %.2f times as many%n",
                    sizes.getFirst(), sizes.getLast(), (double) sizes.getLast() / sizes.getFirst());

            assertThat(web1.ssh("ls /srv/counter/releases").out()).hasSize(10);
            assertThat(sizes.getLast()).isLessThan(sizes.getFirst() * 13 / 10);
        }
    }

    @Test
    void what_was_tried_in_one_environment_is_the_very_same_in_another() throws Exception {
        LabHost web2 = lab.boot("web2", Suite.BOOKWORM);
        try (SampleProject project =
                SampleProject.create()
                        .config(
                                """
                                app = "counter"
                                secrets = ["COUNTER_SECRET"]
                                ssh.config = "%s"
                                health.path = "/health"
                                [environments.staging]
                                hosts.web1 = {}
                                env.GREETING = "staging"
                                [environments.production]
                                hosts.web2 = {}
                                """
                                        .formatted(lab.sshConfig()))) {
            project.set(SampleProject.SECRET, "x");
            project.must("setup", "-e", "staging");
            project.must("setup", "-e", "production");
            project.must("deploy", "-e", "staging");
            Ran built = project.must("build", "-e", "staging", "--json");
            String id = field(built, "release");
            // The work goes on; what was tried goes out.
            project.version("0.9.9");

            project.must("deploy", "-e", "production", "--release", id);

            for (LabHost host : List.of(web1, web2)) {
                assertThat(host.ssh("sha256sum /srv/counter/current/.decant/manifest.json").text())
                        .startsWith(field(built, "digest"));
                assertThat(host.ssh("readlink /srv/counter/current").text()).endsWith(id);
            }
        }
    }

    @Test
    void what_was_made_elsewhere_is_deployed_from_its_tarball_and_only_once() throws Exception {
        try (SampleProject project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(web1),
                                "secrets = [\"COUNTER_SECRET\"]",
                                "# made elsewhere")) {
            project.must("setup");
            Ran built = project.must("build", "--json");
            String file = temp.resolve("made.tar.gz").toString();
            project.must("release", "export", field(built, "release"), file);
            project.set(SampleProject.SECRET, "x");
            // As on a machine that has built nothing.
            project.set("XDG_DATA_HOME", temp.resolve("elsewhere").toString());

            project.must("deploy", "--artifact", file);

            assertThat(web1.ssh("sha256sum /srv/counter/current/.decant/manifest.json").text())
                    .startsWith(field(built, "digest"));
            project.unset(SampleProject.SECRET);
            project.set("XDG_DATA_HOME", temp.resolve("another").toString());
            assertThat(project.must("plan", "--artifact", file).out()).contains("nothing to do");
        }
    }

    @Test
    void what_a_release_is_and_how_two_differ_can_be_read() throws Exception {
        try (SampleProject project =
                SampleProject.create()
                        .config(lab.sshConfig(), List.of(web1), "", "# to be compared")) {
            String first = field(project.must("build", "--json"), "release");
            project.edit("lib/counter/greeting.ex", "Hello", "Welcome");
            project.edit("config/runtime.exs", "import Config", "import Config\n# more");
            project.edit("decant.toml", "# to be compared", "[service]\ndrain_timeout = \"50s\"");
            project.version("0.2.0");
            String second = field(project.must("build", "--json"), "release");

            assertThat(project.must("release", "list").out()).contains(first, second, "25.");
            assertThat(project.must("release", "verify", second).out())
                    .contains(second + "  is as it was built");
            Ran diff = project.must("release", "diff", first, second);
            assertThat(diff.out())
                    .contains(
                            "version     0.1.0 -> 0.2.0",
                            "lib/counter-0.1.0/ is now lib/counter-0.2.0/",
                            "~ lib/counter-0.2.0/ebin/Elixir.Counter.Greeting.beam",
                            "+# more",
                            "-TimeoutStopSec=45",
                            "+TimeoutStopSec=55");
            Path beam =
                    SampleProject.releases()
                            .resolve(second)
                            .resolve("tree/lib/counter-0.2.0/ebin/Elixir.Counter.Greeting.beam");
            byte[] good = Files.readAllBytes(beam);
            Files.delete(beam);
            Files.write(beam, new byte[good.length]);

            Ran damaged = project.run("release", "verify");

            assertThat(damaged.status()).isEqualTo(3);
            assertThat(damaged.err())
                    .contains("Elixir.Counter.Greeting.beam has changed", "rm -r ");
            Ran refused = project.run("upload", "--release", second);
            assertThat(refused.status()).as(refused.all()).isEqualTo(3);
            assertThat(refused.err()).contains("cannot be used");
            project.must("release", "prune", "--keep", "1", "--dry-run");
        }
    }
}
