package dev.decant.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// People who use the app from outside while something is done to it: some come and go, some wait
/// for slow pages, some listen to a stream.
final class Visitors implements AutoCloseable {

    private final String host;
    private final int port;
    private final String app;
    private final ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> versions = Collections.synchronizedSet(new TreeSet<>());
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean leaving;

    private Visitors(String host, int port, String app) {
        this.host = host;
        this.port = port;
        this.app = app;
    }

    static Visitors to(String host, int port) {
        Visitors visitors = new Visitors(host, port, "counter");
        for (int i = 0; i < 10; i++) {
            visitors.again("/", Duration.ofMillis(50));
        }
        for (int i = 0; i < 3; i++) {
            visitors.again("/slow?ms=1500", Duration.ZERO);
            visitors.again("/stream?ms=60000&every=100", Duration.ofMillis(100));
        }
        return visitors;
    }

    /// Those who come and go, and wait no longer than half a second.
    static Visitors toPages(String host, int port) {
        return toPages(host, port, "counter");
    }

    /// @param app whose first page has a line with its name and version
    static Visitors toPages(String host, int port, String app) {
        Visitors visitors = new Visitors(host, port, app);
        for (int i = 0; i < 10; i++) {
            visitors.again("/", Duration.ofMillis(50));
        }
        for (int i = 0; i < 3; i++) {
            visitors.again("/slow?ms=500", Duration.ZERO);
        }
        return visitors;
    }

    private void again(String path, Duration pause) {
        people.execute(
                () -> {
                    try {
                        while (!leaving) {
                            visit(path);
                            Thread.sleep(pause);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void visit(String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            read(path, socket);
        } catch (IOException e) {
            complain(path, e.toString());
        }
    }

    /// Until the end of the answer, or of the visit where that is a stream.
    private void read(String path, Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = in.readLine();
        if (status == null || !status.contains(" 200 ")) {
            complain(path, "answered " + status);
            return;
        }
        String last = status;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(app + " ")) {
                versions.add(line.substring(app.length() + 1));
            }
            last = line.isEmpty() ? last : line;
            if (leaving && path.startsWith("/stream")) {
                return;
            }
        }
        if (path.startsWith("/stream") && !last.equals("0")) {
            complain(path, "ended in the middle, after " + last);
        }
        answered.incrementAndGet();
    }

    private void complain(String path, String what) {
        if (!leaving) {
            complaints.add(path + ": " + what);
        }
    }

    /// What went wrong so far.
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    int answered() {
        return answered.get();
    }

    /// The versions that they have met.
    Set<String> versions() {
        return Set.copyOf(versions);
    }

    @Override
    public void close() {
        leaving = true;
        people.shutdown();
        try {
            if (!people.awaitTermination(15, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new IOException("They do not go."));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
