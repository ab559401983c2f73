package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.decant.config.AwsAccess;
import dev.decant.config.SourceConfig;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The three sources at AWS, and the pages of `docs/how-to` about them, against moto.
@Tag("lab")
class AwsLabTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final AwsAccess AS_THE_MACHINE_HAS_IT =
            new AwsAccess(Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir private static Path shared;
    @TempDir private Path folder;

    private static Moto moto;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() throws Exception {
        moto = Moto.start(shared);
        settings =
                Map.of(
                        "aws.accessKeyId", "test",
                        "aws.secretAccessKey", "test",
                        "aws.region", "eu-central-1",
                        "aws.endpointUrl", moto.url().toString());
        settings.forEach(System::setProperty);
    }

    @AfterAll
    static void stop() {
        settings.keySet().forEach(System::clearProperty);
        moto.close();
    }

    private HowTo page() throws Exception {
        return new HowTo(folder)
                .program("aws", moto.script("aws"))
                .environment("AWS_ACCESS_KEY_ID", "test")
                .environment("AWS_SECRET_ACCESS_KEY", "test")
                .environment("AWS_REGION", "eu-central-1")
                .environment("AWS_ENDPOINT_URL", moto.url().toString())
                .environment("AWS_PAGER", "");
    }

    @Test
    void the_page_about_ssm() throws Exception {
        Map<String, String> found = page().follow("ssm");

        assertThat(found)
                .containsOnlyKeys("DATABASE_URL", "DB_POOL_SIZE", "SECRET_KEY_BASE")
                .containsEntry("DATABASE_URL", "ecto://shop:pa$$word@db/shop")
                .containsEntry("DB_POOL_SIZE", "10");
        assertThat(found.get("SECRET_KEY_BASE")).hasSize(64);
    }

    @Test
    void the_page_about_secrets_manager() throws Exception {
        Map<String, String> found = page().follow("secrets-manager");

        assertThat(found)
                .containsOnlyKeys("DATABASE_URL", "SECRET_KEY_BASE", "SMTP_PASSWORD", "SMTP_PORT")
                .containsEntry("DATABASE_URL", "ecto://shop:new@db/shop")
                .containsEntry("SMTP_PASSWORD", "5678")
                .containsEntry("SMTP_PORT", "587");
        assertThat(found.get("SECRET_KEY_BASE")).hasSize(64);
    }

    @Test
    void the_page_about_s3() throws Exception {
        assertThat(page().follow("s3"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "DATABASE_URL", "ecto://shop:pa$$word@db/shop",
                                "SECRET_KEY_BASE", "at least 64 bytes",
                                "SMTP_PORT", "587"));
    }

    @Test
    void all_parameters_below_all_paths_are_read_and_decrypted() throws Exception {
        Map<String, String> kept = new HashMap<>();
        try (SsmClient client =
                SsmClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
            put(client, "/shared/many/key-1", "of the path before");
            // A page has 10.
            for (int number = 0; number < 25; number++) {
                String value = number + " 'q\"\n\\ $HOME ü🙂";
                put(client, "/many/sub/key-" + number, value);
                kept.put("sub/key-" + number, value);
            }
            put(client, "/many-more/key", "beside it");
            put(client, "/shared/many/sub/key-1", "of the path before");
            kept.put("key-1", "of the path before");
        }

        Contents contents =
                new ParameterStoreSource(
                                new SourceConfig.ParameterStore(
                                        List.of("/shared/many", "/many"), AS_THE_MACHINE_HAS_IT),
                                TIMEOUT)
                        .fetch();

        Map<String, String> found = new HashMap<>();
        for (Contents.Entries each : ((Contents.Layers) contents).layers()) {
            each.entries().forEach(entry -> found.put(entry.key(), entry.value()));
        }
        assertThat(found).isEqualTo(kept);
    }

    @Test
    void a_path_or_secret_that_is_not_there_is_named() {
        Failure path =
                catchThrowableOfType(
                        Failure.class,
                        () ->
                                new ParameterStoreSource(
                                                new SourceConfig.ParameterStore(
                                                        List.of("/nothing"), AS_THE_MACHINE_HAS_IT),
                                                TIMEOUT)
                                        .fetch());
        Failure secret = catchThrowableOfType(Failure.class, () -> secret("nothing"));

        assertThat(path.problems())
                .containsExactly(
                        new SourceProblem.Nothing(
                                "ssm", "/nothing", "there is no parameter below it"));
        assertThat(secret.problems())
                .singleElement()
                .isInstanceOfSatisfying(
                        SourceProblem.Nothing.class,
                        problem ->
                                assertThat(problem.cause())
                                        .startsWith("ResourceNotFoundException"));
    }

    @Test
    void a_secret_that_is_binary_is_refused() {
        try (SecretsManagerClient client =
                SecretsManagerClient.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            client.createSecret(
                    request -> request.name("key").secretBinary(SdkBytes.fromUtf8String("hidden")));
        }

        Failure failure = catchThrowableOfType(Failure.class, () -> secret("key"));

        assertThat(failure.problems())
                .containsExactly(
                        new SourceProblem.Unreadable(
                                "secretsmanager", "key", "is binary, and would have to be text"));
    }

    /// The metadata of the instance is a stand-in, which wants its token as the second version
    /// does.
    @Test
    void a_host_asks_with_the_role_of_its_instance() throws Exception {
        try (SsmClient client =
                SsmClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
            put(client, "/host/shared/key-1", "of the path before");
            for (int number = 0; number < 12; number++) {
                put(client, "/host/own/key-" + number, number + " 'q\"\n\\ $HOME ü🙂");
            }
        }
        HttpServer metadata =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metadata.createContext("/latest/", AwsLabTest::metadata);
        metadata.start();
        try {
            Result said =
                    Moto.askedByHost(
                            folder,
                            "ssm",
                            "Path=/host/shared\nPath=/host/own\nEndpoint=" + moto.url() + "\n",
                            Map.of(
                                    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                    "http://127.0.0.1:" + metadata.getAddress().getPort()));

            assertThat(said.err()).isEmpty();
            assertThat(AskedByHost.values(said))
                    .hasSize(12)
                    .containsEntry("KEY_1", "1 'q\"\n\\ $HOME ü🙂")
                    .containsKey("KEY_11");
        } finally {
            metadata.stop(0);
        }
    }

    private static void metadata(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/latest/".length());
        boolean known =
                path.equals("api/token")
                        ? exchange.getRequestMethod().equals("PUT")
                        : "a-token"
                                .equals(
                                        exchange.getRequestHeaders()
                                                .getFirst("X-aws-ec2-metadata-token"));
        String answer =
                switch (path) {
                    case "api/token" -> "a-token";
                    case "meta-data/placement/region" -> "eu-central-1";
                    case "meta-data/iam/security-credentials/" -> "shop";
                    case "meta-data/iam/security-credentials/shop" ->
                            "{\"AccessKeyId\": \"a\", \"SecretAccessKey\": \"b/+\", \"Token\":"
                                    + " \"c\"}";
                    default -> "";
                };
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(known ? 200 : 401, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void a_host_asks_secrets_manager() throws Exception {
        try (SecretsManagerClient client =
                SecretsManagerClient.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            client.createSecret(
                    request ->
                            request.name("host/shop")
                                    .secretString("{\"db\": {\"url\": \"u\", \"port\": 5432}}"));
            client.createSecret(request -> request.name("host/key-base").secretString("k'\n"));
        }
        String where = "Region=eu-central-1\nEndpoint=" + moto.url() + "\n";
        Map<String, String> keys = Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b");

        Result said =
                Moto.askedByHost(
                        folder, "secretsmanager", "Id=host/shop\nId=host/key-base\n" + where, keys);
        Result nothing = Moto.askedByHost(folder, "secretsmanager", "Id=nothing\n" + where, keys);

        assertThat(AskedByHost.values(said))
                .isEqualTo(Map.of("DB_URL", "u", "DB_PORT", "5432", "KEY_BASE", "k'\n"));
        assertThat(nothing.ok()).isFalse();
        assertThat(nothing.err())
                .singleElement()
                .asString()
                .startsWith("nothing: ResourceNotFoundException: ");
    }

    private static Contents secret(String id) throws InterruptedException {
        return new SecretsManagerSource(
                        new SourceConfig.AwsSecrets(List.of(id), AS_THE_MACHINE_HAS_IT), TIMEOUT)
                .fetch();
    }

    private static void put(SsmClient client, String name, String value) {
        client.putParameter(
                request -> request.name(name).value(value).type(ParameterType.SECURE_STRING));
    }
}
