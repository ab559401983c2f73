package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// packaging/install.sh, and a server that has what bin/package makes; but that the Decant in there
/// is a script, since one of 60 MB says no more about how it is fetched and put in place.
class InstallScriptTest {

    @TempDir private Path temp = Path.of("");

    private HttpServer server = start(Path.of("/"));

    private Path published = Path.of("");
    private Path prefix = Path.of("");

    private static HttpServer start(Path folder) {
        HttpServer made =
                SimpleFileServer.createFileServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        folder,
                        SimpleFileServer.OutputLevel.NONE);
        made.start();
        return made;
    }

    @BeforeEach
    void publish() throws Exception {
        server.stop(0);
        published = Files.createDirectory(temp.resolve("published"));
        prefix = temp.resolve("home/.local");
        server = start(published.toRealPath());
        publish("0.1.0");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void publish(String version) throws Exception {
        Path folder = temp.resolve("decant-" + version);
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("decant");
        Files.writeString(program, "#!/bin/sh\necho decant " + version + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path pages = Files.createDirectories(folder.resolve("share/man/man1"));
        Files.writeString(pages.resolve("decant.1"), version);
        for (String machine : List.of("x64", "arm64")) {
            must(
                    "tar",
                    "-C",
                    temp.toString(),
                    "-czf",
                    archive(version, machine).toString(),
                    folder.getFileName().toString());
        }
        StringBuilder sums = new StringBuilder();
        for (String machine : List.of("x64", "arm64")) {
            Path file = archive(version, machine);
            sums.append(Digest.of(file).hex()).append("  ").append(file.getFileName()).append('\n');
        }
        Files.writeString(published.resolve("SHA256SUMS"), sums);
    }

    private Path archive(String version, String machine) {
        return published.resolve("decant-" + version + "-linux-" + machine + ".tar.gz");
    }

    private static Result must(String... words) throws IOException, InterruptedException {
        Result result = Program.of(words).run();
        assertThat(result.status()).as(String.join("\n", result.err())).isZero();
        return result;
    }

    private Result install(String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sh", "packaging/install.sh", "--from"));
        words.add("http://localhost:" + server.getAddress().getPort());
        words.addAll(List.of("--prefix", prefix.toString()));
        words.addAll(List.of(more));
        return Program.of(words).run();
    }

    private String installed() throws IOException, InterruptedException {
        return Program.of(prefix.resolve("bin/decant").toString(), "--version").run().text();
    }

    @Test
    void it_is_there_is_replaced_by_a_newer_one_and_goes_without_a_trace() throws Exception {
        assertThat(install().status()).isZero();
        assertThat(installed()).isEqualTo("decant 0.1.0");
        assertThat(prefix.resolve("share/man/man1/decant.1")).hasContent("0.1.0");

        publish("0.2.0");
        assertThat(install().text()).contains("decant 0.2.0 is ");
        assertThat(installed()).isEqualTo("decant 0.2.0");

        must("sh", "packaging/install.sh", "--uninstall", "--prefix", prefix.toString());
        try (Stream<Path> left = Files.walk(prefix)) {
            assertThat(left.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)))
                    .isEmpty();
        }
    }

    @Test
    void one_that_is_not_what_its_checksum_says_is_left_alone() throws Exception {
        install();
        publish("0.2.0");
        for (String machine : List.of("x64", "arm64")) {
            Files.copy(
                    published.resolve("SHA256SUMS"),
                    archive("0.2.0", machine),
                    StandardCopyOption.REPLACE_EXISTING);
        }

        Result refused = install();

        assertThat(refused.status()).isEqualTo(3);
        assertThat(String.join("\n", refused.err()))
                .contains("Nothing was installed.", "has the checksum", "Next");
        assertThat(installed()).isEqualTo("decant 0.1.0");
        try (Stream<Path> left = Files.list(prefix.resolve("lib"))) {
            assertThat(left).containsExactly(prefix.resolve("lib/decant"));
        }
    }

    @Test
    void with_signers_it_wants_the_signature_of_one_of_them() throws Exception {
        Path key = temp.resolve("key");
        must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        String line =
                "releases@example.com namespaces=\"file\" "
                        + Files.readString(temp.resolve("key.pub"));
        Path signers = Files.writeString(temp.resolve("signers"), line);
        String sums = published.resolve("SHA256SUMS").toString();

        assertThat(String.join("\n", install("--signers", signers.toString()).err()))
                .contains("There is no signature");

        must("ssh-keygen", "-q", "-Y", "sign", "-f", key.toString(), "-n", "file", sums);
        assertThat(install("--signers", signers.toString()).text())
                .contains("Signed by releases@example.com.");

        // Others than those that were signed.
        publish("0.2.0");
        Result refused = install("--signers", signers.toString());
        assertThat(refused.status()).isEqualTo(3);
        assertThat(String.join("\n", refused.err())).contains("is not signed by anyone in");
        assertThat(installed()).isEqualTo("decant 0.1.0");
    }

    @Test
    void of_several_one_is_chosen() throws Exception {
        String old = Files.readString(published.resolve("SHA256SUMS"));
        publish("0.2.0");
        Path sums = published.resolve("SHA256SUMS");
        Files.writeString(sums, old + Files.readString(sums));

        assertThat(String.join("\n", install().err())).contains("There are several");
        assertThat(install("--version", "0.1.0").status()).isZero();
        assertThat(installed()).isEqualTo("decant 0.1.0");
        assertThat(String.join("\n", install("--version", "0.3.0").err()))
                .contains("has no decant-0.3.0-linux-");
    }
}
