package dev.decant.advisory;

import dev.decant.http.Clients;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/// Hex's registry, or a mirror of it: which versions are retired. What it says is signed, so that
/// whoever hands it on is not trusted with more than being late; it is kept, for when it cannot be
/// reached.
public final class Registry {

    public static final String HEXPM = "https://repo.hex.pm";

    /// What is younger is not asked for again.
    private static final Duration FRESH = Duration.ofHours(1);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int AT_A_TIME = 8;
    private static final int MAX_SIZE = 1 << 24;

    private final URI base;
    private final String shown;
    private final PublicKey key;
    private final Path kept;
    private final boolean offline;

    /// @param base such as `https://repo.hex.pm`
    /// @param key a file with its public key, as PEM; empty for hex.pm's own
    /// @param cache a folder for what it said; made if it is not there
    /// @param offline ask nobody
    /// @throws Failure with [AdvisoryProblem.NoKey]
    public Registry(String base, Optional<Path> key, Path cache, boolean offline) {
        this.shown = base.replaceFirst("/*$", "");
        this.base = URI.create(shown + "/");
        this.key = key.map(Registry::key).orElseGet(Registry::hexpm);
        this.kept = cache.resolve(Digest.of(base).hex().substring(0, 16));
        this.offline = offline;
    }

    /// What it says of some packages.
    ///
    /// @param retired by name and version; of those that something is known of
    /// @param asOf when it was said, of the oldest; empty where nothing is known
    /// @param unknown packages that nothing is known of, sorted
    /// @param why those, or newer words, could not be had; a sentence each
    record Answer(
            Map<String, Map<String, Retirement>> retired,
            Optional<Instant> asOf,
            List<String> unknown,
            List<String> why) {}

    private record Said(Map<String, Retirement> retired, Instant asOf) {}

    URI base() {
        return base;
    }

    private static PublicKey hexpm() {
        try (InputStream in =
                Objects.requireNonNull(Registry.class.getResourceAsStream("hexpm.pem"))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicKey key(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure(new AdvisoryProblem.NoKey(file, String.valueOf(e.getMessage())));
        }
    }

    private static PublicKey parse(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]*-----", "");
        return KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    }

    /// @param names of packages of hex.pm
    Answer ask(Collection<String> names) throws InterruptedException {
        Map<String, Map<String, Retirement>> retired = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        Set<String> why = new ConcurrentSkipListSet<>();
        Optional<Instant> asOf = Optional.empty();
        AtomicReference<String> unreachable =
                new AtomicReference<>(offline ? shown + " was not asked (--offline)." : "");
        try (HttpClient client =
                        Clients.client()
                                .connectTimeout(CONNECT)
                                .followRedirects(HttpClient.Redirect.NORMAL)
                                .build();
                ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            Map<String, Future<Optional<Said>>> asked = new HashMap<>();
            TreeSet<String> sorted = new TreeSet<>(names);
            for (String name : sorted) {
                Callable<Optional<Said>> asking = () -> said(client, name, unreachable, why);
                asked.put(name, threads.submit(asking));
            }
            for (String name : sorted) {
                Optional<Said> said = Objects.requireNonNull(asked.get(name)).get();
                if (said.isEmpty()) {
                    unknown.add(name);
                    continue;
                }
                retired.put(name, said.get().retired());
                Instant then = said.get().asOf();
                asOf = Optional.of(asOf.filter(it -> it.isBefore(then)).orElse(then));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        if (!unreachable.get().isEmpty()) {
            why.add(unreachable.get());
        }
        return new Answer(retired, asOf, unknown, List.copyOf(why));
    }

    private Optional<Said> said(
            HttpClient client, String name, AtomicReference<String> unreachable, Set<String> why)
            throws InterruptedException {
        Optional<Said> before = before(name);
        if (before.isPresent() && before.get().asOf().isAfter(Instant.now().minus(FRESH))) {
            return before;
        }
        // Once is enough: the others would wait in vain as well.
        if (unreachable.get().isEmpty()) {
            try {
                return Optional.of(fetched(client, name));
            } catch (Refused e) {
                why.add(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                unreachable.set(
                        shown + " cannot be reached: " + reason(e) + Clients.way(base) + ".");
            } catch (Failure e) {
                unreachable.set(shown + " was not asked: " + e.problems().getFirst().what());
            }
        }
        return before;
    }

    /// The client's own exceptions mostly have no message.
    private static String reason(Throwable e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof UnresolvedAddressException) {
                return "its address is not known";
            }
            if (each instanceof ClosedChannelException) {
                return "nobody answers there";
            }
            if (each.getMessage() != null) {
                return each.getMessage();
            }
        }
        return e.getClass().getSimpleName();
    }

    /// It was there, and its answer is of no use.
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String sentence) {
            super(sentence);
        }
    }

    /// What is kept of an earlier answer, which is believed no more than a new one.
    private Optional<Said> before(String name) {
        Path file = kept.resolve(name);
        try {
            return Optional.of(
                    new Said(
                            SignedPackage.retired(Files.readAllBytes(file), name, key),
                            Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException nothing) {
            return Optional.empty();
        }
    }

    private Said fetched(HttpClient client, String name) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve("packages/" + name)).timeout(ANSWER).build();
        HttpResponse<InputStream> response =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        byte[] body;
        try (InputStream in = response.body()) {
            body = in.readNBytes(MAX_SIZE);
        }
        if (response.statusCode() != 200) {
            throw new Refused(
                    "Of "
                            + name
                            + " "
                            + shown
                            + " says nothing (status "
                            + response.statusCode()
                            + ").");
        }
        Map<String, Retirement> retired;
        try {
            retired = SignedPackage.retired(body, name, key);
        } catch (IOException e) {
            throw new Refused(
                    "What "
                            + shown
                            + " says of "
                            + name
                            + " is not believed: it "
                            + e.getMessage()
                            + ".");
        }
        Files.createDirectories(kept);
        Trees.write(kept.resolve(name), body);
        return new Said(retired, Instant.now());
    }
}
