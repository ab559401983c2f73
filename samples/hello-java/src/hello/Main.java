package hello;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A small web app that says hello and which version it is. */
public final class Main {

    private static final String VERSION = version();

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("version")) {
            System.out.println(VERSION);
            return;
        }
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "4000"));
        int drainSeconds = Integer.parseInt(System.getenv().getOrDefault("DRAIN_MS", "0")) / 1000;
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 1024);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/health", exchange -> answer(exchange, 200, "ok\n"));
        server.createContext("/slow", Main::slow);
        server.createContext(
                "/", exchange -> answer(exchange, 200, "Hello.\nhello-java " + VERSION + "\n"));
        // A SIGTERM: what has begun is finished.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(drainSeconds)));
        server.start();
        System.out.println("hello-java " + VERSION + " listens on " + port);
    }

    private static void slow(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        try {
            Thread.sleep(query.matches("ms=[0-9]{1,5}") ? Integer.parseInt(query.substring(3)) : 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answer(exchange, 200, "done\n");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** The build has written it beside this class. */
    private static String version() {
        try (InputStream in = Main.class.getResourceAsStream("version")) {
            return in == null
                    ? "dev"
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
