package dev.decant.build;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.toolchain.ToolchainLog;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The steps of one build: each is timed, and what it prints goes to a file as well.
final class Steps {

    private static final int LAST_LINES = 20;

    private final BuildLog log;
    private final Path file;

    /// @param file is begun anew
    Steps(BuildLog log, Path file) throws IOException {
        this.log = log;
        this.file = file;
        Files.deleteIfExists(file);
    }

    interface Work {
        void run() throws IOException, InterruptedException;
    }

    void timed(String step, Work work) throws IOException, InterruptedException {
        log.step(step);
        Instant began = Instant.now();
        String ended = "ended";
        try {
            work.run();
            ended = "was done";
        } finally {
            Duration took = Duration.between(began, Instant.now());
            record("%s %s after %.1f s".formatted(step, ended, took.toMillis() / 1000.0));
        }
        log.done(step, Duration.between(began, Instant.now()));
    }

    /// @param words as the log shows them
    /// @throws Failure with a [BuildProblem.StepFailed] if it does not end well
    void run(String step, List<String> words, Program program)
            throws IOException, InterruptedException {
        timed(
                step,
                () -> {
                    Result result = logged(String.join(" ", words), program);
                    if (!result.ok()) {
                        throw new Failure(
                                new BuildProblem.StepFailed(
                                        step, result.status(), result.lastWords(LAST_LINES), file));
                    }
                });
    }

    private Result logged(String shown, Program program) throws IOException, InterruptedException {
        try (BufferedWriter out = open()) {
            out.write("$ " + shown + "\n");
            return program.run(
                    line -> {
                        log.line(line);
                        try {
                            out.write(line + "\n");
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    void note(String text) {
        log.note(text);
        record(text);
    }

    /// Writes to the file only.
    void record(String text) {
        try (BufferedWriter out = open()) {
            out.write("# " + text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BufferedWriter open() throws IOException {
        return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// What is said of the toolchain stands in the file too: it is what cannot be seen from the
    /// commit.
    ToolchainLog toolchainLog() {
        return new ToolchainLog() {
            @Override
            public void note(String text) {
                Steps.this.note(text);
            }

            @Override
            public void downloading(String what, long bytes, long all) {
                log.downloading(what, bytes, all);
            }

            @Override
            public void installed(String what, Duration took) {
                log.installed(what, took);
                Steps.this.note(what + " was installed.");
            }
        };
    }
}
