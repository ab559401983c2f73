package dev.decant.config;

import java.util.List;
import java.util.Optional;

/// `[nginx]`: the site that an nginx of the host serves the app as.
///
/// @param serverNames none for any that no other site has
/// @param certificate a file on the host, with its chain; empty where there is no TLS
/// @param certificateKey a file on the host
/// @param serveStatic nginx serves the release's static files itself
/// @param trustedProxies addresses or networks whose X-Forwarded-For is believed
/// @param requestsPerSecond of one address; 0 for no limit
public record NginxConfig(
        List<String> serverNames,
        Optional<String> certificate,
        Optional<String> certificateKey,
        boolean serveStatic,
        List<String> trustedProxies,
        int requestsPerSecond) {

    public NginxConfig {
        serverNames = List.copyOf(serverNames);
        trustedProxies = List.copyOf(trustedProxies);
    }
}
