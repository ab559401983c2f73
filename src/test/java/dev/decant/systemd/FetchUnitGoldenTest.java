package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.Configs;
import dev.decant.Golden;

import org.junit.jupiter.api.Test;

class FetchUnitGoldenTest {

    private static final String APP =
            """
            app = "shop_web"
            hosts.web1.address = "web1.example.com"
            [sources.etcd]
            at = "boot"
            endpoints = ["https://etcd1.example.com:2379", "https://etcd2.example.com:2379"]
            prefix = "/shop/production"
            user = "shop"
            [sources.consul]
            at = "boot"
            prefix = "/shop/production"
            [sources.ssm]
            at = "boot"
            paths = ["/shared/production", "/shop/production/"]
            region = "eu-central-1"
            [sources.secretsmanager]
            at = "boot"
            ids = ["shop/production"]
            [sources.s3]
            at = "boot"
            bucket = "shop-config"
            prefix = "shop/production"
            endpoint = "https://storage.example.com"
            [sources.vault]
            at = "boot"
            address = "https://vault.example.com:8200"
            paths = ["shop/common", "shop/production"]
            namespace = "team-a"
            role_id = "an-id"
            only = ["DATABASE_URL", "SECRET_KEY_BASE"]
            timeout = "1500ms"
            """;

    @Test
    void what_a_host_asks_stands_in_its_unit() {
        Golden.check(
                Golden.folder("systemd").resolve("fetch.service"),
                FetchUnit.of(Configs.of(APP), 252));
    }

    @Test
    void what_no_host_can_ask_is_an_error_in_decant_toml() {
        assertThatThrownBy(() -> Configs.of(APP + "ca = \"ca.pem\"\n"))
                .hasMessageContaining("'ca' is not for a source that hosts ask");
        assertThatThrownBy(() -> Configs.of(APP.replace("region =", "profile =")))
                .hasMessageContaining("'profile' is not for a source that hosts ask");
        assertThatThrownBy(() -> Configs.of(APP.replace("shop/common", "shop/")))
                .hasMessageContaining("not for all below a path");
    }
}
