package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;

import dev.decant.Golden;
import dev.decant.config.ConfigReader;
import dev.decant.problem.Failure;
import dev.decant.secrets.Secret;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What is made of answers of AWS that no server of a test gives: those for whom one may not ask,
/// as the reference of its API has them, and those that are none. The rest is in `AwsLabTest` and
/// `S3SignatureTest`.
class AwsTest {

    private static final Map<String, String> KINDS =
            Map.of(
                    "ssm", "paths = [\"/shop/production\"]",
                    "secretsmanager", "ids = [\"shop/production\"]",
                    "s3", "bucket = \"shop-config\"\nprefix = \"production\"");

    @TempDir private Path folder;

    @BeforeAll
    static void credentials() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @AfterAll
    static void noCredentials() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @Test
    void who_may_not_ask_is_told_which_right_is_missing() throws Exception {
        StringWriter printed = new StringWriter();
        printed.write(
                refused(
                        "ssm",
                        "AccessDeniedException",
                        "User: arn:aws:iam::123456789012:user/ci is not authorized to perform:"
                            + " ssm:GetParametersByPath on resource:"
                            + " arn:aws:ssm:eu-central-1:123456789012:parameter/shop/production/"
                            + " because no identity-based policy allows the ssm:GetParametersByPath"
                            + " action"));
        printed.write(
                refused(
                        "ssm",
                        "AccessDeniedException",
                        "The ciphertext refers to a customer master key that does not exist, does"
                                + " not exist in this region, or you are not allowed to access."));
        printed.write(
                refused(
                        "ssm",
                        "UnrecognizedClientException",
                        "The security token included in the request is invalid."));
        printed.write(
                refused(
                        "secretsmanager",
                        "ExpiredTokenException",
                        "The security token included in the request is expired"));
        printed.write(
                refused("secretsmanager", "AccessDeniedException", "Access to KMS is not allowed"));
        printed.write(
                refused(
                        "secretsmanager",
                        "ResourceNotFoundException",
                        "Secrets Manager can't find the specified secret."));
        printed.write(
                answered(
                        "s3",
                        403,
                        "<Error><Code>AccessDenied</Code><Message>Access"
                                + " Denied</Message></Error>"));
        printed.write(
                answered(
                        "s3",
                        404,
                        "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not"
                                + " exist</Message></Error>"));

        Golden.check(Golden.folder("source").resolve("aws.txt"), printed.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssm", "secretsmanager", "s3"})
    void an_answer_that_is_none_of_awss_is_not_shown(String kind) throws Exception {
        for (String body :
                List.of(
                        "<html>hidden</html>",
                        "{\"Parameters\": [{\"Name\": \"/shop/production/a\", \"Value\": \"hidden",
                        "{\"Parameters\": [{\"Value\": \"hidden\"}]}",
                        "{\"SecretString\": \"{\\\"a\\\": \\\"hidden",
                        "{\"Name\": \"a\", \"SecretString\": \"{\\\"a\\\": \\\"hidden\"}",
                        "<ListBucketResult><Contents><Key>hidden</Ke")) {
            assertThat(answered(kind, 200, body))
                    .as(body)
                    .contains("source " + kind)
                    .doesNotContain("hidden");
        }
        assertThat(answered(kind, 502, "<html>hidden</html>"))
                .contains("HTTP 502")
                .contains("cannot be asked")
                .doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssm", "secretsmanager", "s3"})
    void a_server_that_is_down_is_named_with_what_was_asked(String kind) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        Failure failure = fails(kind, "http://127.0.0.1:" + port);

        assertThat(printed(failure))
                .contains("The source " + kind + " cannot be asked.")
                .contains("at http://127.0.0.1:" + port + ": ConnectException");
    }

    /// The connections are closed when the time is over: nobody goes on waiting.
    @Test
    void a_server_that_is_slow_is_left_when_the_time_is_over() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> ends = new ArrayList<>();
            for (String _ : KINDS.keySet()) {
                ends.add(threads.submit(() -> end(server)));
            }
            String url = "http://127.0.0.1:" + server.getLocalPort();

            Failure failure =
                    catchThrowableOfType(
                            Failure.class,
                            () ->
                                    find(
                                            table("ssm", url)
                                                    + table("secretsmanager", url)
                                                    + table("s3", url)));

            assertThat(failure.problems())
                    .containsExactly(
                            new SourceProblem.TooSlow("ssm", Duration.ofSeconds(5)),
                            new SourceProblem.TooSlow("secretsmanager", Duration.ofSeconds(5)),
                            new SourceProblem.TooSlow("s3", Duration.ofSeconds(5)));
            for (Future<Integer> end : ends) {
                assertThat(end.get()).isEqualTo(-1);
            }
        }
    }

    /// Never answers.
    private static int end(ServerSocket server) throws IOException {
        try (Socket asked = server.accept()) {
            int read = 0;
            while (read >= 0) {
                read = asked.getInputStream().read();
            }
            return read;
        }
    }

    @Test
    void the_credentials_of_a_profile_that_is_not_there_are_not_replaced_by_others() {
        Failure failure =
                catchThrowableOfType(
                        Failure.class,
                        () ->
                                find(
                                        table("ssm", "http://127.0.0.1:1")
                                                + "profile = \"there-is-none-of-this-name\"\n"));

        assertThat(printed(failure))
                .contains("profile there-is-none-of-this-name: no credentials were found")
                .contains("aws sso login --profile there-is-none-of-this-name");
    }

    private String refused(String kind, String code, String message) throws IOException {
        return answered(
                kind, 400, "{\"__type\": \"%s\", \"message\": \"%s\"}".formatted(code, message));
    }

    /// What is printed where a server answers so.
    private String answered(String kind, int status, String body) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            return printed(fails(kind, url)).replace(url, "http://aws");
        } finally {
            server.stop(0);
        }
    }

    private Failure fails(String kind, String endpoint) {
        return catchThrowableOfType(Failure.class, () -> find(table(kind, endpoint)));
    }

    private static String table(String kind, String endpoint) {
        return """
        [sources.%s]
        endpoint = "%s"
        region = "eu-central-1"
        timeout = "5s"
        %s
        """
                .formatted(kind, endpoint, KINDS.get(kind));
    }

    private List<Secret> find(String tables) throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve(ConfigReader.FILE_NAME),
                "app = \"shop\"\nhosts.web1.address = \"web1.example.com\"\n" + tables);
        return Sources.find(ConfigReader.read(folder, Optional.empty()), Map.of()).secrets();
    }

    private static String printed(Failure failure) {
        StringWriter printed = new StringWriter();
        ProblemPrinter.print(new PrintWriter(printed), failure.problems());
        return printed.toString();
    }
}
