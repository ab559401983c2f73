package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Golden;
import dev.decant.config.HostConfig;
import dev.decant.config.SshConfig;
import dev.decant.host.Transport.Entry;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// What ssh and hosts say when a session does not begin, and what Decant makes of it.
class SshTransportGoldenTest {

    /// @param id of the problem
    /// @param said as OpenSSH 9.2 and Debian 12 say it
    record Case(String name, Entry entry, int exit, String id, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "refused",
                        Entry.INSTALLED,
                        255,
                        "host-unreachable",
                        "ssh: connect to host web1.example.com port 22: Connection refused"),
                new Case(
                        "no-name",
                        Entry.INSTALLED,
                        255,
                        "host-unreachable",
                        "ssh: Could not resolve hostname web1.example.com: Name or service not"
                                + " known"),
                new Case(
                        "timeout",
                        Entry.INSTALLED,
                        255,
                        "host-unreachable",
                        "ssh: connect to host web1.example.com port 22: Connection timed out"),
                new Case("nothing-said", Entry.INSTALLED, 255, "host-unreachable", ""),
                new Case(
                        "key-refused",
                        Entry.INSTALLED,
                        255,
                        "key-refused",
                        "deploy@web1.example.com: Permission denied (publickey)."),
                new Case(
                        "key-refused-at-setup",
                        Entry.BROUGHT,
                        255,
                        "key-refused",
                        "deploy@web1.example.com: Permission denied (publickey)."),
                new Case(
                        "too-many-keys",
                        Entry.INSTALLED,
                        255,
                        "key-refused",
                        "Received disconnect from 192.0.2.1 port 22:2: Too many authentication"
                                + " failures\nDisconnected from 192.0.2.1 port 22"),
                new Case(
                        "unknown-host-key",
                        Entry.INSTALLED,
                        255,
                        "host-key-unknown",
                        "Host key verification failed."),
                new Case(
                        "unknown-host-key-strict",
                        Entry.INSTALLED,
                        255,
                        "host-key-unknown",
                        "No ED25519 host key is known for web1.example.com and you have requested"
                                + " strict checking.\nHost key verification failed."),
                new Case(
                        "changed-host-key",
                        Entry.INSTALLED,
                        255,
                        "host-key-changed",
                        """
                        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
                        @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
                        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
                        IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
                        The fingerprint for the ED25519 key sent by the remote host is
                        SHA256:uNiVztksCsDhcc0u9e8BrqjXwlQVLwSqmXzKXNkXL3A.
                        Offending ED25519 key in /home/alice/.ssh/known_hosts:3
                        Host key verification failed.\
                        """),
                new Case(
                        "no-host-program",
                        Entry.INSTALLED,
                        127,
                        "not-set-up",
                        "bash: line 1: /usr/local/lib/decant/decant-host: No such file or"
                                + " directory"),
                new Case("no-sudo", Entry.BROUGHT, 127, "sudo-refused", "sh: 1: sudo: not found"),
                new Case(
                        "sudo-wants-a-password",
                        Entry.BROUGHT,
                        1,
                        "sudo-refused",
                        "sudo: a password is required"),
                new Case(
                        "no-room-for-the-program",
                        Entry.BROUGHT,
                        73,
                        "disk-full",
                        "mktemp: failed to create directory via template: No space left on"
                                + " device"),
                new Case(
                        "no-login",
                        Entry.INSTALLED,
                        1,
                        "host-refused",
                        "This account is currently not available."));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void what_was_said_becomes_the_right_problem(Case given) {
        SshTransport transport =
                new SshTransport(
                        new HostConfig("web1", "web1.example.com", List.of(), HostConfig.LOOPBACK),
                        new SshConfig(
                                "deploy",
                                "deploy",
                                OptionalInt.of(2222),
                                Optional.empty(),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(1)),
                        "deploy",
                        "shop-web");

        HostProblem problem =
                transport.explain(given.entry, given.exit, given.said.lines().toList());

        assertThat(problem.id()).isEqualTo(given.id);
        StringWriter text = new StringWriter();
        ProblemPrinter.print(new PrintWriter(text), List.of(problem));
        Golden.check(Golden.folder("host").resolve(given.name + ".txt"), text.toString());
    }
}
