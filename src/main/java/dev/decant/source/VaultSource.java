package dev.decant.source;

import dev.decant.config.SourceConfig;
import dev.decant.problem.Failure;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The KV engine of Vault and OpenBao, in both of its versions.
final class VaultSource implements Source {

    static final String TOKEN = "VAULT_TOKEN";
    static final String SECRET_ID = "VAULT_SECRET_ID";

    private final SourceConfig.Vault access;
    private final Map<String, String> environment;
    private final Duration timeout;

    /// @param timeout for which a token has to be good
    VaultSource(SourceConfig.Vault access, Map<String, String> environment, Duration timeout) {
        this.access = access;
        this.environment = environment;
        this.timeout = timeout;
    }

    @Override
    public Contents.Layers fetch() throws InterruptedException {
        try (Http http = new Http(access.word(), access.ca())) {
            Map<String, String> headers = new HashMap<>(Map.of("X-Vault-Request", "true"));
            access.namespace().ifPresent(name -> headers.put("X-Vault-Namespace", name));
            if (access.role().isEmpty()) {
                headers.put("X-Vault-Token", token());
                renewIfShort(http, headers);
                return layers(http, headers);
            }
            headers.put("X-Vault-Token", login(http, headers));
            try {
                return layers(http, headers);
            } finally {
                revoke(http, headers);
            }
        }
    }

    private Contents.Layers layers(Http http, Map<String, String> headers)
            throws InterruptedException {
        List<Contents.Entries> layers = new ArrayList<>();
        for (String path : access.paths()) {
            List<Contents.Entry> entries = new ArrayList<>();
            if (path.endsWith("/")) {
                folder(http, headers, path, List.of(), entries);
            } else {
                secret(http, headers, path, List.of(), entries, true);
            }
            layers.add(new Contents.Entries(entries));
        }
        return new Contents.Layers(layers);
    }

    // ---- the token

    private String token() {
        String token = environment.getOrDefault(TOKEN, "").strip();
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        if (token.isEmpty()) {
            try {
                token = Files.readString(Path.of(home, ".vault-token")).strip();
            } catch (IOException e) {
                throw refused(access.address(), "there is no token");
            }
        }
        if (!token.matches("[!-~]+")) {
            throw refused(access.address(), "what is there for a token is none");
        }
        return token;
    }

    /// @return a token
    private String login(Http http, Map<String, String> headers) throws InterruptedException {
        String secret = environment.getOrDefault(SECRET_ID, "").strip();
        if (secret.isEmpty()) {
            throw refused(access.address(), SECRET_ID + " is not set");
        }
        Http.Answer answer =
                http.post(
                        uri("auth/approle/login", ""),
                        headers,
                        Map.of("role_id", access.role().orElse(""), "secret_id", secret));
        if (answer.status() == 400) {
            throw refused(answer.where(), "the role id or the secret id is wrong or used up");
        }
        JsonNode auth = checked(answer).path("auth");
        String token = auth.path("client_token").asString("");
        if (!token.matches("[!-~]+")) {
            throw answer.malformed("answers without a token");
        }
        Map<String, String> with = new HashMap<>(headers);
        with.put("X-Vault-Token", token);
        renewIfShort(
                http,
                with,
                auth.path("lease_duration").asLong(0),
                auth.path("renewable").asBoolean(false));
        return token;
    }

    /// It was for this alone. If it cannot be, it expires.
    private void revoke(Http http, Map<String, String> headers) throws InterruptedException {
        try {
            http.post(uri("auth/token/revoke-self", ""), headers, Map.of());
        } catch (Failure expires) {
            // What else was wrong is said.
        }
    }

    private void renewIfShort(Http http, Map<String, String> headers) throws InterruptedException {
        Http.Answer answer = http.get(uri("auth/token/lookup-self", ""), headers);
        // A policy may forbid to look; whether the token is good is seen when secrets are asked
        // for.
        if (answer.status() != 403) {
            JsonNode data = checked(answer).path("data");
            renewIfShort(
                    http,
                    headers,
                    data.path("ttl").asLong(0),
                    data.path("renewable").asBoolean(false));
        }
    }

    /// @param ttl in seconds; 0 for one that does not expire
    private void renewIfShort(Http http, Map<String, String> headers, long ttl, boolean renewable)
            throws InterruptedException {
        if (renewable && ttl > 0 && ttl <= timeout.toSeconds()) {
            // Where that fails, what is left may still be enough.
            http.post(uri("auth/token/renew-self", ""), headers, Map.of());
        }
    }

    // ---- secrets

    /// @param below what was asked for
    private void folder(
            Http http,
            Map<String, String> headers,
            String path,
            List<String> below,
            List<Contents.Entry> entries)
            throws InterruptedException {
        Http.Answer answer =
                http.get(
                        uri(mounted(access.versioned() ? "metadata/" : "") + path, "list=true"),
                        headers);
        if (answer.status() == 404) {
            throw nothing(answer, "there is nothing below " + path);
        }
        JsonNode keys = checked(answer).path("data").path("keys");
        if (!keys.isArray()) {
            throw answer.malformed("answers without a list of keys");
        }
        for (JsonNode each : keys) {
            String key = each.asString("");
            List<String> deeper = new ArrayList<>(below);
            deeper.add(key.replaceFirst("/$", ""));
            if (key.endsWith("/")) {
                folder(http, headers, path + key, deeper, entries);
            } else {
                secret(http, headers, path + key, deeper, entries, false);
            }
        }
    }

    /// @param needed one that was deleted is a mistake
    private void secret(
            Http http,
            Map<String, String> headers,
            String path,
            List<String> below,
            List<Contents.Entry> entries,
            boolean needed)
            throws InterruptedException {
        Http.Answer answer =
                http.get(uri(mounted(access.versioned() ? "data/" : "") + path, ""), headers);
        if (answer.status() == 404) {
            Optional<String> deleted = deleted(answer);
            if (deleted.isPresent() && !needed) {
                return;
            }
            throw nothing(
                    answer,
                    deleted.orElseGet(
                            () ->
                                    answer.json().path("warnings").toString().contains("ersioned")
                                            ? "the engine is of the other version: "
                                                    + (access.versioned()
                                                            ? "kv = \"1\""
                                                            : "kv = \"2\"")
                                            : "there is no secret " + path));
        }
        JsonNode data = checked(answer).path("data");
        JsonNode values = access.versioned() ? data.path("data") : data;
        if (!values.isObject()) {
            throw answer.malformed("answers without values");
        }
        add(values, below, entries);
    }

    /// Vault tells of a version that is no more with its metadata.
    private static Optional<String> deleted(Http.Answer answer) {
        JsonNode version = answer.json().path("data").path("metadata");
        if (!version.isObject()) {
            return Optional.empty();
        }
        String number = "version " + version.path("version").asString("?");
        return Optional.of(
                version.path("destroyed").asBoolean(false)
                        ? number + " was destroyed; vault kv put writes another"
                        : number
                                + " was deleted at "
                                + version.path("deletion_time").asString("?")
                                + "; vault kv undelete brings it back");
    }

    private static void add(JsonNode values, List<String> path, List<Contents.Entry> entries) {
        for (Map.Entry<String, JsonNode> each : values.properties()) {
            List<String> key = Formats.join(path, each.getKey());
            JsonNode value = each.getValue();
            if (value.isObject()) {
                add(value, key, entries);
            } else if (!value.isNull()) {
                entries.add(
                        new Contents.Entry(
                                key, value.isArray() ? value.toString() : value.asString()));
            }
        }
    }

    private String mounted(String kind) {
        return access.mount() + "/" + kind;
    }

    private URI uri(String path, String query) {
        return Http.uri(access.address(), "/v1/" + path, query);
    }

    private Failure nothing(Http.Answer answer, String cause) {
        return new Failure(new SourceProblem.Nothing(access.word(), answer.where(), cause));
    }

    /// @throws Failure if the answer is an error
    private JsonNode checked(Http.Answer answer) {
        return switch (answer.status()) {
            case 200 -> answer.json();
            case 403 -> throw refused(answer.where(), "permission denied, or an expired token");
            case 307, 308 ->
                    throw down(
                            answer,
                            "is a standby that leads to "
                                    + answer.header("Location")
                                            .map(to -> to.replaceFirst("(//[^/]*)/.*", "$1"))
                                            .orElse("another")
                                    + "; make that the address");
            case 429, 472, 473 ->
                    throw down(
                            answer,
                            "is a standby, or limits how often it is asked; ask the active one");
            case 501 -> throw down(answer, "is not initialised: vault operator init");
            case 503 ->
                    throw down(answer, "is sealed, or under maintenance: vault operator unseal");
            default -> throw down(answer, "status " + answer.status());
        };
    }

    private Failure down(Http.Answer answer, String cause) {
        return new Failure(new SourceProblem.NoAnswer(access.word(), answer.where(), cause));
    }

    private Failure refused(String where, String cause) {
        List<String> remedy = new ArrayList<>();
        if (access.role().isPresent()) {
            remedy.add("Put a secret id of the role into " + SECRET_ID + ".");
        } else {
            remedy.add("vault login        or a token in " + TOKEN);
        }
        remedy.add("What its policy has to have:");
        for (String path : access.paths()) {
            String all = path.endsWith("/") ? path + "*" : path;
            remedy.add(
                    "path \""
                            + mounted(access.versioned() ? "data/" : "")
                            + all
                            + "\" { capabilities = [\"read\"] }");
            if (path.endsWith("/")) {
                remedy.add(
                        "path \""
                                + mounted(access.versioned() ? "metadata/" : "")
                                + all
                                + "\" { capabilities = [\"list\"] }");
            }
        }
        return new Failure(new SourceProblem.Refused(access.word(), where, cause, remedy));
    }
}
