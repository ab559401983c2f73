package dev.decant.exec;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// A program to run on this machine: a list of words, never a shell line.
///
/// Standard input is empty unless [#input] says otherwise, so that nothing can stop to ask.
/// Interrupting the waiting thread ends the program and everything it started.
public final class Program {

    private final List<String> words;
    private final @Nullable Path directory;
    private final Map<String, String> environment;
    private final byte[] input;

    private Program(
            List<String> words,
            @Nullable Path directory,
            Map<String, String> environment,
            byte[] input) {
        this.words = List.copyOf(words);
        this.directory = directory;
        this.environment = environment;
        this.input = input;
    }

    /// @param words the program and its arguments; the first is looked up on `PATH` unless it has a
    ///   slash
    public static Program of(String... words) {
        return of(List.of(words));
    }

    /// As [#of(String...)].
    public static Program of(List<String> words) {
        return new Program(words, null, Map.of(), new byte[0]);
    }

    public Program in(Path where) {
        return new Program(words, where, environment, input);
    }

    /// Adds variables to those of this process; an empty value removes one.
    public Program env(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(more);
        return new Program(words, directory, all, input);
    }

    public Program input(String text) {
        return new Program(words, directory, environment, text.getBytes(StandardCharsets.UTF_8));
    }

    /// The words as a person would read them, for a log or an error; not for a shell.
    public String shown() {
        return String.join(" ", words);
    }

    /// Where `PATH` has the program.
    public static Optional<Path> find(String name) {
        return find(name, path());
    }

    /// The `PATH` of this process.
    public static String path() {
        return Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    }

    /// Where a `PATH` has the program.
    ///
    /// @param path folders, with colons between
    public static Optional<Path> find(String name, String path) {
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /// Runs to the end, reading both outputs apart.
    ///
    /// @throws IOException if the program cannot be started
    public Result run() throws IOException, InterruptedException {
        Process process = start(false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> err = threads.submit(() -> lines(process.getErrorStream()));
            Future<List<String>> out = threads.submit(() -> lines(process.getInputStream()));
            threads.execute(() -> feed(process));
            int status = waitFor(process);
            return new Result(status, out.get(), err.get());
        } catch (ExecutionException e) {
            throw new IOException("Cannot read what " + words.getFirst() + " prints.", e);
        }
    }

    /// What a program has printed, as it is.
    ///
    /// @param out of standard output; empty where it has failed
    /// @param err lines of standard error
    public record Output(int status, String out, List<String> err) {

        public Output {
            err = List.copyOf(err);
        }

        public boolean ok() {
            return status == 0;
        }

        @Override
        public String toString() {
            return "status " + status;
        }
    }

    /// Runs to the end as [#run()] does, for what is a text rather than lines.
    ///
    /// @throws CharacterCodingException if the program has ended well, and what it has printed is
    ///   not UTF-8
    public Output output() throws IOException, InterruptedException {
        Process process = start(false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> err = threads.submit(() -> lines(process.getErrorStream()));
            Future<byte[]> out = threads.submit(() -> process.getInputStream().readAllBytes());
            threads.execute(() -> feed(process));
            int status = waitFor(process);
            String text =
                    status == 0
                            ? StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(out.get()))
                                    .toString()
                            : "";
            return new Output(status, text, err.get());
        } catch (ExecutionException e) {
            throw new IOException("Cannot read what " + words.getFirst() + " prints.", e);
        }
    }

    /// Runs to the end with both outputs as one stream, handing over each line as it comes.
    ///
    /// @return the lines are all in [Result#out()]
    public Result run(Consumer<String> eachLine) throws IOException, InterruptedException {
        Process process = start(true);
        List<String> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> feed(process));
            Future<?> reading =
                    threads.submit(
                            () -> {
                                try (BufferedReader reader = reader(process.getInputStream())) {
                                    for (String line = reader.readLine();
                                            line != null;
                                            line = reader.readLine()) {
                                        all.add(line);
                                        eachLine.accept(line);
                                    }
                                }
                                return null;
                            });
            int status = waitFor(process);
            reading.get();
            return new Result(status, all, List.of());
        } catch (ExecutionException e) {
            throw new IOException("Cannot read what " + words.getFirst() + " prints.", e);
        }
    }

    /// Runs to the end with its output in a file, whatever is in it.
    ///
    /// @param out is made or replaced
    /// @return without what is in the file
    public Result runInto(Path out) throws IOException, InterruptedException {
        Process process = builder().redirectOutput(out.toFile()).start();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> err = threads.submit(() -> lines(process.getErrorStream()));
            threads.execute(() -> feed(process));
            int status = waitFor(process);
            return new Result(status, List.of(), err.get());
        } catch (ExecutionException e) {
            throw new IOException("Cannot read what " + words.getFirst() + " prints.", e);
        }
    }

    /// Runs to the end on the terminal of this process, for what a person talks to.
    ///
    /// @return the exit status
    public int runHere() throws IOException, InterruptedException {
        return waitFor(builder().inheritIO().start());
    }

    /// Starts the program and hands over its streams, for a conversation. The caller ends it.
    public Process converse() throws IOException {
        return builder().start();
    }

    /// Starts the program in a session of its own and lets go of it: neither Ctrl-C nor the end of
    /// this process reaches it, and it keeps none of this process's files open. Standard input is
    /// empty. Needs `setsid`.
    ///
    /// @param log where both outputs go, at the end of what is there
    public ProcessHandle detach(Path log) throws IOException {
        List<String> apart = new ArrayList<>(List.of("setsid"));
        apart.addAll(words);
        return new Program(apart, directory, environment, input)
                .builder()
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .toHandle();
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        environment.forEach(
                (name, value) -> {
                    if (value.isEmpty()) {
                        builder.environment().remove(name);
                    } else {
                        builder.environment().put(name, value);
                    }
                });
        return builder;
    }

    private Process start(boolean oneStream) throws IOException {
        return builder().redirectErrorStream(oneStream).start();
    }

    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException broken) {
            // A program may end without reading its input; its status says whether that was right.
        }
    }

    private static int waitFor(Process process) throws InterruptedException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            throw e;
        }
    }

    private static List<String> lines(InputStream stream) throws IOException {
        try (BufferedReader reader = reader(stream)) {
            return reader.lines().toList();
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
