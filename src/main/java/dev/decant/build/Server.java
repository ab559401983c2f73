package dev.decant.build;

import dev.decant.exec.Machine;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.ssh.Ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A build server, over one connection of OpenSSH that all programs share. It needs git, tar, flock
/// and GNU's coreutils besides what builds the app.
final class Server implements Machine, AutoCloseable {

    /// The version of git that takes what comes from a shallow clone, with `env -C`, is on any
    /// Linux of the last years: there is nothing to install, and nothing of Decant's runs there.
    private static final List<String> NEEDED = List.of("git", "tar", "flock");

    private static final long PAUSE = 20;

    private final Ssh ssh;
    private final Path folder;
    private final Path socket;
    private final Process connection;
    private final Path home;
    private final String path;

    private Server(Ssh ssh, Path folder, Process connection)
            throws IOException, InterruptedException {
        this.ssh = ssh;
        this.folder = folder;
        this.socket = folder.resolve("ssh");
        this.connection = connection;
        await();
        List<String> said = ssh.program(shared(), List.of("printenv", "HOME", "PATH")).run().out();
        if (said.size() != 2) {
            throw failed(said);
        }
        this.home = Path.of(said.getFirst());
        this.path = said.getLast();
        for (String program : NEEDED) {
            Result version = program(List.of(program, "--version"), home, Map.of()).run();
            if (!version.ok()) {
                throw new Failure(
                        new BuildProblem.ServerLacks(ssh.address(), program, version.lastWords(2)));
            }
        }
    }

    /// @throws Failure with a [BuildProblem]
    static Server connect(Ssh ssh) throws IOException, InterruptedException {
        if (Program.find("ssh").isEmpty()) {
            throw new Failure(new BuildProblem.NoTool("ssh", "apt-get install openssh-client"));
        }
        // Short: a socket's path has no more than 107 characters.
        Path folder = Files.createTempDirectory("decant");
        // It lives as long as this process keeps its input open, whatever ssh_config says.
        Process connection =
                ssh.program(
                                List.of(
                                        "-T",
                                        "-M",
                                        "-S",
                                        folder.resolve("ssh").toString(),
                                        "-o",
                                        "ControlPersist=no"),
                                List.of("cat"))
                        .converse();
        try {
            return new Server(ssh, folder, connection);
        } catch (Throwable e) {
            connection.destroy();
            Trees.delete(folder);
            throw e;
        }
    }

    /// The socket is there when the connection is.
    private void await() throws IOException, InterruptedException {
        while (!Files.exists(socket)) {
            if (connection.waitFor(PAUSE, TimeUnit.MILLISECONDS)) {
                throw failed(
                        new String(
                                        connection.getErrorStream().readAllBytes(),
                                        StandardCharsets.UTF_8)
                                .lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .toList());
            }
        }
    }

    private Failure failed(List<String> said) {
        List<String> all = new ArrayList<>(said);
        all.addAll(ssh.effective());
        return new Failure(new BuildProblem.ServerUnreachable(ssh.address(), all, ssh.byHand()));
    }

    private List<String> shared() {
        return List.of("-T", "-S", socket.toString());
    }

    @Override
    public Optional<String> name() {
        return Optional.of(ssh.address());
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public Program program(List<String> words, Path where, Map<String, String> environment) {
        List<String> all = new ArrayList<>(List.of("env", "-C", where.toString()));
        environment.forEach(
                (name, value) -> {
                    if (value.isEmpty()) {
                        all.add("--unset=" + name);
                    }
                });
        environment.forEach(
                (name, value) -> {
                    if (!value.isEmpty()) {
                        all.add(name + "=" + value);
                    }
                });
        all.addAll(words);
        return ssh.program(shared(), all);
    }

    /// What git on this machine calls a repository there.
    String repository(Path repository) {
        String address = ssh.address().contains(":") ? "[" + ssh.address() + "]" : ssh.address();
        return "ssh://" + address + repository;
    }

    /// With these git takes the same connection.
    Map<String, String> gitEnvironment() {
        return Map.of("GIT_SSH_COMMAND", ssh.client(socket.toString()), "GIT_SSH_VARIANT", "ssh");
    }

    @Override
    public void close() throws IOException {
        connection.getOutputStream().close();
        try {
            if (!connection.waitFor(5, TimeUnit.SECONDS)) {
                connection.destroy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Trees.delete(folder);
    }
}
