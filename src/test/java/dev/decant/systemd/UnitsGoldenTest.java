package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.Golden;
import dev.decant.config.AppNames;
import dev.decant.config.Strategy;
import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder for each version of systemd.
class UnitsGoldenTest {

    private static Units units(int systemd) {
        return units(Strategy.RESTART, systemd);
    }

    private static Units units(Strategy strategy, int systemd) {
        return new Units(
                new AppNames("shop_web", "shop", "shop-web"),
                strategy,
                strategy.beside() ? List.of(80, 443) : List.of(),
                Duration.ofSeconds(40),
                Optional.empty(),
                OptionalInt.empty(),
                systemd);
    }

    @ParameterizedTest
    @ValueSource(ints = {219, 247, 257})
    void units_use_what_the_systemd_of_the_host_knows(int systemd) {
        Path folder = Golden.folder("systemd").resolve(Integer.toString(systemd));

        Golden.check(folder.resolve("shop-web.service"), units(systemd).service());
        Golden.check(folder.resolve("shop-web@.service"), units(Strategy.SLOTS, systemd).slot());
        Golden.check(folder.resolve("shop-web-eval@.service"), units(systemd).eval());
        Golden.check(folder.resolve("decant-shop-web-recover.service"), units(systemd).recover());
        Golden.check(folder.resolve("decant-shop-web-requests.path"), units(systemd).watch());
        Golden.check(folder.resolve("decant-shop-web-requests.service"), units(systemd).requests());
    }

    @ParameterizedTest
    @EnumSource(value = Strategy.class, names = "RESTART", mode = EnumSource.Mode.EXCLUDE)
    void each_way_to_switch_has_its_units(Strategy strategy) {
        Path folder = Golden.folder("systemd").resolve(strategy.word());
        Units units = units(strategy, 257);

        Golden.check(folder.resolve("shop-web@.service"), units.slot());
        Golden.check(folder.resolve("decant-shop-web-recover.service"), units.recover());
        switch (strategy) {
            case SLOTS -> Golden.check(folder.resolve("nftables.service.d.conf"), units.keeper());
            case SOCKET -> Golden.check(folder.resolve("shop-web.socket"), units.socket());
            default -> {}
        }
    }

    @Test
    void an_app_that_says_when_it_is_ready_is_waited_for() {
        Units units =
                new Units(
                        new AppNames("shop_web", "shop", "shop-web"),
                        Strategy.RESTART,
                        List.of(),
                        Duration.ofSeconds(40),
                        Optional.of(Duration.ofSeconds(60)),
                        OptionalInt.empty(),
                        257);

        Golden.check(
                Golden.folder("systemd").resolve("257/shop-web.service.notify"), units.service());
    }

    @Test
    void an_app_that_other_nodes_may_reach_says_where() {
        for (Strategy strategy : List.of(Strategy.RESTART, Strategy.SLOTS)) {
            Units units =
                    new Units(
                            new AppNames("shop_web", "shop", "shop-web"),
                            strategy,
                            List.of(),
                            Duration.ofSeconds(40),
                            Optional.empty(),
                            OptionalInt.of(4371),
                            257);
            boolean beside = strategy.beside();
            Golden.check(
                    Golden.folder("systemd")
                            .resolve(
                                    "257/shop-web" + (beside ? "@" : "") + ".service.distribution"),
                    beside ? units.slot() : units.service());
        }
    }

    @Test
    void the_systemd_of_this_machine_finds_nothing_odd_in_them(@TempDir Path folder)
            throws Exception {
        assumeTrue(Program.find("systemd-analyze").isPresent(), "no systemd-analyze here");
        Result version = Program.of("systemd-analyze", "--version").run();
        Matcher number = Pattern.compile("systemd ([0-9]+)").matcher(version.text());
        assumeTrue(number.find(), "systemd-analyze does not say its version");
        Units units = units(Integer.parseInt(number.group(1)));
        Files.writeString(folder.resolve("shop-web.service"), units.service());
        Files.writeString(folder.resolve("shop-web-eval@.service"), units.eval());
        Units socket = units(Strategy.SOCKET, units.systemd());
        Files.writeString(folder.resolve("shop-web@.service"), socket.slot());
        Files.writeString(folder.resolve("shop-web.socket"), socket.socket());
        Files.writeString(folder.resolve("decant-shop-web-recover.service"), socket.recover());
        Files.writeString(folder.resolve("decant-shop-web-requests.path"), units.watch());
        Files.writeString(folder.resolve("decant-shop-web-requests.service"), units.requests());

        Result verified =
                Program.of(
                                "systemd-analyze",
                                "verify",
                                "--man=no",
                                folder.resolve("shop-web.service").toString(),
                                folder.resolve("shop-web@.service").toString(),
                                folder.resolve("shop-web.socket").toString(),
                                folder.resolve("shop-web-eval@.service").toString(),
                                folder.resolve("decant-shop-web-recover.service").toString(),
                                folder.resolve("decant-shop-web-requests.path").toString(),
                                folder.resolve("decant-shop-web-requests.service").toString())
                        .run();

        // The programs that they start are not on this machine; units of its own may be odd.
        List<String> odd =
                verified.err().stream()
                        .filter(line -> line.contains("shop-web"))
                        .filter(line -> !line.contains("is not executable"))
                        .toList();
        assertThat(odd).isEmpty();
        assertThat(verified.err())
                .as("it looked at all")
                .anyMatch(line -> line.contains("/srv/shop-web/current/bin/shop is not exec"));
    }
}
