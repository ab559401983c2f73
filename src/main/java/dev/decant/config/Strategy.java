package dev.decant.config;

import java.util.Locale;

/// How a host gets from one release to the next.
public enum Strategy {
    /// The new release starts beside the old one, in the other of two slots, and gets the public
    /// ports once it is healthy.
    SLOTS,
    /// It starts beside the old one and shares the socket that systemd listens on for both.
    SOCKET,
    /// It starts beside the old one, and an nginx that is there is led to it.
    NGINX,
    /// The same with a Caddy.
    CADDY,
    /// The old one is stopped, then the new one is started.
    RESTART;

    /// Whether two releases run at once while one takes the other's place.
    public boolean beside() {
        return this != RESTART;
    }

    /// Whether a web server of the host is led from one to the other.
    public boolean proxied() {
        return this == NGINX || this == CADDY;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
