package dev.decant.config;

import java.util.List;
import java.util.Optional;

/// Reads `[nginx]` and `[caddy]`.
final class ProxyReader {

    /// Neither a web server's configuration nor a shell makes anything else of it.
    private static final String FILE = "/[!-~&&[^;{}\"'`]]+";

    private static final int TLS = 443;

    private final ConfigReader values;

    ProxyReader(ConfigReader values) {
        this.values = values;
    }

    NginxConfig nginx() {
        NginxConfig nginx =
                new NginxConfig(
                        names("nginx"),
                        file("nginx.certificate"),
                        file("nginx.certificate_key"),
                        serveStatic("nginx"),
                        trustedProxies("nginx"),
                        values.number("nginx.requests_per_second", 0, 0, 1_000_000));
        checkPair("nginx", nginx.certificate(), nginx.certificateKey());
        return nginx;
    }

    CaddyConfig caddy(ServiceConfig service) {
        CaddyConfig caddy =
                new CaddyConfig(
                        names("caddy"),
                        file("caddy.certificate"),
                        file("caddy.certificate_key"),
                        values.some(
                                "caddy.email", "[!-~&&[^;{}\"'`]]+@[A-Za-z0-9.-]+", "an address"),
                        values.some(
                                "caddy.acme",
                                "https://[!-~&&[^;{}\"'`]]+",
                                "the URL of a directory"),
                        file("caddy.acme_root"),
                        serveStatic("caddy"),
                        trustedProxies("caddy"));
        checkPair("caddy", caddy.certificate(), caddy.certificateKey());
        if (service.strategy() == Strategy.CADDY
                && caddy.serverNames().isEmpty()
                && caddy.certificate().isEmpty()
                && service.publicPorts().stream().anyMatch(port -> port.port() == TLS)) {
            values.wrong(
                    values.find("public.ports").orElseThrow().at(),
                    "Caddy is to speak TLS on port 443, and there is no name for a certificate",
                    "For example:  caddy.server_names = [\"shop.example.com\"]");
        }
        return caddy;
    }

    private List<String> names(String table) {
        return values.words(table + ".server_names", "[*A-Za-z0-9._-]+", "the name of a site");
    }

    private List<String> trustedProxies(String table) {
        return values.words(
                table + ".trusted_proxies",
                "[0-9a-fA-F.:]+(/[0-9]{1,3})?",
                "an address or a network, such as \"10.0.0.0/8\"");
    }

    private boolean serveStatic(String table) {
        return values.find(table + ".static").isEmpty() || values.flag(table + ".static");
    }

    private Optional<String> file(String key) {
        return values.some(key, FILE, "a file on the host");
    }

    private void checkPair(String table, Optional<String> certificate, Optional<String> key) {
        if (certificate.isPresent() != key.isPresent()) {
            values.wrong(
                    values.find(table + ".certificate")
                            .or(() -> values.find(table + ".certificate_key"))
                            .orElseThrow()
                            .at(),
                    "a certificate without its key, or a key without its certificate",
                    "Set both  %1$s.certificate  and  %1$s.certificate_key.".formatted(table));
        }
    }
}
