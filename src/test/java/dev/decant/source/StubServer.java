package dev.decant.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/// A server of HTTP that answers as a test wants it to.
final class StubServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /// @param status of HTTP
    record Answer(int status, String body) {}

    interface Behaviour {
        Answer answer(HttpExchange exchange, String body) throws Exception;
    }

    StubServer(Behaviour behaviour) throws IOException {
        this(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                behaviour);
    }

    /// One that speaks TLS.
    static StubServer tls(SSLContext context, Behaviour behaviour) throws IOException {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new StubServer(server, behaviour);
    }

    private StubServer(HttpServer server, Behaviour behaviour) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                    Answer answer;
                    try {
                        answer = behaviour.answer(exchange, body);
                    } catch (Exception e) {
                        answer = new Answer(599, e.toString());
                    }
                    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(
                            answer.status(), bytes.length == 0 ? -1 : bytes.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(bytes);
                    }
                });
        server.start();
    }

    String address() {
        return (server instanceof HttpsServer ? "https" : "http")
                + "://127.0.0.1:"
                + server.getAddress().getPort();
    }

    /// Method and path of each, in their order.
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
