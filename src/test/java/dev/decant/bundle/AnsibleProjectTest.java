package dev.decant.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Configs;
import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.config.HostConfig;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class AnsibleProjectTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void hosts_that_are_written_for_ansible_are_read_back_the_same() throws Exception {
        Config config =
                Configs.of(
                        """
                        app = "my_shop"
                        [hosts.web-1]
                        address = "web1.example.com"
                        roles = ["web", "migrate"]
                        [hosts."2"]
                        address = "local"
                        [hosts.yes]
                        address = "fd00::1"
                        roles = ["web"]
                        [ssh]
                        setup_user = "admin"
                        port = 2222
                        """);
        Files.writeString(folder.resolve("inventory.yml"), AnsibleProject.inventory(config));
        Files.writeString(
                folder.resolve("decant.toml"),
                "app = \"my_shop\"\nhosts = \"ansible:inventory.yml#my_shop\"\n");

        List<HostConfig> read = ConfigReader.read(folder, Optional.empty()).withInventory().hosts();

        assertThat(read)
                .extracting(HostConfig::name, HostConfig::address)
                .isEqualTo(
                        config.hosts().stream()
                                .map(host -> Tuple.tuple(host.name(), host.address()))
                                .toList());
        assertThat(read)
                .extracting(HostConfig::roles)
                .containsExactly(
                        List.of("migrate", "my_shop", "web"),
                        List.of("my_shop"),
                        List.of("my_shop", "web"));
        assertThat(read)
                .extracting(host -> host.access().setupUser().orElse(""))
                .containsOnly("admin");
        assertThat(read).extracting(host -> host.access().port().orElse(0)).containsOnly(2222);
    }
}
