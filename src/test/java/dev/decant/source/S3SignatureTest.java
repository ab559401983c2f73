package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.config.AwsAccess;
import dev.decant.config.ConfigReader;
import dev.decant.config.SourceConfig;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.secrets.Secret;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Against S3Proxy, which looks at signatures as AWS does, and moto does not.
class S3SignatureTest {

    @TempDir private Path folder;

    private static S3Proxy server;
    private static URI url;

    @BeforeAll
    static void start() throws Exception {
        server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "shop", "right")
                        .build();
        server.start();
        url = URI.create("http://127.0.0.1:" + server.getPort());
        try (S3Client client =
                        S3Client.builder()
                                .endpointOverride(url)
                                .region(Region.US_EAST_1)
                                .forcePathStyle(true)
                                .httpClient(UrlConnectionHttpClient.create())
                                .credentialsProvider(
                                        StaticCredentialsProvider.create(
                                                AwsBasicCredentials.create("shop", "right")))
                                .build();
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            client.createBucket(request -> request.bucket("shop-config"));
            put(client, "production/shop.env", "DATABASE_URL='ecto://shop'\n");
            put(client, "production/sub dir/ü.json", "{\"pool\": {\"size\": 10}}");
            put(client, "production-old/shop.env", "DATABASE_URL=old\n");
            put(client, "many/zz.env", "LAST=1\n");
            put(client, "files/shop.env", "DATABASE_URL=new\n");
            put(client, "files/prod.exs", "import Config\n");
            // A page has 1000.
            for (int number = 0; number < 1000; number++) {
                String key = "many/" + number + "/";
                threads.execute(() -> put(client, key, ""));
            }
        }
        System.setProperty("aws.accessKeyId", "shop");
    }

    @AfterAll
    static void stop() throws Exception {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        server.stop();
    }

    @Test
    void objects_below_a_prefix_are_read_with_a_signature_that_is_right() throws Exception {
        assertThat(fetch("right", "production/"))
                .extracting(Contents.Document::name, Contents.Document::text)
                .containsExactly(
                        tuple(
                                "s3://shop-config/production/shop.env",
                                "DATABASE_URL='ecto://shop'\n"),
                        tuple(
                                "s3://shop-config/production/sub dir/ü.json",
                                "{\"pool\": {\"size\": 10}}"));
    }

    @Test
    void all_pages_of_a_prefix_are_read() throws Exception {
        assertThat(fetch("right", "many/"))
                .extracting(Contents.Document::name)
                .containsExactly("s3://shop-config/many/zz.env");
    }

    @Test
    void an_object_of_any_name_can_be_a_file_of_the_app_and_else_is_refused(@TempDir Path project)
            throws Exception {
        System.setProperty("aws.secretAccessKey", "right");
        String toml =
                """
                app = "shop"
                hosts = "elsewhere"
                [sources.s3]
                bucket = "shop-config"
                prefix = "files"
                region = "us-east-1"
                endpoint = "%s"
                """
                        .formatted(url);
        Path file = project.resolve(ConfigReader.FILE_NAME);

        Files.writeString(file, toml + "[files.\"prod.exs\"]\nsource = \"s3\"\n");
        Sources.Found found = Sources.find(ConfigReader.read(project, Optional.empty()), Map.of());
        assertThat(found.secrets())
                .containsExactly(
                        new Secret("DATABASE_URL", "new"),
                        new Secret("prod.exs", "import Config\n"));

        Files.writeString(file, toml);
        assertThat(
                        catchThrowableOfType(
                                        Failure.class,
                                        () ->
                                                Sources.find(
                                                        ConfigReader.read(
                                                                project, Optional.empty()),
                                                        Map.of()))
                                .getMessage())
                .contains("s3");
        Files.writeString(file, toml + "[files.\"key.pem\"]\nsource = \"s3\"\n");
        assertThat(
                        catchThrowableOfType(
                                        Failure.class,
                                        () ->
                                                Sources.find(
                                                        ConfigReader.read(
                                                                project, Optional.empty()),
                                                        Map.of()))
                                .problems())
                .containsExactly(new SourceProblem.Lacks("s3", "key.pem"));
    }

    @Test
    void a_wrong_key_is_refused() {
        Failure failure = catchThrowableOfType(Failure.class, () -> fetch("wrong", "production/"));

        assertThat(failure.problems())
                .singleElement()
                .isInstanceOfSatisfying(
                        SourceProblem.Refused.class,
                        problem -> assertThat(problem.cause()).startsWith("SignatureDoesNotMatch"));
    }

    @Test
    void a_prefix_below_which_there_is_nothing_is_not_the_same_as_one_without_secrets() {
        Failure failure = catchThrowableOfType(Failure.class, () -> fetch("right", "prodution/"));

        assertThat(failure.problems())
                .containsExactly(
                        new SourceProblem.Nothing(
                                "s3",
                                "s3://shop-config/prodution/ at " + url,
                                "there is no object below it"));
    }

    @Test
    @Tag("lab")
    void a_host_reads_objects_with_a_signature_that_is_right() throws Exception {
        String settings = "Region=us-east-1\nEndpoint=" + url + "\nBucket=shop-config\n";
        Map<String, String> keys =
                Map.of("AWS_ACCESS_KEY_ID", "shop", "AWS_SECRET_ACCESS_KEY", "right");

        Result said =
                Moto.askedByHost(folder, "s3", settings + "Prefix=production/sub dir/\n", keys);
        Result other = Moto.askedByHost(folder, "s3", settings + "Prefix=production-old/\n", keys);
        Result last = Moto.askedByHost(folder, "s3", settings + "Prefix=many/\n", keys);
        Result wrong =
                Moto.askedByHost(
                        folder,
                        "s3",
                        settings + "Prefix=production/\n",
                        Map.of("AWS_ACCESS_KEY_ID", "shop", "AWS_SECRET_ACCESS_KEY", "wrong"));

        assertThat(said.err()).isEmpty();
        assertThat(AskedByHost.values(said)).isEqualTo(Map.of("POOL_SIZE", "10"));
        assertThat(other.err())
                .containsExactly(
                        "s3://shop-config/production-old/shop.env: a host reads only .json");
        assertThat(last.err())
                .containsExactly("s3://shop-config/many/zz.env: a host reads only .json");
        assertThat(wrong.err())
                .containsExactly("s3://shop-config/production/: SignatureDoesNotMatch");
    }

    private static List<Contents.Document> fetch(String secretKey, String prefix)
            throws InterruptedException {
        System.setProperty("aws.secretAccessKey", secretKey);
        AwsAccess settings =
                new AwsAccess(Optional.of("us-east-1"), Optional.empty(), Optional.of(url));
        Contents contents =
                new S3Source(
                                new SourceConfig.S3("shop-config", prefix, settings),
                                Duration.ofSeconds(20))
                        .fetch();
        return ((Contents.Documents) contents).documents();
    }

    private static void put(S3Client client, String key, String text) {
        client.putObject(
                request -> request.bucket("shop-config").key(key), RequestBody.fromString(text));
    }
}
