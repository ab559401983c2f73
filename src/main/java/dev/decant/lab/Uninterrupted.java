package dev.decant.lab;

import dev.decant.problem.Failure;

import java.util.concurrent.atomic.AtomicReference;

/// Work that is finished even when the thread that wants it is being interrupted: taking away.
final class Uninterrupted {

    private Uninterrupted() {}

    /// @throws Failure whatever the work threw; afterwards the thread is as interrupted as it was
    static void run(Must.Deed deed) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread worker =
                Thread.ofPlatform()
                        .name("lab-removal")
                        .start(
                                () -> {
                                    try {
                                        Must.work(deed);
                                    } catch (Throwable t) {
                                        thrown.set(t);
                                    }
                                });
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (thrown.get()) {
            case null -> {}
            case RuntimeException known -> throw known;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }
}
