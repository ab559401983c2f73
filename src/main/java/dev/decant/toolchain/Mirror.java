package dev.decant.toolchain;

import dev.decant.http.Clients;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Nearest;
import dev.decant.project.Tool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// A web server with the layout of builds.hex.pm: for each platform a folder of archives of
/// Erlang/OTP, one folder of those of Elixir, and in each a `builds.txt` that lists them, a line
/// each: name, git commit, time, and for all but old ones the archive's SHA-256.
final class Mirror {

    /// How often in a row a download may bring nothing.
    private static final int ATTEMPTS = 3;

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NEAR = 3;

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_FOUND = 404;
    private static final int BEYOND_ITS_END = 416;
    private static final int SERVER_ERROR = 500;

    private final String base;

    /// Not closed: that would wait for answers that nobody wants any more.
    private final HttpClient client =
            Clients.client()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    /// @param base without a `/` at its end
    Mirror(String base) {
        this.base = base;
    }

    /// A line of `builds.txt`.
    ///
    /// @param version as `.tool-versions` would have it
    /// @param made such as `2026-01-02T03:04:05Z`
    /// @param sha256 of the archive
    record Build(Tool tool, String version, String made, Optional<Digest> sha256, URI archive) {}

    /// Where a tool's builds are.
    ///
    /// @param platform looked at for Erlang only: Elixir's files are the same everywhere
    private String folder(Tool tool, Optional<Platform> platform) {
        return switch (tool) {
            case ERLANG ->
                    platform.map(of -> base + "/builds/otp/" + of.arch() + "/" + of.system() + "/")
                            .orElseThrow();
            case ELIXIR -> base + "/builds/elixir/";
        };
    }

    /// All exact versions, newest first; branches are left out.
    ///
    /// @throws Failure with [ToolchainProblem.MirrorFailed]
    List<Build> builds(Tool tool, Optional<Platform> platform) throws InterruptedException {
        String folder = folder(tool, platform);
        URI list = URI.create(folder + "builds.txt");
        try {
            HttpResponse<String> response =
                    client.sendAsync(request(list).build(), BodyHandlers.ofString())
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (response.statusCode() != OK) {
                throw failed(list, response.statusCode());
            }
            return response.body()
                    .lines()
                    .map(line -> line.strip().split(" +"))
                    .filter(row -> row.length >= 3)
                    .flatMap(row -> build(tool, row, folder).stream())
                    .sorted(
                            Comparator.comparing(Build::version, Compatibility.BY_NUMBERS)
                                    .thenComparing(Build::version)
                                    .reversed())
                    .toList();
        } catch (ExecutionException | TimeoutException e) {
            throw unanswered(list, e);
        }
    }

    private static Optional<Build> build(Tool tool, String[] row, String folder) {
        String before = tool == Tool.ERLANG ? "OTP-" : "v";
        String after = tool == Tool.ERLANG ? ".tar.gz" : ".zip";
        String version = row[0].startsWith(before) ? row[0].substring(before.length()) : "";
        return tool.isExact(version)
                ? Optional.of(
                        new Build(
                                tool,
                                version,
                                row[2],
                                Optional.of(row)
                                        .filter(columns -> columns.length > 3)
                                        .filter(columns -> Digest.isOne(columns[3]))
                                        .map(columns -> new Digest(columns[3])),
                                URI.create(folder + row[0] + after)))
                : Optional.empty();
    }

    /// @throws Failure if there is none, or none that can be verified
    Build build(Tool tool, String version, Optional<Platform> platform)
            throws InterruptedException {
        List<Build> all = builds(tool, platform);
        URI list = URI.create(folder(tool, platform) + "builds.txt");
        Build build =
                all.stream()
                        .filter(each -> each.version().equals(version))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                new ToolchainProblem.Unknown(
                                                        tool, version, list, near(version, all))));
        if (build.sha256().isEmpty()) {
            throw new Failure(new ToolchainProblem.NoChecksum(tool, version, list));
        }
        return build;
    }

    /// Other builds of the same version, or else the newest of the same series, or else what it may
    /// have been meant to be.
    private static List<String> near(String version, List<Build> all) {
        List<String> known =
                all.stream()
                        .filter(build -> build.sha256().isPresent())
                        .map(Build::version)
                        .toList();
        String series = version.replaceFirst("-.*", "");
        while (!series.isEmpty()) {
            String beginning = series;
            List<String> near =
                    known.stream()
                            .filter(
                                    each ->
                                            each.equals(beginning)
                                                    || each.startsWith(beginning + ".")
                                                    || each.startsWith(beginning + "-"))
                            .limit(NEAR)
                            .toList();
            // Every Elixir is 1.
            boolean tells = series.contains(".") || !series.equals("1");
            if (!near.isEmpty() && tells) {
                return near;
            }
            series = series.contains(".") ? series.substring(0, series.lastIndexOf('.')) : "";
        }
        return Nearest.to(version, known).stream().toList();
    }

    /// Brings an archive here, verified. What has come is kept when the connection ends, and gone
    /// on with, now or by the next who asks.
    ///
    /// @param folder where to
    /// @return the file
    /// @throws Failure with [ToolchainProblem.MirrorFailed] or [ToolchainProblem.WrongChecksum]
    Path download(Build build, Path folder, ToolchainLog log)
            throws IOException, InterruptedException {
        Digest wanted = build.sha256().orElseThrow();
        // By its digest: the beginning of one file must not be continued with the end of another.
        Path part = folder.resolve("." + build.version() + "." + wanted.hex() + ".part");
        boolean resumed = size(part) > 0;
        fetch(build, part, log);
        Digest found = Digest.of(part);
        if (!found.equals(wanted) && resumed) {
            Files.delete(part);
            fetch(build, part, log);
            found = Digest.of(part);
        }
        if (!found.equals(wanted)) {
            Files.delete(part);
            throw new Failure(
                    new ToolchainProblem.WrongChecksum(build.archive(), wanted.hex(), found.hex()));
        }
        return part;
    }

    private void fetch(Build build, Path part, ToolchainLog log)
            throws IOException, InterruptedException {
        int attempt = 0;
        while (true) {
            long had = size(part);
            try {
                goOn(build, part, log);
                return;
            } catch (IOException e) {
                attempt = size(part) > had ? 0 : attempt + 1;
                if (attempt == ATTEMPTS) {
                    throw unanswered(build.archive(), e);
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private void goOn(Build build, Path part, ToolchainLog log)
            throws IOException, InterruptedException {
        long have = size(part);
        HttpRequest.Builder request = request(build.archive());
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response =
                client.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status == OK || status == PARTIAL) {
                save(build, response, body, part, status == OK ? 0 : have, log);
            } else if (status >= SERVER_ERROR) {
                throw new IOException("It answers with status " + status + ".");
            } else if (status != BEYOND_ITS_END) {
                throw failed(build.archive(), status);
            }
            // Beyond its end: either all of it is here, or something else is; the digest tells.
        }
    }

    private static void save(
            Build build,
            HttpResponse<InputStream> response,
            InputStream body,
            Path part,
            long have,
            ToolchainLog log)
            throws IOException, InterruptedException {
        OptionalLong length = response.headers().firstValueAsLong("Content-Length");
        long all = length.isPresent() ? have + length.getAsLong() : 0;
        String what = build.tool().word() + " " + build.version();
        AtomicLong heard = new AtomicLong(System.nanoTime());
        Thread watch = Thread.startVirtualThread(() -> endIfSilent(body, heard));
        try (OutputStream file =
                have == 0
                        ? Files.newOutputStream(part)
                        : Files.newOutputStream(part, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[1 << 16];
            long bytes = have;
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                file.write(buffer, 0, count);
                bytes += count;
                heard.set(System.nanoTime());
                log.downloading(what, bytes, all);
            }
            if (bytes < all) {
                throw new IOException("It ended after " + bytes + " of " + all + " bytes.");
            }
        } finally {
            watch.interrupt();
        }
    }

    /// A request's timeout ends with the first line of its answer; after that, nobody else would
    /// notice that nothing comes any more.
    private static void endIfSilent(InputStream body, AtomicLong heard) {
        try {
            while (System.nanoTime() - heard.get() < PATIENCE.toNanos()) {
                Thread.sleep(PAUSE);
            }
            body.close();
        } catch (InterruptedException | IOException ended) {
            // It is over in any case.
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static HttpRequest.Builder request(URI uri) {
        try {
            return HttpRequest.newBuilder(uri).timeout(PATIENCE).header("User-Agent", "decant");
        } catch (IllegalArgumentException notOne) {
            throw new Failure(new ToolchainProblem.MirrorFailed(uri, said(notOne)));
        }
    }

    private static Failure failed(URI url, int status) {
        return new Failure(
                new ToolchainProblem.MirrorFailed(
                        url,
                        status == NOT_FOUND
                                ? "It has nothing there: no builds for that platform, or no mirror."
                                : "It answers with status " + status + "."));
    }

    private static Failure unanswered(URI url, Exception e) {
        return new Failure(new ToolchainProblem.MirrorFailed(url, said(e) + Clients.way(url)));
    }

    private static String said(Exception e) {
        if (e instanceof TimeoutException) {
            return "It does not answer within " + PATIENCE.toSeconds() + " s.";
        }
        List<String> said = new ArrayList<>();
        for (@Nullable Throwable at = e; at != null; at = at.getCause()) {
            // Of a connection that there is none, Java has no message.
            String words =
                    Objects.requireNonNullElse(at.getMessage(), at.getClass().getSimpleName());
            if (!(at instanceof ExecutionException) && !said.contains(words)) {
                said.add(words);
            }
        }
        return String.join(": ", said);
    }
}
