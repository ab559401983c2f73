package dev.decant.config;

import java.util.List;
import java.util.Optional;

/// `[caddy]`: the site that a Caddy of the host serves the app as.
///
/// @param serverNames at least one where it speaks TLS without a certificate of its own
/// @param certificate a file on the host, with its chain; empty where Caddy gets one, if it speaks
///   TLS
/// @param certificateKey a file on the host
/// @param email whom the authority that gives certificates may write to
/// @param acme the URL of that authority's directory; empty for Caddy's own choice
/// @param acmeRoot a file on the host: whom to believe that it is that authority
/// @param serveStatic Caddy serves the release's static files itself
/// @param trustedProxies addresses or networks whose X-Forwarded-For is believed
public record CaddyConfig(
        List<String> serverNames,
        Optional<String> certificate,
        Optional<String> certificateKey,
        Optional<String> email,
        Optional<String> acme,
        Optional<String> acmeRoot,
        boolean serveStatic,
        List<String> trustedProxies) {

    public CaddyConfig {
        serverNames = List.copyOf(serverNames);
        trustedProxies = List.copyOf(trustedProxies);
    }
}
