package dev.decant.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A page on this machine, for this user: the hosts, what happens on them, and a button to go back.
public final class Dashboard implements AutoCloseable {

    /// Between two answers to one who listens: an eye sees no more.
    private static final Duration CALM = Duration.ofMillis(200);

    /// Something is said at least so often, so that both sides know that the other is there.
    private static final Duration SPEAK_EVERY = Duration.ofSeconds(10);

    private static final String ONLY_OURS =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                    + " img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String ONE_FILE =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors"
                    + " 'none'";

    private final Config config;
    private final Board board;
    private final RollbackAction rollback;
    private final HttpServer server;
    private final Gate gate;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Begins to listen, on the loopback interface only.
    ///
    /// @param owner such as `alice@laptop`
    /// @param unfinished where it is kept that a rollout is unfinished, for `decant resume`
    /// @param changes between two releases, if both are on this machine
    /// @param port 0 for one that is free
    /// @throws Failure if it is taken
    public Dashboard(
            Config config,
            String owner,
            Recordings recordings,
            Path unfinished,
            Function<Recorded.Pair, Optional<Changes>> changes,
            int port)
            throws IOException {
        // The server reads it once. Without it an event may wait for the one after it.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.config = config;
        try {
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        } catch (BindException e) {
            throw new Failure(new WebProblem.PortTaken(port, String.valueOf(e.getMessage())));
        }
        this.gate = new Gate(server.getAddress().getPort());
        this.rollback = new RollbackAction(config, owner, recordings, unfinished);
        this.board = new Board(config, recordings, changes);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// Lets in whoever opens it.
    public URI address() {
        return URI.create(
                "http://127.0.0.1:%d/?token=%s"
                        .formatted(server.getAddress().getPort(), gate.token()));
    }

    /// A page that leads there, for a browser that is told of a file: its arguments are for all
    /// users of the machine to see, the file is for this one.
    public String opener() {
        return Pages.page("opener", Map.of("address", address().toString()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            Map<String, List<String>> query = form(exchange.getRequestURI().getRawQuery());
            String token = first(query, "token");
            if (!gate.isHere(exchange)) {
                refuse(exchange, 421, "This is not the address of the dashboard.");
            } else if (!token.isEmpty() && gate.isToken(token)) {
                exchange.getResponseHeaders().set("Set-Cookie", gate.cookie());
                // The token does not stay where somebody may read it over a shoulder. A redirect
                // would
                // leave the cookie behind where a page of another origin has led here.
                answer(exchange, 200, "text/html", Pages.page("entrance", Map.of()));
            } else if (!gate.isIn(exchange)) {
                refuse(exchange, 403, "Open the address that decant dashboard has printed.");
            } else if (exchange.getRequestMethod().equals("POST")) {
                post(exchange);
            } else {
                get(exchange, exchange.getRequestURI().getPath(), query);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        answer(exchange, status, "text/plain", why + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        if (!exchange.getResponseHeaders().containsKey("Content-Security-Policy")) {
            exchange.getResponseHeaders().set("Content-Security-Policy", ONLY_OURS);
        }
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void get(HttpExchange exchange, String path, Map<String, List<String>> query)
            throws IOException, InterruptedException {
        switch (path) {
            case "/" -> {
                Map<String, Object> page = new HashMap<>(sections());
                page.put("app", config.names().unit());
                page.put("environment", config.environment().orElse(""));
                answer(exchange, 200, "text/html", Pages.page("dashboard", page));
            }
            case "/style.css" -> answer(exchange, 200, "text/css", Pages.file("style.css"));
            case "/dashboard.js" ->
                    answer(exchange, 200, "text/javascript", Pages.file("dashboard.js"));
            case "/events" -> events(exchange);
            case "/rollback" -> answer(exchange, 200, "text/html", proposal(query));
            default -> {
                String name = path.replaceFirst("^/rollouts/", "");
                Optional<Rollup> rollup =
                        Recordings.Name.isOne(name)
                                ? board.page(new Recordings.Name(name))
                                : Optional.empty();
                if (rollup.isPresent()) {
                    exchange.getResponseHeaders().set("Content-Security-Policy", ONE_FILE);
                    answer(exchange, 200, "text/html", Pages.report(rollup.get(), true));
                } else {
                    refuse(exchange, 404, "There is nothing here.");
                }
            }
        }
    }

    private Map<String, String> sections() {
        List<Board.Past> past = board.past();
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("hosts", Pages.page("hosts", Map.of("hosts", board.hosts())));
        sections.put(
                "rollout",
                board.latest()
                        .map(latest -> Pages.page("latest", Map.of("past", latest)))
                        .orElse(""));
        sections.put("past", Pages.page("past", Map.of("past", past)));
        sections.put("history", Pages.page("history", Map.of("entries", board.history())));
        sections.put("said", board.said());
        return sections;
    }

    /// Tells what has changed, as long as somebody listens.
    private void events(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        Map<String, String> told = new HashMap<>();
        try (OutputStream out = exchange.getResponseBody()) {
            long seen = -1;
            while (true) {
                StringBuilder events = new StringBuilder();
                sections()
                        .forEach(
                                (name, text) -> {
                                    if (!text.equals(told.put(name, text))) {
                                        events.append("event: ").append(name).append("\ndata: ");
                                        events.append(Recording.JSON.writeValueAsString(text));
                                        events.append("\n\n");
                                    }
                                });
                if (events.isEmpty()) {
                    events.append(": still here\n\n");
                }
                out.write(events.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
                // The more there is of it, the less often: 500 hosts are half a second's work.
                Thread.sleep(Math.max(CALM.toMillis(), events.length() / 1000));
                seen = board.await(seen, SPEAK_EVERY);
            }
        }
    }

    // ---- going back

    private String proposal(Map<String, List<String>> query) {
        var facts = board.facts();
        List<String> hosts = config.hosts().stream().map(HostConfig::name).toList();
        List<String> chosen =
                query.containsKey("asked")
                        ? query.getOrDefault("host", List.of())
                        : List.copyOf(facts.keySet());
        Proposal proposal =
                Proposal.of(
                        facts,
                        hosts,
                        chosen,
                        Optional.of(first(query, "release")).filter(given -> !given.isEmpty()));
        return Pages.page("rollback", Map.of("app", config.names().unit(), "proposal", proposal));
    }

    private void post(HttpExchange exchange) throws IOException, InterruptedException {
        if (!gate.isOurs(exchange)) {
            refuse(exchange, 403, "It was not sent by the dashboard.");
            return;
        }
        if (!exchange.getRequestURI().getPath().equals("/rollback")) {
            refuse(exchange, 404, "There is nothing here.");
            return;
        }
        var form =
                form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        try {
            rollback.begin(confirmed(form));
            exchange.sendResponseHeaders(202, -1);
        } catch (Failure failure) {
            answer(
                    exchange,
                    409,
                    "text/html",
                    Pages.page("problems", Map.of("problems", failure.problems())));
        }
    }

    private RollbackAction.Confirmed confirmed(Map<String, List<String>> form) {
        Map<String, String> serving = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String host : form.getOrDefault("host", List.of())) {
            String serves = first(form, "serves." + host);
            if (config.hosts().stream().anyMatch(known -> known.name().equals(host))
                    && !serves.isEmpty()) {
                serving.put(host, serves);
            } else {
                problems.add(new WebProblem.NotKnown(host));
            }
        }
        if (serving.isEmpty() && problems.isEmpty()) {
            problems.add(new WebProblem.NotKnown(""));
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return new RollbackAction.Confirmed(
                serving,
                Optional.of(first(form, "release")).filter(given -> !given.isEmpty()),
                first(form, "to"));
    }

    private static String first(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).getFirst();
    }

    private static Map<String, List<String>> form(@Nullable String text) {
        Map<String, List<String>> form = new HashMap<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split("&")) {
                String[] both = pair.split("=", 2);
                form.computeIfAbsent(decoded(both[0]), _ -> new ArrayList<>())
                        .add(both.length > 1 ? decoded(both[1]) : "");
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        board.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
