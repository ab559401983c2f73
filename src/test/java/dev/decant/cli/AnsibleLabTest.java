package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Debian's Ansible brings releases to three hosts, with what `decant export ansible` writes.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnsibleLabTest {

    private static final String SECRET = "a \"b\" $c \\d `e` %f ü";

    private Lab lab;
    private List<LabHost> hosts;
    private SampleProject project;
    private Path folder;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        hosts =
                lab.boot(
                        List.of("web1", "web2", "web3"),
                        BaseRoot.of(Suite.BOOKWORM).with(List.of("python3")));
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                hosts,
                                "migrate = \"IO.puts(42)\"\nsecrets = [\"COUNTER_SECRET\"]",
                                "[rollout]\nbatch = \"2\"\ncanary = 1")
                        .edit("decant.toml", "[hosts.web2]", "[hosts.web2]\nroles = [\"migrate\"]");
        folder = project.folder().resolve(".git/ansible");
        export();
        Files.writeString(folder.resolve("password"), "correct horse\n");
        Files.writeString(
                folder.resolve("ansible.cfg"),
                Files.readString(folder.resolve("ansible.cfg"))
                        .replace("[defaults]\n", "[defaults]\nvault_password_file = password\n"),
                StandardOpenOption.TRUNCATE_EXISTING);
        secret(SECRET);
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private Ran export() {
        return project.must("export", "ansible", "--to", ".git/ansible");
    }

    /// In a vault, where those who have Ansible have it.
    private void secret(String value) throws Exception {
        Path file = Files.createDirectories(folder.resolve("group_vars")).resolve("counter.yml");
        Files.writeString(
                file,
                "decant_counter_secrets:\n  COUNTER_SECRET: '" + value.replace("'", "''") + "'\n");
        assertThat(ansible("ansible-vault", "encrypt", "group_vars/counter.yml").ok()).isTrue();
    }

    private Result ansible(String... words) throws Exception {
        return Program.of(words)
                .in(folder)
                .env(
                        Map.of(
                                "ANSIBLE_HOME",
                                folder.resolve("home").toString(),
                                "ANSIBLE_NOCOLOR",
                                "1",
                                "LC_ALL",
                                "C.UTF-8"))
                .run();
    }

    private Result play(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("ansible-playbook", "--diff"));
        all.addAll(List.of(words));
        Result result = ansible(all.toArray(String[]::new));
        assertThat(result.text()).doesNotContain(SECRET).doesNotContain("$c \\\\d");
        return result;
    }

    /// All hosts at once, for the sake of time.
    private Result must(String... words) throws Exception {
        Result result =
                play(
                        Stream.concat(
                                        Stream.of("-e", "{\"decant_counter_serial\": [3]}"),
                                        Stream.of(words))
                                .toArray(String[]::new));
        assertThat(result.status()).as(result.text() + result.err()).isZero();
        return result;
    }

    /// What was changed, or would be, on which hosts together.
    private static List<String> changes(Result result) {
        return result.out().stream().filter(line -> line.startsWith("+ ")).sorted().toList();
    }

    /// The last word on each host, such as `web1 changed=2`.
    private static List<String> recap(Result result) {
        return result.out().stream()
                .filter(line -> line.matches("web[1-3] +: ok=.*"))
                .map(line -> line.replaceAll("^(\\w+) .* (changed=\\d+) .*", "$1 $2"))
                .sorted()
                .toList();
    }

    private List<String> versions() throws Exception {
        List<String> versions = new ArrayList<>();
        for (LabHost host : hosts) {
            versions.add(new Seen(host).version());
        }
        return versions;
    }

    @Test
    @Order(1)
    void a_check_of_new_hosts_tells_just_what_then_happens_and_leaves_nothing() throws Exception {
        Result check = must("--check", "deploy.yml");

        assertThat(hosts.getFirst().ssh("ls -d /srv/counter /run/decant-* /var/cache/decant").out())
                .isEmpty();
        Result run = must("deploy.yml");
        assertThat(versions()).containsOnly("0.1.0");
        assertThat(changes(run))
                .isEqualTo(changes(check))
                .contains("+ user counter")
                .filteredOn(line -> line.startsWith("+ migrations of "))
                .hasSize(1);
        assertThat(recap(run))
                .isEqualTo(recap(check))
                .containsExactly("web1 changed=2", "web2 changed=3", "web3 changed=2");
        assertThat(new Seen(hosts.get(2)).get("/secret-digest").strip())
                .isEqualTo(Digest.of(SECRET).hex().substring(0, 8));
    }

    @Test
    @Order(2)
    void a_second_run_changes_nothing() throws Exception {
        assertThat(recap(must("deploy.yml")))
                .containsExactly("web1 changed=0", "web2 changed=0", "web3 changed=0");
    }

    @Test
    @Order(3)
    void another_release_and_secret_are_checked_brought_and_what_was_there_before_goes()
            throws Exception {
        project.version("0.2.0");
        assertThat(export().err()).contains("Kept as you have it: ansible.cfg.");
        secret("another");

        Result check = must("--check", "deploy.yml");

        assertThat(versions()).containsOnly("0.1.0");
        Result run = must("deploy.yml");
        assertThat(versions()).containsOnly("0.2.0");
        assertThat(changes(run)).isEqualTo(changes(check)).hasSize(3 * 3 + 1);
        assertThat(recap(run)).isEqualTo(recap(check));
        assertThat(hosts.getFirst().ssh("cd /var/cache/decant/counter && ls -d * */*").out())
                .filteredOn(line -> line.matches("bundle-\\w+|parcels/\\w+"))
                .hasSize(2);
    }

    @Test
    @Order(4)
    void it_goes_back_once_however_often_it_is_asked() throws Exception {
        must("rollback.yml");

        assertThat(versions()).containsOnly("0.1.0");
        assertThat(recap(must("rollback.yml")))
                .containsExactly("web1 changed=0", "web2 changed=0", "web3 changed=0");
    }

    @Test
    @Order(5)
    void where_the_first_host_does_not_get_healthy_no_other_switches() throws Exception {
        project.edit("decant.toml", "[rollout]", "[env]\nCOUNTER_HEALTH = \"fail\"\n[rollout]")
                .version("0.3.0");
        export();

        Result run = play("deploy.yml");

        assertThat(run.status()).isNotZero();
        assertThat(run.text()).contains("did not get healthy");
        assertThat(versions()).containsOnly("0.1.0");
    }

    @Test
    @Order(6)
    void decant_reaches_the_hosts_of_an_inventory_as_ansible_does() throws Exception {
        project.config(
                """
                app = "counter"
                hosts = "ansible:.git/ansible/inventory.yml#counter"
                secrets = ["COUNTER_SECRET"]
                [health]
                path = "/health"
                timeout = "6s"
                """);

        Ran ran = project.must("status", "--json");

        assertThat(Stream.of("web1", "web2", "web3")).allMatch(name -> ran.out().contains(name));
        assertThat(project.must("config").out()).contains("\"migrate\"");
    }
}
