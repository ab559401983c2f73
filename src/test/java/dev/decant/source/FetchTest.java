package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import dev.decant.Configs;
import dev.decant.config.Config;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.systemd.Units;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/// A host at boot, as its unit has the host program ask each kind of store, in a folder of its own.
/// What answers is a stub with what each store documents as its answer; the stores themselves are
/// asked elsewhere, with [AskedByHost] and [Moto].
class FetchTest {

    private static final Path PROGRAM =
            Path.of("src/main/resources/dev/decant/host/decant-host").toAbsolutePath();

    private static final Map<String, String> CREDENTIALS =
            Map.of(
                    "VAULT_TOKEN", "the-token",
                    "CONSUL_HTTP_TOKEN", "the-token",
                    "AWS_ACCESS_KEY_ID", "AKID",
                    "AWS_SECRET_ACCESS_KEY", "the-token");

    enum Store {
        VAULT(
                "[sources.vault]\naddress = \"URL\"\npaths = [\"shop\"]\n",
                "{\"data\": {\"data\": {\"db\": \"v4lue\"}}}",
                "{\"errors\": [\"permission denied\"]}",
                "permission denied"),
        CONSUL(
                "[sources.consul]\naddress = \"URL\"\nprefix = \"shop\"\n",
                "[{\"Key\": \"shop/db\", \"Value\": \"djRsdWU=\"}]",
                "ACL not found",
                "status 403"),
        ETCD(
                "[sources.etcd]\nendpoints = [\"URL\"]\nprefix = \"/shop/\"\n",
                "{\"kvs\": [{\"key\": \"L3Nob3AvZGI=\", \"value\": \"djRsdWU=\"}]}",
                "{\"error\": \"etcdserver: permission denied\", \"code\": 7}",
                "permission denied"),
        SSM(
                "[sources.ssm]\n"
                        + "paths = [\"/shop\"]\n"
                        + "region = \"eu-central-1\"\n"
                        + "endpoint = \"URL\"\n",
                "{\"Parameters\": [{\"Name\": \"/shop/db\", \"Value\": \"v4lue\"}]}",
                "{\"__type\": \"AccessDeniedException\", \"message\": \"not authorized\"}",
                "AccessDeniedException"),
        SECRETSMANAGER(
                "[sources.secretsmanager]\nids = [\"shop\"]\nregion = \"eu-central-1\"\nendpoint ="
                        + " \"URL\"\n",
                "{\"Name\": \"shop\", \"SecretString\": \"{\\\"db\\\": \\\"v4lue\\\"}\"}",
                "{\"__type\": \"AccessDeniedException\", \"Message\": \"not authorized\"}",
                "AccessDeniedException"),
        S3(
                "[sources.s3]\n"
                        + "bucket = \"shop\"\n"
                        + "prefix = \"app/\"\n"
                        + "region = \"eu-central-1\"\n"
                        + "endpoint = \"URL\"\n",
                "{\"db\": \"v4lue\"}",
                "<Error><Code>AccessDenied</Code></Error>",
                "AccessDenied");

        private final String table;
        private final String answer;
        private final String denial;
        private final String why;

        Store(String table, String answer, String denial, String why) {
            this.table = table;
            this.answer = answer;
            this.denial = denial;
            this.why = why;
        }
    }

    private enum Mood {
        WELL,
        DENYING,
        SLOW,
        MAD
    }

    @TempDir private Path root = Path.of("");

    private final StubServer server;
    private volatile Mood mood = Mood.WELL;
    private volatile Store store = Store.VAULT;

    FetchTest() throws IOException {
        server = new StubServer(this::answer);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private StubServer.Answer answer(HttpExchange exchange, String body)
            throws InterruptedException {
        return switch (mood) {
            case DENYING -> new StubServer.Answer(403, store.denial);
            case SLOW -> {
                Thread.sleep(20_000);
                yield new StubServer.Answer(200, store.answer);
            }
            case MAD -> new StubServer.Answer(200, "<html>v4lue</html>");
            case WELL ->
                    new StubServer.Answer(
                            200,
                            String.valueOf(exchange.getRequestURI().getQuery())
                                            .contains("list-type")
                                    ? "<Contents><Key>app/all.json</Key></Contents>"
                                    : store.answer);
        };
    }

    /// @return what the journal has
    private String fetch(boolean succeeds) throws Exception {
        Config config =
                Configs.of(
                        "app = \"shop\"\nhosts.web1.address = \"web1\"\n"
                                + store.table.replace("URL", server.address())
                                + "timeout = \"2s\"\nat = \"boot\"\n");
        write(
                "etc/systemd/system/shop-fetch.service",
                Objects.requireNonNull(
                        Units.of(config, config.hosts().getFirst(), 252)
                                .more()
                                .get("shop-fetch.service")));
        Files.createDirectories(root.resolve("etc/shop"));
        Result result =
                Program.of("sh", PROGRAM.toString(), "fetch", "shop", root.toString())
                        .env(CREDENTIALS)
                        .run();
        assertThat(result.ok()).as(result.toString()).isEqualTo(succeeds);
        assertThat(result.toString()).doesNotContain("v4lue", "the-token");
        return result.text();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private String fetched() throws IOException {
        return Files.readString(root.resolve("etc/shop/fetched"));
    }

    @ParameterizedTest
    @EnumSource
    void what_a_store_said_last_counts_while_it_is_down_slow_mad_or_denying(Store each)
            throws Exception {
        store = each;
        assertThat(fetch(true)).isEmpty();
        assertThat(fetched()).isEqualTo("DB=\"v4lue\"\n");

        mood = Mood.DENYING;
        assertThat(fetch(true)).contains("so those from", "ago are used", store.why);
        mood = Mood.MAD;
        assertThat(fetch(true))
                .contains("so those from")
                .containsAnyOf("not what was expected", "no object");
        mood = Mood.SLOW;
        assertThat(fetch(true)).contains("there was no answer within 2.000 s");
        server.close();
        assertThat(fetch(true)).contains("so those from", "127.0.0.1");

        assertThat(fetched()).isEqualTo("DB=\"v4lue\"\n");
    }

    @ParameterizedTest
    @EnumSource
    void a_store_that_never_said_anything_leaves_nothing(Store each) throws Exception {
        store = each;
        mood = Mood.DENYING;

        assertThat(fetch(false)).contains("there are none from before", store.why);

        assertThat(root.resolve("etc/shop/fetched")).doesNotExist();
    }
}
