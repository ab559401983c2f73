package dev.decant.lab;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Nearest;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What can be wrong with the lab. None of it touches anything that serves.
public sealed interface LabProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// @param system what this machine runs, as Java names it
    record NeedsLinux(String system) implements LabProblem {
        @Override
        public String id() {
            return "lab-needs-linux";
        }

        @Override
        public String what() {
            return "Lab hosts need Linux, and this is " + system + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "They are containers with their own systemd: overlay mounts and network"
                            + " namespaces.");
        }

        @Override
        public List<String> next() {
            return List.of("Use a virtual machine with Debian 12 or newer.");
        }
    }

    /// @param user the number of the user that this process runs as
    record NeedsRoot(long user) implements LabProblem {
        @Override
        public String id() {
            return "lab-needs-root";
        }

        @Override
        public String what() {
            return "Lab hosts can be made only by root.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "This process runs as user "
                            + user
                            + "; mounts and network namespaces need root.");
        }

        @Override
        public List<String> next() {
            return List.of("sudo decant lab …");
        }
    }

    /// @param missing each program that is not there, with the Debian package that has it
    /// @param path where they were looked for
    record NeedsPrograms(SequencedMap<String, String> missing, String path) implements LabProblem {
        public NeedsPrograms {
            missing = new TreeMap<>(missing);
        }

        @Override
        public String id() {
            return "lab-needs-programs";
        }

        @Override
        public String what() {
            return "The lab needs programs that are not here: "
                    + String.join(", ", missing.keySet())
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of("Looked in " + path);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "apt-get install "
                            + String.join(
                                    " ", missing.values().stream().distinct().sorted().toList()));
        }
    }

    /// @param folder where the sources were looked for
    record NoMirror(Path folder) implements LabProblem {
        @Override
        public String id() {
            return "lab-no-mirror";
        }

        @Override
        public String what() {
            return "There is no Debian mirror in this machine's apt sources.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Looked in "
                            + folder
                            + " for a source of type deb with a suite of Debian and the component"
                            + " main.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Write the mirror that you use into "
                            + folder.resolve("sources.list.d/debian.list")
                            + ":",
                    "deb MIRROR bookworm main");
        }
    }

    /// @param root its name
    /// @param step the program that failed
    /// @param lines the last that it printed
    record RootNotMade(String root, String step, List<String> lines) implements LabProblem {
        public RootNotMade {
            lines = List.copyOf(lines);
        }

        @Override
        public String id() {
            return "lab-root-not-made";
        }

        @Override
        public String what() {
            return "The root " + root + " could not be made: " + step + " failed.";
        }

        @Override
        public List<String> why() {
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Once the cause is gone, run the same command again: nothing half made was"
                            + " kept.");
        }
    }

    /// @param given what was asked for
    /// @param known the suites that there are
    record UnknownSuite(String given, List<String> known) implements LabProblem {
        public UnknownSuite {
            known = List.copyOf(known);
        }

        @Override
        public String id() {
            return "lab-unknown-suite";
        }

        @Override
        public String what() {
            return "There is no suite '" + given + "' for lab hosts.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of(Nearest.hint(given, known));
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    record SuiteDoesNotBoot(Suite suite) implements LabProblem {
        @Override
        public String id() {
            return "lab-suite-does-not-boot";
        }

        @Override
        public String what() {
            return "No host can be booted from " + suite.codename() + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Its systemd does not start in a container of an older machine. It serves to"
                            + " build in.");
        }

        @Override
        public List<String> next() {
            return List.of("Take trixie, bookworm or bullseye.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    record BadPackageName(String given) implements LabProblem {
        @Override
        public String id() {
            return "lab-bad-package-name";
        }

        @Override
        public String what() {
            return "'" + given + "' is not the name of a Debian package.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "A name has small letters, digits, and + - . after the first character.");
        }

        @Override
        public List<String> next() {
            return List.of("Give names with commas between: --with postgresql,nginx");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    record BadHostName(String given) implements LabProblem {
        @Override
        public String id() {
            return "lab-bad-host-name";
        }

        @Override
        public String what() {
            return "'" + given + "' cannot be the name of a lab host.";
        }

        @Override
        public List<String> why() {
            return List.of("A name has up to 32 small letters, digits and -, with a letter first.");
        }

        @Override
        public List<String> next() {
            return List.of("Take a name like web1.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    record NameTaken(String name) implements LabProblem {
        @Override
        public String id() {
            return "lab-name-taken";
        }

        @Override
        public String what() {
            return "There is a lab host " + name + " already.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant lab boot " + name + "   boots it if it is off",
                    "decant lab down " + name + "   removes it and its disk");
        }
    }

    /// @param known the hosts that there are
    record UnknownHost(String given, List<String> known) implements LabProblem {
        public UnknownHost {
            known = List.copyOf(known);
        }

        @Override
        public String id() {
            return "lab-unknown-host";
        }

        @Override
        public String what() {
            return "There is no lab host " + given + ".";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return known.isEmpty()
                    ? List.of("decant lab up " + given)
                    : List.of(Nearest.hint(given, known), "decant lab list");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    /// @param pid the process that the host belongs to
    record HostOfAnother(String name, long pid) implements LabProblem {
        @Override
        public String id() {
            return "lab-host-of-another";
        }

        @Override
        public String what() {
            return "The lab host " + name + " belongs to process " + pid + ", which is running.";
        }

        @Override
        public List<String> why() {
            return List.of("It goes when that process ends.");
        }

        @Override
        public List<String> next() {
            return List.of("ps -fp " + pid);
        }
    }

    /// @param ended whether it stopped by itself
    /// @param seconds how long it was waited for
    /// @param console the last that the host said
    record HostNotUp(String name, boolean ended, long seconds, List<String> console)
            implements LabProblem {
        public HostNotUp {
            console = List.copyOf(console);
        }

        @Override
        public String id() {
            return "lab-host-not-up";
        }

        @Override
        public String what() {
            return "The lab host "
                    + name
                    + (ended
                            ? " stopped while it booted."
                            : " did not answer to ssh within " + seconds + " s.");
        }

        @Override
        public List<String> why() {
            return console.isEmpty() ? List.of("It said nothing on its console.") : console;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "See whether this machine is short of something:  free -m; sysctl"
                            + " fs.inotify.max_user_instances",
                    "Then try again.");
        }
    }

    record HostGone(String name) implements LabProblem {
        @Override
        public String id() {
            return "lab-host-gone";
        }

        @Override
        public String what() {
            return "The lab host " + name + " has been removed.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of("decant lab up " + name);
        }
    }

    /// @param left what could not be taken away
    record HostNotRemoved(String name, List<String> left) implements LabProblem {
        public HostNotRemoved {
            left = List.copyOf(left);
        }

        @Override
        public String id() {
            return "lab-host-not-removed";
        }

        @Override
        public String what() {
            return "The lab host " + name + " could not be removed wholly.";
        }

        @Override
        public List<String> why() {
            return left;
        }

        @Override
        public List<String> next() {
            return List.of("End what uses it, then:  decant lab down " + name);
        }
    }

    record NoFreeNetwork(List<String> taken) implements LabProblem {
        public NoFreeNetwork {
            taken = List.copyOf(taken);
        }

        @Override
        public String id() {
            return "lab-no-free-network";
        }

        @Override
        public String what() {
            return "No network of the form 10.x.0.0/24 is free on this machine.";
        }

        @Override
        public List<String> why() {
            return Stream.concat(Stream.of("In use:"), taken.stream()).toList();
        }

        @Override
        public List<String> next() {
            return List.of("ip route", "Take away a route that is not needed.");
        }
    }

    /// @param most how many hosts there can be
    record NoFreeAddress(int most) implements LabProblem {
        @Override
        public String id() {
            return "lab-no-free-address";
        }

        @Override
        public String what() {
            return "There are " + most + " lab hosts already, and no address is left.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of("decant lab down --all");
        }
    }

    /// A program of the machine refused what the lab needs.
    ///
    /// @param command as a person would read it
    record CommandFailed(String command, int exit, List<String> lines) implements LabProblem {
        public CommandFailed {
            lines = List.copyOf(lines);
        }

        @Override
        public String id() {
            return "lab-command-failed";
        }

        @Override
        public String what() {
            return "The lab could not go on: a program of this machine ended with status "
                    + exit
                    + ".";
        }

        @Override
        public List<String> why() {
            return Stream.concat(Stream.of(command), lines.stream()).toList();
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Try the command by hand, as root. A kernel without overlay, veth or bridge"
                            + " cannot have hosts.");
        }
    }

    /// A file or a program could not be used.
    record Unusable(String thing, String reason) implements LabProblem {
        @Override
        public String id() {
            return "lab-unusable";
        }

        @Override
        public String what() {
            return "The lab cannot use " + thing + ".";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "See that the disk is not full and that root may write there:  df -h /var/lib"
                            + " ~/.cache");
        }
    }
}
