package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.lab.BaseRoot;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The Debian package on machines that have no Java, no Elixir and no way to the outside. Somebody
/// there gets releases that CI has built, as they would: `decant deploy --artifact`.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageLabTest {

    /// All that was there; but for what others write by themselves, and what apt's hooks do.
    private static final String FILES =
            "find / -xdev ( -path /root -o -path /tmp -o -path /var/log -o -path /var/lib/dpkg"
                    + " -o -path /var/lib/systemd -o -path /var/cache -o -path /run ) -prune"
                    + " -o -print";

    @TempDir private Path temp = Path.of("");

    private Lab lab;
    private LabHost web1;
    private Path deb = Path.of("");

    @BeforeAll
    void begin() throws Exception {
        Result made =
                Program.of("bin/package", "--as-built", "--no-archive")
                        .env(
                                Map.of(
                                        "JAVA_HOME",
                                        System.getProperty("java.home"),
                                        "DECANT_PACKAGE_XZ",
                                        "0"))
                        .run();
        assertThat(made.status()).as(String.join("\n", made.err())).isZero();
        try (Stream<Path> files = Files.list(Path.of("target/dist"))) {
            deb = files.filter(file -> file.toString().endsWith(".deb")).findFirst().orElseThrow();
        }
        lab = Lab.open(LabLog.nop());
        web1 = lab.boot("web1", Suite.BOOKWORM);
    }

    @AfterAll
    void end() {
        lab.close();
    }

    private static String must(LabHost host, String line) throws InterruptedException {
        Result result = host.ssh(line);
        assertThat(result.status())
                .as("%s: %s %s", line, result.text(), String.join("\n", result.err()))
                .isZero();
        return result.text();
    }

    private static List<String> files(LabHost host) throws InterruptedException {
        return host.ssh(FILES.replace("(", "'('").replace(")", "')'")).out().stream()
                .sorted()
                .toList();
    }

    @Test
    void its_papers_are_in_order() throws Exception {
        Path sbom;
        try (Stream<Path> files = Files.list(Path.of("target/dist"))) {
            sbom =
                    files.filter(file -> file.toString().endsWith(".sbom.cdx.json"))
                            .findFirst()
                            .orElseThrow();
        }
        assertThat(new JsonParser().validate(sbom.toFile(), Version.VERSION_16)).isEmpty();
        assertThat(Files.readString(sbom)).contains("info.picocli", "A Java runtime of");
        assertThat(
                        Program.of("sha256sum", "-c", "--quiet", "SHA256SUMS")
                                .in(Path.of("target/dist"))
                                .run()
                                .status())
                .isZero();

        // Pages for all commands, and nothing in them that man or groff has to say something about.
        Path tree = temp.resolve("tree");
        assertThat(Program.of("dpkg-deb", "-x", deb.toString(), tree.toString()).run().ok())
                .isTrue();
        List<String> pages;
        try (Stream<Path> files = Files.list(tree.resolve("usr/share/man/man1"))) {
            pages = files.map(Path::toString).sorted().toList();
        }
        assertThat(pages).hasSameSizeAs(MainTest.commands());
        for (String page : pages) {
            Result read =
                    Program.of("man", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l", page)
                            .env(Map.of("LC_ALL", "C.UTF-8", "MANWIDTH", "80"))
                            .run();
            assertThat(read.status()).as(page).isZero();
            assertThat(read.err()).as(page).isEmpty();
        }
        Result plain = Program.of("zcat", tree + "/usr/share/man/man1/decant-deploy.1.gz").run();
        Result groff = Program.of("groff", "-ww", "-man", "-Tutf8", "-z").input(plain.text()).run();
        assertThat(groff).isEqualTo(new Result(0, List.of(), List.of()));
    }

    @Test
    void it_installs_without_java_or_network_deploys_to_another_host_and_leaves_nothing()
            throws Exception {
        try (SampleProject project = SampleProject.create().set(SampleProject.SECRET, "x")) {
            project.config(
                    """
                    app = "counter"
                    secrets = ["COUNTER_SECRET"]
                    hosts.web1 = {}
                    ssh.config = "/root/ssh/config"
                    health.path = "/health"
                    """);
            String version = "0.1.0";
            for (Suite suite : List.of(Suite.BOOKWORM, Suite.TRIXIE)) {
                Path artifact = temp.resolve(version + ".tar.gz");
                project.version(version);
                // Its whole name: other copies of the sample share the shelf.
                String id = project.must("build").out().split(" ")[0];
                project.must("release", "export", id, artifact.toString());
                LabHost operator = lab.boot("from-" + suite.codename(), BaseRoot.of(suite));
                assertThat(operator.ssh("command -v java || command -v elixir").status())
                        .isNotZero();
                List<String> before = files(operator);
                operator.copy(deb, "/root/decant.deb");
                operator.copy(project.folder().resolve("decant.toml"), "/root/shop/decant.toml");
                operator.copy(artifact, "/root/shop/counter.tar.gz");
                knows(operator);

                must(operator, "dpkg -i /root/decant.deb");
                assertThat(must(operator, "decant --version")).matches("decant \\S+");
                assertThat(must(operator, "decant deploy --help")).contains("--artifact");
                // What makes the start fast is in use.
                assertThat(
                                must(
                                        operator,
                                        "sed -e 's/-XX:SharedArchiveFile/-Xshare:on &/' -e"
                                            + " 's/^self=.*/self=\\/usr\\/lib\\/decant\\/bin\\/decant/'"
                                            + " /usr/lib/decant/bin/decant >/tmp/strict && sh"
                                            + " /tmp/strict --version"))
                        .startsWith("decant ");
                assertThat(must(operator, "ls /usr/share/man/man1/decant-deploy.1.gz"))
                        .isNotEmpty();
                must(operator, "test -f /usr/share/bash-completion/completions/decant");
                must(operator, "test -f /usr/share/zsh/vendor-completions/_decant");
                must(operator, "test -f /usr/share/fish/vendor_completions.d/decant.fish");

                if (suite == Suite.BOOKWORM) {
                    must(operator, "cd /root/shop && decant setup");
                }
                String deployed =
                        must(
                                operator,
                                "cd /root/shop && COUNTER_SECRET=x decant deploy --artifact"
                                        + " counter.tar.gz --wait 1m");

                assertThat(deployed).contains("-" + version + "-");
                assertThat(new Seen(web1).get("/health")).isNotEqualTo("no answer");
                assertThat(must(operator, "cd /root/shop && decant status")).contains(version);

                must(operator, "dpkg -P decant");
                assertThat(files(operator)).isEqualTo(before);
                operator.close();
                version = "0.2.0";
            }
        }
    }

    /// Gives an operator's machine what this one knows of the host, and its key.
    private void knows(LabHost operator) throws Exception {
        String config = Files.readString(web1.sshConfig());
        for (String word : List.of("IdentityFile", "UserKnownHostsFile")) {
            String there = "/root/ssh/" + word;
            String here = config.replaceFirst("(?s).*" + word + " (\\S+).*", "$1");
            operator.copy(Path.of(here), there);
            config = config.replace(word + " " + here, word + " " + there);
        }
        Path file = Files.writeString(temp.resolve("config"), config);
        operator.copy(file, "/root/ssh/config");
        must(operator, "chmod 700 /root/ssh && chmod 600 /root/ssh/*");
    }
}
