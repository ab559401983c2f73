package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Debian's etcd, unpacked and not installed: installing it would start one for the whole machine.
final class EtcdServer implements AutoCloseable {

    private static final Path UNPACKED = Path.of("target", "etcd").toAbsolutePath();

    private final Path folder;
    private final String endpoint;
    private final ProcessHandle process;

    private EtcdServer(Path folder, String endpoint, ProcessHandle process) {
        this.folder = folder;
        this.endpoint = endpoint;
        this.process = process;
    }

    /// @param folder for its data
    static EtcdServer start(Path folder) throws IOException, InterruptedException {
        unpack();
        String endpoint = "http://127.0.0.1:" + freePort();
        String peer = "http://127.0.0.1:" + freePort();
        ProcessHandle process =
                Program.of(
                                UNPACKED.resolve("usr/bin/etcd").toString(),
                                "--name=t",
                                "--data-dir=" + folder.resolve("etcd"),
                                "--listen-client-urls=" + endpoint,
                                "--advertise-client-urls=" + endpoint,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=t=" + peer,
                                "--log-level=warn")
                        .detach(folder.resolve("etcd.log"));
        EtcdServer server = new EtcdServer(folder, endpoint, process);
        for (int i = 0; i < 200 && !server.ctl("endpoint", "health").ok(); i++) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        return server;
    }

    private static void unpack() throws IOException, InterruptedException {
        if (Files.isExecutable(UNPACKED.resolve("usr/bin/etcdctl"))) {
            return;
        }
        Files.createDirectories(UNPACKED);
        List<String> download = List.of("apt-get", "download", "etcd-server", "etcd-client");
        Result downloaded = Program.of(download).in(UNPACKED).run();
        if (!downloaded.ok()) {
            Program.of("apt-get", "update").run();
            downloaded = Program.of(download).in(UNPACKED).run();
        }
        assertThat(downloaded.ok()).as("%s", downloaded).isTrue();
        try (Stream<Path> all = Files.list(UNPACKED)) {
            for (Path deb :
                    all.filter(file -> file.toString().endsWith(".deb"))
                            .sorted()
                            .toList()
                            .reversed()) {
                Result unpacked =
                        Program.of("dpkg", "-x", deb.toString(), UNPACKED.toString()).run();
                assertThat(unpacked.ok()).as("%s", unpacked).isTrue();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String endpoint() {
        return endpoint;
    }

    /// Where its `etcdctl` is.
    static Path bin() {
        return UNPACKED.resolve("usr/bin");
    }

    Result ctl(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(bin().resolve("etcdctl").toString()));
        all.addAll(List.of(words));
        return Program.of(all)
                .in(folder)
                .env(Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", endpoint))
                .run();
    }

    void must(String... words) throws IOException, InterruptedException {
        Result result = ctl(words);
        assertThat(result.ok()).as("%s", result).isTrue();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
