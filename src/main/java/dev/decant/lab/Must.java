package dev.decant.lab;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import java.io.IOException;

/// What has to work, or else there is a problem to tell: programs, and the room's own files.
final class Must {

    /// Something that may wait, and may meet a full disk.
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /// As [Work], without a result.
    interface Deed {
        void run() throws IOException, InterruptedException;
    }

    private Must() {}

    static Result run(Program program) throws IOException, InterruptedException {
        Result result = program.run();
        if (!result.ok()) {
            throw new Failure(
                    new LabProblem.CommandFailed(
                            program.shown(), result.status(), result.lastWords(10)));
        }
        return result;
    }

    static Result run(String... words) throws IOException, InterruptedException {
        return run(Program.of(words));
    }

    /// The edge of the room: beyond it an `IOException` is a problem.
    static <T> T work(Work<T> work) throws InterruptedException {
        try {
            return work.run();
        } catch (IOException e) {
            throw new Failure(unusable(e));
        }
    }

    static void work(Deed deed) throws InterruptedException {
        Must.<Boolean>work(
                () -> {
                    deed.run();
                    return true;
                });
    }

    static LabProblem unusable(IOException e) {
        String thing =
                e instanceof java.nio.file.FileSystemException file && file.getFile() != null
                        ? file.getFile()
                        : "a file or program of this machine";
        return new LabProblem.Unusable(thing, e.toString());
    }
}
