package dev.decant.source;

import dev.decant.config.SourceConfig;
import dev.decant.problem.Failure;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Consul's KV store: all keys below a prefix, which it has in one answer.
final class ConsulSource implements Source {

    static final String TOKEN = "CONSUL_HTTP_TOKEN";

    private final SourceConfig.Consul access;
    private final Map<String, String> environment;

    ConsulSource(SourceConfig.Consul access, Map<String, String> environment) {
        this.access = access;
        this.environment = environment;
    }

    @Override
    public Contents.Entries fetch() throws InterruptedException {
        String query = "recurse=true" + access.datacenter().map(name -> "&dc=" + name).orElse("");
        try (Http http = new Http(access.word(), access.ca())) {
            Http.Answer answer =
                    http.get(
                            Http.uri(access.address(), "/v1/kv/" + access.prefix(), query),
                            headers());
            return switch (answer.status()) {
                case 200 -> entries(answer);
                case 404 ->
                        throw new Failure(
                                new SourceProblem.Nothing(
                                        access.word(),
                                        answer.where(),
                                        "no key begins with "
                                                + access.prefix()
                                                + ", or none that the token may read"));
                case 401, 403 ->
                        throw refused(answer.where(), "permission denied, or an unknown token");
                default ->
                        throw new Failure(
                                new SourceProblem.NoAnswer(
                                        access.word(),
                                        answer.where(),
                                        "status "
                                                + answer.status()
                                                + (answer.status() >= 500
                                                        ? "; consul members, consul operator raft"
                                                                + " list-peers"
                                                        : "")));
            };
        }
    }

    private Map<String, String> headers() {
        String token = environment.getOrDefault(TOKEN, "").strip();
        if (token.isEmpty()) {
            return Map.of();
        }
        if (!token.matches("[!-~]+")) {
            throw refused(access.address(), "what " + TOKEN + " has is no token");
        }
        return Map.of("X-Consul-Token", token);
    }

    private Contents.Entries entries(Http.Answer answer) {
        JsonNode all = answer.json();
        if (!all.isArray()) {
            throw answer.malformed("answers with other JSON than Consul");
        }
        List<Contents.Entry> entries = new ArrayList<>();
        for (JsonNode each : all) {
            String key = each.path("Key").asString("");
            if (!key.startsWith(access.prefix())) {
                throw answer.malformed("answers with keys that were not asked for");
            }
            List<String> path = Http.below(access.prefix(), key);
            // A folder is a key, too.
            if (!path.isEmpty() && !key.endsWith("/")) {
                entries.add(
                        new Contents.Entry(
                                path,
                                Http.text(
                                        access.word(),
                                        key,
                                        bytes(answer, each.path("Value").asString("")))));
            }
        }
        return new Contents.Entries(entries);
    }

    private static byte[] bytes(Http.Answer answer, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw answer.malformed("answers with what is no base64");
        }
    }

    private Failure refused(String where, String cause) {
        return new Failure(
                new SourceProblem.Refused(
                        access.word(),
                        where,
                        cause,
                        List.of(
                                "Put a token into " + TOKEN + " whose policy has:",
                                "key_prefix \"" + access.prefix() + "\" { policy = \"read\" }")));
    }
}
