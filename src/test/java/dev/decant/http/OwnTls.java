package dev.decant.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate for an address that nobody trusts by himself.
///
/// @param keys a file that is none of certificates
/// @param certificate in PEM
/// @param server for one that has it
public record OwnTls(Path keys, Path certificate, SSLContext server) {

    private static final String PASSWORD = "changeit";

    /// For 127.0.0.1.
    ///
    /// @param folder for its files
    public static OwnTls in(Path folder) throws Exception {
        return in(folder, "127.0.0.1");
    }

    static OwnTls in(Path folder, String address) throws Exception {
        Path keys = folder.resolve("keys.p12");
        Path certificate = folder.resolve("own.pem");
        keytool(
                keys,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=a",
                "-ext",
                "san=ip:" + address);
        keytool(keys, "-exportcert", "-rfc", "-file", certificate.toString());
        KeyStore own = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, PASSWORD.toCharArray());
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(managers.getKeyManagers(), null, null);
        return new OwnTls(keys, certificate, server);
    }

    private static void keytool(Path keys, String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        all.addAll(List.of(words));
        all.addAll(List.of("-alias", "a", "-keystore", keys.toString(), "-storepass", PASSWORD));
        assertThat(Program.of(all).run().ok()).isTrue();
    }
}
