package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Program;
import dev.decant.io.Trees;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Whatever is wrong: a clear message, the right exit status, the host as it was, the old release
/// serving.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputLabTest {

    private Lab lab;
    private LabHost host;
    private Seen seen;
    private SampleProject project;
    private String before;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        seen = new Seen(host);
        try (SampleProject first = good()) {
            first.must("setup");
            first.must("deploy");
        }
        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    private SampleProject good() throws Exception {
        return SampleProject.create()
                .config(lab.sshConfig(), List.of(host), "secrets = [\"COUNTER_SECRET\"]", "")
                .set(SampleProject.SECRET, "s3cret");
    }

    @AfterAll
    void down() {
        lab.close();
    }

    @BeforeEach
    void look() throws Exception {
        project = good();
        before = seen.everything();
    }

    @AfterEach
    void tidy() throws Exception {
        project.close();
    }

    /// What every bad input has in common.
    private void refused(Ran ran, String... words) throws InterruptedException {
        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains(words)
                .contains("Next")
                .doesNotContain("Exception in", "\tat ", "s3cret");
        assertThat(seen.everything()).isEqualTo(before);
        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    // ---- the project

    @Test
    void no_mix_exs() throws Exception {
        project.git("rm", "-q", "mix.exs");
        project.commit();

        refused(project.run("deploy"), "This is not a Mix project: there is no mix.exs.");
    }

    @Test
    void no_mix_lock() throws Exception {
        project.git("rm", "-q", "mix.lock");
        project.commit();

        refused(project.run("deploy"), "There is no mix.lock", "mix deps.get");
    }

    @Test
    void a_mix_lock_that_git_does_not_have() throws Exception {
        Files.writeString(project.folder().resolve(".gitignore"), "_build\nmix.lock\n");
        project.git("rm", "-q", "--cached", "mix.lock");
        project.commit();

        refused(project.run("deploy"), "mix.lock is not in git");
    }

    @Test
    void a_mix_lock_with_an_unfinished_merge() throws Exception {
        Files.writeString(project.folder().resolve("mix.lock"), "%{\n<<<<<<< HEAD\n}\n");
        project.commit();

        refused(project.run("deploy"), "mix.lock:2:1: a merge was left unfinished here.");
    }

    @Test
    void a_mix_lock_that_the_build_changes() throws Exception {
        // A git dependency that the lock does not have: fetching it writes the lock.
        Path dependency = Files.createTempDirectory("decant-test-dependency");
        try (SampleProject other = SampleProject.create()) {
            Files.writeString(
                    dependency.resolve("mix.exs"),
                    "defmodule Dep.MixProject do\n"
                            + "  use Mix.Project\n"
                            + "  def project, do: [app: :dep, version: \"1.0.0\"]\n"
                            + "end\n");
            Files.createDirectories(dependency.resolve("lib"));
            Files.writeString(dependency.resolve("lib/dep.ex"), "defmodule Dep do\nend\n");
            other.git("-C", dependency.toString(), "init", "-q");
            other.git("-C", dependency.toString(), "add", "-A");
            other.git("-C", dependency.toString(), "commit", "-q", "-m", "Begin");
        }
        String mix = Files.readString(project.folder().resolve("mix.exs"));
        Files.writeString(
                project.folder().resolve("mix.exs"),
                mix.replaceFirst("(?m)^(\\s*)deps: .*$", "")
                        .replaceFirst(
                                "app: :counter,",
                                "app: :counter,\n      deps: [{:dep, git: \"file://"
                                        + dependency
                                        + "\"}],"));
        project.commit();

        Ran ran = project.run("deploy");

        refused(ran, "The build changed mix.lock", "\"dep\": {:git");
        dev.decant.io.Trees.delete(dependency);
    }

    @Test
    void a_build_that_fails() throws Exception {
        project.edit("lib/counter/greeting.ex", "defmodule", "defmodul");

        refused(
                project.run("deploy"),
                "The build failed in its step 'release'",
                "greeting.ex",
                ".log");
    }

    @Test
    void a_release_without_a_tar_step() throws Exception {
        project.edit("mix.exs", "steps: [:assemble, :tar]", "steps: [:assemble]");

        refused(
                project.run("deploy"),
                "mix release made no tarball of counter.",
                "steps: [:assemble, :tar]");
    }

    @Test
    void a_release_without_its_erlang() throws Exception {
        project.edit(
                "mix.exs",
                "steps: [:assemble, :tar]",
                "include_erts: false, steps: [:assemble, :tar]");

        refused(project.run("deploy"), "has no Erlang in it", "include_erts: false");
    }

    @Test
    void another_version_than_tool_versions_names() throws Exception {
        project.edit(".tool-versions", "elixir system", "elixir 1.99.0-otp-25");

        refused(
                project.run("deploy"),
                ".tool-versions:4:8 wants elixir 1.99.0-otp-25, which is not on this machine.",
                "PATH has 1.");
    }

    @Test
    void changes_that_no_commit_has() throws Exception {
        Files.writeString(project.folder().resolve("notes.txt"), "x");

        refused(project.run("deploy"), "There are changes that no commit has", "?? notes.txt");
    }

    // ---- the way there

    @Test
    void a_host_that_does_not_answer() throws Exception {
        project.edit(
                        "decant.toml",
                        "[hosts.web1]",
                        "[hosts.web1]\n[hosts.web2]\naddress = \"10.77.0.251\"")
                .edit("decant.toml", "[ssh]", "[ssh]\nconnect_timeout = \"2s\"");

        Ran ran = project.run("deploy");

        refused(ran, "web2 cannot be reached.", "10.77.0.251");
    }

    @Test
    void a_key_that_the_host_does_not_know() throws Exception {
        Path key = Files.createTempDirectory("decant-test-key").resolve("id");
        dev.decant.exec.Program.of(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .run();
        Path config =
                sshConfig(text -> text.replaceAll("(?m)IdentityFile .*", "IdentityFile " + key));
        project.edit("decant.toml", lab.sshConfig().toString(), config.toString());

        refused(project.run("deploy"), "web1 does not let deploy in.", "Permission denied");
    }

    @Test
    void a_host_whose_key_is_not_known() throws Exception {
        Path empty = Files.createTempFile("decant-test", "known");
        Path config =
                sshConfig(
                        text ->
                                text.replaceAll(
                                        "(?m)UserKnownHostsFile .*",
                                        "UserKnownHostsFile " + empty));
        project.edit("decant.toml", lab.sshConfig().toString(), config.toString());

        refused(project.run("deploy"), "web1 is not among your known hosts", "fingerprint");
        assertThat(empty).isEmptyFile();
    }

    @Test
    void a_host_that_shows_another_key() throws Exception {
        Path other = Files.createTempDirectory("decant-test-key").resolve("id");
        dev.decant.exec.Program.of(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
                .run();
        String key = Files.readString(other.resolveSibling("id.pub")).split(" ")[1];
        Path known = Files.createTempFile("decant-test", "known");
        Files.writeString(known, "web1," + host.address() + " ssh-ed25519 " + key + "\n");
        Path config =
                sshConfig(
                        text ->
                                text.replaceAll(
                                        "(?m)UserKnownHostsFile .*",
                                        "UserKnownHostsFile " + known));
        project.edit("decant.toml", lab.sshConfig().toString(), config.toString());

        refused(
                project.run("deploy"),
                "web1 shows another key than the one you know it by.",
                "ssh-keygen -R");
    }

    private Path sshConfig(java.util.function.UnaryOperator<String> change) throws IOException {
        Path config = Files.createTempFile("decant-test", "ssh_config");
        Files.writeString(config, change.apply(Files.readString(lab.sshConfig())));
        return config;
    }

    @Test
    void sudo_that_refuses() throws Exception {
        host.ssh("mv /etc/sudoers.d/decant-counter /root/");
        before = seen.everything();
        try {
            refused(project.run("deploy"), "sudo on web1 does not let", "decant setup");
        } finally {
            host.ssh("mv /root/decant-counter /etc/sudoers.d/");
        }
    }

    @Test
    void a_setup_user_without_sudo() throws Exception {
        host.ssh(
                "useradd -m -s /bin/sh plain && mkdir /home/plain/.ssh && cp"
                        + " /root/.ssh/authorized_keys /home/plain/.ssh/ && chown -R plain:"
                        + " /home/plain/.ssh");
        before = seen.everything();
        Path config = sshConfig(text -> text.replaceAll("(?m)^\\s*User .*\n", ""));
        project.edit("decant.toml", lab.sshConfig().toString(), config.toString())
                .edit("decant.toml", "[ssh]", "[ssh]\nsetup_user = \"plain\"");

        refused(
                project.run("setup"),
                "sudo on web1 does not let plain do what is needed.",
                "password");
    }

    @Test
    void someone_else_who_is_deploying() throws Exception {
        Process other =
                dev.decant.exec.Program.of(
                                "ssh",
                                "-F",
                                lab.sshConfig().toString(),
                                "-l",
                                "deploy",
                                "web1",
                                "/usr/local/lib/decant/decant-host session counter")
                        .converse();
        try {
            other.getOutputStream()
                    .write(
                            "lock 3 0\nalice@laptop\nrun1\ndeploy\n"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            other.getOutputStream().flush();
            assertThat(
                            Seen.within(
                                    java.time.Duration.ofSeconds(5),
                                    () ->
                                            host.ssh(
                                                            "grep -c alice"
                                                                + " /srv/counter/incoming/lock.lease")
                                                    .text()
                                                    .equals("1")))
                    .isTrue();

            refused(
                    project.version("0.2.0").run("deploy"),
                    "web1 is being worked on by someone else.",
                    "alice@laptop: deploy, since");
        } finally {
            other.destroyForcibly();
        }
    }

    // ---- the host

    @Test
    void a_release_for_another_architecture() throws Exception {
        // A fake, because no machine of another architecture can be had here: a real release whose
        // manifest says
        // aarch64.
        String id = forged(project, "\"arch\" : \"x86_64\"", "\"arch\" : \"aarch64\"");

        refused(
                project.run("deploy", "--release", id),
                "The release cannot run on web1: it was built for Linux on aarch64.",
                "/bin/beam.smp is for Linux on aarch64; web1 (Debian GNU/Linux 12) is Linux on"
                        + " x86_64.");
    }

    @Test
    void a_release_that_needs_a_library_which_the_host_lacks() throws Exception {
        String id = forged(project, "\"libcrypto.so.3\"", "\"libcrypto.so.81.1\"");

        refused(
                project.run("upload", "--release", id),
                "/priv/lib/crypto.so needs libcrypto.so.81.1; web1 (Debian GNU/Linux 12) has"
                        + " libcrypto.so.3.");
    }

    /// A copy of a built release with one thing changed in its manifest.
    private static String forged(SampleProject project, String from, String to) throws Exception {
        Ran built = project.must("build", "--json");
        String id = built.out().replaceFirst("(?s).*\"release\" : \"([^\"]*)\".*", "$1");
        String forged = "20200101T000000Z-9.9.9-" + (to.contains("arch") ? "aaaaaaa" : "bbbbbbb");
        Path place = SampleProject.releases().resolve(forged);
        Trees.delete(place);
        Program.of("cp", "-al", SampleProject.releases().resolve(id).toString(), place.toString())
                .run();
        Path file = place.resolve("manifest.json");
        String manifest = Files.readString(file);
        assertThat(manifest).contains(from);
        Trees.write(file, manifest.replace(from, to).getBytes(StandardCharsets.UTF_8));
        return forged;
    }

    @Test
    void a_missing_secret() throws Exception {
        project.edit(
                "decant.toml", "[\"COUNTER_SECRET\"]", "[\"COUNTER_SECRET\", \"OTHER_TOKEN\"]");

        refused(
                project.run("deploy"),
                "web1 has no value for the secret OTHER_TOKEN, and neither has your environment.",
                "export OTHER_TOKEN=…");
    }

    @Test
    void a_unit_that_was_set_up_for_other_settings() throws Exception {
        project.edit("decant.toml", "[health]", "[service]\ndrain_timeout = \"99s\"\n[health]");

        refused(
                project.run("deploy"),
                "web1 was set up for other settings",
                "decant setup --dry-run");
    }

    // ---- these leave a prepared release behind, which serves nobody and which the next deploy
    // removes

    private void oldServes(Ran ran, int status, String... words) throws InterruptedException {
        assertThat(ran.status()).as(ran.all()).isEqualTo(status);
        assertThat(ran.err())
                .contains(words)
                .contains("Next")
                .doesNotContain("Exception in", "\tat ", "s3cret");
        assertThat(seen.version()).isEqualTo("0.1.0");
        assertThat(seen.pid()).isEqualTo(pidIn(before));
        assertThat(host.ssh("cat /srv/counter/etc/environment").text()).doesNotContain("COUNTER_");
    }

    private static int pidIn(String everything) {
        return Integer.parseInt(everything.replaceFirst("(?s).*MainPID=([0-9]+).*", "$1"));
    }

    @Test
    void a_configuration_that_the_new_release_cannot_read() throws Exception {
        project.edit("decant.toml", "[health]", "[env]\nDRAIN_MS = \"soon\"\n[health]")
                .version("0.2.0");

        oldServes(
                project.run("deploy"),
                3,
                "The new release does not start on web1 with the settings it would have.",
                "DRAIN_MS");
    }

    @Test
    void a_migration_that_fails() throws Exception {
        project.edit(
                        "decant.toml",
                        "app = \"counter\"",
                        "app = \"counter\"\nmigrate = \"Counter.Release.migrate()\"")
                .version("0.2.0");

        oldServes(
                project.run("deploy"),
                3,
                "The migration failed on web1. No host was switched: what served before serves on.",
                "DATABASE_URL is not set");
    }

    @Test
    void a_disk_that_is_too_full() throws Exception {
        LabHost small = lab.boot("small", Suite.BOOKWORM);
        Seen there = new Seen(small);
        small.ssh("mount -t tmpfs -o size=90M,mode=755 tmpfs /srv");
        project.config(lab.sshConfig(), List.of(small), "secrets = [\"COUNTER_SECRET\"]", "");
        project.must("setup");
        project.must("deploy");
        small.ssh("head -c 50M /dev/zero >/srv/ballast");
        String full = there.everything();

        Ran ran = project.version("0.2.0").run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "The disk of small is too full for this release.",
                        "MB are free",
                        "df -h /srv");
        assertThat(there.everything()).isEqualTo(full);
        assertThat(there.version()).isEqualTo("0.1.0");
        small.close();
    }

    @Test
    void a_host_with_an_older_c_library_than_the_build_machine() throws Exception {
        LabHost old = lab.boot("old", Suite.BULLSEYE);
        project.config(lab.sshConfig(), List.of(old), "secrets = [\"COUNTER_SECRET\"]", "");
        project.must("setup");
        Seen there = new Seen(old);
        String fresh = there.everything();

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "The release cannot run on old: its C library is too old.",
                        "beam.smp needs glibc 2.34; old (Debian GNU/Linux 11) has glibc 2.31.",
                        "crypto.so needs libcrypto.so.3; old (Debian GNU/Linux 11) has");
        assertThat(there.everything()).isEqualTo(fresh);
        old.close();
    }

    @Test
    void nothing_of_a_build_is_left_in_the_repository() throws Exception {
        project.version("0.2.0").must("build");

        assertThat(project.git("worktree", "list").out()).hasSize(1);
        assertThat(project.git("status", "--short").out()).isEmpty();
        try (Stream<Path> left = Files.list(SampleProject.releases())) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        }
    }
}
