package dev.decant.host;

import dev.decant.config.HostConfig;
import dev.decant.config.SshConfig;
import dev.decant.exec.Program;
import dev.decant.problem.Failure;
import dev.decant.release.HostLayout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The system's OpenSSH: keys, agents, certificates, jumps and known hosts are exactly as the user
/// has them.
///
/// @param user whom to connect as
/// @param unit the app's name on the host
public record SshTransport(HostConfig host, SshConfig ssh, String user, String unit)
        implements Transport {

    private static final int CONNECTION_TROUBLE = 255;
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
        List<String> words = new ArrayList<>(List.of("ssh", terminal));
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
        if (anew) {
            option(words, "ControlPath=none");
        }
        words.addAll(destination());
        words.add(remoteCommand(command));
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

    /// By `ssh -G`: the address that was really tried is often the surprise.
    @Override
    public List<String> effective() {
        List<String> words = new ArrayList<>(List.of("ssh", "-G"));
        words.addAll(destination());
        Map<String, String> settings = new HashMap<>();
        try {
            for (String line : Program.of(words).run().out()) {
                String[] pair = line.split(" ", 2);
                settings.putIfAbsent(pair[0], pair.length > 1 ? pair[1] : "");
            }
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        String jump = settings.getOrDefault("proxyjump", "");
        return List.of(
                "ssh -G says: "
                        + settings.getOrDefault("user", user)
                        + "@"
                        + settings.getOrDefault("hostname", host.address())
                        + " port "
                        + settings.getOrDefault("port", "22")
                        + (jump.isEmpty() ? "" : " through " + jump)
                        + ", key "
                        + settings.getOrDefault("identityfile", "of the agent"));
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
