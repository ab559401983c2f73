package dev.decant.ssh;

import dev.decant.config.SshConfig;
import dev.decant.exec.Program;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Somewhere that the system's OpenSSH is asked to go: keys, agents, certificates, jumps and known
/// hosts are exactly as the user has them.
///
/// @param address as ssh is given it
/// @param user whom to connect as; empty leaves it to ssh_config
/// @param settings the port, the file and the timeout count, not the users
/// @param own words for ssh that are this place's own
public record Ssh(String address, Optional<String> user, SshConfig settings, List<String> own) {

    /// How ssh ends when it is itself in trouble.
    public static final int TROUBLE = 255;

    /// How often a host that says nothing is asked whether it is there.
    private static final int ALIVE = 4;

    public Ssh {
        own = List.copyOf(own);
    }

    public Ssh(String address, Optional<String> user, SshConfig settings) {
        this(address, user, settings, List.of());
    }

    /// @param options of ssh's own, besides those that all have, such as `-T`
    /// @param command to run there; none for none
    public Program program(List<String> options, List<String> command) {
        List<String> words = client(options);
        words.addAll(List.of("--", address));
        if (!command.isEmpty()) {
            words.add(line(command));
        }
        return Program.of(words);
    }

    /// For a program that starts ssh itself, by a shell, and adds the address and the command.
    ///
    /// @param socket of a connection that is shared
    public String client(String socket) {
        return quoted(client(List.of("-T", "-S", socket)));
    }

    /// Nobody is there to answer, a dead network is noticed in time, and what the user forwards in
    /// other sessions would only clash here.
    private List<String> client(List<String> options) {
        List<String> words = new ArrayList<>(List.of("ssh"));
        words.addAll(options);
        for (String option :
                List.of(
                        "BatchMode=yes",
                        "ConnectTimeout=" + Math.max(1, settings.connectTimeout().toSeconds()),
                        "ServerAliveInterval="
                                + Math.max(1, settings.reconnectTimeout().toSeconds() / ALIVE),
                        "ServerAliveCountMax=" + ALIVE,
                        "ClearAllForwardings=yes",
                        "ForwardAgent=no",
                        "RemoteCommand=none",
                        "LogLevel=ERROR")) {
            words.addAll(List.of("-o", option));
        }
        words.addAll(chosen());
        user.ifPresent(name -> words.addAll(List.of("-l", name)));
        return words;
    }

    private List<String> chosen() {
        List<String> words = new ArrayList<>(own);
        settings.config().ifPresent(file -> words.addAll(List.of("-F", file.toString())));
        settings.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        return words;
    }

    /// The same connection, for a person to try.
    public String byHand() {
        List<String> words = new ArrayList<>(List.of("ssh"));
        words.addAll(chosen());
        words.add(user.map(name -> name + "@").orElse("") + address);
        return words.stream()
                .map(word -> word.contains(" ") ? quoted(List.of(word)) : word)
                .collect(Collectors.joining(" "));
    }

    /// By `ssh -G`: the address that was really tried is often the surprise.
    ///
    /// @return a line for a problem; none where ssh does not say it
    public List<String> effective() {
        List<String> words = new ArrayList<>(List.of("ssh", "-G"));
        words.addAll(chosen());
        user.ifPresent(name -> words.addAll(List.of("-l", name)));
        words.addAll(List.of("--", address));
        Map<String, String> said = new HashMap<>();
        try {
            for (String line : Program.of(words).run().out()) {
                String[] pair = line.split(" ", 2);
                said.putIfAbsent(pair[0], pair.length > 1 ? pair[1] : "");
            }
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        String jump = said.getOrDefault("proxyjump", "");
        return List.of(
                "ssh -G says: "
                        + said.getOrDefault("user", user.orElse(""))
                        + "@"
                        + said.getOrDefault("hostname", address)
                        + " port "
                        + said.getOrDefault("port", "22")
                        + (jump.isEmpty() ? "" : " through " + jump)
                        + ", key "
                        + said.getOrDefault("identityfile", "of the agent"));
    }

    /// SSH carries one string, which the user's login shell on the host takes apart again.
    public static String line(List<String> words) {
        return "exec " + quoted(words);
    }

    /// The only place where words become a line.
    private static String quoted(List<String> words) {
        List<String> quoted = new ArrayList<>();
        for (String word : words) {
            quoted.add(
                    word.matches("[A-Za-z0-9_./-]+")
                            ? word
                            : "'" + word.replace("'", "'\\''") + "'");
        }
        return String.join(" ", quoted);
    }
}
