package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Result;
import dev.decant.lab.BaseRoot;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Six hosts behind an HAProxy that is told by hooks which of them not to ask, with people there
/// the whole time, told in order. `-Ddecant.balancer.deploys=10` has more of them.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BalancerLabTest {

    private static final int DEPLOYS = Integer.getInteger("decant.balancer.deploys", 1);

    /// Takes a server out of HAProxy, and waits until it has answered all; or puts it back, and
    /// waits until it is asked.
    private static final String HOOK =
            """
            #!/usr/bin/perl
            use strict; use warnings; use IO::Socket::INET;
            my $drain = $ARGV[0] eq "drain";
            sub ask {
                my $socket = IO::Socket::INET->new(PeerAddr => "BALANCER:9999") or die "No balancer: $!\\n";
                print $socket "$_[0]\\n";
                local $/;
                return <$socket> // "";
            }
            ask("set server app/$ENV{DECANT_HOST} state " . ($drain ? "drain" : "ready"));
            for (1 .. 200) {
                my ($row) = grep { /^app,$ENV{DECANT_HOST},/ } split /\\n/, ask("show stat");
                my ($sessions, $status) = (split /,/, $row)[4, 17];
                exit 0 if $drain ? $sessions == 0 : $status =~ /^UP/;
                select undef, undef, undef, 0.05;
            }
            die "$ENV{DECANT_HOST} does not get there.\\n";
            """;

    private Lab lab;
    private LabHost balancer;
    private List<LabHost> hosts = List.of();
    private SampleProject project;
    private Visitors visitors;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        balancer = lab.boot("lb1", Suite.BOOKWORM, List.of("haproxy"));
        hosts =
                lab.boot(
                        IntStream.rangeClosed(1, 6).mapToObj(number -> "web" + number).toList(),
                        BaseRoot.of(Suite.BOOKWORM));
        project = SampleProject.create().set(SampleProject.SECRET, "s3cret");
        Path hook = project.folder().resolve("balancer");
        Files.writeString(hook, HOOK.replace("BALANCER", balancer.address()));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        settings("100%", "");
        project.must("setup");
        project.must("deploy");
        settings(
                "2",
                """
                [balancer]
                before = ["./balancer", "drain"]
                after = ["./balancer", "undrain"]
                """);
        balance(4000);
        visitors = Visitors.toPages(balancer.address(), 80);
        assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > 100)).isTrue();
    }

    @AfterAll
    void down() throws Exception {
        visitors.close();
        project.close();
        lab.close();
    }

    private void settings(String batch, String more) throws Exception {
        project.config(
                lab.sshConfig(),
                hosts,
                "secrets = [\"COUNTER_SECRET\"]",
                "[rollout]\nbatch = \"" + batch + "\"\n" + more);
    }

    /// Asks each twice a second, and never asks a second time for a visitor.
    private void balance(int port) throws InterruptedException {
        StringBuilder servers = new StringBuilder();
        for (LabHost host : hosts) {
            servers.append("server %s %s:%d check\n".formatted(host.name(), host.address(), port));
        }
        Result started =
                balancer.ssh(
                        """
                        cat >/etc/haproxy/haproxy.cfg <<'END'
                        global
                        stats socket ipv4@*:9999 level admin
                        defaults
                        mode http
                        retries 0
                        timeout connect 2s
                        timeout client 30s
                        timeout server 30s
                        listen app
                        bind :80
                        option httpchk GET /health
                        default-server inter 500ms fall 2 rise 1
                        %sEND
                        systemctl restart haproxy\
                        """
                                .formatted(servers));
        assertThat(started.ok()).as(started.text() + started.err()).isTrue();
    }

    private List<String> versions() throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (LabHost host : hosts) {
            all.add(new Seen(host).version());
        }
        return all.stream().distinct().toList();
    }

    @Test
    @Order(1)
    void nobody_notices_that_hosts_restart_one_batch_after_the_other() throws Exception {
        for (int number = 1; number <= DEPLOYS; number++) {
            String version = "0.2." + number;
            project.version(version);

            project.must("deploy");

            assertThat(versions()).containsExactly(version);
            assertThat(visitors.complaints()).isEmpty();
        }
        assertThat(visitors.versions()).contains("0.1.0", "0.2." + DEPLOYS);
    }

    @Test
    @Order(2)
    void nor_that_a_bad_release_at_the_fourth_has_all_go_back() throws Exception {
        List<String> before = versions();
        project.edit(
                "lib/counter/application.ex",
                "    # Two ways",
                "    if :inet.gethostname() == {:ok, 'web4'}, do: raise(\"Not here\")\n"
                        + "    # Two ways");
        project.version("0.3.0");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(4);
        assertThat(ran.err())
                .contains("web4: the new release did not get healthy.")
                .contains("web1 had switched and was taken back, because web4 failed.")
                .contains("web3 had switched and was taken back, because web4 failed.");
        assertThat(versions()).isEqualTo(before);
        assertThat(visitors.versions()).contains("0.3.0");
        assertThat(visitors.complaints()).isEmpty();
    }

    @Test
    @Order(3)
    void with_slots_the_balancer_need_not_know() throws Exception {
        visitors.close();
        project.config(
                lab.sshConfig(),
                hosts,
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]\n[rollout]\nbatch = \"50%\"\n");
        project.edit("lib/counter/application.ex", "'web4'", "'nobody'");
        project.must("setup");
        project.must("deploy");
        balance(80);
        visitors = Visitors.toPages(balancer.address(), 80);
        assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > 100)).isTrue();
        project.version("0.4.0");

        project.must("deploy");

        assertThat(visitors.complaints()).isEmpty();
        assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.versions().contains("0.4.0")))
                .isTrue();
    }
}
