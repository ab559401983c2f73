package dev.decant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A bad line to a host: connections to a port of this machine are passed on to the host's sshd,
/// and cut, garbled or slowed down on the way there.
public final class Relay implements AutoCloseable {

    private final ServerSocket server;
    private final String host;

    /// Bytes towards the host, of all connections.
    private long passed;

    private long cutAt = Long.MAX_VALUE;
    private long flipAt = Long.MAX_VALUE;
    private long bytesPerSecond = Long.MAX_VALUE;
    private volatile int quietMillis;
    private int turns;
    private int gathering;
    private final AtomicInteger passing = new AtomicInteger();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

    private Relay(ServerSocket server, String host) {
        this.server = server;
        this.host = host;
    }

    /// @param host an address
    public static Relay to(String host) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), host);
        Thread.ofVirtual().start(relay::accept);
        return relay;
    }

    /// A file for `ssh -F` by which the host is reached through this, and others as before.
    ///
    /// @param config goes straight to the host
    public Path config(Path config) throws IOException {
        Path file = Files.createTempFile("relay", ".ssh_config");
        file.toFile().deleteOnExit();
        String text =
                Files.readString(config)
                        .replaceAll(
                                "(?m)HostName " + host + "$",
                                "HostName 127.0.0.1\n    HostKeyAlias "
                                        + host
                                        + "\n    Port "
                                        + server.getLocalPort());
        return Files.writeString(file, text);
    }

    /// Cuts whatever connection there is then, once.
    ///
    /// @param bytes towards the host, from now on
    public synchronized void cutAfter(long bytes) {
        cutAt = passed + bytes;
    }

    /// Lets nothing more through on the connections that there are, not even that one side is gone.
    public void silence() {
        silent.addAll(connections);
    }

    /// Cuts all the connections that there are.
    public void cut() throws IOException {
        silent.clear();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /// Turns a bit over, once.
    ///
    /// @param bytes towards the host, from now on
    public synchronized void flipAfter(long bytes) {
        flipAt = passed + bytes;
    }

    public synchronized void slow(long toBytesPerSecond) {
        bytesPerSecond = toBytesPerSecond;
    }

    /// Passes on what a side says only when it has said nothing more for a while, so that what was
    /// said without waiting for the other side arrives in one piece, however busy the machine is.
    /// Of new connections.
    ///
    /// @param millis 0 for at once
    public synchronized void gather(int millis) {
        quietMillis = millis;
        gathering++;
    }

    /// One connection, for whose turn it is.
    private static final class Conversation {
        final int gathering;
        boolean toHost;

        Conversation(int gathering) {
            this.gathering = gathering;
        }
    }

    private synchronized Conversation begin() {
        return new Conversation(gathering);
    }

    public synchronized long passed() {
        return passed;
    }

    /// Waits until the connections of whoever has ended have ended here as well: their last word
    /// may still be on its way.
    public void settle() throws InterruptedException {
        for (int i = 0; i < 500 && passing.get() > 0; i++) {
            Thread.sleep(10);
        }
    }

    /// How often this side has spoken after the host had, on connections made since it was told how
    /// to gather: what is left of earlier ones may have a word to say yet.
    public synchronized int turns() {
        return turns;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Thread.ofVirtual().start(() -> connect(near));
            }
        } catch (IOException closed) {
            // There is nobody left to wait for.
        }
    }

    private void connect(Socket near) {
        connections.add(near);
        try {
            Socket far = new Socket(host, 22);
            connections.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Conversation both = begin();
            Thread.ofVirtual().start(() -> pass(near, far, true, both));
            pass(far, near, false, both);
        } catch (IOException hostIsDown) {
            try {
                near.close();
            } catch (IOException gone) {
                // So much the better.
            }
        }
    }

    private void pass(Socket from, Socket to, boolean there, Conversation both) {
        passing.incrementAndGet();
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int quiet = quietMillis;
            byte[] buffer = new byte[quiet > 0 ? 1 << 20 : 8 << 10];
            try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (quiet > 0) {
                        count = gathered(from, in, buffer, count, quiet);
                    }
                    if (silent.contains(from)) {
                        continue;
                    }
                    int good = there ? outward(buffer, count, both) : homeward(count, both);
                    out.write(buffer, 0, good);
                    if (good < count) {
                        return;
                    }
                }
            } finally {
                while (silent.contains(from)) {
                    Thread.sleep(50);
                }
            }
        } catch (IOException | InterruptedException ended) {
            // The other direction ends with it.
        } finally {
            connections.removeAll(List.of(from, to));
            passing.decrementAndGet();
        }
    }

    private static int gathered(Socket from, InputStream in, byte[] buffer, int count, int quiet)
            throws IOException {
        int end = count;
        from.setSoTimeout(quiet);
        try {
            while (end < buffer.length) {
                int more = in.read(buffer, end, buffer.length - end);
                if (more < 0) {
                    break;
                }
                end += more;
            }
        } catch (SocketTimeoutException quietNow) {
            // All of it is here.
        } finally {
            from.setSoTimeout(0);
        }
        return end;
    }

    private synchronized int homeward(int count, Conversation both) {
        both.toHost = false;
        return count;
    }

    private int outward(byte[] buffer, int count, Conversation both) throws InterruptedException {
        long pause;
        int good = count;
        synchronized (this) {
            if (!both.toHost && both.gathering == gathering) {
                turns++;
            }
            both.toHost = true;
            if (passed + count > cutAt) {
                good = (int) (cutAt - passed);
                cutAt = Long.MAX_VALUE;
            }
            if (passed + good > flipAt) {
                buffer[(int) (flipAt - passed)] ^= 1;
                flipAt = Long.MAX_VALUE;
            }
            passed += good;
            pause = bytesPerSecond == Long.MAX_VALUE ? 0 : good * 1000L / bytesPerSecond;
        }
        if (pause > 0) {
            Thread.sleep(pause);
        }
        return good;
    }

    /// Somewhere in a range, for who wants to be cut there.
    public static long somewhere(Random random, long from, long to) {
        return from + (long) (random.nextDouble() * (to - from));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
