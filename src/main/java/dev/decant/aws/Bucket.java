package dev.decant.aws;

import dev.decant.config.AwsAccess;
import dev.decant.problem.Failure;

import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Objects below a prefix of a bucket of S3, or of what speaks as it does. To be closed.
///
/// Keys here are without the prefix. Each method throws [Failure] with what is wrong, said by the
/// [Complaint].
public final class Bucket implements AutoCloseable {

    private static final int NO_SUCH = 404;

    /// What AWS says where another write was faster, and where it was at the same time.
    private static final int HAS_CHANGED = 412;

    private static final int CHANGES = 409;

    private final Place place;
    private final Aws aws;
    private final AwsAccess access;
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

    /// What an object of text has in it.
    ///
    /// @param tag tells it from what it has at another time
    public record Read(String text, String tag) {}

    private Bucket(Place place, Aws aws, AwsAccess access, S3Client client) {
        this.place = place;
        this.aws = aws;
        this.access = access;
        this.client = client;
    }

    /// @param timeout of one question
    /// @param page of the documentation that has the policy, such as `docs/how-to/store.md`
    public static Bucket open(
            Place place, AwsAccess access, Complaint complaint, String page, Duration timeout) {
        Aws aws = new Aws(complaint, page, access, timeout);
        return new Bucket(place, aws, access, aws.client(builder(access)));
    }

    /// What speaks as S3 does mostly knows buckets by the path only, and may not know the checksums
    /// that AWS has added since, or keep one that follows an object as a part of it.
    public static S3ClientBuilder builder(AwsAccess access) {
        S3ClientBuilder builder = S3Client.builder();
        if (access.endpoint().isPresent()) {
            builder.forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
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

    /// As AWS knows it, such as `eu-central-1`.
    public String region() {
        return aws.region().id();
    }

    /// Where an object is for whoever may read it without a signature, or has one of their own.
    public URI url(String key) {
        return URI.create(
                client.utilities()
                        .getUrl(request -> request.bucket(place.bucket()).key(place.prefix() + key))
                        .toExternalForm());
    }

    /// A URL by which anybody can read an object for some time; whoever has it needs nothing else,
    /// so it is as secret as what it leads to. Nobody is asked for it.
    public URI presigned(String key, Duration valid) {
        S3Presigner.Builder builder =
                S3Presigner.builder()
                        .region(aws.region())
                        .credentialsProvider(aws.credentials())
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .pathStyleAccessEnabled(access.endpoint().isPresent())
                                        .build());
        access.endpoint().ifPresent(builder::endpointOverride);
        try (S3Presigner presigner = builder.build()) {
            return URI.create(
                    presigner
                            .presignGetObject(
                                    request ->
                                            request.signatureDuration(valid)
                                                    .getObjectRequest(
                                                            get ->
                                                                    get.bucket(place.bucket())
                                                                            .key(
                                                                                    place.prefix()
                                                                                            + key)))
                            .url()
                            .toExternalForm());
        }
    }

    /// @return empty where there is none
    public Optional<Held> head(String key) throws InterruptedException {
        return aws.ask(
                question(
                        key,
                        "s3:GetObject",
                        // Without it AWS does not say that there is none.
                        below() + ", and s3:ListBucket on " + place.arn()),
                () -> {
                    try {
                        HeadObjectResponse there =
                                client.headObject(
                                        request ->
                                                request.bucket(place.bucket())
                                                        .key(place.prefix() + key));
                        return Optional.of(
                                new Held(
                                        key,
                                        there.contentLength(),
                                        there.eTag().replace("\"", ""),
                                        there.lastModified()));
                    } catch (NoSuchKeyException e) {
                        return Optional.empty();
                    } catch (S3Exception e) {
                        // An answer to HEAD has no room for a code.
                        if (e.statusCode() == NO_SUCH) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                });
    }

    /// @return empty where there is none
    public Optional<byte[]> get(String key) throws InterruptedException {
        return object(key).map(ResponseBytes::asByteArray);
    }

    /// @return empty where there is none
    public Optional<Read> read(String key) throws InterruptedException {
        return object(key).map(bytes -> new Read(bytes.asUtf8String(), bytes.response().eTag()));
    }

    private Optional<ResponseBytes<GetObjectResponse>> object(String key)
            throws InterruptedException {
        return aws.ask(
                question(key, "s3:GetObject", below()),
                () -> {
                    try {
                        return Optional.of(
                                client.getObjectAsBytes(
                                        request ->
                                                request.bucket(place.bucket())
                                                        .key(place.prefix() + key)));
                    } catch (NoSuchKeyException e) {
                        return Optional.empty();
                    }
                });
    }

    public Put put(String key, byte[] bytes, Headers headers) throws InterruptedException {
        return put(key, headers, RequestBody.fromBytes(bytes), _ -> {});
    }

    public Put put(String key, Path file, Headers headers) throws InterruptedException {
        return put(key, headers, RequestBody.fromFile(file), _ -> {});
    }

    /// Writes an object in place of just what was read, or of none.
    ///
    /// @param before the tag of what was read; empty where there was none
    /// @return false where it is something else by now, and nothing was written; also where it was
    ///   written and the answer was lost, so whoever is told so reads again
    public boolean replace(String key, byte[] bytes, Headers headers, Optional<String> before)
            throws InterruptedException {
        try {
            put(
                    key,
                    headers,
                    RequestBody.fromBytes(bytes),
                    request ->
                            before.ifPresentOrElse(
                                    request::ifMatch, () -> request.ifNoneMatch("*")));
            return true;
        } catch (Meanwhile e) {
            return false;
        }
    }

    /// Somebody else has written the object.
    private static final class Meanwhile extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private Put put(
            String key,
            Headers headers,
            RequestBody body,
            Consumer<PutObjectRequest.Builder> condition)
            throws InterruptedException {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(place.bucket()).key(place.prefix() + key);
        condition.accept(request);
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
                        () -> {
                            try {
                                return client.putObject(request.build(), body);
                            } catch (S3Exception e) {
                                boolean conditional =
                                        request.build().ifMatch() != null
                                                || request.build().ifNoneMatch() != null;
                                if (conditional
                                        && (e.statusCode() == HAS_CHANGED
                                                || e.statusCode() == CHANGES
                                                || e instanceof NoSuchKeyException)) {
                                    throw new Meanwhile();
                                }
                                throw e;
                            }
                        });
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
