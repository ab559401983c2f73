package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.host.HostProgram;
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

import java.util.List;

/// Decants of different ages and one host. There has been no release yet, so the others' host
/// programs are this one's with other numbers in it.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CompatibilityLabTest {

    private static final String PROGRAM = "/usr/local/lib/decant/decant-host";

    private Lab lab;
    private LabHost host;
    private Seen seen;
    private SampleProject project;

    @BeforeAll
    void serve() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        seen = new Seen(host);
        project = SampleProject.create().set(SampleProject.SECRET, "x");
        config("");
        project.must("setup");
        project.must("deploy");
    }

    @AfterAll
    void down() throws Exception {
        project.close();
        lab.close();
    }

    private void config(String more) throws Exception {
        project.config(lab.sshConfig(), List.of(host), "secrets = [\"COUNTER_SECRET\"]", more);
    }

    private void says(String name, int number) throws Exception {
        host.ssh("sed -i 's/^%s=.*/%s=%d/' %s".formatted(name, name, number, PROGRAM));
    }

    private String said(String name) throws Exception {
        return host.ssh("sed -n 's/^%s=//p' %s".formatted(name, PROGRAM)).text();
    }

    private String pid() throws Exception {
        return host.ssh("systemctl show counter.service -p MainPID").text();
    }

    @Test
    @Order(1)
    void what_a_newer_decant_has_set_up_is_left_alone_by_every_command() throws Exception {
        says("PROTOCOL", HostProgram.protocol() + 1);
        String before = seen.everything();

        for (List<String> words :
                List.of(
                        List.of("deploy", "--again"),
                        List.of("rollback"),
                        List.of("logs"),
                        List.of("setup", "--dry-run"),
                        List.of("setup"),
                        List.of("remove", "--confirm", "counter"))) {
            Ran ran = project.run(words.toArray(String[]::new));

            assertThat(ran.status()).as(words + "\n" + ran.all()).isEqualTo(3);
            assertThat(ran.err())
                    .contains("web1 was set up by a newer Decant", "protocol 2", "Install that");
        }
        assertThat(project.run("status").all()).contains("web1 was set up by a newer Decant");
        assertThat(seen.everything()).isEqualTo(before);
        assertThat(seen.version()).isEqualTo("0.1.0");
        says("PROTOCOL", HostProgram.protocol());
    }

    @Test
    @Order(2)
    void a_later_edition_that_another_apps_decant_has_brought_serves_and_stays() throws Exception {
        int later = HostProgram.edition() + 1;
        says("EDITION", later);
        project.version("0.2.0");
        config("[limits]\nfiles = 4096");

        project.must("setup");
        project.must("deploy");

        assertThat(said("EDITION")).isEqualTo("" + later);
        assertThat(seen.version()).isEqualTo("0.2.0");
        assertThat(project.must("setup").out()).doesNotContain("decant-host");
    }

    @Test
    @Order(3)
    void an_older_one_is_named_and_setup_brings_the_host_up_to_date_while_the_app_serves()
            throws Exception {
        says("EDITION", 0);
        says("PROTOCOL", HostProgram.protocol() - 1);
        String pid = pid();

        Ran refused = project.run("deploy", "--again");
        project.must("setup");

        assertThat(refused.status()).as(refused.all()).isEqualTo(3);
        assertThat(refused.err())
                .contains("web1 was set up by an older Decant", "protocol 0", "decant setup\n");
        assertThat(said("PROTOCOL")).isEqualTo("" + HostProgram.protocol());
        assertThat(said("EDITION")).isEqualTo("" + HostProgram.edition());
        assertThat(pid()).isEqualTo(pid);
        project.must("deploy", "--again");
        assertThat(seen.version()).isEqualTo("0.2.0");
        assertThat(pid()).isNotEqualTo(pid);
    }
}
