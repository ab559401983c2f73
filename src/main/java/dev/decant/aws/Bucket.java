package dev.decant.aws;

import dev.decant.config.AwsAccess;
import dev.decant.problem.Failure;

import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Objects below a prefix of a bucket of S3, or of what speaks as it does. To be closed.
///
/// Keys here are without the prefix. Each method throws [Failure] with what is wrong, said by the
/// [Complaint].
public final class Bucket implements AutoCloseable {

    private final Place place;
    private final Aws aws;
    private final S3Client client;

    /// @param prefix empty, or ends with `/`
    public record Place(String bucket, String prefix) {

        /// Such as `s3://shop/releases/app.js`.
        public String url(String key) {
            return "s3://" + bucket + "/" + prefix + key;
        }

        private String arn() {
            return "arn:aws:s3:::" + bucket;
        }
    }

    /// An object that is there.
    ///
    /// @param etag of one that was put in one piece, the MD5 of its contents, hexadecimal
    /// @param at when it was put there last
    public record Held(String key, long bytes, String etag, Instant at) {}

    /// What has been put.
    ///
    /// @param etag without quotes
    /// @param version where the bucket keeps versions
    public record Put(String etag, Optional<String> version) {}

    /// What whoever fetches an object is told with it; each may be empty.
    public record Headers(String contentType, String contentEncoding, String cacheControl) {

        public static final Headers NONE = new Headers("", "", "");
    }

    private Bucket(Place place, Aws aws, S3Client client) {
        this.place = place;
        this.aws = aws;
        this.client = client;
    }

    /// @param timeout of one question
    /// @param page of the documentation that has the policy, such as `docs/store.md`
    public static Bucket open(
            Place place, AwsAccess access, Complaint complaint, String page, Duration timeout) {
        Aws aws = new Aws(complaint, page, access, timeout);
        return new Bucket(place, aws, aws.client(builder(access)));
    }

    /// What speaks as S3 does mostly knows buckets by the path only, and may keep a checksum that
    /// follows an object as a part of it.
    public static S3ClientBuilder builder(AwsAccess access) {
        S3ClientBuilder builder = S3Client.builder();
        if (access.endpoint().isPresent()) {
            builder.forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
        }
        return builder;
    }

    public Place place() {
        return place;
    }

    /// All below the prefix and what else is given, in the order of their keys.
    public List<Held> list(String below) throws InterruptedException {
        return aws.ask(
                question(below, "s3:ListBucket", place.arn()),
                () ->
                        client
                                .listObjectsV2Paginator(
                                        request ->
                                                request.bucket(place.bucket())
                                                        .prefix(place.prefix() + below))
                                .contents()
                                .stream()
                                .map(
                                        object ->
                                                new Held(
                                                        object.key()
                                                                .substring(place.prefix().length()),
                                                        object.size(),
                                                        object.eTag().replace("\"", ""),
                                                        object.lastModified()))
                                .toList());
    }

    /// @return empty where there is none
    public Optional<byte[]> get(String key) throws InterruptedException {
        return aws.ask(
                question(key, "s3:GetObject", below()),
                () -> {
                    try {
                        ResponseBytes<GetObjectResponse> bytes =
                                client.getObjectAsBytes(
                                        request ->
                                                request.bucket(place.bucket())
                                                        .key(place.prefix() + key));
                        return Optional.of(bytes.asByteArray());
                    } catch (NoSuchKeyException e) {
                        return Optional.empty();
                    }
                });
    }

    public Put put(String key, byte[] bytes, Headers headers) throws InterruptedException {
        return put(key, headers, RequestBody.fromBytes(bytes));
    }

    public Put put(String key, Path file, Headers headers) throws InterruptedException {
        return put(key, headers, RequestBody.fromFile(file));
    }

    private Put put(String key, Headers headers, RequestBody body) throws InterruptedException {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(place.bucket()).key(place.prefix() + key);
        if (!headers.contentType().isEmpty()) {
            request.contentType(headers.contentType());
        }
        if (!headers.contentEncoding().isEmpty()) {
            request.contentEncoding(headers.contentEncoding());
        }
        if (!headers.cacheControl().isEmpty()) {
            request.cacheControl(headers.cacheControl());
        }
        PutObjectResponse said =
                aws.ask(
                        question(key, "s3:PutObject", below()),
                        () -> client.putObject(request.build(), body));
        return new Put(
                Optional.ofNullable(said.eTag()).orElse("").replace("\"", ""),
                Optional.ofNullable(said.versionId()));
    }

    /// One that is not there is as good as gone.
    public void delete(String key) throws InterruptedException {
        aws.ask(
                question(key, "s3:DeleteObject", below()),
                () ->
                        client.deleteObject(
                                request ->
                                        request.bucket(place.bucket()).key(place.prefix() + key)));
    }

    private Aws.Question question(String key, String action, String resource) {
        return new Aws.Question(place.url(key), action, resource);
    }

    private String below() {
        return place.arn() + "/" + place.prefix() + "*";
    }

    @Override
    public void close() {
        client.close();
    }
}
