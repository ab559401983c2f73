package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.release.Compression;
import dev.decant.release.HostLayout;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.systemd.EnvironmentFile;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The contract on this machine, in a folder that stands for `/`, by one of the shells that may be
/// `/bin/sh` on a host. Runs as whoever runs the tests: what sudo and systemd do is not in it.
abstract class ShellHost implements HostContract {

    private final List<String> shell;

    @TempDir private Path folder = Path.of("");

    ShellHost(String... shell) {
        this.shell = List.of(shell);
    }

    /// A session of the host program by a shell of this machine.
    ///
    /// @param root where its paths begin
    private record ByShell(List<String> shell, Path program, String unit, Path root)
            implements Transport {

        @Override
        public Program session(Entry entry) {
            List<String> words = new ArrayList<>(shell);
            words.addAll(List.of(program.toString(), "session", unit, root.toString()));
            return Program.of(words);
        }

        @Override
        public Program console() {
            throw new UnsupportedOperationException("Nothing runs here.");
        }

        @Override
        public HostProblem explain(Entry entry, int exit, List<String> said) {
            return new HostProblem.Refused("here", "begin a session", exit, said);
        }
    }

    @BeforeEach
    void furnish() throws IOException {
        Assumptions.assumeTrue(
                Program.find(shell.getFirst()).isPresent() || "true".equals(System.getenv("CI")),
                "This machine has no " + shell.getFirst() + "; bin/test installs it.");
        HostLayout layout = new HostLayout(UNIT);
        for (String place : List.of(layout.releases(), layout.home() + "/incoming")) {
            Files.createDirectories(below(place));
        }
        Files.write(folder.resolve("decant-host"), HostProgram.bytes());
    }

    private Path root() {
        return folder.resolve("root of a host");
    }

    private Path below(String place) {
        return root().resolve(place.substring(1));
    }

    @Override
    public Transport transport() {
        return named(UNIT);
    }

    @Override
    public Transport named(String unit) {
        return new ByShell(shell, folder.resolve("decant-host"), unit, root());
    }

    /// A verb of root's, past all that asks who is there.
    private Result asRoot(String verb, String... words) throws IOException, InterruptedException {
        String program = new String(HostProgram.bytes(), StandardCharsets.UTF_8);
        Path functions = folder.resolve("functions");
        Files.writeString(functions, program.replaceFirst("\nmain \"\\$@\"\n$", "\n"));
        List<String> line = new ArrayList<>(shell);
        line.addAll(
                List.of("-c", ". \"$0\"; ROOT=$R; places " + UNIT + "; try \"$@\"; exit $TRIED"));
        line.addAll(List.of(functions.toString(), "verb_" + verb));
        line.addAll(List.of(words));
        return Program.of(line).env(Map.of("R", root().toString())).run();
    }

    /// @param secrets a file each
    private void deployment(int number, String environment, Map<String, String> secrets)
            throws IOException {
        Path folder = below("/var/lib/decant/" + UNIT + "/deployments/" + number);
        Files.createDirectories(folder.resolve("secret"));
        Files.writeString(folder.resolve("release"), ID + "\n");
        Files.writeString(folder.resolve("environment"), environment);
        StringBuilder all = new StringBuilder();
        for (Map.Entry<String, String> secret : new TreeMap<>(secrets).entrySet()) {
            String text = EnvironmentFile.assignment(secret.getKey(), secret.getValue());
            Files.writeString(folder.resolve("secret/" + secret.getKey()), text);
            all.append(text);
        }
        Files.writeString(folder.resolve("secrets"), all);
        Files.writeString(below("/var/lib/decant/" + UNIT + "/live"), number + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'error in openssl.cnf' >&2; exit 1",
                "for file; do printf '%064d *%s\\n' 0 \"$file\"; done",
                "kill -KILL $$"
            })
    void what_an_openssl_that_does_not_work_finds_wrong_is_looked_at_again(
            String openssl, @TempDir Path made) throws Exception {
        Path tool = Files.createDirectory(folder.resolve("bin")).resolve("openssl");
        Files.writeString(tool, "#!/bin/sh\n" + openssl + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path program = folder.resolve("decant-host");
        String path = "\nPATH=";
        assertThat(program).content().containsOnlyOnce(path);
        Files.writeString(
                program, Files.readString(program).replace(path, path + tool.getParent() + ":"));
        Release release =
                Archives.packed(made, ID, Map.of("bin/shop", "#!/bin/sh\n"), ODD_BUT_GOOD);
        Verb sent = Archives.some(release, Map.of(), Set.of(), Compression.GZIP);

        try (Host host = Host.connect("web1", UNIT, transport(), Transport.Entry.INSTALLED)) {
            host.must(sent);

            assertThat(host.must(new Verb.Store(List.of())).all("holds"))
                    .containsExactly(ID + " " + release.files().digest().hex());
        }
    }

    @Test
    void what_has_arrived_of_a_parcel_is_not_fetched_again() throws Exception {
        byte[] parcel = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        Digest digest = Digest.of(parcel);
        Path part = below("/srv/" + UNIT + "/incoming/" + digest.hex() + ".part");
        Files.write(part, Arrays.copyOf(parcel, 4_000));
        Files.writeString(part.resolveSibling("0".repeat(64) + ".part"), "of another one");
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/parcel",
                exchange -> {
                    asked.add(exchange.getRequestHeaders().getFirst("Range"));
                    exchange.getResponseHeaders().set("Content-Range", "bytes 4000-9999/10000");
                    exchange.sendResponseHeaders(206, 6_000);
                    exchange.getResponseBody().write(parcel, 4_000, 6_000);
                    exchange.close();
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (Host host = Host.connect("web1", UNIT, transport(), Transport.Entry.INSTALLED)) {
            Reply there = host.ask(collect(digest, url + "/parcel?X-Amz-Signature=s3cret"));
            Reply again = host.ask(collect(digest, url + "/parcel"));
            Digest arrived = Digest.of(part);
            Reply gone = host.ask(collect(Digest.of("x"), url + "/other?X-Amz-Signature=s3cret"));
            Reply odd = host.ask(collect(digest, "file:///etc/passwd"));

            assertThat(there.ok()).as(there.toString()).isTrue();
            assertThat(again.ok()).isTrue();
            assertThat(arrived).isEqualTo(digest);
            assertThat(asked).containsExactly("bytes=4000-");
            assertThat(gone.status()).isEqualTo(1);
            assertThat(gone.text()).containsExactly("The requested URL returned error: 404");
            assertThat(odd.status()).isEqualTo(64);
            assertThat(Files.exists(part)).isFalse();
        } finally {
            server.stop(0);
        }
    }

    private static Verb.Collect collect(Digest parcel, String url) {
        return new Verb.Collect(parcel, 10_000, URI.create(url));
    }

    @Test
    void secrets_are_told_apart_by_salted_digests_and_nothing_of_them_stays() throws Exception {
        Map<String, String> values = new TreeMap<>();
        values.put("KEY", "-----BEGIN\n$HOME `id` \"two\" \\ größe\n");
        values.put("LONG", "x".repeat(65_536));
        for (int i = 0; i < 50; i++) {
            values.put("SECRET_" + i, "hunter" + i);
        }
        deployment(1, "A=\"1\"\n", values);

        Result inspected = asRoot("inspect", "00ff");

        Map<String, String> digests = new TreeMap<>();
        values.forEach(
                (name, value) ->
                        digests.put(name, HostSecrets.digest("00ff", new Secret(name, value))));
        assertThat(inspected.ok()).isTrue();
        assertThat(secrets(inspected)).isEqualTo(digests);
        assertThat(digests.values()).allMatch(digest -> digest.matches("[0-9a-f]{12}"));
        assertThat(secrets(asRoot("inspect", "00fe")))
                .containsOnlyKeys(digests.keySet())
                .doesNotContainValue(digests.get("KEY"));
        assertThat(secrets(asRoot("inspect"))).containsEntry("KEY", "").hasSize(52);
        assertThat(look("ls -A \"$R/run/decant\"").out()).isEmpty();
        assertThat(asRoot("inspect", "../x").status()).isEqualTo(64);
    }

    private static Map<String, String> secrets(Result inspected) {
        Map<String, String> secrets = new TreeMap<>();
        for (String line : inspected.out()) {
            if (line.startsWith("= secret=")) {
                String[] words = line.substring("= secret=".length()).split(" ");
                secrets.put(words[0], words.length > 1 ? words[1] : "");
            }
        }
        return secrets;
    }

    @Test
    void an_app_without_secrets_has_none_to_tell_apart() throws Exception {
        deployment(1, "A=\"1\"\n", Map.of());

        Result inspected = asRoot("inspect", "00ff");

        assertThat(inspected.ok()).isTrue();
        assertThat(secrets(inspected)).isEmpty();
    }

    @Test
    void deployments_with_the_same_environment_and_secrets_are_of_one_version() throws Exception {
        deployment(2, "A=\"1\"\n", Map.of("S", "one"));
        deployment(3, "A=\"1\"\n", Map.of("S", "two"));
        deployment(9, "A=\"2\"\n", Map.of("S", "one"));
        deployment(10, "A=\"1\"\n", Map.of("S", "one"));
        deployment(11, "A=\"2\"\n", Map.of("S", "one"));

        assertThat(asRoot("inspect", "00ff").out())
                .filteredOn(line -> line.startsWith("= version="))
                .containsExactlyInAnyOrder(
                        "= version=2 2",
                        "= version=3 3",
                        "= version=9 9",
                        "= version=10 2",
                        "= version=11 9");
    }

    @Override
    public Result look(String script) throws IOException, InterruptedException {
        return Program.of("sh", "-c", script)
                .env(Map.of("R", root().toString(), "LC_ALL", "C"))
                .run();
    }
}
