package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.SshKeys;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Trees;
import dev.decant.lab.BaseRoot;
import dev.decant.lab.Lab;
import dev.decant.lab.Suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Debian with Elixir and a real sshd in which nothing else runs: a build server, also of a suite
/// whose systemd does not boot here. It forgets what was built when it is closed.
final class BuildRoot implements AutoCloseable {

    static final List<String> PACKAGES = List.of("elixir", "erlang-dev", "git");

    /// In the container, before sshd: it drops its privileges there.
    private static final String START =
            "mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f /etc/decant-sshd/config";

    private final Path folder;
    private final Path ssh;
    private final Process container;

    private BuildRoot(Path folder, Path ssh, Process container) {
        this.folder = folder;
        this.ssh = ssh;
        this.container = container;
    }

    static BuildRoot start(Lab lab, Suite suite) throws Exception {
        Path root = lab.root(BaseRoot.of(suite).with(PACKAGES));
        Path folder = Files.createTempDirectory("decant-test-build");
        Path shared = Files.createDirectory(folder.resolve("sshd"));
        Path user = SshKeys.make(folder, "user@here");
        Path host = SshKeys.make(shared, "host@there");
        int port = freePort();
        Files.copy(user.resolveSibling("user.pub"), shared.resolve("authorized_keys"));
        Files.writeString(
                shared.resolve("config"),
                """
                ListenAddress 127.0.0.1:%d
                HostKey /etc/decant-sshd/host
                AuthorizedKeysFile /etc/decant-sshd/authorized_keys
                StrictModes no
                UsePAM no
                PidFile none
                SetEnv LC_ALL=C.UTF-8
                """
                        .formatted(port));
        Path known = folder.resolve("known_hosts");
        Files.writeString(
                known,
                "[127.0.0.1]:" + port + " " + Files.readString(host.resolveSibling("host.pub")));
        Path ssh = folder.resolve("ssh_config");
        Files.writeString(
                ssh,
                """
                Host %s
                    HostName 127.0.0.1
                    Port %d
                    User root
                    IdentityFile %s
                    IdentitiesOnly yes
                    UserKnownHostsFile %s
                """
                        .formatted(suite.codename(), port, user, known));
        Process container =
                Program.of(
                                "systemd-nspawn",
                                "--register=no",
                                "--keep-unit",
                                "--quiet",
                                "--volatile=overlay",
                                "--as-pid2",
                                "--resolv-conf=off",
                                "--timezone=off",
                                "--link-journal=no",
                                "--console=pipe",
                                "--machine=decant-build-" + suite.codename() + "-" + port,
                                "--directory=" + root,
                                "--bind-ro=" + shared + ":/etc/decant-sshd",
                                "--",
                                "sh",
                                "-c",
                                START)
                        .converse();
        BuildRoot build = new BuildRoot(folder, ssh, container);
        boolean up = Seen.within(Duration.ofSeconds(20), () -> build.run(suite, "true").ok());
        if (!up) {
            build.close();
        }
        assertThat(up).as("sshd in a root of " + suite.codename()).isTrue();
        return build;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// What ssh has to know to find it by the name of its suite.
    String sshConfig() throws IOException {
        return Files.readString(ssh);
    }

    Result run(Suite suite, String... words) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("ssh", "-F", ssh.toString(), suite.codename()));
        all.addAll(List.of(words));
        try {
            return Program.of(all).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        container.destroy();
        try {
            if (!container.waitFor(10, TimeUnit.SECONDS)) {
                container.descendants().forEach(ProcessHandle::destroyForcibly);
                container.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Trees.delete(folder);
    }
}
