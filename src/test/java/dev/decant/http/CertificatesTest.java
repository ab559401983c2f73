package dev.decant.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

import javax.net.ssl.SSLHandshakeException;

/// A company's own authority, and a server that has a certificate of it.
class CertificatesTest {

    @TempDir private Path folder = Path.of("");

    private OwnTls intranet;
    private Path company = Path.of("");

    @BeforeEach
    void company() throws Exception {
        intranet = OwnTls.in(folder);
        company = intranet.certificate();
    }

    /// What a page of the intranet says to who trusts these.
    private String asked(Certificates trusted) throws Exception {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(intranet.server()));
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write("hi".getBytes(StandardCharsets.US_ASCII));
                    exchange.close();
                });
        server.start();
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusted.context()).build()) {
            URI there = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
            return client.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString())
                    .body();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_machine_that_trusts_its_company_reaches_the_intranet() throws Exception {
        assertThat(asked(Certificates.firstOf(List.of(folder.resolve("none"), company))))
                .isEqualTo("hi");
    }

    @Test
    void one_that_does_not_reaches_it_not() throws Exception {
        Certificates javas = Certificates.firstOf(List.of(folder.resolve("none")));

        assertThatThrownBy(() -> asked(javas)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void what_stands_between_certificates_is_no_matter() throws Exception {
        Path commented = folder.resolve("commented.pem");
        Files.writeString(
                commented,
                "# Company Root - 2026\n\n"
                        + Files.readString(company)
                        + "\n# The same once more\n"
                        + Files.readString(company));

        assertThat(asked(Certificates.of(commented))).isEqualTo("hi");
    }

    @Test
    void a_file_of_something_else_is_passed_over() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path broken = Files.write(folder.resolve("broken.pem"), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> Certificates.of(empty))
                .isInstanceOf(GeneralSecurityException.class);
        assertThat(asked(Certificates.firstOf(List.of(empty, broken, company)))).isEqualTo("hi");
    }

    @Test
    void the_environment_names_another_file_than_the_distributions() {
        assertThat(Certificates.places("/etc/company.pem"))
                .containsExactly(Path.of("/etc/company.pem"));
        assertThat(Certificates.places("")).isEqualTo(Certificates.places(null)).hasSize(5);
    }
}
