package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.http.OwnTls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// What is true of each store that is asked over HTTP where it does not do what it should.
class StoresTest {

    @TempDir private Path folder;

    enum Store {
        ETCD("[sources.etcd]\nendpoints = [\"%s\"]\nprefix = \"/shop/\"\n"),
        CONSUL("[sources.consul]\naddress = \"%s\"\nprefix = \"shop/\"\n"),
        VAULT("[sources.vault]\naddress = \"%s\"\npaths = [\"shop\"]\n");

        private static final Map<String, String> ENVIRONMENT =
                Map.of("VAULT_TOKEN", "the-token", "CONSUL_HTTP_TOKEN", "the-token");

        private final String table;

        Store(String table) {
            this.table = table;
        }

        String problem(String address, String more) {
            String problem = Asked.problem(table.formatted(address) + more, ENVIRONMENT);
            assertThat(problem)
                    .contains("source " + name().toLowerCase(Locale.ROOT))
                    .doesNotContain("hidden", "the-token");
            return problem;
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_is_down_is_named(Store store) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(store.problem("http://127.0.0.1:" + port, ""))
                .contains("cannot be asked", "http://127.0.0.1:" + port, "nobody answers there");
        assertThat(store.problem("http://no-such-host.invalid:1", ""))
                .contains("cannot be asked", "http://no-such-host.invalid:1");
    }

    @ParameterizedTest
    @EnumSource
    void one_that_is_slow_is_given_up_and_no_thread_waits_for_it(Store store) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (StubServer server =
                new StubServer(
                        (_, _) -> {
                            never.await();
                            return new StubServer.Answer(200, "{}");
                        })) {
            long begun = System.nanoTime();

            assertThat(store.problem(server.address(), "timeout = \"1s\""))
                    .contains("has not answered in time");

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(8));
            for (int i = 0; i < 100 && clients() > 0; i++) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
            assertThat(clients()).isZero();
        }
    }

    private static long clients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient"))
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void what_cannot_be_read_is_not_shown(Store store) throws Exception {
        for (String body :
                List.of(
                        "",
                        "<html>hidden</html>",
                        "{\"data\": \"hidden",
                        "\"hidden\"",
                        "[\"hidden\"]",
                        "{\"kvs\": \"hidden\", \"data\": \"hidden\"}",
                        "{\"header\": {\"revision\": \"1\"}, \"kvs\": [{\"key\": \"!hidden\"}]}",
                        "[{\"Key\": \"shop/a\", \"Value\": \"!hidden\"}]",
                        "[{\"Key\": \"hidden\", \"Value\": \"\"}]",
                        "{\"data\": {\"data\": [\"hidden\"]}}")) {
            try (StubServer server =
                    new StubServer(
                            (exchange, _) ->
                                    new StubServer.Answer(
                                            200,
                                            exchange.getRequestURI()
                                                            .getPath()
                                                            .endsWith("lookup-self")
                                                    ? "{\"data\": {\"ttl\": 0}}"
                                                    : body))) {
                assertThat(store.problem(server.address(), ""))
                        .as(body)
                        .contains("cannot be read", server.address());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_fails_is_named_with_its_status(Store store) throws Exception {
        try (StubServer server =
                new StubServer((_, _) -> new StubServer.Answer(500, "{\"message\": \"hidden\"}"))) {
            assertThat(store.problem(server.address(), ""))
                    .contains("cannot be asked", server.address(), "status 500");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_does_not_speak_http_is_not_shown(Store store) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(
                    () -> {
                        while (true) {
                            try (Socket client = socket.accept()) {
                                client.getOutputStream()
                                        .write("hidden\r\n".getBytes(StandardCharsets.UTF_8));
                            } catch (Exception e) {
                                return;
                            }
                        }
                    });

            assertThat(store.problem("http://127.0.0.1:" + socket.getLocalPort(), ""))
                    .contains("does not speak HTTP");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_certificate_of_ones_own_is_trusted_where_decant_toml_names_it(Store store)
            throws Exception {
        OwnTls own = OwnTls.in(folder);
        try (StubServer server =
                StubServer.tls(own.server(), (_, _) -> new StubServer.Answer(500, "{}"))) {
            assertThat(store.problem(server.address(), "")).contains("TLS fails", "ca = ");
            assertThat(store.problem(server.address(), "ca = \"" + own.certificate() + "\""))
                    .contains("status 500");
            assertThat(store.problem(server.address(), "ca = \"" + own.keys() + "\""))
                    .contains("no file of certificates");
        }
    }

    @Test
    void a_token_is_not_sent_to_where_a_standby_leads() throws Exception {
        try (StubServer other = new StubServer((_, _) -> new StubServer.Answer(200, "{}"));
                StubServer standby =
                        new StubServer(
                                (exchange, _) -> {
                                    exchange.getResponseHeaders()
                                            .add("Location", other.address() + "/v1/x?hidden");
                                    return new StubServer.Answer(307, "");
                                })) {
            assertThat(Store.VAULT.problem(standby.address(), ""))
                    .contains("is a standby that leads to " + other.address() + ";");
            assertThat(other.requests()).isEmpty();
        }
    }
}
