package dev.decant.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;

class ProxiesTest {

    private static final String CORPORATE = "http://proxy.example.com:3128";

    /// `HOST:PORT`, or `direct`.
    private static String way(Map<String, String> environment, String address) {
        List<Proxy> proxies = new Proxies(environment).select(URI.create(address));
        assertThat(proxies).hasSize(1);
        return proxies.getFirst().address() instanceof InetSocketAddress there
                ? there.getHostString() + ":" + there.getPort()
                : "direct";
    }

    @Test
    void without_such_variables_all_is_reached_directly() {
        assertThat(way(Map.of("HTTPS_PROXY", " "), "https://hex.pm/")).isEqualTo("direct");
    }

    @Test
    void each_scheme_has_its_own_and_one_is_for_all() {
        var each = Map.of("HTTPS_PROXY", "http://a:1", "HTTP_PROXY", "http://b:2");
        assertThat(way(each, "https://hex.pm/")).isEqualTo("a:1");
        assertThat(way(each, "http://hex.pm/")).isEqualTo("b:2");

        var all = Map.of("HTTPS_PROXY", "http://a:1", "ALL_PROXY", "http://c:3");
        assertThat(way(all, "https://hex.pm/")).isEqualTo("a:1");
        assertThat(way(all, "http://hex.pm/")).isEqualTo("c:3");
    }

    @Test
    void small_letters_go_before_capitals() {
        var both = Map.of("HTTPS_PROXY", "http://a:1", "https_proxy", "http://b:2");

        assertThat(way(both, "https://hex.pm/")).isEqualTo("b:2");
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example.com, proxy.example.com:1080",
        "proxy.example.com:8080, proxy.example.com:8080",
        "http://ann:s%40cret@proxy.example.com:8080/, proxy.example.com:8080",
        "http://10.0.0.1:8080, 10.0.0.1:8080",
        "http://[fd00::1]:8080, fd00::1:8080"
    })
    void a_proxy_is_written_as_for_curl(String value, String there) {
        assertThat(way(Map.of("HTTPS_PROXY", value), "https://hex.pm/")).isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vault.example.com | https://vault.example.com:8200/ | direct",
                "vault.example.com | https://a.vault.example.com/ | direct",
                "vault.example.com | https://oldvault.example.com/ | proxy.example.com:3128",
                ".example.com | https://vault.example.com/ | direct",
                "*.example.com | https://vault.example.com/ | direct",
                "Example.COM | https://VAULT.example.com./ | direct",
                "a.org, .example.com | https://vault.example.com/ | direct",
                "a.org .example.com | https://vault.example.com/ | direct",
                "vault.example.com:8200 | https://vault.example.com:8200/ | direct",
                "vault.example.com:8200 | https://vault.example.com/ | proxy.example.com:3128",
                "* | https://hex.pm/ | direct",
                "10.0.0.0/8 | https://10.9.8.7:8200/ | direct",
                "10.0.0.0/8 | https://11.9.8.7:8200/ | proxy.example.com:3128",
                "10.0.0.128/25 | https://10.0.0.127/ | proxy.example.com:3128",
                "10.0.0.128/25 | https://10.0.0.129/ | direct",
                "10.0.0.1 | https://10.0.0.1/ | direct",
                "10.0.0.1 | https://10.0.0.11/ | proxy.example.com:3128",
                "10.0.0.0/99 | https://10.0.0.1/ | proxy.example.com:3128",
                "fd00::/8 | https://[fd12::1]:8200/ | direct",
                "fd00::/8 | https://[fe80::1]/ | proxy.example.com:3128",
                "10.0.0.0/8 | https://[fd12::1]/ | proxy.example.com:3128"
            })
    void what_is_named_is_reached_directly(String direct, String address, String way) {
        assertThat(way(Map.of("https_proxy", CORPORATE, "no_proxy", direct), address))
                .isEqualTo(way);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8200/",
                "http://vault.localhost/",
                "http://127.0.0.1:4318/",
                "http://127.8.9.1/",
                "http://[::1]:8200/"
            })
    void this_machine_needs_no_proxy(String address) {
        assertThat(way(Map.of("ALL_PROXY", CORPORATE), address)).isEqualTo("direct");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "socks5://ann:secret@proxy.example.com:1080 | It begins with socks5://.",
                "https://ann:secret@proxy.example.com:443 | It begins with https://.",
                "http://ann:secret@prox y | It is no URL.",
                "http://ann:secret@:3128 | It names no host, or no port of one.",
                "http://proxy.example.com:99999 | It names no host, or no port of one."
            })
    void what_cannot_be_one_is_said_without_its_password(String value, String seen) {
        Proxies proxies = new Proxies(Map.of("HTTPS_PROXY", value, "NO_PROXY", ".example.com"));

        assertThatThrownBy(() -> proxies.select(URI.create("https://hex.pm/")))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .containsExactly(new ProxyProblem("HTTPS_PROXY", seen)))
                .hasMessageNotContaining("secret");
        // Nobody is in the way of what does without it.
        assertThat(proxies.select(URI.create("https://vault.example.com/")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void who_is_not_reached_can_be_told_the_way_without_the_password() {
        Proxies proxies = new Proxies(Map.of("https_proxy", "http://ann:secret@proxy:3128"));

        assertThat(proxies.way(URI.create("https://hex.pm/")))
                .isEqualTo(" (through the proxy proxy:3128, as https_proxy says)");
        assertThat(proxies.way(URI.create("http://hex.pm/"))).isEmpty();
    }
}
