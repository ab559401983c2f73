package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.source.HowTo;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// A host that asks etcd and cloud-init for its app's values, and hands it a file. etcd is real and
/// on the same host; of cloud-init there is what it leaves on AWS and on DigitalOcean.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SourcesLabTest {

    private static final String AWS =
            """
            {"v1": {"cloud_name": "aws", "region": "eu-central-1", "availability_zone": "eu-central-1b",
                    "instance_id": "i-0a1b2c3d4e5f60718", "local_hostname": "ip-10-0-0-5"},
             "ds": {"meta_data": {"tags": {"instance": {"Role": "web"}}}}}
            """;

    private static final String DIGITAL_OCEAN =
            """
            {"v1": {"cloud_name": "digitalocean", "region": "fra1", "availability_zone": null,
                    "instance_id": "412345678", "local_hostname": "shop-1"},
             "ds": {"meta_data": {"droplet_id": 412345678, "tags": ["web"]}}}
            """;

    private static final String SOURCES =
            """
            [sources.etcd]
            endpoints = ["http://127.0.0.1:2379"]
            prefix = "/counter/"
            at = "boot"
            timeout = "5s"

            [sources.cloud-init]
            variables.ROLE = "ds.meta_data.tags.instance.Role"

            [files."counter.toml"]
            path = "deploy/counter.toml"

            [public]
            ports = ["80:4000"]
            """;

    private Lab lab;
    private LabHost host;
    private SampleProject project;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host =
                lab.boot(
                        "web1",
                        Suite.BOOKWORM,
                        List.of("curl", "etcd-server", "etcd-client", "jq"));
        // As at each boot of a machine that has cloud-init.
        write(
                "/etc/systemd/system/cloud-init.service",
                """
                [Service]
                Type=oneshot
                ExecStart=install -D -m 644 /root/instance-data.json /run/cloud-init/instance-data.json
                [Install]
                WantedBy=multi-user.target
                """);
        write("/root/instance-data.json", AWS);
        sh("systemctl -q enable --now cloud-init");
        project = SampleProject.create().file("deploy/counter.toml", "[counter]\nstep = 2\n");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private String sh(String line) throws InterruptedException {
        var result = host.ssh(line);
        assertThat(result.ok()).as(line + "\n" + result).isTrue();
        return result.text();
    }

    private void write(String path, String text) throws InterruptedException {
        sh("cat >" + path + " <<'END'\n" + text + "END");
    }

    private void put(String key, String value) throws InterruptedException {
        sh("printf %s '" + value + "' | ETCDCTL_API=3 etcdctl put " + key);
    }

    /// What the app that serves was started with.
    private String environment() throws InterruptedException {
        return sh(
                "tr '\\0' '\\n' </proc/$(systemctl show -p MainPID --value"
                        + " counter@$(cat /var/lib/decant/counter/current/slot).service)/environ");
    }

    private void await(Predicate<LabHost> what) throws InterruptedException {
        for (int i = 0; i < 100 && !what.test(host); i++) {
            Thread.sleep(100);
        }
        assertThat(what.test(host)).isTrue();
    }

    private static boolean serves(LabHost host) {
        try {
            return host.ssh("curl -fs http://127.0.0.1:80/health").ok();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    @Order(1)
    void the_page_about_cloud_init_does_what_it_says(@TempDir Path folder) throws Exception {
        new HowTo(folder)
                .project(
                        "app = \"shop\"\nservice.port = 4100\n[hosts.web1]\n[ssh]\nconfig = \""
                                + lab.sshConfig()
                                + "\"\n")
                .program("ssh", "exec /usr/bin/ssh -F '" + lab.sshConfig() + "' \"$@\"")
                .follow("cloud-init");

        write("/run/cloud-init/instance-data.json", DIGITAL_OCEAN);
        sh("systemctl restart shop-fetch");
        assertThat(sh("cat /run/shop/environment"))
                .contains(
                        "CLOUD_NAME=\"digitalocean\"",
                        "CLOUD_REGION=\"fra1\"",
                        "INSTANCE_ID=\"412345678\"",
                        "DEFAULT_IPV4=\"" + host.address() + "\"")
                .doesNotContain("AWS_REGION", "AVAILABILITY_ZONE", "ROLE");
        write("/run/cloud-init/instance-data.json", AWS);
    }

    @Test
    @Order(2)
    void a_source_that_never_gave_anything_ends_a_deploy() throws Exception {
        project.config(lab.sshConfig(), List.of(host), "secrets = [\"COUNTER_SECRET\"]", SOURCES);
        project.must("setup");
        sh("systemctl stop etcd");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains("web1 does not get the app's values", "etcd: ", "Failed to connect");
        sh("systemctl start etcd");
    }

    @Test
    @Order(3)
    void values_and_files_arrive_in_the_app_as_they_are() throws Exception {
        put("/counter/counter-secret", "s3cret \"$HOME\" %n \\ `x`\nü");

        project.must("deploy");

        assertThat(environment())
                .contains(
                        "COUNTER_SECRET=s3cret \"$HOME\" %n \\ `x`\nü\n",
                        "AWS_REGION=eu-central-1\n", "ROLE=web\n");
        assertThat(sh("cat /run/credentials/counter@1.service/counter.toml")).contains("step = 2");
        assertThat(project.must("exec", "--", "sh", "-c", "cat $CREDENTIALS_DIRECTORY/*").out())
                .contains("step = 2");
        String shown = project.must("env", "show", "--explain").out();
        assertThat(shown)
                .contains("COUNTER_SECRET", "/etc/counter/fetched", "/run/counter/environment")
                .doesNotContain("s3cret");
        assertThat(sh("stat -c %a /etc/counter/fetched /var/lib/decant/counter/fetched/etcd"))
                .isEqualTo("600\n600");
        assertThat(host.ssh("grep -rl s3cret /srv /run/decant /var/log").text()).isEmpty();
    }

    @Test
    @Order(4)
    void at_boot_with_the_store_down_the_app_has_what_it_said_last() throws Exception {
        sh("systemctl -q disable etcd");
        host.kill();
        host.boot();

        await(SourcesLabTest::serves);

        assertThat(environment()).contains("COUNTER_SECRET=s3cret ", "ROLE=web\n");
        assertThat(sh("journalctl -q -b -u counter-fetch -o cat"))
                .contains("etcd does not give its values, so those from")
                .doesNotContain("s3cret");
        assertThat(sh("stat -c %a /run/counter")).isEqualTo("755");
    }

    @Test
    @Order(5)
    void a_deploy_says_how_old_they_are_and_later_asks_anew() throws Exception {
        Ran old = project.run("deploy", "--again");
        assertThat(old.status()).as(old.all()).isZero();
        assertThat(old.err()).contains("etcd gives no values: those from ");

        sh("systemctl start etcd");
        put("/counter/counter-secret", "another");
        project.file("deploy/counter.toml", "[counter]\nstep = 3\n").must("env", "push");

        assertThat(environment()).contains("COUNTER_SECRET=another\n");
        assertThat(
                        sh(
                                "cat /run/credentials/counter@$(cat"
                                    + " /var/lib/decant/counter/current/slot).service/counter.toml"))
                .contains("step = 3");
    }

    @Test
    @Order(6)
    void a_rollback_leaves_files_as_it_leaves_secrets() throws Exception {
        project.must("rollback");

        assertThat(sh("cat /var/lib/decant/counter/current/secret/counter.toml"))
                .contains("step = 3");
    }

    @Test
    @Order(7)
    void a_restart_asks_anew_where_that_is_wanted() throws Exception {
        put("/counter/counter-secret", "third");
        project.must("restart");
        assertThat(environment()).contains("COUNTER_SECRET=another\n");

        project.must("restart", "--fetch");

        assertThat(environment()).contains("COUNTER_SECRET=third\n");
    }

    @Test
    @Order(8)
    void a_file_that_is_not_what_its_name_says_changes_nothing() throws Exception {
        Ran ran = project.file("deploy/counter.toml", "step = \n").run("env", "push");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.err()).contains("deploy/counter.toml:1:");
        assertThat(serves(host)).isTrue();
    }

    @Test
    @Order(9)
    void what_was_asked_for_goes_when_nothing_is_asked_any_more() throws Exception {
        project.config(
                lab.sshConfig(),
                List.of(host),
                "secrets = [\"COUNTER_SECRET\"]",
                "[public]\nports = [\"80:4000\"]\n");

        project.must("setup");

        assertThat(sh("ls /etc/counter /var/lib/decant/counter")).doesNotContain("fetched");
    }

    @Test
    @Order(10)
    void nothing_is_left_of_it() throws Exception {
        project.must("remove", "--confirm", "counter");

        assertThat(
                        sh(
                                "ls -d /etc/counter* /run/counter* /etc/systemd/system/counter*"
                                        + " 2>&1 || true"))
                .doesNotContain("fetch", "/run/counter/environment");
    }
}
