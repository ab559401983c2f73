package dev.decant.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A company's network: what is asked stands on this machine, a host has the proxy, Debian's
/// tinyproxy, which wants a password.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyLabTest {

    private Lab lab;
    private LabHost proxy;
    private String here = "";
    private OwnTls tls;
    private HttpsServer secure;
    private HttpServer plain;

    @BeforeAll
    void begin(@TempDir Path folder) throws Exception {
        lab = Lab.open(LabLog.nop());
        proxy = lab.boot("proxy", Suite.BOOKWORM, List.of("tinyproxy"));
        here = proxy.address().replaceFirst("[0-9]+$", "1");
        tls = OwnTls.in(folder, here);
        secure = HttpsServer.create(new InetSocketAddress(here, 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls.server()));
        plain = HttpServer.create(new InetSocketAddress(here, 0), 0);
        for (HttpServer server : List.of(secure, plain)) {
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] from =
                                exchange.getRemoteAddress()
                                        .getAddress()
                                        .getHostAddress()
                                        .getBytes(StandardCharsets.US_ASCII);
                        exchange.sendResponseHeaders(200, from.length);
                        exchange.getResponseBody().write(from);
                        exchange.close();
                    });
            server.start();
        }
        String conf =
                "Port 3128\\nAllow 10.0.0.0/8\\nBasicAuth ann secret\\nUser tinyproxy\\n"
                        + "Group tinyproxy\\n";
        Result ready =
                proxy.ssh(
                        "printf '"
                                + conf
                                + "' > /etc/tinyproxy/tinyproxy.conf; systemctl restart tinyproxy;"
                                + " for i in $(seq 100); do ss -tln | grep -q :3128 && exit;"
                                + " sleep 0.1; done; systemctl status tinyproxy");
        assertThat(ready.ok()).as(ready.text()).isTrue();
    }

    @AfterAll
    void end() {
        secure.stop(0);
        plain.stop(0);
        lab.close();
    }

    private String url(HttpServer server) {
        return (server.equals(secure) ? "https" : "http")
                + "://"
                + here
                + ":"
                + server.getAddress().getPort()
                + "/";
    }

    private HttpResponse<String> asked(HttpServer server, Map<String, String> environment)
            throws Exception {
        Certificates trusted = Certificates.of(tls.certificate());
        try (HttpClient client = Clients.client(trusted, new Proxies(environment)).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url(server))).build(),
                    BodyHandlers.ofString());
        }
    }

    private String proxied(String user) {
        return "http://" + user + proxy.address() + ":3128";
    }

    @Test
    void the_proxy_of_the_environment_is_gone_through_with_its_password() throws Exception {
        String there = proxied("ann:%73ecret@");

        assertThat(asked(secure, Map.of("HTTPS_PROXY", there)).body()).isEqualTo(proxy.address());
        assertThat(asked(plain, Map.of("http_proxy", there)).body()).isEqualTo(proxy.address());
    }

    @Test
    void what_needs_none_is_asked_past_it() throws Exception {
        var environment = Map.of("HTTPS_PROXY", proxied("ann:%73ecret@"), "NO_PROXY", here);

        assertThat(asked(secure, environment).body()).isEqualTo(here);
    }

    @Test
    void with_a_wrong_password_or_none_it_is_the_proxy_that_says_no() throws Exception {
        assertThat(asked(secure, Map.of("HTTPS_PROXY", proxied(""))).statusCode()).isEqualTo(407);
        assertThatThrownBy(() -> asked(secure, Map.of("HTTPS_PROXY", proxied("ann:x@"))))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("x@");
    }
}
