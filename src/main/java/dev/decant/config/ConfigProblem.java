package dev.decant.config;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;

/// What can be wrong with `decant.toml`. Nothing has been changed when one of these is reported.
public sealed interface ConfigProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.USAGE;
    }

    /// @param folder where it was looked for
    record NoConfig(Path folder) implements ConfigProblem {
        @Override
        public String id() {
            return "no-config";
        }

        @Override
        public String what() {
            return "There is no decant.toml here.";
        }

        @Override
        public List<String> why() {
            return List.of("Looked in " + folder + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant init        writes one, from mix.exs",
                    "decant … -C DIR    works in another folder");
        }
    }

    /// @param line 1 is the first
    /// @param column 1 is the first
    /// @param message what is wrong there, without the place and without a full stop
    /// @param hint what would be right
    record Invalid(String file, int line, int column, String message, String hint)
            implements ConfigProblem {
        @Override
        public String id() {
            return "config-invalid";
        }

        @Override
        public String what() {
            return file + ":" + line + ":" + column + ": " + message + ".";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of(hint);
        }
    }

    /// @param line 1 is the first
    /// @param column 1 is the first
    /// @param wanted the oldest version that may read it
    /// @param own that of this Decant
    record NewerDecant(String file, int line, int column, String wanted, String own)
            implements ConfigProblem {
        @Override
        public String id() {
            return "newer-decant-required";
        }

        @Override
        public String what() {
            return file
                    + ":"
                    + line
                    + ":"
                    + column
                    + ": it is for Decant "
                    + wanted
                    + " or later, and this is "
                    + own
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of("It may have settings that this version does not know.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Install Decant "
                            + wanted
                            + " or later; decant --version says which one runs.");
        }
    }

    /// @param given what `-e` said; empty where it was not given
    /// @param known the environments that decant.toml has
    record WhichEnvironment(String file, String given, List<String> known)
            implements ConfigProblem {
        @Override
        public String id() {
            return "which-environment";
        }

        @Override
        public String what() {
            return given.isEmpty()
                    ? file + " has several environments, and none was chosen."
                    : file + " has no environment '" + given + "'.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    known.isEmpty()
                            ? "It has no [environments] at all."
                            : "It has: " + String.join(", ", known) + ".");
        }

        @Override
        public List<String> next() {
            return known.isEmpty()
                    ? List.of("Leave out -e, or add [environments." + given + "].")
                    : known.stream().map(name -> "decant … -e " + name).toList();
        }
    }

    /// A setting names a file that cannot be read.
    record NoFile(String key, Path file, String reason) implements ConfigProblem {
        @Override
        public String id() {
            return "config-file-unreadable";
        }

        @Override
        public String what() {
            return "decant.toml says " + key + " = " + file + ", which cannot be read.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of("ls -l " + file);
        }
    }

    /// @param file an inventory of Ansible's
    record NoAnsible(Path file) implements ConfigProblem {
        @Override
        public String id() {
            return "no-ansible";
        }

        @Override
        public String what() {
            return "The hosts stand in an inventory of Ansible's, and this machine has no Ansible"
                    + " to read it.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "decant.toml says that they are in " + file + ".",
                    "There is no ansible-inventory in the PATH.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "apt-get install ansible-core     or: pipx install ansible-core",
                    "Or have the hosts in decant.toml, each under [hosts.NAME].");
        }
    }

    /// @param said by ansible-inventory, its last lines
    record OddInventory(Path file, List<String> said) implements ConfigProblem {
        public OddInventory {
            said = List.copyOf(said);
        }

        @Override
        public String id() {
            return "odd-inventory";
        }

        @Override
        public String what() {
            return "Ansible cannot read the inventory " + file + ".";
        }

        @Override
        public List<String> why() {
            return said.isEmpty() ? List.of("It does not say why.") : said;
        }

        @Override
        public List<String> next() {
            return List.of("ansible-inventory -i " + file + " --list");
        }
    }

    /// @param known groups that there are
    record NoGroup(Path file, String group, List<String> known) implements ConfigProblem {
        public NoGroup {
            known = List.copyOf(known);
        }

        @Override
        public String id() {
            return "no-group";
        }

        @Override
        public String what() {
            return "The inventory " + file + " has no host in the group " + group + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    known.isEmpty()
                            ? "It has no groups."
                            : "It has the groups " + String.join(", ", known) + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "In decant.toml, the group is behind the file:  hosts ="
                            + " \"ansible:inventory.yml#web\"");
        }
    }

    /// @param key a variable of Ansible's
    record OddHost(Path file, String host, String key, String value, String hint)
            implements ConfigProblem {
        @Override
        public String id() {
            return "odd-host";
        }

        @Override
        public String what() {
            return "Decant cannot reach " + host + " with the " + key + " of its inventory.";
        }

        @Override
        public List<String> why() {
            return List.of(file + " says: " + value);
        }

        @Override
        public List<String> next() {
            return List.of(hint, "ansible-inventory -i " + file + " --host " + host);
        }
    }
}
