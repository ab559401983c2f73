package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
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

import java.nio.file.Path;
import java.util.List;

/// Decant on the server itself, without ssh: a lab host is given a JDK, Decant's own jars and a
/// release.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalLabTest {

    private Lab lab;
    private LabHost host;
    private String id;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("server", Suite.BOOKWORM);
        try (SampleProject project = SampleProject.create()) {
            project.config(
                    """
                    app = "counter"
                    secrets = ["COUNTER_SECRET"]
                    [hosts.me]
                    address = "local"
                    [health]
                    path = "/health"
                    """);
            id =
                    project.must("build", "--json")
                            .out()
                            .replaceFirst("(?s).*\"release\" : \"([^\"]*)\".*", "$1");
            copy(project.folder(), ".", "/root/app");
        }
        copy(SampleProject.releases(), id, "/root/.local/share/decant/releases/counter");
        copy(Path.of(System.getProperty("java.home")), "bin lib conf", "/opt/jdk");
        copy(Path.of("target"), "classes lib", "/opt/decant");
    }

    /// Through tar and ssh, as a person would.
    private void copy(Path from, String what, String to) throws Exception {
        Result copied =
                Program.of(
                                "sh",
                                "-c",
                                "tar -cf - --exclude=src.zip --exclude=lib/src.zip --exclude=.git"
                                        + " -C \"$0\" "
                                        + what
                                        + " | ssh -F \"$1\" server \"mkdir -p $2 && tar -xf - -C"
                                        + " $2\"",
                                from.toString(),
                                host.sshConfig().toString(),
                                to)
                        .run();
        assertThat(copied.status()).as(String.join("\n", copied.err())).isZero();
    }

    @AfterAll
    void down() {
        lab.close();
    }

    private Result decant(String words) throws InterruptedException {
        return host.ssh(
                "cd /root/app && COUNTER_SECRET=x /opt/jdk/bin/java -cp"
                        + " '/opt/decant/classes:/opt/decant/lib/*' dev.decant.cli.Main "
                        + words);
    }

    @Test
    void a_server_can_deploy_to_itself_and_go_back() throws Exception {
        Result setup = decant("setup");
        Result deploy = decant("deploy --release " + id);
        Result again = decant("deploy --again --release " + id);
        Result back = decant("rollback");

        assertThat(setup.status()).as(setup.text() + setup.err()).isZero();
        assertThat(deploy.status()).as(deploy.text() + deploy.err()).isZero();
        assertThat(again.status()).as(again.text() + again.err()).isZero();
        assertThat(back.status()).as(back.text() + back.err()).isZero();
        assertThat(new Seen(host).version()).isEqualTo("0.1.0");
        assertThat(host.ssh("stat -c %U:%G /srv/counter/releases/" + id).text())
                .isEqualTo("deploy:counter");
        assertThat(List.of(decant("status").text())).first().asString().contains("active");
    }
}
