package dev.decant.aws;

import dev.decant.config.AwsAccess;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// S3Proxy with its objects in memory. It looks at signatures as AWS does. As long as it runs, this
/// process has its keys.
public final class S3Server implements AutoCloseable {

    private static final String ID = "shop";
    private static final String KEY = "right";

    private final S3Proxy server;
    private final URI url;

    /// @param address where it listens, such as `127.0.0.1`
    public S3Server(String address) throws Exception {
        server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .endpoint(URI.create("http://" + address + ":0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ID, KEY)
                        .build();
        server.start();
        url = URI.create("http://" + address + ":" + server.getPort());
        System.setProperty("aws.accessKeyId", ID);
        System.setProperty("aws.secretAccessKey", KEY);
    }

    public URI url() {
        return url;
    }

    public AwsAccess access() {
        return new AwsAccess(Optional.of("us-east-1"), Optional.empty(), Optional.of(url));
    }

    public void makeBucket(String name) {
        try (S3Client client =
                new Aws(AwsProblem.by("The test", ""), "", access(), Duration.ofSeconds(20))
                        .client(Bucket.builder(access()))) {
            client.createBucket(request -> request.bucket(name));
        }
    }

    public Bucket bucket(String name, String prefix) {
        return Bucket.open(
                new Bucket.Place(name, prefix),
                access(),
                AwsProblem.by("The test", ""),
                "",
                Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
