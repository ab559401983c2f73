package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.lab.BaseRoot;
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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The tutorial and how-tos that need hosts: each command of theirs, as it stands there.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TutorialLabTest {

    private Lab lab;
    private LabHost web1;
    private LabHost web2;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        BaseRoot root = BaseRoot.of(Suite.BOOKWORM).with(List.of("nftables"));
        web1 = lab.boot("web1", root);
        web2 = lab.boot("web2", root);
    }

    @AfterAll
    void down() throws Exception {
        lab.close();
    }

    /// What the pages have for a person, and what is here.
    private HowTo howTo(Path folder) throws Exception {
        HowTo page =
                new HowTo(folder)
                        .program("ssh", "exec /usr/bin/ssh -F '" + lab.sshConfig() + "' \"$@\"")
                        .with("~/decant", Path.of("").toAbsolutePath().toString())
                        .with("http://web1.example.com", "http://" + web1.address())
                        .with("http://web2.example.com", "http://" + web2.address())
                        .with("web1.example.com", "web1")
                        .with("web2.example.com", "web2");
        for (String who : List.of("GIT_AUTHOR", "GIT_COMMITTER")) {
            page.environment(who + "_NAME", "Reader")
                    .environment(who + "_EMAIL", "reader@example.com");
        }
        return page;
    }

    @Test
    @Order(1)
    void the_tutorial_does_what_it_says(@TempDir Path folder) throws Exception {
        howTo(folder).walk("tutorial/index");
    }

    @Test
    @Order(2)
    void the_page_about_a_bastion_does_what_it_says(@TempDir Path folder) throws Exception {
        howTo(folder)
                .with(
                        "Host bastion\n",
                        "Include " + lab.sshConfig() + "\n\nHost bastion\n" + keysOf("web1"))
                .with("bastion.example.com", web1.address())
                .with("User alice", "User root")
                .walk("how-to/bastion");

        assertThat(
                        web2.ssh(
                                        "journalctl --no-pager -u ssh | grep 'for deploy from' |"
                                                + " tail -n 1")
                                .text())
                .contains(" from " + web1.address() + " ");
    }

    /// What the lab's ssh_config says of a host, but for its name and address.
    private String keysOf(String host) throws IOException {
        return Files.readString(lab.sshConfig())
                .lines()
                .dropWhile(line -> !line.equals("Host " + host))
                .skip(1)
                .takeWhile(line -> line.startsWith(" "))
                .filter(line -> line.contains("File"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    @Order(3)
    void the_page_about_one_machine_does_what_it_says(@TempDir Path folder) throws Exception {
        howTo(folder).walk("how-to/vps");

        assertThat(new Seen(web1).version()).isEqualTo("0.2.0");
    }
}
