package dev.decant.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// A lock that one thread of one process holds at a time, given back by the kernel when the process
/// dies.
///
/// Not reentrant. The file stays: to delete it would let two processes hold "the same" lock.
public final class Guard implements AutoCloseable {

    /// A file lock belongs to the whole process, so that threads need one of their own. It is taken
    /// first, which also means that a process never has the file open twice: closing either would
    /// give the lock back.
    private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();

    private final Semaphore threads;
    private final FileChannel channel;
    private final FileLock lock;

    private Guard(Semaphore threads, FileChannel channel, FileLock lock) {
        this.threads = threads;
        this.channel = channel;
        this.lock = lock;
    }

    public static Guard take(Path file) throws IOException, InterruptedException {
        return take(file, () -> {});
    }

    /// @param waiting told once where the lock is not free
    public static Guard take(Path file, Runnable waiting) throws IOException, InterruptedException {
        Semaphore threads =
                THREADS.computeIfAbsent(
                        file.toAbsolutePath().normalize(), path -> new Semaphore(1));
        boolean told = false;
        if (!threads.tryAcquire()) {
            waiting.run();
            told = true;
            threads.acquire();
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                if (!told) {
                    waiting.run();
                }
                lock = channel.lock();
            }
            taken = true;
            return new Guard(threads, channel, lock);
        } catch (FileLockInterruptionException e) {
            throw new InterruptedException("Interrupted while waiting for " + file);
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                threads.release();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        } finally {
            threads.release();
        }
    }
}
