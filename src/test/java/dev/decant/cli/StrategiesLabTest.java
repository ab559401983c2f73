package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What visitors notice of a deploy and of a rollback, by each way to switch: a release made by
/// `mix release`, on a host of its own.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrategiesLabTest {

    private Lab lab;
    private SampleProject project;

    @BeforeAll
    void open() throws Exception {
        lab = Lab.open(LabLog.nop());
        project = SampleProject.create().set(SampleProject.SECRET, "s3cret");
    }

    @AfterAll
    void close() throws Exception {
        project.close();
        lab.close();
    }

    private LabHost served(Suite suite, List<String> packages, String more) throws Exception {
        LabHost host = lab.boot("web" + (lab.hosts().size() + 1), suite, packages);
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]\n" + more);
        project.version("0.1.0");
        project.must("setup");
        project.must("deploy");
        return host;
    }

    /// Deploys another version and goes back, with people there.
    private void assertNobodyNotices(LabHost host, String version) throws Exception {
        try (Visitors visitors = Visitors.to(host.address(), 80)) {
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > 20))
                    .isTrue();
            project.version(version);
            assertThat(project.must("deploy").out()).doesNotContain("nothing answered");
            int then = visitors.answered();
            assertThat(
                            Seen.within(
                                    Duration.ofSeconds(10),
                                    () -> visitors.versions().contains(version)))
                    .isTrue();
            assertThat(Seen.within(Duration.ofSeconds(10), () -> visitors.answered() > then + 50))
                    .isTrue();
            project.must("rollback");
            Thread.sleep(1000);

            assertThat(visitors.complaints()).isEmpty();
            assertThat(visitors.versions()).containsExactlyInAnyOrder("0.1.0", version);
        }
    }

    private static void assertEnds(LabHost host, String unit) throws Exception {
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () ->
                                        host.ssh("systemctl is-active " + unit)
                                                .text()
                                                .equals("inactive")))
                .as(unit + " ends when it has drained")
                .isTrue();
    }

    /// Names, kinds, modes, owners and links of all that a host keeps, and its firewall.
    private static String inventory(LabHost host) throws InterruptedException {
        return host.ssh(
                        "find /srv /etc /usr/local /var/lib /run/systemd/system"
                                + " -not -path '/var/lib/systemd*' -printf '%p %y %m %u:%g %l\\n'"
                                + " | sort; nft list ruleset; systemctl list-units --all"
                                + " --plain --no-legend '*counter*'")
                .text();
    }

    @Test
    void an_app_that_was_removed_leaves_no_trace() throws Exception {
        LabHost host = lab.boot("web9", Suite.BOOKWORM);
        host.ssh("useradd --create-home --shell /bin/sh deploy");
        host.ssh(
                "nft add table inet mine '{ chain input { type filter hook input priority 0; policy"
                        + " accept; tcp dport 25 drop; }; }'");
        // The deploy user's own, and what useradd leaves beside the lists of users.
        String ours = "home/deploy|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-? ";
        String before = inventory(host);
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]\n[service]\nkeep_warm = \"10m\"");
        project.must("setup");
        project.must("deploy");
        project.version("0.3.0");
        project.must("deploy");

        project.must("maintenance", "on");
        assertThat(new Seen(host, 80).get("/")).contains("We will be back soon.");

        assertThat(project.must("remove").out())
                .contains("would lose", "counter@1.service ends", "Nothing was removed.");
        assertThat(project.must("status").out()).contains("active (slot 2)");
        Ran removed = project.must("remove", "--confirm", "counter");

        assertThat(removed.out()).contains("has lost", "user counter goes");
        List<String> left = without(inventory(host), ours);
        List<String> there = without(before, ours);
        assertThat(left.stream().filter(line -> !there.contains(line))).isEmpty();
        assertThat(there.stream().filter(line -> !left.contains(line))).isEmpty();
        assertThat(host.ssh("id counter").ok()).isFalse();
        assertThat(host.ssh("pgrep -a beam.smp").text()).isEmpty();
        assertThat(project.must("remove", "--confirm", "counter").out())
                .contains("has nothing of counter");
    }

    private static List<String> without(String text, String pattern) {
        Pattern left = Pattern.compile(pattern);
        return text.lines().filter(line -> !left.matcher(line).find()).toList();
    }

    @Test
    void behind_a_balancer_a_host_says_that_it_goes_and_that_it_is_back() throws Exception {
        LabHost host = lab.boot("web8", Suite.BOOKWORM);
        Path told = project.folder().resolveSibling(project.folder().getFileName() + ".told");
        Path balancer = project.folder().resolve("balancer");
        Files.writeString(
                balancer,
                "#!/bin/sh\necho \"$1 $DECANT_HOST $DECANT_ADDRESS $DECANT_RESULT\" >>"
                        + told
                        + "\n[ \"$1\" != drain ] || [ ! -e "
                        + told
                        + ".refuse ]\n");
        Files.setPosixFilePermissions(balancer, PosixFilePermissions.fromString("rwxr-xr-x"));
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                "[balancer]\nbefore = [\"./balancer\", \"drain\"]\n"
                        + "after = [\"./balancer\", \"undrain\"]\ndrain_wait = \"3s\"");
        project.version("0.1.0");
        project.must("setup");
        project.must("deploy");
        Files.delete(told);
        Seen seen = new Seen(host);
        Set<String> health = Collections.synchronizedSet(new LinkedHashSet<>());
        Thread asking =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        while (true) {
                                            health.add(seen.get("/health").strip());
                                            Thread.sleep(50);
                                        }
                                    } catch (InterruptedException ended) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        project.version("0.2.0");
        assertThat(project.must("deploy").out()).containsPattern("nothing answered for [0-9.]+ s");
        asking.interrupt();
        asking.join();

        assertThat(health).startsWith("ok", "draining");
        assertThat(seen.get("/health")).isEqualTo("ok\n");
        assertThat(Files.readAllLines(told))
                .containsExactly("drain web8 web8 ", "undrain web8 web8 deployed");

        Files.createFile(told.resolveSibling(told.getFileName() + ".refuse"));
        project.version("0.3.0");
        Ran refused = project.run("deploy");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("has failed; the host was left as it is", "./balancer");
        assertThat(seen.version()).isEqualTo("0.2.0");
        assertThat(Files.readAllLines(told)).endsWith("undrain web8 web8 failed");
    }

    @Test
    void with_slots_nobody_notices() throws Exception {
        LabHost host = served(Suite.TRIXIE, List.of(), "");

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        assertThat(host.ssh("systemctl is-active counter@1").text()).isEqualTo("active");
        assertThat(host.ssh("ls /srv/counter/slots").text()).isEqualTo("1");
        assertThat(project.must("status").out()).contains("active (slot 1)");
        assertThat(project.must("plan").out()).contains("counter@2 on port 4010");
        assertThat(host.ssh("systemd-analyze verify counter@1.service 2>&1").text()).isEmpty();
    }

    @Test
    void with_a_shared_socket_nobody_notices() throws Exception {
        LabHost host = served(Suite.BOOKWORM, List.of(), "[service]\nstrategy = \"socket\"");
        assertThat(host.ssh("nft list ruleset").text()).isEmpty();

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        assertThat(host.ssh("nft list ruleset").text()).isEmpty();
        host.kill();
        host.boot();
        try (Visitors visitors = Visitors.to(host.address(), 80)) {
            assertThat(Seen.within(Duration.ofSeconds(20), () -> visitors.answered() > 20))
                    .as("after a power cut")
                    .isTrue();
            assertThat(visitors.versions()).containsExactly("0.1.0");
        }
        project.must("stop");
        assertThat(new Seen(host, 80).get("/")).as("nobody is let wait").isEqualTo("no answer");
        assertThat(host.ssh("pgrep beam.smp").ok()).isFalse();
        project.must("start");
        assertThat(new Seen(host, 80).version()).isEqualTo("0.1.0");
    }

    @Test
    void behind_nginx_nobody_notices() throws Exception {
        LabHost host =
                served(
                        Suite.BOOKWORM,
                        List.of("curl", "nginx-light"),
                        "[service]\nstrategy = \"nginx\"\n[nginx]\nserver_names ="
                                + " [\"shop.example.com\", \"x\"]");

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        assertThat(host.ssh("nginx -t -q 2>&1").text()).isEmpty();
        assertThat(host.ssh("cat /etc/nginx/conf.d/decant-counter.conf").text())
                .contains("server 127.0.0.1:4000;");

        project.must("maintenance", "on", "--message", "Back <soon>");
        project.must("restart");
        String asked = host.ssh("curl -si -d a=1 -H 'Host: x' http://127.0.0.1/visits").text();
        assertThat(asked)
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: 120", "text/html", "<p>Back &lt;soon&gt;</p>");
        assertThat(project.must("status").out()).contains("visitors see the maintenance page");
        project.must("maintenance", "off");
        assertThat(host.ssh("curl -s -H 'Host: x' http://127.0.0.1/").text())
                .contains("counter 0.1.0");
    }

    /// Pebble, which is Let's Encrypt's own for tests, on the same host; it looks whether the name
    /// leads there, as its server for names says.
    private static final String AUTHORITY =
            """
            set -e
            cd /etc/caddy
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pebble -keyout ca.key -out ca.pem 2>&1
            openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout acme.key -out acme.csr 2>&1
            printf 'subjectAltName=DNS:localhost' >san
            openssl x509 -req -in acme.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out acme.pem 2>&1
            printf '127.0.0.1 localhost\n' >/etc/hosts
            printf '{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
              "certificate": "/etc/caddy/acme.pem", "privateKey": "/etc/caddy/acme.key", "httpPort": 80, "tlsPort": 443,
              "ocspResponderURL": "", "externalAccountBindingRequired": false}}' >pebble.json
            systemd-run -q --unit=names pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 ''
            systemd-run -q --unit=pebble -E PEBBLE_VA_NOSLEEP=1 -E PEBBLE_WFE_NONCEREJECT=0 \
                pebble -config /etc/caddy/pebble.json -dnsserver 127.0.0.1:8053
            chmod a+r ca.pem
            printf '# mine\n' >Caddyfile
            """;

    @Test
    void behind_caddy_nobody_notices_and_it_gets_a_certificate_by_itself() throws Exception {
        LabHost host =
                lab.boot("caddy", Suite.BOOKWORM, List.of("curl", "caddy", "pebble", "openssl"));
        Result made = host.ssh(AUTHORITY);
        assertThat(made.ok()).as(made.toString()).isTrue();
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]\n[service]\nstrategy = \"caddy\"");
        project.file("priv/static/robots.txt", "hello robots").version("0.1.0");
        project.must("setup");
        project.must("deploy");
        assertThat(host.ssh("curl -s http://127.0.0.1/robots.txt").text())
                .isEqualTo("hello robots");

        assertNobodyNotices(host, "0.2.0");

        assertEnds(host, "counter@2");
        project.must("maintenance", "on", "--message", "Back <soon>");
        assertThat(host.ssh("curl -si -d a=1 http://127.0.0.1/visits").text())
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: 120", "text/html", "<p>Back &lt;soon&gt;</p>");
        project.must("maintenance", "off");

        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                """
                [public]
                ports = ["80:4000", "443:4000"]
                [service]
                strategy = "caddy"
                [caddy]
                server_names = ["shop.example.com"]
                acme = "https://localhost:14000/dir"
                acme_root = "/etc/caddy/ca.pem"
                """);
        project.must("setup");
        project.must("deploy", "--again");

        assertThat(
                        Seen.within(
                                Duration.ofSeconds(20),
                                () ->
                                        host.ssh(
                                                        "curl -sk --resolve"
                                                                + " shop.example.com:443:127.0.0.1"
                                                                + " https://shop.example.com/")
                                                .text()
                                                .contains("counter 0.2.0")))
                .as(host.ssh("journalctl -q -u caddy -u pebble -n 30 -o cat").text())
                .isTrue();
        assertThat(host.ssh("journalctl -q -u pebble -o cat").text())
                .contains("Issued certificate serial");

        // What Caddy does not take is not left there.
        host.ssh("echo 'nonsense {' >>/etc/caddy/Caddyfile");
        Ran refused = project.version("0.4.0").run("deploy");
        assertThat(refused.status()).as(refused.all()).isIn(3, 4);
        assertThat(host.ssh("cat /etc/caddy/decant/counter.caddy").text())
                .contains("reverse_proxy 127.0.0.1:4010");
        host.ssh("sed -i '/nonsense/d' /etc/caddy/Caddyfile");

        project.must("remove", "--confirm", "counter");
        assertThat(host.ssh("cat /etc/caddy/Caddyfile; ls /etc/caddy/decant 2>&1").text())
                .startsWith("# mine\n")
                .doesNotContain("import");
    }
}
