package dev.decant.http;

import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Through which proxies others are reached, as the environment says to all programs:
/// `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, or the same in capitals; as curl(1)
/// reads them. This machine itself is always reached directly.
final class Proxies extends ProxySelector {

    /// curl's, where none is given.
    private static final int PORT = 1080;

    private static final int HIGHEST_PORT = 65535;

    /// @param variable that names it
    /// @param password of its user; empty where it asks for none
    private record Named(
            String variable, String host, int port, Optional<PasswordAuthentication> password) {

        /// Where it is, without the password.
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private final Map<String, String> environment;
    private final List<String> direct;

    Proxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.direct =
                variable("no_proxy").stream()
                        .flatMap(each -> List.of(each.getValue().split("[, ]+")).stream())
                        .filter(each -> !each.isEmpty())
                        .map(each -> each.toLowerCase(Locale.ROOT))
                        .toList();
    }

    /// In small letters it goes before the one in capitals.
    private Optional<Map.Entry<String, String>> variable(String name) {
        for (String each : List.of(name, name.toUpperCase(Locale.ROOT))) {
            String value = environment.get(each);
            if (value != null && !value.isBlank()) {
                return Optional.of(Map.entry(each, value.strip()));
            }
        }
        return Optional.empty();
    }

    /// @throws Failure with a [ProxyProblem] if what the environment names is no proxy, or none of
    ///   a kind that this can use
    private Optional<Named> between(URI address) {
        if (address.getHost() == null || isDirect(address)) {
            return Optional.empty();
        }
        return variable(address.getScheme().toLowerCase(Locale.ROOT) + "_proxy")
                .or(() -> variable("all_proxy"))
                .map(each -> named(each.getKey(), each.getValue()));
    }

    private static Named named(String variable, String value) {
        URI uri;
        try {
            uri = URI.create(value.contains("://") ? value : "http://" + value);
        } catch (IllegalArgumentException e) {
            // What it says has the password in it.
            throw new Failure(new ProxyProblem(variable, "It is no URL."));
        }
        String host = uri.getHost();
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new Failure(
                    new ProxyProblem(variable, "It begins with " + uri.getScheme() + "://."));
        }
        if (host == null || uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
            throw new Failure(new ProxyProblem(variable, "It names no host, or no port of one."));
        }
        return new Named(
                variable,
                host.replaceAll("[\\[\\]]", ""),
                uri.getPort() < 0 ? PORT : uri.getPort(),
                Optional.ofNullable(uri.getRawUserInfo()).map(Proxies::password));
    }

    private static PasswordAuthentication password(String user) {
        String[] pair = user.split(":", 2);
        return new PasswordAuthentication(
                decoded(pair[0]), (pair.length > 1 ? decoded(pair[1]) : "").toCharArray());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private boolean isDirect(URI address) {
        String host = address.getHost().replaceAll("[\\[\\]]|[.]$", "").toLowerCase(Locale.ROOT);
        Optional<InetAddress> literal = literal(host);
        if (host.equals("localhost")
                || host.endsWith(".localhost")
                || literal.filter(InetAddress::isLoopbackAddress).isPresent()) {
            return true;
        }
        return direct.stream()
                .anyMatch(
                        each ->
                                each.equals("*")
                                        || each.equals(host + ":" + address.getPort())
                                        || (literal.isPresent()
                                                ? isIn(literal.get(), each)
                                                : isBelow(host, each)));
    }

    /// @param name such as `example.com`, which stands for all below it, or `.example.com`
    private static boolean isBelow(String host, String name) {
        String bare = name.replaceFirst("^[*]?[.]", "");
        return host.equals(bare) || host.endsWith("." + bare);
    }

    /// @param block such as `10.0.0.0/8`, or one address
    private static boolean isIn(InetAddress address, String block) {
        String[] pair = block.split("/", 2);
        Optional<InetAddress> first = literal(pair[0].replaceAll("[\\[\\]]", ""));
        byte[] bytes = address.getAddress();
        int all = bytes.length * Byte.SIZE;
        int bits = pair.length < 2 ? all : bits(pair[1]);
        if (bits < 0
                || bits > all
                || first.isEmpty()
                || first.get().getAddress().length != bytes.length) {
            return false;
        }
        BigInteger apart =
                new BigInteger(1, bytes).xor(new BigInteger(1, first.get().getAddress()));
        return apart.shiftRight(all - bits).signum() == 0;
    }

    /// @return less than 0 for what is no number
    private static int bits(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Proxy> select(URI address) {
        return between(address)
                .map(
                        each ->
                                List.of(
                                        new Proxy(
                                                Proxy.Type.HTTP,
                                                InetSocketAddress.createUnresolved(
                                                        each.host(), each.port()))))
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException why) {
        // There is no other.
    }

    /// Gives each proxy its own password, and nobody else any.
    ///
    /// @return empty where there is none to give
    Optional<Authenticator> passwords() {
        boolean some =
                Stream.of("https_proxy", "http_proxy", "all_proxy")
                        .flatMap(each -> variable(each).stream())
                        .anyMatch(each -> each.getValue().contains("@"));
        return some ? Optional.of(new Passwords()) : Optional.empty();
    }

    private final class Passwords extends Authenticator {
        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? between(URI.create(getRequestingURL().toString()))
                            .filter(each -> each.host().equalsIgnoreCase(getRequestingHost()))
                            .filter(each -> each.port() == getRequestingPort())
                            .flatMap(Named::password)
                            .orElse(null)
                    : null;
        }
    }

    String way(URI address) {
        return between(address)
                .map(each -> " (through the proxy " + each + ", as " + each.variable() + " says)")
                .orElse("");
    }
}
