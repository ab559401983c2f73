package dev.decant.io;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// A file that one at a time has, of all processes and threads of this machine. It goes with the
/// process that has it.
public final class Lock implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final FileChannel channel;

    private Lock(FileChannel channel) {
        this.channel = channel;
    }

    /// Waits until it is free.
    ///
    /// @param file made if it is not there; its folder is
    /// @param waits is told once, if it is not free
    public static Lock take(Path file, Runnable waits) throws IOException, InterruptedException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            for (boolean told = false; !isTaken(channel); told = true) {
                if (!told) {
                    waits.run();
                }
                Thread.sleep(PAUSE);
            }
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
        return new Lock(channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException byAnotherThread) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
