package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Trees;
import dev.decant.lab.LabHost;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A copy of the sample app in a git repository of its own, and the command line to work on it. All
/// copies share one folder of built releases, so that a commit that was built once is not built
/// again.
final class SampleProject implements AutoCloseable {

    static final String SECRET = "COUNTER_SECRET";

    private static final Path SAMPLES = Path.of("samples");
    private static final Path HOME = home();

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    private SampleProject(Path folder) {
        this.folder = folder;
    }

    private static Path home() {
        try {
            return Files.createTempDirectory("decant-test-home");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SampleProject create() throws IOException, InterruptedException {
        return of("counter");
    }

    /// @param sample its folder
    static SampleProject of(String sample) throws IOException, InterruptedException {
        SampleProject project = empty();
        copy(SAMPLES.resolve(sample), project.folder);
        project.commit();
        return project;
    }

    /// One without files.
    static SampleProject empty() throws IOException, InterruptedException {
        SampleProject project = new SampleProject(Files.createTempDirectory("decant-test-project"));
        project.environment.put("XDG_DATA_HOME", HOME.resolve("data").toString());
        project.environment.put("XDG_CACHE_HOME", HOME.resolve("cache").toString());
        project.environment.put("XDG_STATE_HOME", project.folder.resolve(".git/state").toString());
        project.environment.put("USER", "tester");
        project.environment.put("HOSTNAME", "bench");
        project.git("init", "-q");
        return project;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.sorted().toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    Path folder() {
        return folder;
    }

    /// What builds leave there.
    static Path cache() {
        return HOME.resolve("cache");
    }

    /// Where the releases are that this and other copies have built.
    static Path releases() {
        return HOME.resolve("data/decant/releases/counter");
    }

    /// A decant.toml for lab hosts, with what else it is to say in front of or behind them.
    SampleProject config(Path sshConfig, List<LabHost> hosts, String first, String last)
            throws IOException, InterruptedException {
        StringBuilder toml = new StringBuilder("app = \"counter\"\n" + first + "\n");
        for (LabHost host : hosts) {
            toml.append("[hosts.").append(host.name()).append("]\n");
        }
        toml.append("[ssh]\nconfig = \"").append(sshConfig).append("\"\n");
        toml.append("[health]\npath = \"/health\"\ntimeout = \"6s\"\n").append(last).append('\n');
        return config(toml.toString());
    }

    SampleProject config(String toml) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("decant.toml"), toml);
        commit();
        return this;
    }

    /// Writes a file and commits nothing.
    SampleProject file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    SampleProject set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    SampleProject unset(String variable) {
        environment.remove(variable);
        return this;
    }

    /// Replaces text in one file and commits.
    SampleProject edit(String file, String from, String to)
            throws IOException, InterruptedException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
        commit();
        return this;
    }

    String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    SampleProject version(String version) throws IOException, InterruptedException {
        Path path = folder.resolve("mix.exs");
        String text = Files.readString(path);
        Files.writeString(
                path, text.replaceFirst("@version \"[^\"]*\"", "@version \"" + version + "\""));
        commit();
        return this;
    }

    void commit() throws IOException, InterruptedException {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "Change");
    }

    Result git(String... words) throws IOException, InterruptedException {
        // A fixed identity and time: the same contents give the same commit, which is then built
        // only once.
        Result result =
                Program.of(Stream.concat(Stream.of("git"), Stream.of(words)).toList())
                        .in(folder)
                        .env(
                                Map.of(
                                        "GIT_AUTHOR_NAME", "Tester",
                                        "GIT_AUTHOR_EMAIL", "tester@example.org",
                                        "GIT_COMMITTER_NAME", "Tester",
                                        "GIT_COMMITTER_EMAIL", "tester@example.org",
                                        "GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z",
                                        "GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"))
                        .run();
        assertThat(result.status()).as(String.join(" ", result.lastWords(3))).isZero();
        return result;
    }

    /// Runs the command line in this project, in this process.
    Ran run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Wiring wiring =
                new Wiring(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Map.copyOf(environment),
                        false,
                        folder);
        int status = Main.run(wiring, words);
        return new Ran(status, out.toString(), err.toString());
    }

    /// The same in a process of its own, for what can be killed or has another environment.
    Program apart(String... words) {
        return apart(List.of("-cp", System.getProperty("java.class.path")), words);
    }

    /// As [#apart(String...)], by a JVM with options of its own.
    Program apart(List<String> options, String... words) {
        // What was started in the background would not hear of Ctrl-C.
        List<String> java = new ArrayList<>(List.of("env", "--default-signal=INT"));
        java.add(ProcessHandle.current().info().command().orElseThrow());
        java.addAll(options);
        java.add("dev.decant.cli.Main");
        java.addAll(List.of(words));
        return Program.of(java).in(folder).env(environment);
    }

    /// Runs it and expects that it ends well.
    Ran must(String... words) {
        Ran ran = run(words);
        assertThat(ran.status()).as(ran.all()).isZero();
        return ran;
    }

    @Override
    public void close() throws IOException {
        Trees.delete(folder);
    }
}
