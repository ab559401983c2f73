import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Asks a web server as many clients would, from outside of its host, and says what a deploy did
/// to them.
///
///     chrt -f 5 java -XX:+UseSerialGC -Xmn1g -Xmx2g bench/Load.java --url http://10.0.0.2:80 \
///         --rate 3000 --keep-alive 200 --slow-2s 5 --slow-30s 5 --streams 50 --seconds 60
///
/// The load is open: requests leave when their time has come, whether or not earlier ones were
/// answered, and how long one took counts from that time. So a server that stops answering for a
/// second has 3,000 slow or failed requests to show for it, not one. How late this program itself
/// was with them is in that, and also counted apart (`late`): a busy machine, not the server. On a
/// machine that does other things as well, `chrt -f 5` takes p99 of `late` from 30 ms to 0.1 ms.
/// A large young generation has fewer pauses, of some 5 ms each.
///
/// Each class of traffic is counted for itself. A kept connection that the server closed just as
/// the next request left is not a failure but `stale`: HTTP clients repeat such a GET once, on a
/// new connection, and so does this one; what the repetition comes to is what counts.
///
/// Ports: a client that closes first keeps the port for a minute (TIME_WAIT), and 28,000 are gone
/// in ten seconds at 3,000 a second. So each request asks for `connection: close` and then waits
/// for the server to close first, which frees the port at once. The TIME_WAIT that the server's
/// side has instead is no obstacle: Linux takes a connection from the same port again, since its
/// time stamps have moved on. Nothing has to be set on either side, and no resets are sent.
///
/// Status: 0 when it has measured, whatever came out; 2 for usage; 1 where nothing answers at all.
final class Load {
    private static final String USAGE =
            """
            Usage: java -XX:+UseSerialGC -Xmn1g -Xmx2g bench/Load.java --url URL
                       (--seconds N | --until FILE) [OPTION...]

              --url URL         the server, such as http://10.0.0.2:80
              --seconds N       how long to count
              --until FILE      count until FILE is there
              --warm-up N       seconds before that in which the load grows and nothing counts (5)
              --ready FILE      is made when counting begins
              --timeout N       seconds until a request has failed, beyond what /slow takes (10)

              --rate N          new connections a second, each with one GET of --path (0)
              --path PATH       what they and the kept connections ask for (/greeting)
              --keep-alive N    connections that are kept, and asked again and again (0)
              --every-ms N      how often each of them is asked (100)
              --slow-2s N       requests of /slow?ms=2000 that are always under way (0)
              --slow-30s N      the same with ms=30000 (0)
              --streams N       responses of /stream that are always under way (0)
              --stream-ms N     how long one of them would go on (600000)

              --marks FILE      lines `NAME begin EPOCH_MS` and `NAME end EPOCH_MS`, read when all
                                is over: windows in time, counted apart. A request counts in each
                                window that it was under way in, and in `quiet` if in none. Those
                                of names such as deploy-1, deploy-2 count also together: deploy-*
              --json FILE       where to write the results
              --timeline FILE   where to write what happened in each 100 ms
            """;

    // ---------------------------------------------------------------- what is asked for

    private static final class Options {
        URI url;
        String path = "/greeting";
        int seconds;
        Path until;
        int warmUp = 5;
        Path ready;
        int timeout = 10;
        int rate;
        int keepAlive;
        int everyMs = 100;
        int slow2s;
        int slow30s;
        int streams;
        int streamMs = 600_000;
        Path marks;
        Path json;
        Path timeline;

        static Options of(String[] args) {
            Options options = new Options();
            for (int i = 0; i < args.length; i += 2) {
                String name = args[i];
                if (name.equals("--help")) {
                    System.out.print(USAGE);
                    System.exit(0);
                }
                String value = i + 1 < args.length ? args[i + 1] : null;
                switch (name) {
                    case "--url" -> options.url = url(value);
                    case "--path" -> options.path = text(name, value);
                    case "--seconds" -> options.seconds = number(name, value, 1);
                    case "--until" -> options.until = Path.of(text(name, value));
                    case "--warm-up" -> options.warmUp = number(name, value, 0);
                    case "--ready" -> options.ready = Path.of(text(name, value));
                    case "--timeout" -> options.timeout = number(name, value, 1);
                    case "--rate" -> options.rate = number(name, value, 0);
                    case "--keep-alive" -> options.keepAlive = number(name, value, 0);
                    case "--every-ms" -> options.everyMs = number(name, value, 1);
                    case "--slow-2s" -> options.slow2s = number(name, value, 0);
                    case "--slow-30s" -> options.slow30s = number(name, value, 0);
                    case "--streams" -> options.streams = number(name, value, 0);
                    case "--stream-ms" -> options.streamMs = number(name, value, 1);
                    case "--marks" -> options.marks = Path.of(text(name, value));
                    case "--json" -> options.json = Path.of(text(name, value));
                    case "--timeline" -> options.timeline = Path.of(text(name, value));
                    default -> throw new UsageException("There is no option " + name + ".");
                }
            }
            if (options.url == null) throw new UsageException("--url is missing.");
            if ((options.seconds > 0) == (options.until != null)) {
                throw new UsageException("It takes one of --seconds and --until.");
            }
            int clients = options.keepAlive + options.slow2s + options.slow30s + options.streams;
            if (options.rate + clients == 0) {
                throw new UsageException("No load: give --rate, --keep-alive or another one.");
            }
            return options;
        }

        private static String text(String name, String value) {
            if (value != null && !value.isEmpty()) return value;
            throw new UsageException(name + " wants a value.");
        }

        private static int number(String name, String value, int least) {
            try {
                int number = Integer.parseInt(text(name, value));
                if (number >= least) return number;
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new UsageException(
                    "%s wants a whole number from %d, not %s.".formatted(name, least, value));
        }

        private static URI url(String value) {
            try {
                URI url = URI.create(text("--url", value));
                boolean bare = url.getHost() != null && url.getPath().length() < 2;
                if (bare && "http".equals(url.getScheme())) return url;
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            throw new UsageException(
                    "--url wants something like http://10.0.0.2:80, not " + value + ".");
        }
    }

    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    // ---------------------------------------------------------------- what happened

    private enum Traffic {
        NEW("new"),
        KEEP_ALIVE("keep-alive"),
        SLOW_2S("slow 2 s"),
        SLOW_30S("slow 30 s"),
        STREAM("stream");

        final String title;

        Traffic(String title) {
            this.title = title;
        }
    }

    private enum Outcome {
        OK,
        /// Nobody listened.
        REFUSED,
        /// A reset (RST) before any byte of the response.
        RESET_EARLY,
        /// A reset in the middle of the response.
        RESET_LATE,
        /// The connection's orderly end (FIN) before any byte of the response.
        CLOSED,
        /// Its orderly end in the middle of the response.
        SHORT,
        TIMEOUT,
        /// A complete response, but not 200.
        STATUS,
        /// This side had no file or port left.
        UNSENT,
        /// What else the system said; see the messages.
        OTHER
    }

    /// Every request that was counted, in the order in which they ended. Times are in microseconds
    /// since counting began.
    private static final class Journal {
        private static final Traffic[] TRAFFIC = Traffic.values();
        private static final Outcome[] OUTCOMES = Outcome.values();
        private static final int CHUNK = 1 << 16;
        private static final int STALE_FIN = 1;
        private static final int STALE_RESET = 2;

        private final List<long[]> chunks = new ArrayList<>();
        private int size;

        void add(long due, long ended, long late, Traffic traffic, Outcome outcome, int stale) {
            int at = size % CHUNK;
            if (at == 0) chunks.add(new long[3 * CHUNK]);
            long[] chunk = chunks.getLast();
            chunk[3 * at] = due;
            chunk[3 * at + 1] = ended;
            chunk[3 * at + 2] =
                    late << 16 | (long) stale << 12 | traffic.ordinal() << 8 | outcome.ordinal();
            size++;
        }

        int size() {
            return size;
        }

        private long field(int index, int field) {
            return chunks.get(index / CHUNK)[3 * (index % CHUNK) + field];
        }

        long due(int index) {
            return field(index, 0);
        }

        long ended(int index) {
            return field(index, 1);
        }

        long late(int index) {
            return field(index, 2) >> 16;
        }

        int stale(int index) {
            return (int) (field(index, 2) >> 12 & 0xf);
        }

        Traffic traffic(int index) {
            return TRAFFIC[(int) (field(index, 2) >> 8 & 0xf)];
        }

        Outcome outcome(int index) {
            return OUTCOMES[(int) (field(index, 2) & 0xff)];
        }
    }

    // ---------------------------------------------------------------- asking

    /// Who asks, one request after the other. Those of [Traffic#NEW] ask once.
    private static final class Client {
        final Traffic traffic;
        byte[] request;

        /// What it asks for from the second time on.
        byte[] later;

        ByteBuffer out;

        /// When the next request is due, or was, in the time of [System#nanoTime()].
        long due;

        long sent;
        long deadline;
        int stale;
        Connection connection;

        Client(Traffic traffic, byte[] request) {
            this.traffic = traffic;
            this.request = request;
            this.later = request;
        }
    }

    /// One TCP connection of a client, and what came over it of the response to the current
    /// request.
    private static final class Connection {
        final Client client;
        final SocketChannel channel;
        SelectionKey key;

        /// A request is under way. Otherwise the connection is idle, or left for the server to
        /// close.
        boolean awaiting = true;

        /// It has answered an earlier request.
        boolean used;

        /// Until when to wait for the server to close; [Long#MAX_VALUE] as long as there is no need
        /// to.
        long closedBy = Long.MAX_VALUE;

        byte[] head = new byte[512];
        int headLength;
        boolean headDone;
        int status;
        boolean closes;
        boolean chunked;

        /// Bytes of the body, or of the chunk, that are missing yet; -1 where the body ends with
        /// the connection.
        long missing;

        ChunkPart chunkPart;
        boolean lineEmpty;

        Connection(Client client, SocketChannel channel) {
            this.client = client;
            this.channel = channel;
        }

        void expectResponse() {
            awaiting = true;
            headLength = 0;
            headDone = false;
        }

        /// Takes what is in the buffer; true when the response is complete.
        boolean take(ByteBuffer in) throws MalformedException {
            while (!headDone && in.hasRemaining()) {
                if (headLength == head.length) head = Arrays.copyOf(head, 2 * headLength);
                head[headLength++] = in.get();
                if (headLength >= 4 && endsHead()) readHead();
            }
            if (!headDone) return false;
            if (chunked) return takeChunks(in);
            if (missing < 0) {
                in.position(in.limit());
                return false;
            }
            skip(in);
            return missing == 0;
        }

        private boolean endsHead() {
            return head[headLength - 1] == '\n'
                    && head[headLength - 2] == '\r'
                    && head[headLength - 3] == '\n'
                    && head[headLength - 4] == '\r';
        }

        private void readHead() throws MalformedException {
            String text = new String(head, 0, headLength, StandardCharsets.ISO_8859_1);
            String[] lines = text.toLowerCase(Locale.ROOT).split("\r\n");
            try {
                status =
                        Integer.parseInt(
                                lines[0].substring("http/1.1 ".length(), "http/1.1 200".length()));
                missing = -1;
                chunked = false;
                closes = false;
                for (int i = 1; i < lines.length; i++) {
                    int colon = lines[i].indexOf(':');
                    String value = lines[i].substring(colon + 1).strip();
                    switch (lines[i].substring(0, colon)) {
                        case "content-length" -> missing = Long.parseLong(value);
                        case "transfer-encoding" -> chunked = value.equals("chunked");
                        case "connection" -> closes = value.equals("close");
                        default -> {}
                    }
                }
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new MalformedException(lines[0]);
            }
            closes |= missing < 0 && !chunked;
            headDone = true;
            chunkPart = ChunkPart.SIZE;
            if (chunked) missing = 0;
        }

        private boolean takeChunks(ByteBuffer in) throws MalformedException {
            while (in.hasRemaining()) {
                if (chunkPart == ChunkPart.DATA) {
                    skip(in);
                    if (missing == 0) chunkPart = ChunkPart.DATA_END;
                    continue;
                }
                byte next = in.get();
                switch (chunkPart) {
                    case SIZE -> {
                        if (next == '\n') {
                            chunkPart = missing == 0 ? ChunkPart.TRAILER : ChunkPart.DATA;
                            lineEmpty = true;
                        } else if (next != '\r') {
                            int digit = Character.digit(next, 16);
                            if (digit < 0) throw new MalformedException("chunk size");
                            missing = missing * 16 + digit;
                        }
                    }
                    case DATA_END -> {
                        if (next == '\n') chunkPart = ChunkPart.SIZE;
                    }
                    case TRAILER -> {
                        if (next == '\n' && lineEmpty) return true;
                        lineEmpty = next == '\n' || next == '\r' && lineEmpty;
                    }
                    case DATA -> throw new IllegalStateException();
                }
            }
            return false;
        }

        private void skip(ByteBuffer in) {
            int count = (int) Math.min(missing, in.remaining());
            in.position(in.position() + count);
            missing -= count;
        }
    }

    private enum ChunkPart {
        SIZE,
        DATA,
        DATA_END,
        TRAILER
    }

    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;

    /// How long to look away where nothing is to be done. Selectors wait for whole milliseconds, in
    /// which three requests are due.
    private static final long NAP = MS / 5;

    /// New connections in one go, so that a backlog of them does not keep responses waiting.
    private static final int BURST = 32;

    private final Options options;
    private final InetSocketAddress server;
    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] newRequest;
    private final PriorityQueue<Client> waiting =
            new PriorityQueue<>(Comparator.comparingLong(c -> c.due));
    private final Journal journal = new Journal();
    private final Map<String, Integer> messages = new TreeMap<>();

    private boolean counting;
    private boolean stopping;
    private boolean answered;
    private long countedFrom;
    private long began;
    private long ended;
    private double cpu;
    private int streamsAtEnd;

    private Load(Options options) throws IOException {
        this.options = options;
        URI url = options.url;
        server = new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
        if (server.isUnresolved()) {
            throw new UsageException("There is no host " + url.getHost() + ".");
        }
        newRequest = request(options.path, true);
    }

    private byte[] request(String target, boolean close) {
        return ("GET "
                        + target
                        + " HTTP/1.1\r\nhost: "
                        + options.url.getAuthority()
                        + "\r\n"
                        + (close ? "connection: close\r\n" : "")
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void run() throws IOException {
        long start = System.nanoTime();
        long warm = start + options.warmUp * SECOND;
        introduceClients(start);
        long nextNew = start;
        long nextSweep = start;
        long stopAt = Long.MAX_VALUE;
        long cpuBefore = 0;
        while (true) {
            int ready = selector.selectNow(this::handle);
            long now = System.nanoTime();
            if (!counting && now >= warm) {
                if (options.warmUp > 0 && !answered) {
                    throw new IOException("Nothing answers at " + options.url + ".");
                }
                counting = true;
                countedFrom = now;
                began = System.currentTimeMillis();
                cpuBefore = processCpu();
                if (options.seconds > 0) stopAt = now + options.seconds * SECOND;
                if (options.ready != null) Files.writeString(options.ready, began + "\n");
            }
            if (now >= nextSweep) {
                sweep(now);
                nextSweep = now + 100 * MS;
                boolean over =
                        now >= stopAt
                                || options.until != null && counting && Files.exists(options.until);
                if (over && !stopping) {
                    stopping = true;
                    ended = now;
                    cpu = (double) (processCpu() - cpuBefore) / (now - countedFrom);
                }
                if (stopping && nothingUnderWay()) break;
            }
            if (stopping) {
                LockSupport.parkNanos(NAP);
                continue;
            }
            for (int i = 0; i < BURST && options.rate > 0 && nextNew <= now; i++) {
                Client client = new Client(Traffic.NEW, newRequest);
                client.due = nextNew;
                ask(client);
                nextNew += SECOND / (counting ? options.rate : warmUpRate(nextNew - start));
            }
            while (!waiting.isEmpty() && waiting.peek().due <= now) ask(waiting.poll());
            long idle = waiting.isEmpty() ? NAP : Math.min(NAP, waiting.peek().due - now);
            if (options.rate > 0) idle = Math.min(idle, nextNew - now);
            if (ready == 0 && idle > NAP / 10) LockSupport.parkNanos(idle);
        }
        selector.close();
    }

    private long warmUpRate(long since) {
        long share = Math.max(since, SECOND / 10) * options.rate / (options.warmUp * SECOND);
        return Math.clamp(share, 1, options.rate);
    }

    private void introduceClients(long start) {
        byte[] kept = request(options.path, false);
        for (int i = 0; i < options.keepAlive; i++) {
            introduce(
                    Traffic.KEEP_ALIVE, kept, start + i * options.everyMs * MS / options.keepAlive);
        }
        introduceSlow(Traffic.SLOW_2S, 2_000, options.slow2s, start);
        introduceSlow(Traffic.SLOW_30S, 30_000, options.slow30s, start);
        byte[] stream = request("/stream?every=1000&ms=" + options.streamMs, true);
        for (int i = 0; i < options.streams; i++) {
            introduce(Traffic.STREAM, stream, start + i * SECOND / options.streams);
        }
    }

    /// Their first requests differ in length, so that the later ones are in different stages
    /// whenever something happens.
    private void introduceSlow(Traffic traffic, int ms, int count, long start) {
        for (int i = 0; i < count; i++) {
            Client client =
                    introduce(traffic, request("/slow?ms=" + ms * (i + 1) / count, true), start);
            client.later = request("/slow?ms=" + ms, true);
        }
    }

    private Client introduce(Traffic traffic, byte[] request, long due) {
        Client client = new Client(traffic, request);
        client.due = due;
        waiting.add(client);
        return client;
    }

    /// Sends what is due, over the connection that the client has or over a new one.
    private void ask(Client client) {
        long now = System.nanoTime();
        client.sent = now;
        client.deadline = client.due + patience(client.traffic);
        client.stale = 0;
        if (client.connection == null) {
            connect(client);
        } else {
            client.connection.expectResponse();
            client.out = ByteBuffer.wrap(client.request);
            send(client.connection);
        }
    }

    private long patience(Traffic traffic) {
        long more =
                switch (traffic) {
                    case SLOW_2S -> 2;
                    case SLOW_30S -> 30;
                    case NEW, KEEP_ALIVE, STREAM -> 0;
                };
        return (options.timeout + more) * SECOND;
    }

    private void connect(Client client) {
        client.out = ByteBuffer.wrap(client.request);
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Connection connection = new Connection(client, channel);
            client.connection = connection;
            boolean connected = channel.connect(server);
            connection.key = channel.register(selector, SelectionKey.OP_CONNECT, connection);
            if (connected) send(connection);
        } catch (IOException e) {
            if (channel != null) close(channel);
            client.connection = null;
            end(client, connectOutcome(e));
        }
    }

    private Outcome connectOutcome(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof ConnectException && message.contains("refused")) return Outcome.REFUSED;
        if (e instanceof ConnectException && message.contains("timed out")) return Outcome.TIMEOUT;
        if (message.contains("reset")) return Outcome.RESET_EARLY;
        note(e.toString());
        return e instanceof BindException
                        || message.contains("Too many open files")
                        || message.contains("assign")
                ? Outcome.UNSENT
                : Outcome.OTHER;
    }

    private void note(String message) {
        if (counting) messages.merge(message, 1, Integer::sum);
    }

    private void handle(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        if (key.isValid() && key.isConnectable()) finishConnect(connection);
        if (key.isValid() && key.isWritable()) send(connection);
        if (key.isValid() && key.isReadable()) receive(connection);
    }

    private void finishConnect(Connection connection) {
        try {
            if (!connection.channel.finishConnect()) return;
        } catch (IOException e) {
            lose(connection, connectOutcome(e));
            return;
        }
        send(connection);
    }

    private void send(Connection connection) {
        ByteBuffer out = connection.client.out;
        try {
            connection.channel.write(out);
            int interest = out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (connection.key.interestOps() != interest) connection.key.interestOps(interest);
        } catch (IOException e) {
            lose(connection, Outcome.RESET_EARLY);
        }
    }

    private void receive(Connection connection) {
        try {
            while (true) {
                in.clear();
                int count = connection.channel.read(in);
                if (count == 0) return;
                if (count < 0) {
                    atEnd(connection);
                    return;
                }
                // What comes without a request, or after the response, is nobody's.
                if (!connection.awaiting) continue;
                if (connection.client.traffic == Traffic.STREAM) {
                    connection.client.deadline = System.nanoTime() + patience(Traffic.STREAM);
                }
                if (connection.take(in.flip())) complete(connection);
            }
        } catch (IOException e) {
            lose(connection, connection.headLength == 0 ? Outcome.RESET_EARLY : Outcome.RESET_LATE);
        } catch (MalformedException e) {
            note(e.toString());
            lose(connection, Outcome.OTHER);
        }
    }

    private void atEnd(Connection connection) {
        if (!connection.awaiting) {
            drop(connection);
        } else if (connection.headLength == 0) {
            lose(connection, Outcome.CLOSED);
        } else if (connection.headDone && connection.missing < 0 && !connection.chunked) {
            complete(connection);
            drop(connection);
        } else {
            lose(connection, Outcome.SHORT);
        }
    }

    private void complete(Connection connection) {
        Client client = connection.client;
        connection.awaiting = false;
        connection.used = true;
        if (connection.closes) {
            connection.closedBy = System.nanoTime() + SECOND;
            client.connection = null;
        }
        end(client, connection.status == 200 ? Outcome.OK : Outcome.STATUS);
    }

    /// The connection is gone. If a request was under way it is repeated or has failed.
    private void lose(Connection connection, Outcome outcome) {
        boolean awaiting = connection.awaiting;
        drop(connection);
        if (!awaiting) return;
        Client client = connection.client;
        boolean stale =
                client.stale == 0
                        && connection.used
                        && (outcome == Outcome.CLOSED || outcome == Outcome.RESET_EARLY);
        if (stale) {
            client.stale = outcome == Outcome.CLOSED ? Journal.STALE_FIN : Journal.STALE_RESET;
            connect(client);
        } else {
            end(client, outcome);
        }
    }

    private void drop(Connection connection) {
        if (connection.client.connection == connection) connection.client.connection = null;
        connection.awaiting = false;
        close(connection.channel);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    private void end(Client client, Outcome outcome) {
        long now = System.nanoTime();
        answered |= outcome == Outcome.OK;
        if (counting) {
            journal.add(
                    micros(client.due),
                    micros(now),
                    (client.sent - client.due) / 1000,
                    client.traffic,
                    outcome,
                    client.stale);
        }
        client.request = client.later;
        switch (client.traffic) {
            case NEW -> {}
            case KEEP_ALIVE -> {
                client.due += options.everyMs * MS;
                waiting.add(client);
            }
            case SLOW_2S, SLOW_30S, STREAM -> {
                // After a failure not at once: where nobody listens, that would be all that this
                // thread does.
                client.due = outcome == Outcome.OK ? now : now + 100 * MS;
                waiting.add(client);
            }
        }
    }

    private long micros(long nanoTime) {
        return (nanoTime - countedFrom) / 1000;
    }

    private void sweep(long now) {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            Connection connection = (Connection) key.attachment();
            if (connection.awaiting && now >= connection.client.deadline) {
                lose(connection, Outcome.TIMEOUT);
            } else if (!connection.awaiting && now >= connection.closedBy) {
                drop(connection);
            }
        }
    }

    /// Nothing but what goes on for long, and would be there at any other time too.
    private boolean nothingUnderWay() {
        int streams = 0;
        for (SelectionKey key : selector.keys()) {
            Connection connection = (Connection) key.attachment();
            if (!connection.awaiting) continue;
            switch (connection.client.traffic) {
                case NEW, KEEP_ALIVE -> {
                    return false;
                }
                case STREAM -> streams++;
                case SLOW_2S, SLOW_30S -> {}
            }
        }
        streamsAtEnd = streams;
        return true;
    }

    private static long processCpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    // ---------------------------------------------------------------- what to say of it

    /// From one time to another, in microseconds since counting began.
    private record Window(String name, long begin, long end) {
        boolean meets(long from, long to) {
            return from <= end && to >= begin;
        }

        /// Its name, without a number at the end.
        String kind() {
            return name.replaceFirst("\\d+$", "*");
        }
    }

    /// What one class of traffic came to in one part of the run. Latencies are in microseconds, of
    /// requests that succeeded.
    private static final class Tally {
        int requests;
        final Map<Outcome, Integer> failures = new EnumMap<>(Outcome.class);
        int stale;
        int staleByReset;
        long[] took = new long[1024];
        int succeeded;
        long[] late = new long[1024];

        void add(Journal journal, int index) {
            if (requests == late.length) late = Arrays.copyOf(late, 2 * requests);
            late[requests++] = journal.late(index);
            if (journal.stale(index) > 0) stale++;
            if (journal.stale(index) == Journal.STALE_RESET) staleByReset++;
            Outcome outcome = journal.outcome(index);
            if (outcome == Outcome.OK) {
                if (succeeded == took.length) took = Arrays.copyOf(took, 2 * succeeded);
                took[succeeded++] = journal.ended(index) - journal.due(index);
            } else {
                failures.merge(outcome, 1, Integer::sum);
            }
        }

        void sort() {
            took = Arrays.copyOf(took, succeeded);
            Arrays.sort(took);
            late = Arrays.copyOf(late, requests);
            Arrays.sort(late);
        }

        int failed() {
            return requests - succeeded;
        }

        /// The value that this share of them does not exceed; 0 if there are none.
        static long at(long[] sorted, double share) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    /// A part of the run. The longest gap, in microseconds, is the longest time without a new
    /// connection whose request was answered.
    private record Part(
            String name, long begin, long end, Map<Traffic, Tally> tallies, long longestGap) {}

    private interface Span {
        boolean test(long from, long to);
    }

    private Part part(String name, long begin, long end, Span span) {
        Map<Traffic, Tally> tallies = new EnumMap<>(Traffic.class);
        long longest = 0;
        long last = 0;
        for (int i = 0; i < journal.size(); i++) {
            long due = journal.due(i);
            long ended = journal.ended(i);
            Traffic traffic = journal.traffic(i);
            if (span.test(due, ended)) {
                tallies.computeIfAbsent(traffic, t -> new Tally()).add(journal, i);
            }
            if (traffic == Traffic.NEW && journal.outcome(i) == Outcome.OK) {
                if (span.test(last, ended)) longest = Math.max(longest, ended - last);
                last = ended;
            }
        }
        // A server that never came back.
        long all = micros(this.ended);
        if (span.test(last, all)) longest = Math.max(longest, all - last);
        tallies.values().forEach(Tally::sort);
        return new Part(name, begin, end, tallies, longest);
    }

    private List<Part> parts() throws IOException {
        long all = micros(ended);
        List<Window> windows = windows(all);
        List<Part> parts = new ArrayList<>();
        parts.add(part("whole", 0, all, (from, to) -> true));
        if (windows.isEmpty()) return parts;
        Span inWindow = inOneOf(windows);
        parts.add(part("quiet", 0, all, (from, to) -> !inWindow.test(from, to)));
        parts.add(part("windows", 0, all, inWindow));
        Map<String, List<Window>> kinds =
                windows.stream()
                        .filter(window -> window.name().matches(".*-\\d+"))
                        .collect(
                                Collectors.groupingBy(
                                        Window::kind, TreeMap::new, Collectors.toList()));
        kinds.forEach((kind, some) -> parts.add(part(kind, 0, all, inOneOf(some))));
        for (Window window : windows) {
            parts.add(part(window.name(), window.begin(), window.end(), window::meets));
        }
        return parts;
    }

    private static Span inOneOf(List<Window> windows) {
        return (from, to) -> windows.stream().anyMatch(window -> window.meets(from, to));
    }

    private List<Window> windows(long all) throws IOException {
        List<Window> windows = new ArrayList<>();
        if (options.marks == null || !Files.exists(options.marks)) return windows;
        Map<String, Long> open = new TreeMap<>();
        for (String line : Files.readAllLines(options.marks)) {
            String[] words = line.strip().split(" +");
            try {
                long at = (Long.parseLong(words[2]) - began) * 1000;
                if (words[1].equals("begin")) {
                    open.put(words[0], at);
                } else if (words[1].equals("end") && open.containsKey(words[0])) {
                    windows.add(new Window(words[0], open.remove(words[0]), at));
                } else {
                    System.err.println("Not understood in " + options.marks + ": " + line);
                }
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                System.err.println("Not understood in " + options.marks + ": " + line);
            }
        }
        open.forEach((name, begin) -> windows.add(new Window(name, begin, all)));
        windows.sort(Comparator.comparingLong(Window::begin));
        return windows;
    }

    private void report(PrintStream out, List<Part> parts) {
        out.printf("%.1f s from %s", micros(ended) / 1e6, Instant.ofEpochMilli(began));
        out.printf("; this side took %.2f of a core", cpu);
        out.printf("; %d of %d streams open at the end%n%n", streamsAtEnd, options.streams);
        row(
                out,
                "",
                "",
                "requests",
                "failed",
                "stale",
                "p50 ms",
                "p99",
                "p99.9",
                "max",
                "late p99",
                "");
        for (Part part : parts) {
            part.tallies().forEach((traffic, tally) -> report(out, part, traffic, tally));
            if (options.rate > 0) {
                out.printf("%-14s longest gap %s ms%n", part.name(), ms(part.longestGap()));
            }
        }
        messages.forEach((message, count) -> out.printf("%d times: %s%n", count, message));
    }

    private static void report(PrintStream out, Part part, Traffic traffic, Tally tally) {
        String failures =
                tally.failures.entrySet().stream()
                        .map(failure -> failure.getValue() + " " + word(failure.getKey()))
                        .collect(Collectors.joining(", "));
        List<String> times =
                traffic == Traffic.STREAM || tally.succeeded == 0
                        ? List.of("", "", "", "")
                        : Stream.of(0.5, 0.99, 0.999, 1.0)
                                .map(share -> ms(Tally.at(tally.took, share)))
                                .toList();
        row(
                out,
                part.name(),
                traffic.title,
                tally.requests,
                tally.failed(),
                tally.stale,
                times.get(0),
                times.get(1),
                times.get(2),
                times.get(3),
                ms(Tally.at(tally.late, 0.99)),
                failures);
    }

    private static void row(PrintStream out, Object... cells) {
        String line = "%-14s %-10s %9s %7s %6s %8s %8s %8s %8s %8s  %s".formatted(cells);
        out.println(line.stripTrailing());
    }

    private static String ms(long micros) {
        return String.format(Locale.ROOT, micros < 100_000 ? "%.2f" : "%.0f", micros / 1000.0);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private String json(List<Part> parts) {
        List<String> seen =
                messages.entrySet().stream().map(m -> field(m.getKey(), m.getValue())).toList();
        return object(
                        List.of(
                                field("url", quoted(options.url.toString())),
                                field("rate", options.rate),
                                field("keep_alive", options.keepAlive),
                                field("slow_2s", options.slow2s),
                                field("slow_30s", options.slow30s),
                                field("streams", options.streams),
                                field("began_ms", began),
                                field("seconds", micros(ended) / 1e6),
                                field("cores", Math.round(cpu * 100) / 100.0),
                                field("streams_open_at_end", streamsAtEnd),
                                field("messages", object(seen)),
                                "\n" + field("parts", parts.stream().map(this::json).toList())))
                + "\n";
    }

    private String json(Part part) {
        List<String> tallies = new ArrayList<>();
        part.tallies()
                .forEach((traffic, tally) -> tallies.add("\n" + field(word(traffic), json(tally))));
        return "\n"
                + object(
                        List.of(
                                field("name", quoted(part.name())),
                                field("begin_ms", began + part.begin() / 1000),
                                field("end_ms", began + part.end() / 1000),
                                field("longest_gap_ms", part.longestGap() / 1000.0),
                                field("traffic", object(tallies))));
    }

    private static String json(Tally tally) {
        List<String> fields = new ArrayList<>();
        fields.add(field("requests", tally.requests));
        fields.add(field("ok", tally.succeeded));
        fields.add(field("failed", tally.failed()));
        for (Outcome outcome : Outcome.values()) {
            if (outcome == Outcome.OK) continue;
            fields.add(field(word(outcome), tally.failures.getOrDefault(outcome, 0)));
        }
        fields.add(field("stale", tally.stale));
        fields.add(field("stale_by_reset", tally.staleByReset));
        fields.add(field("p50_ms", Tally.at(tally.took, 0.5) / 1000.0));
        fields.add(field("p99_ms", Tally.at(tally.took, 0.99) / 1000.0));
        fields.add(field("p999_ms", Tally.at(tally.took, 0.999) / 1000.0));
        fields.add(field("max_ms", Tally.at(tally.took, 1) / 1000.0));
        fields.add(field("late_p99_ms", Tally.at(tally.late, 0.99) / 1000.0));
        fields.add(field("late_max_ms", Tally.at(tally.late, 1) / 1000.0));
        return object(fields);
    }

    /// A value that is a number, or JSON already; a list's `toString()` is.
    private static String field(String name, Object value) {
        return quoted(name) + ": " + value;
    }

    private static String object(List<String> fields) {
        return "{" + String.join(", ", fields) + "}";
    }

    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"' + escaped.replaceAll("\\p{Cntrl}", " ") + '"';
    }

    /// One line for each 100 ms, by the time at which requests ended.
    private String timeline() {
        long step = 100_000;
        int steps = 1;
        for (int i = 0; i < journal.size(); i++) {
            steps = Math.max(steps, (int) (journal.ended(i) / step) + 1);
        }
        // New: succeeded, failed, longest, latest; others: succeeded, failed, stale.
        long[][] lines = new long[steps][7];
        for (int i = 0; i < journal.size(); i++) {
            long[] line = lines[(int) (journal.ended(i) / step)];
            boolean ok = journal.outcome(i) == Outcome.OK;
            if (journal.traffic(i) == Traffic.NEW) {
                line[ok ? 0 : 1]++;
                line[2] = Math.max(line[2], journal.ended(i) - journal.due(i));
                line[3] = Math.max(line[3], journal.late(i));
            } else {
                line[ok ? 4 : 5]++;
                if (journal.stale(i) > 0) line[6]++;
            }
        }
        StringBuilder text =
                new StringBuilder(
                        "epoch_ms\tnew_ok\tnew_failed\tmax_us\tlate_us\tothers_ok\tothers_failed"
                                + "\tstale\n");
        for (int i = 0; i < steps; i++) {
            text.append(began + i * 100L);
            for (long value : lines[i]) text.append('\t').append(value);
            text.append('\n');
        }
        return text.toString();
    }

    public static void main(String[] args) throws IOException {
        try {
            Options options = Options.of(args);
            Load load = new Load(options);
            load.run();
            List<Part> parts = load.parts();
            load.report(System.out, parts);
            if (options.json != null) Files.writeString(options.json, load.json(parts));
            if (options.timeline != null) Files.writeString(options.timeline, load.timeline());
        } catch (UsageException e) {
            System.err.println(e.getMessage() + " --help names the options.");
            System.exit(2);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
