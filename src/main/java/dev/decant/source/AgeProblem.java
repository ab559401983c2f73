package dev.decant.source;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;

/// What can go wrong where encrypted files are changed. They are as they were.
public sealed interface AgeProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    record NoTable() implements AgeProblem {
        @Override
        public String id() {
            return "age-no-table";
        }

        @Override
        public String what() {
            return "decant.toml names no file that age encrypts.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of(
                    "[sources.age]",
                    "files = [\"secrets/production.env.age\"]",
                    "docs/how-to/age.md");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    /// @param asked empty where none was named
    /// @param known as decant.toml has them
    record WhichFile(String asked, List<String> known) implements AgeProblem {
        public WhichFile {
            known = List.copyOf(known);
        }

        @Override
        public String id() {
            return "age-which-file";
        }

        @Override
        public String what() {
            return asked.isEmpty()
                    ? "There are several encrypted files."
                    : "decant.toml names no encrypted file '" + asked + "'.";
        }

        @Override
        public List<String> why() {
            return known;
        }

        @Override
        public List<String> next() {
            return List.of("Say which:  --file " + known.getFirst());
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    record NoRecipients(Path file) implements AgeProblem {
        @Override
        public String id() {
            return "age-no-recipients";
        }

        @Override
        public String what() {
            return "Nobody is named who could read what is encrypted.";
        }

        @Override
        public List<String> why() {
            return List.of(file + " is to have a public key a line, such as age1…");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Write your own into it; of a key that you have it is:",
                    "age-keygen -y ~/.config/decant/age.key");
        }
    }

    /// @param key the file of the new key
    /// @param recipient its public part
    record NotYetOne(Path key, String recipient, Path recipients) implements AgeProblem {
        @Override
        public String id() {
            return "age-not-a-recipient";
        }

        @Override
        public String what() {
            return "You had no key, and so the files are not encrypted for you.";
        }

        @Override
        public List<String> why() {
            return List.of("A key was made for you: " + key, "Its public part is " + recipient);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Give the public part to one of those who can read the files, who adds it to",
                    recipients + " and runs:",
                    "decant secrets rotate");
        }
    }

    /// @param cause what is not age's own
    record NeedsAge(String cause) implements AgeProblem {
        @Override
        public String id() {
            return "age-not-installed";
        }

        @Override
        public String what() {
            return "This needs the program age, which is not installed.";
        }

        @Override
        public List<String> why() {
            return List.of("Keys of ssh and of plugins are for it to read: " + cause + ".");
        }

        @Override
        public List<String> next() {
            return List.of("apt-get install age        elsewhere: https://age-encryption.org");
        }
    }

    record Editor(String command, int exit) implements AgeProblem {
        @Override
        public String id() {
            return "age-editor";
        }

        @Override
        public String what() {
            return "The editor has ended with status " + exit + ", and nothing was changed.";
        }

        @Override
        public List<String> why() {
            return List.of(command);
        }

        @Override
        public List<String> next() {
            return List.of("VISUAL or EDITOR says which one is run, for example:  EDITOR=nano");
        }
    }

    record Changed(String file) implements AgeProblem {
        @Override
        public String id() {
            return "age-changed";
        }

        @Override
        public String what() {
            return file + " was changed by someone else meanwhile, and was left so.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of("Run the same command again.");
        }
    }

    record OnlyDotenv(String file) implements AgeProblem {
        @Override
        public String id() {
            return "age-only-dotenv";
        }

        @Override
        public String what() {
            return "A single value can be set in dotenv files only.";
        }

        @Override
        public List<String> why() {
            return List.of(file + " is of another format, which is yours to keep in shape.");
        }

        @Override
        public List<String> next() {
            return List.of("decant secrets edit --file " + file);
        }
    }

    record NoName(String name) implements AgeProblem {
        @Override
        public String id() {
            return "age-no-name";
        }

        @Override
        public String what() {
            return "'" + name + "' is no name of a variable.";
        }

        @Override
        public List<String> why() {
            return List.of("It is of letters, digits and _, no digit first.");
        }

        @Override
        public List<String> next() {
            return List.of("decant secrets set DATABASE_URL        reads the value from its input");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }
    }

    record NoValue(String name) implements AgeProblem {
        @Override
        public String id() {
            return "age-no-value";
        }

        @Override
        public String what() {
            return "There is no value for " + name + ", or one that no variable can have.";
        }

        @Override
        public List<String> why() {
            return List.of("A value is UTF-8, without NUL and what Unicode says is no character.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Type it when asked, or give it on standard input:",
                    "pass show shop/database | decant secrets set " + name);
        }
    }
}
