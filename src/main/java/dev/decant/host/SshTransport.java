package dev.decant.host;

import dev.decant.config.HostConfig;
import dev.decant.config.SshConfig;
import dev.decant.exec.Program;
import dev.decant.problem.Failure;
import dev.decant.release.HostLayout;

import java.util.ArrayList;
import java.util.List;

/// The system's OpenSSH: keys, agents, certificates, jumps and known hosts are exactly as the user
/// has them.
///
/// @param user whom to connect as
/// @param unit the app's name on the host
public record SshTransport(HostConfig host, SshConfig ssh, String user, String unit)
        implements Transport {

    private static final int CONNECTION_TROUBLE = 255;
    private static final int NOT_FOUND = 127;

    @Override
    public Program session(Entry entry) {
        if (Program.find("ssh").isEmpty()) {
            throw new Failure(new HostProblem.NoSsh());
        }
        List<String> words = new ArrayList<>(List.of("ssh", "-T"));
        // Nobody is there to answer, a dead network is noticed within a minute, and what the user
        // forwards in other
        // sessions would only clash here.
        option(words, "BatchMode=yes");
        option(words, "ConnectTimeout=" + Math.max(1, ssh.connectTimeout().toSeconds()));
        option(words, "ServerAliveInterval=15");
        option(words, "ServerAliveCountMax=4");
        option(words, "ClearAllForwardings=yes");
        option(words, "ForwardAgent=no");
        option(words, "RemoteCommand=none");
        option(words, "LogLevel=ERROR");
        words.addAll(destination());
        words.add(
                remoteCommand(
                        switch (entry) {
                            case INSTALLED -> List.of(HostLayout.HOST_PROGRAM, "session", unit);
                            case BROUGHT -> List.of("sh", "-c", HostProgram.bootstrap());
                        }));
        return Program.of(words);
    }

    private static void option(List<String> words, String option) {
        words.add("-o");
        words.add(option);
    }

    private List<String> destination() {
        List<String> words = new ArrayList<>();
        ssh.config().ifPresent(file -> words.addAll(List.of("-F", file.toString())));
        ssh.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        words.addAll(List.of("-l", user, "--", host.address()));
        return words;
    }

    /// The same connection, for a person to try.
    private String byHand() {
        List<String> words = new ArrayList<>(List.of("ssh"));
        ssh.config().ifPresent(file -> words.addAll(List.of("-F", file.toString())));
        ssh.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        words.add(user + "@" + host.address());
        return String.join(" ", words);
    }

    /// SSH carries one string, which the user's login shell on the host takes apart again. This is
    /// the only place where words become a line.
    static String remoteCommand(List<String> words) {
        List<String> quoted = new ArrayList<>();
        for (String word : words) {
            quoted.add(
                    word.matches("[A-Za-z0-9_./-]+")
                            ? word
                            : "'" + word.replace("'", "'\\''") + "'");
        }
        return "exec " + String.join(" ", quoted);
    }

    @Override
    public HostProblem explain(Entry entry, int exit, List<String> said) {
        String all = String.join("\n", said);
        String name = host.name();
        if (exit == CONNECTION_TROUBLE) {
            if (all.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")) {
                return new HostProblem.ChangedHostKey(
                        name, knownAs(), withoutBanner(said), byHand());
            }
            if (all.contains("Host key verification failed") || all.contains("host key is known")) {
                return new HostProblem.UnknownHostKey(name, host.address(), said, byHand());
            }
            if (all.contains("Permission denied")
                    || all.contains("Too many authentication failures")) {
                return new HostProblem.KeyRefused(name, user, entry, said, byHand());
            }
            return new HostProblem.Unreachable(
                    name, said.isEmpty() ? List.of("ssh said nothing.") : said, byHand());
        }
        return explainProgram(name, user, entry, exit, said);
    }

    /// As known_hosts has it: a port other than 22 is part of the name.
    private String knownAs() {
        int port = ssh.port().orElse(22);
        return port == 22 ? host.address() : "'[" + host.address() + "]:" + port + "'";
    }

    /// What stands in the frame of `@` says no more than the problem itself.
    private static List<String> withoutBanner(List<String> said) {
        return said.stream().filter(line -> !line.startsWith("@")).toList();
    }

    static HostProblem explainProgram(
            String host, String user, Transport.Entry entry, int exit, List<String> said) {
        String all = String.join("\n", said);
        if (all.contains("sudo:") || (entry == Transport.Entry.BROUGHT && exit == NOT_FOUND)) {
            return new HostProblem.SudoRefused(host, user, said);
        }
        if (exit == Reply.CANNOT_WRITE) {
            return new HostProblem.DiskFull(host, said);
        }
        if (entry == Transport.Entry.INSTALLED
                && (exit == NOT_FOUND
                        || all.contains("No such file or directory")
                        || all.contains("not found"))) {
            return new HostProblem.NotSetUp(host);
        }
        return new HostProblem.Refused(host, "begin a session", exit, said);
    }
}
