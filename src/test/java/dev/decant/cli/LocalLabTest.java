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
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The server that the app runs on builds it, too: by itself, with a JDK, Decant's own jars and a
/// checkout and without ssh, and then for an operator who has no Erlang.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalLabTest {

    private Lab lab;
    private LabHost host;
    private SampleProject project;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("server", Suite.BOOKWORM, BuildRoot.PACKAGES);
        project = SampleProject.create().set(SampleProject.SECRET, "x");
        project.config(
                """
                app = "counter"
                secrets = ["COUNTER_SECRET"]
                [hosts.me]
                address = "local"
                [health]
                path = "/health"
                """);
        copy(project.folder(), ".", "/root/app");
        copy(Path.of(System.getProperty("java.home")), "bin lib conf", "/opt/jdk");
        copy(Path.of("target"), "classes lib", "/opt/decant");
    }

    /// Through tar and ssh, as a person would.
    private void copy(Path from, String what, String to) throws Exception {
        Result copied =
                Program.of(
                                "sh",
                                "-c",
                                "tar -cf - --exclude=src.zip --exclude=lib/src.zip"
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
    void down() throws Exception {
        lab.close();
        project.close();
    }

    private Result decant(String words) throws InterruptedException {
        return host.ssh(
                "cd /root/app && COUNTER_SECRET=x /opt/jdk/bin/java -cp"
                        + " '/opt/decant/classes:/opt/decant/lib/*' dev.decant.cli.Main "
                        + words);
    }

    @Test
    @Order(1)
    void a_server_builds_deploys_to_itself_and_goes_back() throws Exception {
        Result setup = decant("setup");
        Result deploy = decant("deploy");
        Result again = decant("deploy --again");
        Result back = decant("rollback");

        assertThat(setup.status()).as(setup.text() + setup.err()).isZero();
        assertThat(deploy.status()).as(deploy.text() + deploy.err()).isZero();
        assertThat(again.status()).as(again.text() + again.err()).isZero();
        assertThat(back.status()).as(back.text() + back.err()).isZero();
        assertThat(new Seen(host).version()).isEqualTo("0.1.0");
        assertThat(host.ssh("stat -c %U:%G /srv/counter/releases/*").text())
                .isEqualTo("deploy:counter");
        assertThat(List.of(decant("status").text())).first().asString().contains("active");
    }

    @Test
    @Order(2)
    void it_builds_for_an_operator_over_ssh_and_gets_the_release_from_there() throws Exception {
        String build = "[build]\nserver = \"root@server\"\n";
        project.config(lab.sshConfig(), List.of(host), "secrets = [\"COUNTER_SECRET\"]", build)
                .version("0.2.0");
        project.must("setup");

        Ran first = project.must("deploy");
        project.edit("lib/counter/greeting.ex", "end\n", "end\n\n# Changed\n");
        Ran second = project.must("deploy", "--server", "server");

        assertThat(first.err()).contains("build  sources", "build  dependencies", "build  tarball");
        // What did not change since is not fetched or compiled again.
        assertThat(second.err()).contains("build  sources").doesNotContain("build  dependencies");
        assertThat(new Seen(host).version()).isEqualTo("0.2.0");
    }

    @Test
    @Order(3)
    void what_is_not_committed_is_built_there_only_when_asked_for() throws Exception {
        Path router = project.folder().resolve("lib/counter/greeting.ex");
        Files.writeString(router, Files.readString(router) + "\n# Not committed\n");
        Files.writeString(project.folder().resolve("lib/new.ex"), "defmodule Counter.New do\nend");

        Ran refused = project.run("build", "--server", "server");
        Ran built = project.must("build", "--dirty", "--server", "server");

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("?? lib/new.ex");
        assertThat(built.out()).contains("-dirty");
        assertThat(project.git("status", "--short").out()).hasSize(2);
        assertThat(project.git("branch", "--all").out()).hasSize(1);
        assertThat(host.ssh("ls .cache/decant/build/counter/prod/checkout/lib/new.ex").ok())
                .isTrue();

        project.commit();
        project.version("0.4.0").git("rm", "-q", "lib/new.ex");
        project.commit();
        project.must("build", "--server", "server");

        assertThat(host.ssh("ls .cache/decant/build/counter/prod/checkout/lib/new.ex").ok())
                .isFalse();
    }

    @Test
    @Order(4)
    void what_a_build_that_was_killed_had_begun_there_is_waited_for() throws Exception {
        Files.writeString(
                project.folder().resolve("lib/slow.ex"),
                "defmodule Slow do\n  Process.sleep(4_000)\nend\n");
        project.commit();
        Process killed = project.apart("build", "--server", "server").converse();
        boolean compiling =
                Seen.within(
                        Duration.ofSeconds(30), () -> host.ssh("pgrep -f '^flock .* mix'").ok());
        killed.destroyForcibly().waitFor();
        boolean goesOn = host.ssh("pgrep -f '^flock .* mix'").ok();

        Ran next = project.must("build", "--server", "server");

        assertThat(compiling).isTrue();
        assertThat(goesOn).isTrue();
        assertThat(next.err()).contains("Another build of this app is under way");
        assertThat(
                        Seen.within(
                                Duration.ofSeconds(10),
                                () ->
                                        ProcessHandle.allProcesses()
                                                .noneMatch(LocalLabTest::isConnection)))
                .isTrue();
    }

    private static boolean isConnection(ProcessHandle process) {
        String line = process.info().commandLine().orElse("");
        return line.startsWith("ssh ") && line.contains(" -S /tmp/decant");
    }

    @Test
    @Order(5)
    void a_server_that_cannot_be_reached_or_lacks_the_versions_is_refused() throws Exception {
        Ran unreachable = project.run("build", "--rebuild", "--server", "nosuch.invalid");
        Files.writeString(project.folder().resolve(".tool-versions"), "erlang 27.1.2\n");
        project.commit();
        Ran missing = project.run("build", "--server", "server");

        assertThat(unreachable.status()).as(unreachable.all()).isEqualTo(3);
        assertThat(unreachable.err())
                .contains("The build server nosuch.invalid cannot be reached")
                .contains("ssh -F")
                .doesNotContain("\tat ");
        assertThat(missing.status()).as(missing.all()).isEqualTo(3);
        assertThat(missing.err())
                .contains(".tool-versions:1:8 wants erlang 27.1.2, which is not on server.")
                .contains("PATH has 25.");
    }
}
