package dev.decant.cli;

import dev.decant.aws.Bucket;
import dev.decant.aws.CodeDeploy;
import dev.decant.bundle.Bundle;
import dev.decant.bundle.Revision;
import dev.decant.config.CodeDeployConfig;
import dev.decant.config.Config;
import dev.decant.io.Digest;
import dev.decant.io.Trees;
import dev.decant.release.Release;
import dev.decant.release.Tarball;
import dev.decant.ui.CommandLog;
import dev.decant.ui.Json;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A release as a revision for CodeDeploy, on this machine until it is closed.
final class Revisions implements AutoCloseable {

    private static final Pattern URL =
            Pattern.compile("s3://(" + CodeDeployConfig.BUCKET + ")(?:/([^\\p{Cntrl}]*))?");

    /// Digits of its digest, by which revisions of a release with other settings are told apart.
    private static final int SHORT = 12;

    /// For which nothing may happen.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Path work;
    private final Path archive;
    private final String key;

    private Revisions(Path work, Path archive, String key) {
        this.work = work;
        this.archive = archive;
        this.key = key;
    }

    static Revisions make(Config config, Release release, Bundle.About about, CommandLog log)
            throws IOException, InterruptedException {
        if (Revision.mayTakeTooLong(config)) {
            log.note(
                    "A switch may take longer than the hour that CodeDeploy grants it: look at"
                            + " health.timeout and service.drain_timeout.");
        }
        Path work = Files.createTempDirectory("decant-revision");
        Path archive = work.resolve("revision.tgz");
        Path folder = work.resolve("revision");
        Revision.write(config, release, about, folder);
        Tarball.write(folder, archive);
        String key =
                "%s-%s-%s.tgz"
                        .formatted(
                                config.names().unit(),
                                release.id(),
                                Digest.of(archive).hex().substring(0, SHORT));
        return new Revisions(work, archive, key);
    }

    long size() throws IOException {
        return Files.size(archive);
    }

    /// Puts it where it is to stay.
    void keep(Config config, Release release, Bundle.About about, Path to)
            throws IOException, InterruptedException {
        if (to.toString().matches(".*[.](tgz|tar[.]gz)")) {
            Files.copy(archive, to, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Revision.write(config, release, about, to);
        }
    }

    /// Puts it into a bucket, under a name that no other has.
    CodeDeploy.Stored push(Config config, Bucket.Place place) throws InterruptedException {
        try (Bucket bucket =
                Bucket.open(
                        place,
                        config.codeDeploy().aws(),
                        CodeDeploy.complaint(),
                        CodeDeploy.PAGE,
                        SILENCE)) {
            return new CodeDeploy.Stored(
                    place,
                    key,
                    bucket.put(key, archive, new Bucket.Headers("application/gzip", "", "")));
        }
    }

    /// Which bucket is meant.
    ///
    /// @param written what was typed; empty for that of decant.toml
    static Bucket.Place place(Config config, String written, CommandLine command) {
        if (written.isEmpty()) {
            return new Bucket.Place(
                    config.codeDeploy()
                            .bucket()
                            .orElseThrow(
                                    () ->
                                            new ParameterException(
                                                    command,
                                                    "Into which bucket? Say --push"
                                                            + " s3://BUCKET/PREFIX/, or 'bucket' in"
                                                            + " [codedeploy] of decant.toml.")),
                    config.codeDeploy().prefix());
        }
        Matcher url = URL.matcher(written);
        if (!url.matches()) {
            throw new ParameterException(
                    command,
                    "'" + written + "' is not a place in a bucket, such as s3://shop/revisions/.");
        }
        return new Bucket.Place(
                url.group(1), CodeDeployConfig.prefix(url.group(2) == null ? "" : url.group(2)));
    }

    static String url(CodeDeploy.Stored stored) {
        return stored.place().url(stored.key());
    }

    static Map<String, Object> json(CodeDeploy.Stored stored) {
        Map<String, Object> json =
                Json.ordered("revision", url(stored), "etag", stored.put().etag());
        stored.put().version().ifPresent(version -> json.put("version", version));
        return json;
    }

    @Override
    public void close() throws IOException {
        Trees.delete(work);
    }
}
