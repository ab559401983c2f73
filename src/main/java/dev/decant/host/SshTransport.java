package dev.decant.host;

import dev.decant.config.HostConfig;
import dev.decant.config.SshConfig;
import dev.decant.exec.Program;
import dev.decant.problem.Failure;
import dev.decant.release.HostLayout;
import dev.decant.ssh.Ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A host that is reached over SSH.
///
/// @param user whom to connect as
/// @param unit the app's name on the host
public record SshTransport(HostConfig host, SshConfig ssh, String user, String unit)
        implements Transport {

    private static final int NOT_FOUND = 127;

    /// sudo also grumbles about host names and the like, and then does what it was asked.
    private static final Pattern SUDO_REFUSED =
            Pattern.compile(
                    "sudo: .*(password is required|terminal is required|not allowed|not found)"
                            + "|not in the sudoers|may not run");

    @Override
    public Program session(Entry entry) {
        return ssh(
                "-T",
                entry == Entry.INSTALLED_ANEW,
                switch (entry) {
                    case INSTALLED, INSTALLED_ANEW ->
                            List.of(HostLayout.HOST_PROGRAM, "session", unit);
                    case BROUGHT -> List.of("sh", "-c", HostProgram.bootstrap());
                });
    }

    @Override
    public Program console() {
        return ssh("-tt", false, List.of(HostLayout.HOST_PROGRAM, "console", unit));
    }

    private Program ssh(String terminal, boolean anew, List<String> command) {
        if (Program.find("ssh").isEmpty()) {
            throw new Failure(new HostProblem.NoSsh());
        }
        List<String> options = new ArrayList<>(List.of(terminal));
        if (anew) {
            options.addAll(List.of("-o", "ControlPath=none"));
        }
        return way().program(options, command);
    }

    private Ssh way() {
        return new Ssh(
                host.address(),
                Optional.of(user),
                ssh.at(host.access().port()),
                host.access().options());
    }

    @Override
    public List<String> effective() {
        return way().effective();
    }

    @Override
    public HostProblem explain(Entry entry, int exit, List<String> said) {
        String all = String.join("\n", said);
        String name = host.name();
        if (exit == Ssh.TROUBLE) {
            if (all.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")) {
                return new HostProblem.ChangedHostKey(
                        name, knownAs(), withoutBanner(said), way().byHand());
            }
            if (all.contains("Host key verification failed") || all.contains("host key is known")) {
                return new HostProblem.UnknownHostKey(name, host.address(), said, way().byHand());
            }
            if (all.contains("Permission denied")
                    || all.contains("Too many authentication failures")) {
                return new HostProblem.KeyRefused(name, user, entry, said, way().byHand());
            }
            return new HostProblem.Unreachable(
                    name, said.isEmpty() ? List.of("ssh said nothing.") : said, way().byHand());
        }
        return explainProgram(name, user, entry, exit, said);
    }

    /// As known_hosts has it: a port other than 22 is part of the name.
    private String knownAs() {
        int port = ssh.at(host.access().port()).port().orElse(22);
        return port == 22 ? host.address() : "'[" + host.address() + "]:" + port + "'";
    }

    /// What stands in the frame of `@` says no more than the problem itself.
    private static List<String> withoutBanner(List<String> said) {
        return said.stream().filter(line -> !line.startsWith("@")).toList();
    }

    static HostProblem explainProgram(
            String host, String user, Transport.Entry entry, int exit, List<String> said) {
        String all = String.join("\n", said);
        if (SUDO_REFUSED.matcher(all).find()
                || (entry == Transport.Entry.BROUGHT && exit == NOT_FOUND)) {
            return new HostProblem.SudoRefused(host, user, said);
        }
        if (exit == Reply.CANNOT_WRITE) {
            return new HostProblem.DiskFull(host, said);
        }
        if (entry != Transport.Entry.BROUGHT
                && (exit == NOT_FOUND
                        || all.contains("No such file or directory")
                        || all.contains("does not exist")
                        || all.contains("not found"))) {
            return new HostProblem.NotSetUp(host);
        }
        return new HostProblem.Refused(host, "begin a session", exit, said);
    }
}
