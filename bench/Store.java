import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;

/// An S3 that looks at signatures, at ADDRESS:PORT, with one empty bucket; until it is killed. Run
/// with what the tests have on their class path.
///
///     java Store.java ADDRESS PORT BUCKET KEY SECRET
class Store {

    public static void main(String[] args) throws Exception {
        URI url = URI.create("http://" + args[0] + ":" + args[1]);
        S3Proxy server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .endpoint(url)
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, args[3], args[4])
                        .build();
        server.start();
        try (S3Client client =
                S3Client.builder()
                        .endpointOverride(url)
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .httpClient(UrlConnectionHttpClient.create())
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(args[3], args[4])))
                        .build()) {
            client.createBucket(request -> request.bucket(args[2]));
        }
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }
}
