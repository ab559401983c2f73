package dev.decant.systemd;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.config.AppNames;
import dev.decant.config.NginxConfig;
import dev.decant.config.PublicPort;
import dev.decant.config.ServiceConfig;
import dev.decant.config.Strategy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class NginxSiteGoldenTest {

    private static void check(String file, List<PublicPort> ports, NginxConfig nginx) {
        ServiceConfig service = Configs.service(Strategy.NGINX, ports);

        Golden.check(
                Golden.folder("systemd").resolve("nginx").resolve(file),
                NginxSite.text(new AppNames("shop_web", "shop", "shop-web"), service, nginx));
    }

    @Test
    void the_least_that_a_site_has() {
        check(
                "plain.conf",
                List.of(new PublicPort(80, 4000)),
                new NginxConfig(
                        List.of(), Optional.empty(), Optional.empty(), false, List.of(), 0));
    }

    @Test
    void all_that_a_site_may_have() {
        check(
                "tls.conf",
                List.of(new PublicPort(80, 4000), new PublicPort(443, 4001)),
                new NginxConfig(
                        List.of("shop.example.com", "www.shop.example.com"),
                        Optional.of("/etc/ssl/shop.pem"),
                        Optional.of("/etc/ssl/shop.key"),
                        true,
                        List.of("10.0.0.0/8", "fd00::/8"),
                        20));
    }
}
