package dev.decant.advisory;

import com.google.protobuf.CodedOutputStream;
import com.sun.net.httpserver.HttpServer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;

/// Hex's registry on this machine, with a key of its own: hex.pm cannot be reached by tests, and
/// what it has changes.
public final class LocalRegistry implements AutoCloseable {

    private static final KeyPair KEY = key();

    private final HttpServer server;
    private final KeyPair key;
    private final Map<String, byte[]> packages = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private LocalRegistry(HttpServer server, KeyPair key) {
        this.server = server;
        this.key = key;
    }

    public static LocalRegistry start() throws IOException {
        return start(KEY);
    }

    /// One that nobody knows.
    static LocalRegistry stranger() throws IOException {
        return start(key());
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LocalRegistry start(KeyPair key) throws IOException {
        LocalRegistry registry =
                new LocalRegistry(
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                        key);
        registry.server.createContext(
                "/packages/",
                exchange -> {
                    String name =
                            exchange.getRequestURI().getPath().substring("/packages/".length());
                    registry.asked.add(name);
                    byte[] body = registry.packages.get(name);
                    exchange.sendResponseHeaders(
                            body == null ? 404 : 200, body == null ? -1 : body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body == null ? new byte[0] : body);
                    }
                });
        registry.server.start();
        return registry;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// What was asked for, in this order.
    public List<String> asked() {
        return asked;
    }

    /// Its public key, in a file of PEM.
    public Path keyFile(Path folder) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded());
        return Files.writeString(
                folder.resolve("registry.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
    }

    /// One retired version, and one that is not.
    public void retired(String name, String version, int reason, String message) throws Exception {
        serve(name, signed(message(name, "hexpm", version, reason, message)));
    }

    public void serve(String name, byte[] body) {
        packages.put(name, body);
    }

    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /// As package.proto has it, with fields that nobody reads here.
    static byte[] message(
            String name, String repository, String version, int reason, String message)
            throws IOException {
        byte[] dependency = message(out -> out.writeString(1, "mime"));
        byte[] status =
                message(
                        out -> {
                            out.writeEnum(1, reason);
                            if (!message.isEmpty()) {
                                out.writeString(2, message);
                            }
                        });
        byte[] retired =
                message(
                        out -> {
                            out.writeString(1, version);
                            out.writeByteArray(2, new byte[32]);
                            out.writeByteArray(3, dependency);
                            out.writeByteArray(4, status);
                            out.writeByteArray(5, new byte[32]);
                            out.writeInt64(17, 1);
                        });
        byte[] plain = message(out -> out.writeString(1, "99.0.0"));
        return message(
                out -> {
                    out.writeByteArray(1, plain);
                    out.writeByteArray(1, retired);
                    out.writeString(2, name);
                    out.writeString(3, repository);
                    out.writeString(9, "of a later day");
                });
    }

    byte[] signed(byte[] payload) throws Exception {
        Signature signer = Signature.getInstance("SHA512withRSA");
        signer.initSign(key.getPrivate());
        signer.update(payload);
        return packed(payload, signer.sign());
    }

    static byte[] packed(byte[] payload, byte[] signature) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(
                    message(
                            out -> {
                                out.writeByteArray(1, payload);
                                out.writeByteArray(2, signature);
                            }));
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
