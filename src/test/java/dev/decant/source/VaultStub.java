package dev.decant.source;

import com.sun.net.httpserver.HttpExchange;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Answers as HashiCorp documents the API of Vault: KV versions 1 and 2, tokens, AppRole and
/// policies as far as Decant and its pages use them. A server is not to be had for a test; what is
/// not in the documentation is not in here.
final class VaultStub implements StubServer.Behaviour {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final StubServer.Answer NOT_FOUND =
            new StubServer.Answer(404, "{\"errors\":[]}");

    /// Of a secret of KV version 2: its values, or what became of them.
    private record Version(Optional<JsonNode> data, boolean destroyed) {}

    private static final class Token {
        private final String policy;
        private long ttl;

        Token(String policy, long ttl) {
            this.policy = policy;
            this.ttl = ttl;
        }
    }

    private final Map<String, List<Version>> versioned = new TreeMap<>();
    private final Map<String, JsonNode> plain = new TreeMap<>();
    private final Map<String, Token> tokens = new TreeMap<>();
    private final Map<String, String> policies = new TreeMap<>();
    private final Map<String, String> roles = new TreeMap<>();
    private boolean sealed;
    private int made;

    VaultStub() {
        tokens.put("root-token", new Token("root", 0));
    }

    synchronized void seal() {
        sealed = true;
    }

    /// @param ttl in seconds
    synchronized void token(String token, String policy, long ttl) {
        tokens.put(token, new Token(policy, ttl));
    }

    synchronized long ttl(String token) {
        return tokens.getOrDefault(token, new Token("", -1)).ttl;
    }

    synchronized int tokens() {
        return tokens.size();
    }

    @Override
    public synchronized StubServer.Answer answer(HttpExchange exchange, String body) {
        if (sealed) {
            return new StubServer.Answer(503, "{\"errors\":[\"Vault is sealed\"]}");
        }
        String namespace = header(exchange, "X-Vault-Namespace");
        String path =
                (namespace.isEmpty() ? "" : namespace + "/")
                        + exchange.getRequestURI().getPath().substring("/v1/".length());
        String self = path.substring(Math.max(0, path.indexOf("auth/token/")));
        JsonNode json = JSON.readTree(body.isEmpty() ? "{}" : body);
        if (path.endsWith("auth/approle/login")) {
            return login(json);
        }
        Token token = tokens.get(header(exchange, "X-Vault-Token"));
        if (token == null || !isAsking(exchange)) {
            return denied();
        }
        boolean list = "list=true".equals(exchange.getRequestURI().getQuery());
        boolean read = exchange.getRequestMethod().equals("GET");
        return self.startsWith("auth/token/")
                ? self(exchange, self, token)
                : !allowed(token, path, list ? "list" : read ? "read" : "update")
                        ? denied()
                        : list ? keys(path) : read ? read(path) : write(path, json);
    }

    /// Vault can be told to insist on the header; the pages use curl without it.
    private static boolean isAsking(HttpExchange exchange) {
        return header(exchange, "X-Vault-Request").equals("true")
                || header(exchange, "User-Agent").startsWith("curl/");
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static StubServer.Answer denied() {
        return new StubServer.Answer(
                403, "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}");
    }

    private static StubServer.Answer done() {
        return new StubServer.Answer(204, "");
    }

    private static StubServer.Answer ok(Map<String, ?> reply) {
        return new StubServer.Answer(200, JSON.writeValueAsString(reply));
    }

    /// A policy is lines `path "PATH" { capabilities = ["read"] }`.
    private boolean allowed(Token token, String path, String capability) {
        return token.policy.equals("root")
                || policies.getOrDefault(token.policy, "")
                        .lines()
                        .filter(line -> line.contains("\"" + capability + "\""))
                        .map(line -> line.split("\"")[1])
                        .anyMatch(
                                rule ->
                                        rule.endsWith("*")
                                                ? path.startsWith(rule.replace("*", ""))
                                                : path.equals(rule));
    }

    private StubServer.Answer login(JsonNode json) {
        String secret = roles.get(json.path("role_id").asString(""));
        if (secret == null || !secret.equals(json.path("secret_id").asString(""))) {
            return new StubServer.Answer(400, "{\"errors\":[\"invalid role or secret ID\"]}");
        }
        String token = "of-role-" + ++made;
        tokens.put(token, new Token("shop", 5));
        return ok(
                Map.of(
                        "auth",
                        Map.of("client_token", token, "lease_duration", 5, "renewable", true)));
    }

    private StubServer.Answer self(HttpExchange exchange, String path, Token token) {
        return switch (path) {
            case "auth/token/lookup-self" ->
                    ok(Map.of("data", Map.of("ttl", token.ttl, "renewable", token.ttl > 0)));
            case "auth/token/renew-self" -> {
                token.ttl = 3600;
                yield ok(Map.of("auth", Map.of("lease_duration", 3600, "renewable", true)));
            }
            case "auth/token/revoke-self" -> {
                tokens.remove(header(exchange, "X-Vault-Token"));
                yield done();
            }
            default -> NOT_FOUND;
        };
    }

    private StubServer.Answer keys(String path) {
        TreeSet<String> keys = new TreeSet<>();
        List<String> all = new ArrayList<>(plain.keySet());
        versioned.keySet().forEach(key -> all.add(key.replaceFirst("/data/", "/metadata/")));
        for (String each : all) {
            if (each.startsWith(path)) {
                String rest = each.substring(path.length());
                keys.add(rest.contains("/") ? rest.substring(0, rest.indexOf('/') + 1) : rest);
            }
        }
        return keys.isEmpty() ? NOT_FOUND : ok(Map.of("data", Map.of("keys", keys)));
    }

    private StubServer.Answer read(String path) {
        if (path.matches("auth/approle/role/[^/]+/role-id")) {
            return ok(Map.of("data", Map.of("role_id", "id-of-shop")));
        }
        if (plain.containsKey(path)) {
            return ok(Map.of("data", plain.get(path), "lease_duration", 2764800));
        }
        List<Version> versions = versioned.get(path);
        if (versions == null) {
            return path.matches("(.*/)?secret/(?!data/).*")
                    ? new StubServer.Answer(
                            404,
                            "{\"errors\":[],\"warnings\":[\"Invalid path for a versioned K/V"
                                    + " secrets engine. See the API docs.\"]}")
                    : NOT_FOUND;
        }
        Version last = versions.getLast();
        Map<String, Object> metadata =
                Map.of(
                        "version", versions.size(),
                        "destroyed", last.destroyed(),
                        "deletion_time",
                                last.data().isEmpty() && !last.destroyed()
                                        ? "2026-11-20T10:00:00.1Z"
                                        : "");
        Map<String, Object> data = new TreeMap<>(Map.of("metadata", metadata));
        data.put("data", last.data().orElse(null));
        return new StubServer.Answer(
                last.data().isPresent() ? 200 : 404, JSON.writeValueAsString(Map.of("data", data)));
    }

    private StubServer.Answer write(String path, JsonNode json) {
        if (path.startsWith("sys/policies/acl/")) {
            policies.put(
                    path.substring("sys/policies/acl/".length()), json.path("policy").asString(""));
            return done();
        }
        if (path.matches("auth/approle/role/[^/]+")) {
            return done();
        }
        if (path.matches("auth/approle/role/[^/]+/secret-id")) {
            roles.put("id-of-shop", "secret-of-shop");
            return ok(Map.of("data", Map.of("secret_id", "secret-of-shop")));
        }
        if (path.contains("/data/")) {
            versioned
                    .computeIfAbsent(path, _ -> new ArrayList<>())
                    .add(new Version(Optional.of(json.path("data")), false));
            return ok(Map.of("data", Map.of("version", versioned.get(path).size())));
        }
        if (path.contains("/delete/") || path.contains("/destroy/")) {
            List<Version> versions =
                    Objects.requireNonNull(
                            versioned.get(path.replaceFirst("/(delete|destroy)/", "/data/")));
            versions.set(
                    versions.size() - 1, new Version(Optional.empty(), path.contains("/destroy/")));
            return done();
        }
        plain.put(path, json);
        return done();
    }
}
