package dev.decant.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// Whose certificates are trusted over HTTPS: those that this machine trusts, so that Decant
/// reaches what `curl` reaches. Java brings a list of its own, which does not know what a company
/// has added to its machines.
public final class Certificates {

    /// As OpenSSL and Go name the file that replaces the machine's.
    private static final String VARIABLE = "SSL_CERT_FILE";

    /// Debian, Fedora, SUSE, Alpine; as Go's crypto/x509 (root_linux.go) looks for them.
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/ca-bundle.pem"),
                    Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
                    Path.of("/etc/ssl/cert.pem"));

    private final TrustManager[] managers;

    private Certificates(TrustManager[] managers) {
        this.managers = managers;
    }

    /// What this machine trusts: the file that `SSL_CERT_FILE` names, or the distribution's, or,
    /// where neither can be read, what this Java brings.
    public static Certificates ofMachine() {
        return Machine.TRUSTED;
    }

    /// Read once, and not before somebody asks over HTTPS: it takes as long as all else of a start.
    private static final class Machine {
        static final Certificates TRUSTED = firstOf(places(System.getenv(VARIABLE)));
    }

    /// @param named by the environment; null or empty if it names none
    static List<Path> places(@Nullable String named) {
        return named == null || named.isEmpty() ? PLACES : List.of(Path.of(named));
    }

    /// @param files of certificates, in PEM
    static Certificates firstOf(List<Path> files) {
        for (Path file : files) {
            if (Files.isReadable(file)) {
                try {
                    return of(file);
                } catch (IOException | GeneralSecurityException e) {
                    // As if it were not there: who is not reached for that says so.
                }
            }
        }
        try {
            return new Certificates(managers(Optional.empty()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java knows no certificates.", e);
        }
    }

    /// @param file of certificates, in PEM
    /// @throws GeneralSecurityException if there is none in it, or something else
    public static Certificates of(Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry(String.valueOf(trusted.size()), each);
            }
        }
        if (trusted.size() == 0) {
            throw new GeneralSecurityException("no certificate in " + file);
        }
        return new Certificates(managers(Optional.of(trusted)));
    }

    private static TrustManager[] managers(Optional<KeyStore> trusted)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted.orElse(null));
        return factory.getTrustManagers();
    }

    /// For a client of HTTP.
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no TLS.", e);
        }
    }

    /// For a client that makes its own context.
    public TrustManager[] managers() {
        return managers.clone();
    }
}
