package dev.decant.source;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.lab.BaseRoot;
import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A server that speaks like AWS: Debian's moto, on this machine's loopback interface, in a root of
/// the lab's that stays as it is. Beside it lies Debian's `aws`. It looks neither at keys nor at
/// rights.
public final class Moto implements AutoCloseable {

    /// Without flask-cors, on which it does not depend, moto_server does not start.
    private static final List<String> PACKAGES =
            List.of("awscli", "curl", "jq", "python3-flask-cors", "python3-moto");

    private static final BaseRoot ROOT = BaseRoot.of(Suite.TRIXIE).with(PACKAGES);

    /// Of its CodeDeploy, trixie's has nothing yet.
    private static final BaseRoot NEWER = BaseRoot.of(Suite.SID).with(PACKAGES);

    /// In the root `$0` the words that follow, in the folder where one is. It becomes the program.
    private static final String INSIDE =
            """
            root=$0
            mount --bind "$root" "$root"
            mount -o remount,bind,ro "$root"
            mount --rbind /dev "$root/dev"
            mount -t tmpfs tmpfs "$root/tmp"
            mount --bind "$PWD" "$root/mnt"
            HOME=/tmp exec chroot "$root" sh -c 'cd /mnt && exec "$@"' sh "$@"
            """;

    private static final Duration TO_START = Duration.ofSeconds(30);

    private final Path root;
    private final Process server;
    private final URI url;

    private Moto(Path root, Process server, URI url) {
        this.root = root;
        this.server = server;
        this.url = url;
    }

    /// @param folder where it writes what it is asked
    public static Moto start(Path folder) throws Exception {
        return start(folder, ROOT);
    }

    /// One that knows of CodeDeploy, too.
    ///
    /// @param folder where it writes what it is asked
    public static Moto withCodeDeploy(Path folder) throws Exception {
        return start(folder, NEWER);
    }

    private static Moto start(Path folder, BaseRoot base) throws Exception {
        Path log = folder.resolve("moto.log");
        Path root = root(base);
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Process server =
                new ProcessBuilder(inside(root, "moto_server", "-H", "127.0.0.1", "-p", "" + port))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Moto moto = new Moto(root, server, URI.create("http://127.0.0.1:" + port));
        if (!moto.answers(port)) {
            moto.close();
            throw new IOException(Files.readString(log));
        }
        return moto;
    }

    private static Path root(BaseRoot base) throws InterruptedException {
        try (Lab lab = Lab.open(LabLog.nop())) {
            return lab.root(base);
        }
    }

    /// What a host says of a source, by the host program, in this root in place of a host.
    ///
    /// @param folder for what it is asked, and for what it needs to keep meanwhile
    /// @param settings as they stand in the unit
    /// @param credentials as they stand in /etc/shop/source-credentials
    static Result askedByHost(
            Path folder, String source, String settings, Map<String, String> credentials)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("settings"), settings);
        Files.copy(
                Path.of("src/main/resources/dev/decant/host/decant-host"),
                folder.resolve("decant-host"),
                StandardCopyOption.REPLACE_EXISTING);
        return Program.of(inside(root(ROOT), "sh", "decant-host", "ask", "shop", source, "/mnt"))
                .in(folder)
                .env(credentials)
                .run();
    }

    private static List<String> inside(Path root, String... words) {
        List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-euc", INSIDE));
        all.add(root.toString());
        all.addAll(List.of(words));
        return all;
    }

    private boolean answers(int port) throws InterruptedException {
        long end = System.nanoTime() + TO_START.toNanos();
        while (server.isAlive() && System.nanoTime() < end) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        return false;
    }

    public URI url() {
        return url;
    }

    /// For `sh`: a program of the root's, with the words that it is given.
    String script(String program) {
        return "exec unshare --mount sh -euc '%s' '%s' %s \"$@\""
                .formatted(INSIDE.replace("'", "'\\''"), root, program);
    }

    /// What its root's `aws` prints, asked of it.
    public String aws(Path folder, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("aws", "--endpoint-url", url.toString()));
        all.addAll(List.of(words));
        Result result =
                Program.of(inside(root, all.toArray(String[]::new)))
                        .in(folder)
                        .env(
                                Map.of(
                                        "AWS_ACCESS_KEY_ID", "test",
                                        "AWS_SECRET_ACCESS_KEY", "test",
                                        "AWS_REGION", "eu-central-1",
                                        "AWS_PAGER", ""))
                        .run();
        if (!result.ok()) {
            throw new IOException(String.join("\n", result.lastWords(10)));
        }
        return result.text();
    }

    @Override
    public void close() {
        server.destroyForcibly().onExit().join();
    }
}
