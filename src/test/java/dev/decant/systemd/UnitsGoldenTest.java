package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.config.Config;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder for each version of systemd, and one for what the settings of decant.toml make of the
/// unit.
class UnitsGoldenTest {

    private static final String APP =
            "app = \"shop_web\"\nrelease = \"shop\"\nname = \"shop-web\"\n[hosts.web1]\n";

    private static final String PUBLIC = "[public]\nports = [\"80:4000\", \"443:4001\"]\n";

    /// Settings, and what they are about.
    private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put("memory", "[limits]\nmemory = \"1G\"\nmemory_high = \"80%\"");
        OPTIONS.put("cpu", "[limits]\ncpu = \"150%\"\ncpu_weight = 200");
        OPTIONS.put("tasks", "[limits]\ntasks = 4096");
        OPTIONS.put("files", "[limits]\nfiles = 524288");
        OPTIONS.put("core", "[limits]\ncore = \"infinity\"");
        OPTIONS.put("oom", "[limits]\noom_policy = \"kill\"\noom_score = -100");
        OPTIONS.put("crash-dump", "[limits]\ncrash_dump = \"1G\"");
        OPTIONS.put("no-crash-dump", "[limits]\ncrash_dump = \"0\"");
        OPTIONS.put("standard", "[hardening]\nlevel = \"standard\"");
        OPTIONS.put("off", "[hardening]\nlevel = \"off\"");
        OPTIONS.put(
                "except",
                "[hardening]\nexcept = [\"MemoryDenyWriteExecute: libvips makes code\","
                        + " \"SystemCallFilter: and calls what nobody calls\"]");
        OPTIONS.put("after", "[unit]\nafter = [\"cloud-init.target\", \"etc-shop.mount\"]");
        OPTIONS.put(
                "start-pre",
                "[unit]\n"
                        + "start_pre = [\"+/usr/local/bin/fetch shop\", \"/usr/bin/test -e"
                        + " /etc/x\"]");
        OPTIONS.put("restart", "[unit]\nrestart = \"always\"\nrestart_delay = \"500ms\"");
        OPTIONS.put("umask", "[unit]\numask = \"0027\"");
        OPTIONS.put(
                "directories",
                "[unit]\ndirectories = [\"configuration\", \"state\", \"cache\", \"logs\","
                        + " \"tmp\"]");
        OPTIONS.put(
                "tmp-without-a-sandbox",
                "[unit]\ndirectories = [\"tmp\"]\n[hardening]\nlevel = \"off\"");
        OPTIONS.put(
                "paths",
                "[unit]\nread_write_paths = [\"/srv/up\", \"-/srv/maybe\"]\n"
                        + "read_only_paths = [\"/srv/up/ro\"]\ninaccessible_paths = [\"/srv/b\"]");
        OPTIONS.put("notify", "[health]\ncheck = \"notify\"");
        OPTIONS.put("distribution", "[service]\ndistribution = \"local\"");
        OPTIONS.put("watchdog", "[service]\nwatchdog = \"30s\"\n[health]\ncheck = \"notify\"");
        OPTIONS.put("restart-flag", "[service]\nrestart_flag = true");
        OPTIONS.put("app-files", "[files.\"shop.toml\"]\npath = \"deploy/shop.toml\"");
        OPTIONS.put(
                "sources-at-boot",
                "[sources.cloud-init]\nonly = [\"AWS_REGION\", \"ROLE\"]\n"
                        + "variables.ROLE = \"ds.meta_data.tags.instance.Role\"");
        OPTIONS.put("drain-timeout", "[service]\ndrain_timeout = \"2m\"");
    }

    private static Units units(String more, int systemd) {
        Config config = Configs.of(APP + more);
        return Units.of(config, config.host("web1"), systemd);
    }

    private static Units units(Strategy strategy, int systemd) {
        return units(
                "[service]\nstrategy = \"%s\"\n%s[caddy]\nserver_names = [\"shop.example.com\"]\n"
                        .formatted(strategy.word(), strategy.beside() ? PUBLIC : ""),
                systemd);
    }

    @ParameterizedTest
    @ValueSource(ints = {219, 247, 257, 262})
    void units_use_what_the_systemd_of_the_host_knows(int systemd) {
        Path folder = Golden.folder("systemd").resolve(Integer.toString(systemd));
        Units units = units("", systemd);

        Golden.check(folder.resolve("shop-web.service"), units.service());
        Golden.check(folder.resolve("shop-web@.service"), units(Strategy.SLOTS, systemd).slot());
        Golden.check(folder.resolve("shop-web-eval@.service"), units.eval());
        Golden.check(folder.resolve("decant-shop-web-recover.service"), units.recover());
        Golden.check(folder.resolve("decant-shop-web-requests.path"), units.watch());
        Golden.check(folder.resolve("decant-shop-web-requests.service"), units.requests());
    }

    @Test
    void an_old_systemd_is_told_nothing_that_came_after_it() {
        String all =
                String.join(
                        "\n",
                        OPTIONS.values().stream()
                                .filter(text -> text.startsWith("[limits]"))
                                .map(text -> text.replace("[limits]\n", ""))
                                .filter(text -> !text.contains("crash_dump"))
                                .toList());

        Golden.check(
                Golden.folder("systemd").resolve("219/shop-web.service.limits"),
                units("[limits]\n" + all + "\n[unit]\nread_write_paths = [\"/srv/up\"]", 219)
                        .service());
    }

    @Test
    void each_setting_says_what_it_says() {
        List<String> plain = units("", 257).service().lines().toList();
        OPTIONS.forEach(
                (name, toml) -> {
                    Units units = units(toml, 257);
                    Golden.check(
                            Golden.folder("systemd").resolve("options/" + name),
                            toml + "\n\n" + difference(plain, units.service().lines().toList()));
                });
    }

    @Test
    void a_generic_app_is_started_as_it_says_and_has_nothing_of_erlang() {
        String toml =
                """
                app = "hello-go"
                kind = "generic"
                [service]
                start = ["bin/hello", "--port=$PORT", "a $$ and a %", "${HOME}/x"]
                [public]
                ports = ["80:4000"]
                [processes.worker]
                command = ["worker", "$PORT"]
                [timers.nightly]
                schedule = "daily"
                command = ["/usr/bin/python3", "night.py"]
                env.WHEN = "at night"
                [hosts.web1]
                """;
        Config config = Configs.of(toml);
        Units units = Units.of(config, config.host("web1"), 252);
        Path folder = Golden.folder("systemd").resolve("generic");

        Golden.check(folder.resolve("hello-go@.service"), units.slot());
        Golden.check(folder.resolve("hello-go-eval@.service"), units.eval());
        assertThat(units.more().get("hello-go.worker@.service"))
                .contains("ExecStart=/srv/hello-go/slots/%i/worker ${PORT}\n");
        assertThat(units.more().get("hello-go.nightly.service"))
                .contains("ExecStart=/usr/bin/env \"WHEN=at night\" /usr/bin/python3 night.py\n");
        assertThat(units.slot() + units.eval() + units.more())
                .doesNotContain("ERL", "RELEASE_", "EnvironmentFile=/etc/hello-go/cookie");
    }

    @Test
    void a_node_of_a_cluster_is_named_by_its_own_host() {
        String toml =
                APP
                        + "cluster_address = \"10.0.0.1\"\n[hosts.web2]\naddress = \"10.0.0.2\"\n"
                        + "[service]\ndistribution = \"cluster\"\n";
        Config config = Configs.of("secrets = [\"RELEASE_COOKIE\"]\n" + toml);
        Units units = Units.of(config, config.host("web2"), 257);
        Golden.check(
                Golden.folder("systemd").resolve("options/cluster"),
                toml
                        + "\n"
                        + difference(
                                units("", 257).service().lines().toList(),
                                units.service().lines().toList()));
    }

    /// What goes, with a `-`, and what comes, with a `+`.
    private static String difference(List<String> before, List<String> after) {
        StringBuilder text = new StringBuilder();
        before.stream()
                .filter(line -> !after.contains(line))
                .forEach(line -> text.append("- ").append(line).append('\n'));
        after.stream()
                .filter(line -> !before.contains(line))
                .forEach(line -> text.append("+ ").append(line).append('\n'));
        return text.toString();
    }

    @Test
    void what_is_added_holds_for_expressions_as_well_but_for_how_a_service_starts_and_ends() {
        Units units =
                units(
                        """
                        [unit.extra]
                        Unit = ["Wants=redis.service"]
                        Service = ["Nice=5", "ExecStartPost=/bin/true", "IPAddressDeny=any"]
                        """,
                        257);
        Path folder = Golden.folder("systemd").resolve("extra");

        assertThat(units.more().keySet())
                .containsExactly(
                        "shop-web-eval@.service.d/50-decant.conf",
                        "shop-web.service.d/50-decant.conf");
        units.more()
                .forEach(
                        (path, text) -> Golden.check(folder.resolve(path.replace("/", "_")), text));
    }

    @Test
    void other_processes_and_timers_have_units_of_their_own() {
        String toml =
                """
                [processes.worker]
                command = ["eval", "Shop.Worker.run(\\"50% off\\", $HOME)"]
                extra = ["Nice=5"]
                [processes.worker.env]
                ROLE = "the worker"
                [timers.nightly]
                schedule = "*-*-* 03:30:00"
                command = ["eval", "Shop.Nightly.run()"]
                delay = "5m"
                [processes.elsewhere]
                roles = ["batch"]
                """;
        Path folder = Golden.folder("systemd").resolve("processes");
        Units alone = units(toml, 257);
        Units slots = units(toml + PUBLIC, 257);

        alone.more().forEach((path, text) -> Golden.check(folder.resolve(path), text));
        slots.more().entrySet().stream()
                .filter(file -> file.getKey().contains(".worker"))
                .forEach(file -> Golden.check(folder.resolve(file.getKey()), file.getValue()));
        assertThat(alone.service()).contains("\nWants=shop-web.worker.service\n");
        assertThat(slots.slot()).contains("\nWants=shop-web.worker@%i.service\n");
        assertThat(alone.more().keySet())
                .containsExactly(
                        "shop-web.nightly.service",
                        "shop-web.nightly.timer",
                        "shop-web.worker.service");
    }

    @Test
    void a_release_of_rebar3_is_run_by_the_script_that_relx_makes() {
        String toml =
                "kind = \"rebar3\"\n"
                        + APP
                        + """
                        [processes.worker]
                        [processes.worker.env]
                        ROLE = "the worker"
                        [timers.nightly]
                        schedule = "*-*-* 03:30:00"
                        command = ["eval", "shop:nightly(\\"50%\\", $a)."]
                        """;
        Path folder = Golden.folder("systemd").resolve("rebar3");
        Config config = Configs.of(toml);
        Units units = Units.of(config, config.host("web1"), 257);
        Config connected = Configs.of(toml + "[service]\ndistribution = \"local\"\n" + PUBLIC);

        Golden.check(folder.resolve("shop-web.service"), units.service());
        Golden.check(folder.resolve("shop-web-eval@.service"), units.eval());
        units.more().forEach((path, text) -> Golden.check(folder.resolve(path), text));
        Golden.check(
                folder.resolve("shop-web@.service.distribution"),
                Units.of(connected, connected.host("web1"), 257).slot());
    }

    @Test
    void visitors_have_a_page_where_the_firewall_leads_them_to_the_app() {
        Path folder = Golden.folder("systemd").resolve("maintenance");

        assertThat(units("", 257).more()).isEmpty();
        assertThat(units(PUBLIC + "[service]\nstrategy = \"socket\"", 257).more()).isEmpty();
        units(PUBLIC, 257).more().forEach((path, text) -> Golden.check(folder.resolve(path), text));
    }

    @Test
    void a_line_that_goes_on_is_taken_or_left_as_a_whole() {
        DropIn dropIn =
                new DropIn(
                        """
                        # mine
                        [Service]
                        ExecStartPost=/bin/sh -c \\
                        # still in it
                          true
                        Environment=A=1 \\
                          B=2
                        """);

        assertThat(dropIn.forExpressions())
                .isEqualTo("# mine\n[Service]\nEnvironment=A=1 \\\n  B=2\n");
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
    void an_app_that_other_nodes_may_reach_says_where() {
        String local = "[service]\ndistribution = \"local\"\n";

        Golden.check(
                Golden.folder("systemd").resolve("257/shop-web@.service.distribution"),
                units(local + PUBLIC, 257).slot());
    }

    @Test
    void the_systemd_of_this_machine_finds_nothing_odd_in_them(@TempDir Path folder)
            throws Exception {
        assumeTrue(Program.find("systemd-analyze").isPresent(), "no systemd-analyze here");
        Result version = Program.of("systemd-analyze", "--version").run();
        Matcher number = Pattern.compile("systemd ([0-9]+)").matcher(version.text());
        assumeTrue(number.find(), "systemd-analyze does not say its version");
        Units units = units("", Integer.parseInt(number.group(1)));
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
