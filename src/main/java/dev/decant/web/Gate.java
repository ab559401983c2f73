package dev.decant.web;

import com.sun.net.httpserver.HttpExchange;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Who is let in: whoever has opened the address with the token, in that browser. Other users of
/// the machine are not, nor are pages of other origins that this browser has open.
final class Gate {

    private static final int BYTES = 16;

    /// A page of another origin cannot send it without asking first, and is then refused.
    private static final String HEADER = "X-Decant";

    private final String token = random();
    private final String session = random();
    private final int port;

    Gate(int port) {
        this.port = port;
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    String token() {
        return token;
    }

    /// A name that leads to this machine by somebody else's will is not one of its names.
    boolean isHere(HttpExchange exchange) {
        return names().contains(String.valueOf(exchange.getRequestHeaders().getFirst("Host")));
    }

    private Set<String> names() {
        return Set.of("127.0.0.1:" + port, "localhost:" + port);
    }

    boolean isToken(String given) {
        return same(given, token);
    }

    /// For the browser to send with every request from now on, and for no script to read.
    String cookie() {
        return name() + "=" + session + "; Path=/; HttpOnly; SameSite=Strict";
    }

    /// Cookies know no ports: several dashboards each have their own.
    private String name() {
        return "decant-" + port;
    }

    boolean isIn(HttpExchange exchange) {
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(line -> List.of(line.split("; *")).stream())
                .filter(cookie -> cookie.startsWith(name() + "="))
                .anyMatch(cookie -> same(cookie.substring(name().length() + 1), session));
    }

    /// It was sent by a page of ours.
    boolean isOurs(HttpExchange exchange) {
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        return exchange.getRequestHeaders().containsKey(HEADER)
                && (origin == null
                        || names().stream().anyMatch(name -> origin.equals("http://" + name)));
    }

    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }
}
