package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Relay;
import dev.decant.SshKeys;
import dev.decant.exec.Result;
import dev.decant.io.Trees;
import dev.decant.lab.BaseRoot;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Releases by way of a bucket: to hosts that are deployed to, and to machines that nobody deploys
/// to.
///
/// With `-Ddecant.store.machines=10` there are ten of the latter; with
/// `-Ddecant.store.cloud-init=true` it is cloud-init that runs their user data, and otherwise a
/// unit that runs it at the first boot.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoreLabTest {

    private static final BaseRoot BASE = BaseRoot.of(Suite.BOOKWORM).with(List.of("curl"));

    private static final int MACHINES = Integer.getInteger("decant.store.machines", 2);
    private static final boolean CLOUD_INIT = Boolean.getBoolean("decant.store.cloud-init");

    /// What a release of the sample app is in one parcel, at least.
    private static final long ALL = 5_000_000;

    private final List<LabHost> machines = new ArrayList<>();
    private Lab lab;
    private LabHost web1;
    private LabHost web2;
    private Relay relay;
    private StoreServer store;
    private SampleProject project;
    private Path keys;

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        List<LabHost> hosts = lab.boot(List.of("web1", "web2"), BASE);
        web1 = hosts.getFirst();
        web2 = hosts.getLast();
        relay = Relay.to(web1.address());
        store = StoreServer.at(web1.address().replaceFirst("[0-9]+$", "1"));
        System.setProperty("aws.accessKeyId", StoreServer.KEY);
        keys = Files.createTempDirectory("keys");
        SshKeys.make(keys, "alice@laptop");
        project =
                SampleProject.create()
                        .config(
                                relay.config(lab.sshConfig()),
                                hosts,
                                "secrets = [\"COUNTER_SECRET\"]\nsigning_key = \""
                                        + keys.resolve("alice")
                                        + "\"",
                                "[store]\nurl = \"s3://"
                                        + StoreServer.BUCKET
                                        + "/decant\"\nregion = \"us-east-1\"\nendpoint = \""
                                        + store.url()
                                        + "\"\n")
                        .set(SampleProject.SECRET, "hunter2");
        project.must("setup");
    }

    @AfterAll
    void end() throws Exception {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        relay.close();
        project.close();
        lab.close();
        store.close();
        Trees.delete(keys);
    }

    @BeforeEach
    void storeWorks() throws Exception {
        System.setProperty("aws.secretAccessKey", StoreServer.SECRET);
        store.up(true);
        store.slow(false);
    }

    @Test
    @Order(1)
    void what_hosts_lack_is_brought_once_and_they_fetch_it() throws Exception {
        for (LabHost host : List.of(web1, web2)) {
            host.ssh(
                    "systemd-run -q --unit=watching sh -c 'while sleep 0.05; do ps axww -o args;"
                            + " done >/tmp/ps'");
        }
        store.slow(true);
        long before = relay.passed();

        assertThat(project.must("plan").out()).contains("fetch       from the store: ");
        Ran ran = project.must("deploy");

        assertThat(new Seen(web1).version()).isEqualTo("0.1.0");
        assertThat(new Seen(web2).version()).isEqualTo("0.1.0");
        assertThat(ran.out())
                .containsPattern("(?m)^upload +1 .* [0-9.]+ MB$")
                .containsPattern("(?m)^fetch +2 ")
                .containsPattern("(?m)^publish +1 .* kB$");
        assertThat(relay.passed() - before).isLessThan(60_000);
        assertThat(store.given()).isBetween(2 * ALL, 3 * ALL);
        for (LabHost host : List.of(web1, web2)) {
            host.ssh("systemctl stop watching");
            assertThat(host.ssh("grep -c '^curl' /tmp/ps").text()).isNotEqualTo("0");
            assertThat(
                            host.ssh(
                                            "grep -rl X-Amz-Signature /tmp/ps /srv/counter/incoming"
                                                    + " /var/lib/decant; journalctl --no-pager |"
                                                    + " grep X-Amz-Signature")
                                    .text())
                    .isEmpty();
        }
    }

    /// Without releases, so that all of one is to be fetched.
    private void empty(LabHost host) throws Exception {
        host.ssh("rm -rf /srv/counter/releases/* /srv/counter/incoming/*.part");
    }

    private Ran upload() throws Exception {
        empty(web2);
        Ran ran = project.must("upload", "--hosts", "web2");
        assertThat(web2.ssh("ls /srv/counter/releases").out()).hasSize(1);
        return ran;
    }

    @Test
    @Order(2)
    void a_download_that_is_cut_goes_on_where_it_was() throws Exception {
        long before = store.given();
        store.cutAfter(ALL / 2);

        Ran ran = upload();

        assertThat(store.given() - before).isBetween(ALL, ALL * 13 / 10);
        assertThat(ran.err()).doesNotContain("SSH");
    }

    @Test
    @Order(3)
    void without_a_store_hosts_are_sent_what_they_lack() throws Exception {
        store.up(false);

        assertThat(upload().err())
                .contains("The release store cannot be asked. s3://shop-releases/decant/counter/")
                .contains("Hosts are sent what they lack over SSH.");
    }

    @Test
    @Order(4)
    void whoever_may_not_write_to_the_store_is_told_so() throws Exception {
        System.setProperty("aws.secretAccessKey", "wrong");

        assertThat(upload().err())
                .contains("The release store does not let you in.")
                .contains("Hosts are sent what they lack over SSH.");
    }

    @Test
    @Order(5)
    void a_host_that_cannot_fetch_is_sent_it() throws Exception {
        web2.ssh("mv /usr/bin/curl /usr/bin/curl.off");
        try {
            assertThat(upload().err())
                    .contains(
                            "cannot fetch from the store (This host has no curl.); sending it over"
                                    + " SSH");
        } finally {
            web2.ssh("mv /usr/bin/curl.off /usr/bin/curl");
        }
    }

    @Test
    @Order(6)
    void what_is_published_is_what_was_deployed_and_one_small_parcel_more() throws Exception {
        project.edit("lib/counter/greeting.ex", "Hello", "Good evening").version("0.2.0");
        Set<String> before = Set.copyOf(store.keys());

        Ran ran = project.must("deploy");

        assertThat(ran.out()).containsPattern("(?m)^publish +1 .* [0-9.]+ kB$");
        assertThat(store.keys().stream().filter(key -> !before.contains(key)))
                .filteredOn(key -> key.contains("/parcels/"))
                .hasSize(1);
        assertThat(project.must("store", "ls").out())
                .containsPattern("(?m)^default +\\S+-0[.]2[.]0-\\S+ .* 2 +[0-9.]+ MB$");
    }

    private Path furnished(String userData) throws Exception {
        Path files = Files.createTempDirectory("decant-machine");
        folder(files);
        put(files, "etc/decant/secrets/counter/COUNTER_SECRET", "hunter2", "rw-------");
        put(
                files,
                "etc/decant/store/counter",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + store.metadata() + "\n",
                "rw-------");
        if (CLOUD_INIT) {
            String seed = "var/lib/cloud/seed/nocloud/";
            put(files, seed + "user-data", userData, "rw-r--r--");
            put(files, seed + "meta-data", "instance-id: i-1\n", "rw-r--r--");
            put(
                    files,
                    "etc/cloud/cloud.cfg.d/99-lab.cfg",
                    """
                    network: {config: disabled}
                    datasource_list: [NoCloud]
                    disable_root: false
                    ssh_deletekeys: false
                    locale: false
                    """,
                    "rw-r--r--");
        } else {
            put(files, "var/lib/user-data", userData, "rwxr-xr-x");
            put(
                    files,
                    "etc/systemd/system/first-boot.service",
                    """
                    [Unit]
                    After=network-online.target
                    ConditionPathExists=!/usr/local/lib/decant/pull-counter
                    [Service]
                    Type=oneshot
                    ExecStart=/var/lib/user-data
                    """,
                    "rw-r--r--");
            Path wants = files.resolve("etc/systemd/system/multi-user.target.wants");
            folder(wants);
            Files.createSymbolicLink(
                    wants.resolve("first-boot.service"), Path.of("../first-boot.service"));
        }
        return files;
    }

    private static void folder(Path path) throws Exception {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void put(Path files, String name, String text, String permissions)
            throws Exception {
        Path file = files.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static void awaits(LabHost host, String version) throws Exception {
        Instant until = Instant.now().plusSeconds(90);
        while (!new Seen(host).version().equals(version)) {
            if (Instant.now().isAfter(until)) {
                Result journal =
                        host.ssh("journalctl --no-pager -n 60; cat /var/log/cloud-init-output.log");
                throw new AssertionError(host.name() + ": " + journal.text());
            }
            Thread.sleep(200);
        }
    }

    @Test
    @Order(7)
    void machines_that_nobody_deploys_to_serve_what_is_current() throws Exception {
        BaseRoot base = CLOUD_INIT ? BASE.with(List.of("cloud-init")) : BASE;
        lab.root(base);
        Path files = furnished(project.must("export", "user-data").out());
        Instant began = Instant.now();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LabHost>> boots =
                    IntStream.rangeClosed(1, MACHINES)
                            .mapToObj(
                                    number ->
                                            threads.submit(
                                                    () -> {
                                                        LabHost host =
                                                                lab.boot(
                                                                        "auto" + number,
                                                                        base,
                                                                        files);
                                                        awaits(host, "0.2.0");
                                                        return host;
                                                    }))
                            .toList();
            for (Future<LabHost> boot : boots) {
                machines.add(boot.get());
            }
        }
        Duration took = Duration.between(began, Instant.now());
        System.out.printf(
                "%d machines served after %.1f s%s%n",
                MACHINES, took.toMillis() / 1e3, CLOUD_INIT ? " (cloud-init)" : "");
        Trees.delete(files);

        assertThat(took).isLessThan(Duration.ofSeconds(60));
        assertThat(machines.getFirst().ssh("cat /etc/counter/privilege").text()).isEqualTo("sudo");
    }

    @Test
    @Order(8)
    void one_that_was_off_while_hosts_went_back_goes_back_when_it_is_on_again() throws Exception {
        LabHost machine = machines.getFirst();
        machine.kill();
        project.must("rollback");
        assertThat(project.must("store", "ls").out()).contains("-0.1.0-");

        machine.boot();

        awaits(machine, "0.1.0");
        // Who answers is not confirmed yet: a power cut now would bring back the one before.
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(30),
                                () ->
                                        machine.ssh("systemctl is-active decant-counter-pull")
                                                .text()
                                                .equals("inactive")))
                .isTrue();
    }

    @Test
    @Order(9)
    void without_a_store_it_goes_on_with_what_it_has() throws Exception {
        LabHost machine = machines.getFirst();
        machine.kill();
        store.up(false);

        machine.boot();

        awaits(machine, "0.1.0");
        assertThat(machine.ssh("systemctl is-active decant-counter-pull").text())
                .isEqualTo("activating");
        assertThat(machine.ssh("systemctl is-active counter").text()).isEqualTo("active");
    }

    @Test
    @Order(10)
    void where_what_is_current_was_not_signed_by_one_of_ours_nothing_is_pulled() throws Exception {
        LabHost machine = machines.getLast();
        SshKeys.make(keys, "mallory@laptop");
        String other = Files.readString(keys.resolve("mallory.pub")).split(" ")[1];
        machine.ssh(
                "sed -i '/^#= signer=/s|ssh-ed25519 [^ ]*|ssh-ed25519 "
                        + other
                        + "|' /usr/local/lib/decant/pull-counter");

        Result pulled = machine.ssh("/usr/local/lib/decant/pull-counter run");

        assertThat(pulled.status()).isEqualTo(3);
        assertThat(pulled.err().getFirst())
                .isEqualTo(
                        "Error: What is current was not signed by anybody whose releases this"
                                + " machine takes.");
    }

    @Test
    @Order(11)
    void where_root_receives_it_is_deploy_who_fetches() throws Exception {
        project.edit("decant.toml", "signing_key", "privilege = \"strict\"\nsigning_key");
        project.must("setup");
        // Other copies of the sample have built the same version.
        String release = web2.ssh("cd /srv/counter/releases && ls -d *-0.2.0-*").text();
        web2.ssh("rm -rf /srv/counter/releases/*");
        store.slow(true);
        web2.ssh(
                "systemd-run -q --unit=watching sh -c 'while sleep 0.05; do ps axww -o user,args;"
                        + " done >/tmp/ps'");

        Ran ran = project.must("upload", "--hosts", "web2", "--release", release);

        web2.ssh("systemctl stop watching");
        assertThat(ran.err()).doesNotContain("SSH");
        assertThat(web2.ssh("stat -c %U /srv/counter/releases/*").out()).containsExactly("root");
        assertThat(web2.ssh("grep ' curl ' /tmp/ps").out())
                .isNotEmpty()
                .filteredOn(line -> line.contains(" curl -q") && !line.contains("runuser"))
                .allMatch(line -> line.startsWith("deploy "));
        assertThat(web2.ssh("journalctl -t decant-host --no-pager -o cat").out())
                .anyMatch(line -> line.matches(".* asked for counter: collect [0-9a-f]{64}; .*"))
                .noneMatch(line -> line.contains("http"));
    }

    @Test
    @Order(12)
    void what_is_young_or_needed_is_not_tidied_away() throws Exception {
        List<String> before = store.keys();

        assertThat(project.must("store", "gc").out()).isEqualTo("0 objects, 0 B are gone\n");

        assertThat(store.keys()).isEqualTo(before);
    }

    @Test
    @Order(13)
    void an_app_that_is_removed_is_not_pulled_any_more() throws Exception {
        LabHost machine = machines.getLast();

        Result removed = machine.ssh("sh /var/cache/decant/counter/bundle/decant-bundle remove");

        assertThat(removed.status()).as(removed.text() + removed.err()).isZero();
        assertThat(
                        machine.ssh(
                                        "ls -d /usr/local/lib/decant /var/cache/decant/counter"
                                            + " /etc/systemd/system/decant-counter-pull.service")
                                .status())
                .isNotZero();
    }
}
