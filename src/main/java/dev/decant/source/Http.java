package dev.decant.source;

import dev.decant.http.Certificates;
import dev.decant.http.Clients;
import dev.decant.problem.Failure;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLException;

/// Asks a store that speaks JSON over HTTP. Redirects are not followed: a token is for the address
/// that decant.toml names. What the JDK says of a bad answer may have a part of it, and is not
/// passed on.
final class Http implements AutoCloseable {

    /// More than any store has in one answer.
    private static final int MOST_BYTES = 64 << 20;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final String source;
    private final HttpClient client;

    /// @param source the word of its table
    /// @param ca a file of certificates, which are trusted in place of this machine's
    Http(String source, Optional<Path> ca) {
        this.source = source;
        client =
                Clients.client(ca.map(this::trusting).orElseGet(Certificates::ofMachine))
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    private Certificates trusting(Path ca) {
        try {
            return Certificates.of(ca);
        } catch (IOException | GeneralSecurityException e) {
            throw new Failure(
                    new SourceProblem.NoAnswer(
                            source, ca.toString(), "is no file of certificates (PEM)"));
        }
    }

    /// An answer, whatever its status.
    ///
    /// @param where it was asked
    record Answer(String source, String where, int status, HttpResponse<byte[]> response) {

        boolean ok() {
            return status == 200;
        }

        /// @throws Failure if it is no JSON
        JsonNode json() {
            try {
                JsonNode json = JSON.readTree(response.body());
                if (json != null && !json.isMissingNode()) {
                    return json;
                }
            } catch (JacksonException e) {
                // What it says has a part of the answer.
            }
            throw malformed("answers with what is no JSON");
        }

        Failure malformed(String cause) {
            return new Failure(new SourceProblem.Unreadable(source, where, cause));
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        @Override
        public String toString() {
            return where + " " + status;
        }
    }

    Answer get(URI uri, Map<String, String> headers) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri).GET(), uri, headers);
    }

    /// @param body becomes JSON
    Answer post(URI uri, Map<String, String> headers, Map<String, ?> body)
            throws InterruptedException {
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))),
                uri,
                headers);
    }

    private Answer send(HttpRequest.Builder request, URI uri, Map<String, String> headers)
            throws InterruptedException {
        headers.forEach(request::header);
        String where = where(uri);
        try {
            HttpResponse<byte[]> response =
                    client.send(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
            return new Answer(source, where, response.statusCode(), response);
        } catch (IOException e) {
            throw new Failure(
                    new SourceProblem.NoAnswer(source, where, cause(e) + Clients.way(uri)));
        }
    }

    private static String cause(IOException e) {
        return switch (e) {
            case ConnectException _
                    when e.getCause() instanceof ConnectException inner
                            && inner.getCause() instanceof UnresolvedAddressException ->
                    "there is no such host";
            case ConnectException _ -> "nobody answers there";
            case SSLException _ ->
                    "TLS fails; if its certificate is of a CA of your own:  ca = \"ca.pem\"";
            default -> "what answers does not speak HTTP, or the connection broke";
        };
    }

    /// Without what may be as good as a password.
    private static String where(URI uri) {
        return uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + uri.getPath();
    }

    /// @param address such as `https://vault.example.com:8200`
    /// @param path of any characters
    static URI uri(String address, String path, String query) {
        try {
            return URI.create(
                    address.replaceFirst("/+$", "")
                            + new URI(null, null, path, null).getRawPath()
                            + (query.isEmpty() ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path: " + path, e);
        }
    }

    /// The parts of a key below a prefix; empty for the prefix itself.
    static List<String> below(String prefix, String key) {
        List<String> parts =
                new ArrayList<>(List.of(key.substring(prefix.length()).split("/", -1)));
        parts.removeIf(String::isEmpty);
        return parts;
    }

    /// A value that a store keeps as bytes.
    ///
    /// @throws Failure if it is not UTF-8
    static String text(String source, String key, byte[] value) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            throw new Failure(new SourceProblem.Unreadable(source, key, "the value is not UTF-8"));
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
