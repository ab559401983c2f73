package dev.decant.systemd;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.config.AppNames;
import dev.decant.config.CaddyConfig;
import dev.decant.config.PublicPort;
import dev.decant.config.ServiceConfig;
import dev.decant.config.Strategy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class CaddySiteGoldenTest {

    private static void check(String file, List<PublicPort> ports, CaddyConfig caddy) {
        ServiceConfig service = Configs.service(Strategy.CADDY, ports);

        Golden.check(
                Golden.folder("systemd").resolve("caddy").resolve(file),
                CaddySite.text(new AppNames("shop_web", "shop", "shop-web"), service, caddy));
    }

    @Test
    void the_least_that_a_site_has() {
        check(
                "plain.caddy",
                List.of(new PublicPort(80, 4000)),
                new CaddyConfig(
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        List.of()));
    }

    @Test
    void with_a_certificate_that_caddy_gets() {
        check(
                "acme.caddy",
                List.of(new PublicPort(80, 4000), new PublicPort(443, 4001)),
                new CaddyConfig(
                        List.of("shop.example.com", "www.shop.example.com"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("ops@example.com"),
                        Optional.of("https://acme.example.com/dir"),
                        Optional.of("/etc/caddy/root.pem"),
                        true,
                        List.of("10.0.0.0/8", "fd00::/8")));
    }

    @Test
    void with_a_certificate_of_its_own_and_another_port() {
        check(
                "files.caddy",
                List.of(new PublicPort(8080, 4000), new PublicPort(443, 4001)),
                new CaddyConfig(
                        List.of("shop.example.com"),
                        Optional.of("/etc/ssl/shop.pem"),
                        Optional.of("/etc/ssl/shop.key"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        List.of()));
    }
}
