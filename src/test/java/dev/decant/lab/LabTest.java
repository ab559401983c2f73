package dev.decant.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

@Tag("lab")
class LabTest {

    /// A failure's message is its first line only; why a host did not come up is in the others.
    @RegisterExtension
    static final TestExecutionExceptionHandler WHY =
            (context, thrown) -> {
                if (thrown instanceof Failure failure) {
                    failure.problems()
                            .forEach(
                                    problem ->
                                            problem.why()
                                                    .forEach(
                                                            line ->
                                                                    thrown.addSuppressed(
                                                                            new Throwable(line))));
                }
                throw thrown;
            };

    @BeforeAll
    static void as_root() throws Exception {
        assumeTrue(
                Requirements.user() == 0,
                "Lab hosts can be made only by root: run these tests as root.");
    }

    @ParameterizedTest
    @EnumSource(value = Suite.class, names = "SID", mode = EnumSource.Mode.EXCLUDE)
    void every_suite_boots_with_the_systemd_that_it_is_said_to_have(Suite suite) throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("web1", suite);

            Result version = host.ssh("systemctl --version");
            Result state = host.ssh("systemctl is-system-running --wait");

            assertThat(version.out().getFirst()).startsWith("systemd " + suite.systemd() + " ");
            assertThat(state.text()).isIn("running", "degraded");
            assertThat(host.ssh("hostname").text()).isEqualTo("web1");
        }
    }

    @Test
    void a_suite_to_build_in_is_not_booted() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            assertThatThrownBy(() -> lab.boot("web1", Suite.SID))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("sid");
        }
    }

    @Test
    void a_host_has_only_what_a_rented_one_has() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("web1", Suite.BOOKWORM);

            Result found =
                    host.ssh(
                            "command -v tar gzip sha256sum perl nft sudo curl rsync zstd python3"
                                    + " psql");

            assertThat(found.out())
                    .map(path -> Path.of(path).getFileName().toString())
                    .containsExactly("tar", "gzip", "sha256sum", "perl", "nft", "sudo");
            assertThat(host.ssh("nft add table ip lab && nft list tables").text())
                    .contains("table ip lab");
        }
    }

    @Test
    void hosts_booted_together_reach_one_another_and_are_in_one_ssh_config() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            List<LabHost> hosts =
                    lab.boot(List.of("web1", "web2", "web3"), BaseRoot.of(Suite.BOOKWORM));

            for (LabHost host : hosts) {
                Result plain =
                        Program.of("ssh", "-F", lab.sshConfig().toString(), host.name(), "hostname")
                                .run();
                assertThat(plain.out()).containsExactly(host.name());
            }
            String other = hosts.get(2).address();
            assertThat(
                            hosts.get(0)
                                    .ssh(
                                            "bash -c 'read -r line < /dev/tcp/"
                                                    + other
                                                    + "/22; echo $line'")
                                    .text())
                    .startsWith("SSH-2.0-");
            assertThat(hosts).map(LabHost::address).doesNotHaveDuplicates();
            assertThatThrownBy(() -> lab.boot("web2", Suite.BOOKWORM))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("web2");
        }
    }

    @Test
    void a_killed_host_keeps_what_was_synced() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("web1", Suite.BOOKWORM);
            String keys = host.ssh("cat /etc/ssh/ssh_host_ed25519_key.pub /etc/machine-id").text();
            host.ssh(
                    "echo kept > /srv/kept; sync; touch /run/forgotten; nft add table ip"
                            + " forgotten");

            host.kill();
            boolean runningAfterKill = host.running();
            host.boot();

            assertThat(runningAfterKill).isFalse();
            assertThat(host.running()).isTrue();
            assertThat(Files.readString(host.disk().resolve("srv/kept"))).isEqualTo("kept\n");
            assertThat(host.ssh("cat /srv/kept").text()).isEqualTo("kept");
            assertThat(host.ssh("ls /run/forgotten").ok()).isFalse();
            assertThat(host.ssh("nft list tables").text()).isEmpty();
            assertThat(host.ssh("cat /etc/ssh/ssh_host_ed25519_key.pub /etc/machine-id").text())
                    .isEqualTo(keys);
            assertThat(host.ssh("hostname; hostname -I").text()).contains("web1", host.address());
        }
    }

    @Test
    void a_host_that_loses_power_says_no_goodbye() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("web1", Suite.BOOKWORM);
            Process session =
                    Program.of(
                                    "ssh",
                                    "-F",
                                    host.sshConfig().toString(),
                                    "web1",
                                    "echo on; sleep 60")
                            .converse();
            try {
                assertThat(session.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("on");

                host.kill();
                Thread.sleep(1000);

                assertThat(session.isAlive()).as("the session waits on").isTrue();
            } finally {
                session.destroyForcibly();
            }
        }
    }

    @Test
    void hosts_that_come_and_go_do_not_change_where_the_others_find_this_machine()
            throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("web1", Suite.BOOKWORM);
            String known = "ip neigh show dev eth0 | grep -o 'lladdr [0-9a-f:]*' | head -n 1";
            String before = host.ssh(known).text();
            // A bridge that has no address of its own takes the lowest of its cables'.
            String cable = "decant-lab-low";
            Must.run(
                    Program.of("ip", "-batch", "-")
                            .input(
                                    """
                                    link add %1$s address 02:00:00:00:00:01 type veth peer name %1$s2
                                    link set %1$s master decant-lab up
                                    """
                                            .formatted(cable)));
            try {
                assertThat(before).startsWith("lladdr ").endsWith(bridge());
            } finally {
                Must.run("ip", "link", "delete", cable);
            }

            assertThat(before).endsWith(bridge());
        }
    }

    private static String bridge() throws Exception {
        return Files.readString(Path.of("/sys/class/net", Network.BRIDGE, "address")).strip();
    }

    @Test
    void a_host_reboots_and_shuts_down_by_itself() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("web1", Suite.BOOKWORM);
            host.ssh("touch /run/here /srv/here; nft add table ip here; reboot");
            await(() -> host.ssh("test ! -e /run/here").ok());

            Result after = host.ssh("ls /srv/here; nft list tables");
            host.ssh("poweroff");
            await(() -> !host.running());
            host.boot();

            assertThat(after.out()).containsExactly("/srv/here");
            assertThat(host.ssh("cat /proc/1/comm").text()).isEqualTo("systemd");
        }
    }

    @Test
    void closing_leaves_nothing_behind() throws Exception {
        LabHost one;
        LabHost two;
        Path config;
        try (Lab lab = Lab.open(LabLog.nop())) {
            one = lab.boot("web1", Suite.BOOKWORM);
            two = lab.boot("web2", Suite.BOOKWORM);
            two.kill();
            config = lab.sshConfig();
        }

        assertNothingLeft(one.folder());
        assertNothingLeft(two.folder());
        assertThat(config).doesNotExist();
        one.close();
        assertThatThrownBy(one::boot).isInstanceOf(Failure.class).hasMessageContaining("removed");
    }

    @Test
    void more_packages_are_there_and_their_services_run() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot("db1", Suite.BOOKWORM, List.of("postgresql"));

            await(() -> host.ssh("pg_isready").ok());

            assertThat(host.ssh("runuser -u postgres -- psql -Atc 'show server_encoding'").text())
                    .isEqualTo("UTF8");
        }
    }

    @Test
    void an_unknown_package_is_told_with_what_apt_said_of_it() throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            assertThatThrownBy(() -> lab.boot("web1", Suite.BOOKWORM, List.of("no-such-package-x")))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure ->
                                    assertThat(failure.problems().getFirst().why())
                                            .anyMatch(
                                                    line ->
                                                            line.contains(
                                                                    "Unable to locate package"
                                                                        + " no-such-package-x")));
        }
    }

    @Test
    void what_a_killed_owner_left_is_removed_by_the_next_and_the_hosts_of_the_living_stay()
            throws Exception {
        Process killed = owner("orphan");
        Process living = owner("kept");
        try {
            Path orphan = Path.of(killed.inputReader(StandardCharsets.UTF_8).readLine());
            Path kept = Path.of(living.inputReader(StandardCharsets.UTF_8).readLine());
            killed.destroyForcibly().waitFor();
            assertThat(orphan).exists();

            try (Lab lab = Lab.open(LabLog.nop())) {
                assertNothingLeft(orphan);
                assertThat(lab.everyHost())
                        .anySatisfy(
                                host -> {
                                    assertThat(host.folder()).isEqualTo(kept);
                                    assertThat(host.owner()).contains(living.pid());
                                    assertThat(host.running()).isTrue();
                                    assertThat(host.ssh("true").ok()).isTrue();
                                });
            }

            living.destroy();
            living.waitFor();
            assertNothingLeft(kept);
        } finally {
            killed.destroyForcibly();
            living.destroy();
        }
    }

    private static Process owner(String host) throws Exception {
        return Program.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LabOwner.class.getName(),
                        host)
                .converse();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited for 30 s").isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static void assertNothingLeft(Path folder) throws Exception {
        int number = Integer.parseInt(folder.getFileName().toString());
        assertThat(folder).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(folder + "/");
        assertThat(Program.of("ip", "netns").run().out())
                .noneMatch(line -> line.matches(Network.namespace(number) + "\\b.*"));
        assertThat(Program.of("ip", "-o", "link").run().out())
                .noneMatch(line -> line.contains(" decant-lab-" + number + "@"));
        assertThat(ProcessTable.ofThisMachine().keepersOf(folder.resolve("root"))).isEmpty();
        for (String hierarchy : List.of("", "systemd", "unified")) {
            assertThat(
                            Path.of(
                                    "/sys/fs/cgroup",
                                    hierarchy,
                                    "decant-lab",
                                    Network.namespace(number)))
                    .doesNotExist();
        }
    }
}
