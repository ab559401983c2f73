package dev.decant.http;

import java.net.URI;
import java.net.http.HttpClient;

/// Makes clients of HTTP, all of which reach what `curl` reaches on this machine.
public final class Clients {

    /// For which the JDK does not give passwords to proxies that tunnel, unless it is told.
    private static final String REFUSED = "jdk.http.auth.tunneling.disabledSchemes";

    static {
        // The JDK reads it once, with its first client. A proxy's password is mostly Basic's, and
        // `curl` gives it, too.
        if (System.getProperty(REFUSED) == null) {
            System.setProperty(REFUSED, "");
        }
    }

    private Clients() {}

    /// The environment does not change while a program runs.
    private static final class Machine {
        static final Proxies PROXIES = new Proxies(System.getenv());
    }

    /// As [#client(Certificates)], which trusts what this machine trusts.
    public static HttpClient.Builder client() {
        return client(Certificates.ofMachine());
    }

    /// What such a client sends ends with a `Failure`, too: with a [ProxyProblem], where the
    /// environment names for that address what is no proxy.
    public static HttpClient.Builder client(Certificates trusted) {
        return client(trusted, Machine.PROXIES);
    }

    static HttpClient.Builder client(Certificates trusted, Proxies proxies) {
        HttpClient.Builder client =
                HttpClient.newBuilder().sslContext(trusted.context()).proxy(proxies);
        // Asked for a password that it does not have, the JDK's client ends with a bug of its own;
        // without anybody to ask, with the proxy's 407.
        proxies.passwords().ifPresent(client::authenticator);
        return client;
    }

    /// Why an address may not be reached although it can be, for the end of a sentence.
    ///
    /// @return such as ` (through the proxy proxy.example.com:3128, as HTTPS_PROXY says)`; empty
    ///   where there is no proxy between
    public static String way(URI address) {
        return Machine.PROXIES.way(address);
    }
}
