package dev.decant.source;

import dev.decant.config.SourceConfig;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// etcd 3 by its JSON gateway: all keys below a prefix, as they were at one revision, page by page.
final class EtcdSource implements Source {

    static final String PASSWORD = "ETCD_PASSWORD";

    private final SourceConfig.Etcd access;
    private final Map<String, String> environment;
    private final int page;

    /// @param page how many keys are asked for at a time
    EtcdSource(SourceConfig.Etcd access, Map<String, String> environment, int page) {
        this.access = access;
        this.environment = environment;
        this.page = page;
    }

    /// The first of the endpoints that can be asked is.
    @Override
    public Contents fetch() throws InterruptedException {
        List<Problem> unreachable = new ArrayList<>();
        try (Http http = new Http(access.word(), access.ca())) {
            for (String endpoint : access.endpoints()) {
                try {
                    return new Contents.Entries(entries(http, endpoint, login(http, endpoint)));
                } catch (Failure failure) {
                    if (!(failure.problems().getFirst() instanceof SourceProblem.NoAnswer)) {
                        throw failure;
                    }
                    unreachable.addAll(failure.problems());
                }
            }
        }
        throw new Failure(unreachable);
    }

    private Map<String, String> login(Http http, String endpoint) throws InterruptedException {
        if (access.user().isEmpty()) {
            return Map.of();
        }
        String password = environment.getOrDefault(PASSWORD, "");
        if (password.isEmpty()) {
            throw refused(endpoint, PASSWORD + " is not set");
        }
        Http.Answer answer =
                http.post(
                        Http.uri(endpoint, "/v3/auth/authenticate", ""),
                        Map.of(),
                        Map.of("name", access.user().get(), "password", password));
        String token = checked(answer).path("token").asString("");
        if (!token.matches("[!-~]+")) {
            throw answer.malformed("answers without a token");
        }
        return Map.of("Authorization", token);
    }

    private List<Contents.Entry> entries(Http http, String endpoint, Map<String, String> headers)
            throws InterruptedException {
        byte[] prefix = access.prefix().getBytes(StandardCharsets.UTF_8);
        byte[] end = prefix.clone();
        // All that begins with it, since its last character is a slash.
        end[end.length - 1]++;
        List<Contents.Entry> entries = new ArrayList<>();
        byte[] from = prefix;
        Optional<String> revision = Optional.empty();
        while (true) {
            Map<String, Object> ask = new LinkedHashMap<>();
            ask.put("key", base64(from));
            ask.put("range_end", base64(end));
            ask.put("limit", String.valueOf(page));
            revision.ifPresent(at -> ask.put("revision", at));
            Http.Answer answer = http.post(Http.uri(endpoint, "/v3/kv/range", ""), headers, ask);
            JsonNode json = checked(answer);
            String at = json.path("header").path("revision").asString("");
            JsonNode all = json.path("kvs");
            if (at.isEmpty() || !(all.isArray() || all.isMissingNode())) {
                throw answer.malformed("answers with other JSON than etcd");
            }
            revision = revision.or(() -> Optional.of(at));
            byte[] last = from;
            for (JsonNode each : all) {
                last = bytes(answer, each.path("key").asString(""));
                entries.add(entry(answer, last, bytes(answer, each.path("value").asString(""))));
            }
            if (!json.path("more").asBoolean(false) || all.isEmpty()) {
                break;
            }
            // What comes right after a key is the same with a zero.
            from = Arrays.copyOf(last, last.length + 1);
        }
        entries.removeIf(entry -> entry.path().isEmpty());
        if (entries.isEmpty()) {
            throw new Failure(
                    new SourceProblem.Nothing(
                            access.word(), endpoint, "no key begins with " + access.prefix()));
        }
        return entries;
    }

    private Contents.Entry entry(Http.Answer answer, byte[] key, byte[] value) {
        String name = new String(key, StandardCharsets.UTF_8);
        if (!name.startsWith(access.prefix())) {
            throw answer.malformed("answers with keys that were not asked for");
        }
        return new Contents.Entry(
                Http.below(access.prefix(), name), Http.text(access.word(), name, value));
    }

    private static byte[] bytes(Http.Answer answer, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw answer.malformed("answers with what is no base64");
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// @throws Failure if the answer is an error
    private JsonNode checked(Http.Answer answer) {
        if (answer.ok()) {
            return answer.json();
        }
        String error = answer.json().path("error").asString("");
        if (error.matches(
                ".*(permission denied|authentication failed|user name is empty|invalid auth"
                        + " token|authentication is not enabled).*")) {
            throw refused(answer.where(), error);
        }
        throw new Failure(
                new SourceProblem.NoAnswer(
                        access.word(),
                        answer.where(),
                        "status " + answer.status() + (error.isEmpty() ? "" : ", " + error)));
    }

    private Failure refused(String where, String cause) {
        return new Failure(
                new SourceProblem.Refused(
                        access.word(),
                        where,
                        cause,
                        List.of(
                                "[sources.etcd]  user = \"shop\", and its password in " + PASSWORD,
                                "What it may read:  etcdctl role grant-permission shop"
                                        + " --prefix=true read "
                                        + access.prefix())));
    }
}
