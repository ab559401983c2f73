package dev.decant.cli;

import com.sun.net.httpserver.HttpServer;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// S3Proxy, an S3 that looks at signatures, behind a line that counts what passes and can be cut;
/// at an address that lab hosts reach.
///
/// Beside it what stands for the metadata of an EC2 instance (IMDSv2), which no machine but one of
/// AWS's has: a session first, then keys of a role.
final class StoreServer implements AutoCloseable {

    static final String KEY = "shop";
    static final String SECRET = "right";
    static final String BUCKET = "shop-releases";

    private final S3Proxy server;
    private final ServerSocket line;
    private final HttpServer metadata;
    private final AtomicLong given = new AtomicLong();
    private final AtomicLong cutAt = new AtomicLong(Long.MAX_VALUE);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean up = true;
    private volatile boolean slow;

    private StoreServer(S3Proxy server, ServerSocket line, HttpServer metadata) {
        this.server = server;
        this.line = line;
        this.metadata = metadata;
    }

    /// @param address of this machine
    static StoreServer at(String address) throws Exception {
        S3Proxy server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
                        .build();
        server.start();
        InetAddress here = InetAddress.ofLiteral(address);
        HttpServer metadata = HttpServer.create(new InetSocketAddress(here, 0), 0);
        StoreServer store = new StoreServer(server, new ServerSocket(0, 200, here), metadata);
        Thread.ofPlatform().daemon().start(store::accept);
        store.answerForMetadata();
        try (S3Client client = store.client()) {
            client.createBucket(request -> request.bucket(BUCKET));
        }
        return store;
    }

    URI url() {
        return URI.create(
                "http://" + line.getInetAddress().getHostAddress() + ":" + line.getLocalPort());
    }

    URI metadata() {
        return URI.create(
                "http://"
                        + metadata.getAddress().getAddress().getHostAddress()
                        + ":"
                        + metadata.getAddress().getPort());
    }

    S3Client client() {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + server.getPort()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .build();
    }

    List<String> keys() {
        try (S3Client client = client()) {
            return client.listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
                    .map(S3Object::key)
                    .toList();
        }
    }

    /// Bytes that whoever asked got.
    long given() {
        return given.get();
    }

    /// Cuts the connection that has got so many bytes from now on, once.
    void cutAfter(long bytes) {
        cutAt.set(given.get() + bytes);
    }

    /// Whether anybody is answered.
    void up(boolean is) throws IOException {
        up = is;
        if (!is) {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    /// Whether what is given comes as over a line of some 3 MB/s.
    void slow(boolean is) {
        slow = is;
    }

    private void answerForMetadata() {
        metadata.createContext(
                "/latest/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    boolean known =
                            "session"
                                    .equals(
                                            exchange.getRequestHeaders()
                                                    .getFirst("X-aws-ec2-metadata-token"));
                    String answer =
                            path.equals("/latest/api/token")
                                            && exchange.getRequestMethod().equals("PUT")
                                    ? "session"
                                    : !known
                                            ? ""
                                            : path.endsWith("/security-credentials/")
                                                    ? "machines"
                                                    : "{\"Code\" : \"Success\",\n"
                                                            + "  \"AccessKeyId\" : \""
                                                            + KEY
                                                            + "\",\n  \"SecretAccessKey\" : \""
                                                            + SECRET
                                                            + "\",\n  \"Token\" : \"\"\n}";
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(bytes.length == 0 ? 401 : 200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        metadata.start();
    }

    private void accept() {
        while (true) {
            try {
                Socket from = line.accept();
                if (!up) {
                    from.close();
                    continue;
                }
                Socket to = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
                open.add(from);
                Thread.ofVirtual().start(() -> pass(from, to, false));
                Thread.ofVirtual().start(() -> pass(to, from, true));
            } catch (IOException e) {
                if (line.isClosed()) {
                    return;
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean back) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[1 << 14];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (back) {
                    long at = cutAt.get();
                    if (given.get() + count > at && cutAt.compareAndSet(at, Long.MAX_VALUE)) {
                        out.write(buffer, 0, count / 2);
                        return;
                    }
                    given.addAndGet(count);
                    if (slow) {
                        Thread.sleep(5);
                    }
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // One side is gone, and with it the other.
        }
    }

    @Override
    public void close() throws IOException {
        line.close();
        metadata.stop(0);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
