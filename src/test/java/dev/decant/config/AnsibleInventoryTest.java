package dev.decant.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// With Debian's Ansible.
class AnsibleInventoryTest {

    private static final String FLEET =
            """
            [web]
            web2 ansible_host=10.0.0.2
            web1 ansible_host=10.0.0.1 ansible_port=2222 ansible_user=admin

            [worker]
            jobs ansible_connection=local

            [shop:children]
            web
            worker

            [others]
            db ansible_host="{{ lookup('env', 'DB') }}"

            [web:vars]
            ansible_ssh_common_args=-o ProxyCommand="ssh -W %h:%p 'a bastion'" -C
            """;

    @TempDir private Path project = Path.of("");

    private Config read(String hosts, String inventory) throws IOException {
        Files.writeString(
                project.resolve("decant.toml"), "app = \"shop\"\nhosts = \"" + hosts + "\"\n");
        Files.writeString(project.resolve("fleet.ini"), inventory);
        return ConfigReader.read(project, Optional.empty());
    }

    private String problem(String hosts, String inventory) throws IOException {
        Config config = read(hosts, inventory);
        StringBuilder said = new StringBuilder();
        assertThatThrownBy(config::withInventory)
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                failure.problems()
                                        .forEach(
                                                problem ->
                                                        said.append(problem.what())
                                                                .append(problem.why())));
        return said.toString();
    }

    @Test
    void hosts_are_reached_as_ansible_reaches_them_and_their_groups_are_their_roles()
            throws Exception {
        Files.createDirectories(project.resolve("host_vars"));
        Files.writeString(
                project.resolve("host_vars/web2.yml"),
                "ansible_ssh_private_key_file: ~/.ssh/two\n");
        List<String> proxy = List.of("-o", "ProxyCommand=ssh -W %h:%p 'a bastion'", "-C");

        Config config = read("ansible:fleet.ini#shop", FLEET).withInventory();

        assertThat(config.hosts())
                .containsExactly(
                        new HostConfig(
                                "web2",
                                "10.0.0.2",
                                List.of("shop", "web"),
                                HostConfig.LOOPBACK,
                                new HostConfig.Access(
                                        Optional.empty(),
                                        OptionalInt.empty(),
                                        List.of(
                                                "-i",
                                                "~/.ssh/two",
                                                proxy.get(0),
                                                proxy.get(1),
                                                proxy.get(2)))),
                        new HostConfig(
                                "web1",
                                "10.0.0.1",
                                List.of("shop", "web"),
                                HostConfig.LOOPBACK,
                                new HostConfig.Access(
                                        Optional.of("admin"), OptionalInt.of(2222), proxy)),
                        new HostConfig(
                                "jobs",
                                HostConfig.LOCAL,
                                List.of("shop", "worker"),
                                HostConfig.LOOPBACK));
    }

    @Test
    void what_only_a_playbook_can_work_out_is_refused_by_name() throws Exception {
        assertThat(problem("ansible:fleet.ini", FLEET))
                .startsWith("Decant cannot reach db with the ansible_host of its inventory.")
                .contains("{{ lookup('env', 'DB') }}");
    }

    @Test
    void a_group_that_is_not_there_is_told_from_those_that_are() throws Exception {
        assertThat(problem("ansible:fleet.ini#shops", FLEET))
                .contains("no host in the group shops")
                .contains("others, shop, web, worker");
    }

    @Test
    void what_is_no_inventory_is_refused_with_the_words_of_ansible() throws Exception {
        assertThat(problem("ansible:fleet.ini", "[web\nweb1: {"))
                .contains("cannot read", "fleet.ini");
        assertThat(problem("ansible:gone.yml", "")).contains("gone.yml", "There is no such file");
    }

    @Test
    void options_are_taken_apart_as_by_a_shell() {
        assertThat(AnsibleInventory.words("-o A=\"b 'c' \\\"d\\\"\" '' -J 'x y'\\ z  "))
                .containsExactly("-o", "A=b 'c' \"d\"", "", "-J", "x y z");
    }
}
