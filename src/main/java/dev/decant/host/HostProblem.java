package dev.decant.host;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.List;
import java.util.Map;

/// What can go wrong between Decant and a host.
public sealed interface HostProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    record NoSsh() implements HostProblem {
        @Override
        public String id() {
            return "no-ssh";
        }

        @Override
        public String what() {
            return "There is no ssh on this machine.";
        }

        @Override
        public List<String> why() {
            return List.of("Decant reaches hosts with the system's OpenSSH; looked on PATH.");
        }

        @Override
        public List<String> next() {
            return List.of("apt-get install openssh-client");
        }
    }

    /// @param said what ssh said
    /// @param command the same connection by hand
    record Unreachable(String host, List<String> said, String command) implements HostProblem {
        @Override
        public String id() {
            return "host-unreachable";
        }

        @Override
        public String what() {
            return host + " cannot be reached.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    command + "        shows the same by hand",
                    "The address stands under [hosts." + host + "] in decant.toml.",
                    "--without " + host + "        leaves it out of this command, knowingly");
        }
    }

    /// @param entry what the session was for
    record KeyRefused(
            String host, String user, Transport.Entry entry, List<String> said, String command)
            implements HostProblem {
        @Override
        public String id() {
            return "key-refused";
        }

        @Override
        public String what() {
            return host + " does not let " + user + " in.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    command + "        shows the same by hand; -v shows which keys are tried",
                    "ssh-add                    if the key is encrypted: Decant never asks for a"
                            + " passphrase",
                    entry == Transport.Entry.BROUGHT
                            ? "Setup connects as ssh.setup_user in decant.toml: root, or a user who"
                                    + " may sudo."
                            : "decant setup               if "
                                    + host
                                    + " has no user "
                                    + user
                                    + " yet");
        }
    }

    record UnknownHostKey(String host, String address, List<String> said, String command)
            implements HostProblem {
        @Override
        public String id() {
            return "host-key-unknown";
        }

        @Override
        public String what() {
            return host + " is not among your known hosts, so it might be anyone.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    command + "        shows its fingerprint and asks whether to trust it",
                    "Compare the fingerprint with the one on the host:  ssh-keygen -lf"
                            + " /etc/ssh/ssh_host_ed25519_key.pub");
        }
    }

    /// @param address as known_hosts has it
    record ChangedHostKey(String host, String address, List<String> said, String command)
            implements HostProblem {
        @Override
        public String id() {
            return "host-key-changed";
        }

        @Override
        public String what() {
            return host + " shows another key than the one you know it by.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "If "
                            + host
                            + " was not installed anew, someone may be in between: stop and find"
                            + " out.",
                    "If it was:  ssh-keygen -R " + address + "  and then  " + command);
        }
    }

    record NotSetUp(String host) implements HostProblem {
        @Override
        public String id() {
            return "not-set-up";
        }

        @Override
        public String what() {
            return host + " has not been set up for this app.";
        }

        @Override
        public List<String> why() {
            return List.of("Its users, folders or the host program are not there.");
        }

        @Override
        public List<String> next() {
            return List.of("decant setup --dry-run     shows what would be done", "decant setup");
        }
    }

    private static List<String> protocols(int theirs, int ours) {
        return List.of(
                "Its host program speaks protocol "
                        + theirs
                        + "; this Decant speaks protocol "
                        + ours
                        + ".");
    }

    /// @param seen of the protocol that its host program speaks
    record NewerHost(String host, List<String> seen) implements HostProblem {
        static NewerHost of(String host, int theirs, int ours) {
            return new NewerHost(host, protocols(theirs, ours));
        }

        @Override
        public String id() {
            return "host-is-newer";
        }

        @Override
        public String what() {
            return host + " was set up by a newer Decant, which this one cannot stand in for.";
        }

        @Override
        public List<String> why() {
            return seen;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant --version           here, and where " + host + " was set up last",
                    "Install that version or a later one here. What " + host + " serves goes on.");
        }
    }

    /// @param theirs protocol of the host program there
    /// @param ours that of this Decant
    record OlderHost(String host, int theirs, int ours) implements HostProblem {
        @Override
        public String id() {
            return "host-is-older";
        }

        @Override
        public String what() {
            return host + " was set up by an older Decant, and has to be set up again.";
        }

        @Override
        public List<String> why() {
            return protocols(theirs, ours);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant setup --dry-run     shows what would change; the app is not restarted",
                    "decant setup");
        }
    }

    record SudoRefused(String host, String user, List<String> said) implements HostProblem {
        @Override
        public String id() {
            return "sudo-refused";
        }

        @Override
        public String what() {
            return "sudo on " + host + " does not let " + user + " do what is needed.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant setup               writes the rules for the deploy user again",
                    "Setup itself needs root, or a user whom sudo asks for no password:"
                            + " ssh.setup_user in decant.toml.");
        }
    }

    record Lacking(String host, String what, List<String> said) implements HostProblem {

        /// Debian's, of programs that are not called as theirs is.
        private static final Map<String, String> PACKAGES =
                Map.of(
                        "nft", "nftables",
                        "flock", "util-linux",
                        "ssh-keygen", "openssh-client",
                        "visudo", "sudo",
                        "find", "findutils",
                        "awk", "mawk",
                        "sha256sum", "coreutils",
                        "useradd", "passwd",
                        "systemd-run", "systemd",
                        "systemd-tmpfiles", "systemd");

        @Override
        public String id() {
            return "host-lacks-program";
        }

        @Override
        public String what() {
            return host + " lacks a program that Decant needs there: " + what + ".";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "apt-get install " + PACKAGES.getOrDefault(what, what) + "     on " + host,
                    "Then run the same command again. Nothing was changed.");
        }
    }

    /// @param said by systemd-analyze verify
    record OddUnit(String host, List<String> said) implements HostProblem {
        @Override
        public String id() {
            return "odd-unit";
        }

        @Override
        public String what() {
            return "The systemd of " + host + " would not take the units as decant.toml has them.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Mend [unit.extra], or the files of unit.drop_ins; systemd.directives(7) lists"
                            + " all names. Nothing was changed.");
        }
    }

    record DiskFull(String host, List<String> said) implements HostProblem {
        @Override
        public String id() {
            return "disk-full";
        }

        @Override
        public String what() {
            return host + " could not write what it was sent.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "df -h /srv                 on " + host,
                    "What Decant keeps there shares what is the same; logs and other apps are"
                            + " likelier to fill it.");
        }
    }

    /// The connection ended in the middle of a request.
    record Lost(String host, String verb, List<String> said) implements HostProblem {
        @Override
        public String id() {
            return "connection-lost";
        }

        @Override
        public String what() {
            return "The connection to " + host + " was lost while it was asked to " + verb + ".";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant status              shows where the host stands",
                    "Then run the same command again: it goes on from there.");
        }
    }

    /// The host program said no, for a reason that has no problem of its own.
    record Refused(String host, String verb, int exit, List<String> said) implements HostProblem {
        @Override
        public String id() {
            return "host-refused";
        }

        @Override
        public String what() {
            return host + " could not " + verb + " (status " + exit + ").";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant status              shows where the host stands",
                    "journalctl -t decant-host  on " + host + ": what it did");
        }
    }
}
