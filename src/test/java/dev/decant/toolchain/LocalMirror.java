package dev.decant.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.project.Tool;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A mirror of the layout of builds.hex.pm on this machine. Its archives are made here: of this
/// machine's own Erlang and Elixir, or of a few scripts that stand in for others.
public final class LocalMirror implements AutoCloseable {

    public static final String PLATFORM = "ubuntu-22.04";

    /// As the one in an OTP: with -cross, what it works on is the folder it is called in. It waits
    /// while there is a file that the environment names, for whoever wants to kill it.
    private static final String INSTALL =
            """
            #!/bin/sh
            set -eu
            cross=
            for word; do
                case $word in
                -cross) cross=yes ;;
                -*) ;;
                *) target=$word ;;
                esac
            done
            here=$target
            [ -z "$cross" ] || here=$(pwd)
            while [ -e "${INSTALL_WAITS-}" ]; do sleep 0.1; done
            set -- "$here"/erts-*
            sed "s;%FINAL_ROOTDIR%;$target;" "$1/bin/erl.src" >"$here/bin/erl"
            chmod 755 "$here/bin/erl"
            """;

    private final Path root;
    private final HttpServer server;

    /// What was asked for: a path, and the range if there was one.
    final List<String> asked = new CopyOnWriteArrayList<>();

    /// How many answers still are to break off.
    final AtomicInteger cuts = new AtomicInteger();

    /// Which byte of an archive they do not get beyond.
    volatile int cutAt = 1000;

    volatile boolean takesRanges = true;

    private LocalMirror(Path root, HttpServer server) {
        this.root = root;
        this.server = server;
    }

    public static LocalMirror start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        LocalMirror mirror = new LocalMirror(Files.createTempDirectory("decant-mirror"), server);
        server.createContext("/", mirror::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return mirror;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Nobody answers there any more.
    public void stop() {
        server.stop(0);
    }

    @Override
    public void close() throws IOException {
        stop();
        Trees.delete(root);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(path + (range == null ? "" : " " + range));
            Path file = root.resolve(path.substring(1));
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] all = Files.readAllBytes(file);
            int from =
                    range == null || !takesRanges
                            ? 0
                            : Integer.parseInt(range.replaceAll("[^0-9]", ""));
            if (from >= all.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            int length = all.length - from;
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, length);
            boolean cut = !path.endsWith(".txt") && cuts.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            OutputStream body = exchange.getResponseBody();
            body.write(all, from, cut ? Math.clamp(cutAt - from, 0, length) : length);
            body.flush();
        }
    }

    // ---- what it has

    private static String otpFolder() {
        return "builds/otp/"
                + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64")
                + "/"
                + PLATFORM;
    }

    private void list(String folder, String name, Path archive, boolean checksum)
            throws IOException {
        Path list = root.resolve(folder).resolve("builds.txt");
        Files.writeString(
                list,
                name
                        + " 3d6a1b0c2f4e5d6a7b8c9d0e1f2a3b4c5d6e7f80 2026-01-02T03:04:05Z "
                        + (checksum ? Digest.of(archive).hex() : "")
                        + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// An OTP of which there is a program that says its name, and nothing else.
    LocalMirror otp(String version) throws IOException, InterruptedException {
        return otp(version, "exit 0", true);
    }

    /// @param run what its runtime does when it is tried
    LocalMirror otp(String version, String run, boolean checksum)
            throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("decant-otp");
        try {
            Path tree = work.resolve("OTP-" + version);
            write(tree.resolve("erts-15.1/bin/erlexec"), "#!/bin/sh\n" + run + "\n");
            write(tree.resolve("erts-15.1/bin/erl.src"), "#!/bin/sh\necho %FINAL_ROOTDIR%\n");
            write(tree.resolve("Install"), INSTALL);
            write(tree.resolve("filling"), filling());
            Files.createDirectories(tree.resolve("bin"));
            String major = version.replaceFirst("[.].*", "");
            write(tree.resolve("releases/" + major + "/OTP_VERSION"), version + "\n");
            pack(work, "OTP-" + version, checksum);
        } finally {
            Trees.delete(work);
        }
        return this;
    }

    /// What stays of some size when it is packed.
    private static String filling() {
        StringBuilder filling = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            filling.append(Digest.of("part " + i).hex());
        }
        return filling.toString();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void pack(Path work, String name, boolean checksum)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(root.resolve(otpFolder()));
        Path archive = folder.resolve(name + ".tar.gz");
        must("tar", "-I", "gzip -1", "-cf", archive.toString(), "-C", work.toString(), name);
        list(otpFolder(), name, archive, checksum);
    }

    private static void must(String... words) throws IOException, InterruptedException {
        Result result = Program.of(words).run();
        if (!result.ok()) {
            throw new IOException(String.join(" ", result.lastWords(3)));
        }
    }

    /// This machine's own Erlang, packed as if it had just been made.
    ///
    /// @return its version
    public String realOtp() throws IOException, InterruptedException {
        Path own = Path.of("/usr/lib/erlang");
        String version = new Installation(Tool.ERLANG, own, "").version().orElseThrow();
        Path work = Files.createTempDirectory("decant-otp");
        try {
            Path tree = work.resolve("OTP-" + version);
            must("cp", "-a", own.toString(), tree.toString());
            Path erl = tree.resolve("bin/erl");
            String script = Files.readString(erl);
            Files.delete(erl);
            try (Stream<Path> list = Files.list(tree)) {
                Path erts =
                        list.filter(path -> path.getFileName().toString().startsWith("erts-"))
                                .findFirst()
                                .orElseThrow();
                write(
                        erts.resolve("bin/erl.src"),
                        script.replace(own.toString(), "%FINAL_ROOTDIR%"));
                // It would run the machine's own.
                Files.deleteIfExists(erts.resolve("bin/erl"));
            }
            write(tree.resolve("Install"), INSTALL);
            pack(work, "OTP-" + version, true);
        } finally {
            Trees.delete(work);
        }
        return version;
    }

    /// This machine's own Elixir.
    ///
    /// @return its version, as `.tool-versions` would have it
    public String realElixir(String otp) throws IOException {
        Path own = Path.of("/usr/lib/elixir");
        String version =
                new Installation(Tool.ELIXIR, own, "").version().orElseThrow()
                        + "-otp-"
                        + otp.replaceFirst("[.].*", "");
        elixir(version, own);
        return version;
    }

    /// @param tree what is to be in it
    void elixir(String version, Path tree) throws IOException {
        String folder = "builds/elixir";
        Path archive =
                Files.createDirectories(root.resolve(folder)).resolve("v" + version + ".zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(tree.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
            }
        }
        list(folder, "v" + version, archive, true);
    }

    /// Lines that name no version.
    void branches() throws IOException {
        Path folder = Files.createDirectories(root.resolve(otpFolder()));
        Files.writeString(
                folder.resolve("builds.txt"),
                "maint-27 3d6a 2026-01-02T03:04:05Z " + Digest.of("x").hex() + "\nmaster\n\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// Changes an archive behind the back of its list.
    void spoil(String otp) throws IOException {
        Files.write(
                root.resolve(otpFolder()).resolve("OTP-" + otp + ".tar.gz"),
                "x".getBytes(UTF_8),
                StandardOpenOption.APPEND);
    }

    /// Gives an archive another name, in the list too.
    void rename(String otp, String other) throws IOException {
        Path folder = root.resolve(otpFolder());
        Files.move(
                folder.resolve("OTP-" + otp + ".tar.gz"),
                folder.resolve("OTP-" + other + ".tar.gz"));
        Path list = folder.resolve("builds.txt");
        Files.writeString(list, Files.readString(list).replace("OTP-" + otp, "OTP-" + other));
    }

    String archive(String otp) {
        return "/" + otpFolder() + "/OTP-" + otp + ".tar.gz";
    }
}
