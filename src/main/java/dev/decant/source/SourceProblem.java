package dev.decant.source;

import dev.decant.aws.Complaint;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What can go wrong with sources of values. Nothing has been changed when one of these is
/// reported; none has a value.
///
/// Each has the name of its table, such as `vault`, as `source`.
public sealed interface SourceProblem extends Problem {

    /// What is said of a source that asks AWS.
    ///
    /// @param source its word
    static Complaint of(String source) {
        return new Complaint() {
            @Override
            public String table() {
                return "[sources." + source + "]";
            }

            @Override
            public Failure noAnswer(String where, String cause) {
                return new Failure(new NoAnswer(source, where, cause));
            }

            @Override
            public Failure nothing(String where, String cause) {
                return new Failure(new Nothing(source, where, cause));
            }

            @Override
            public Failure unreadable(String where, String cause) {
                return new Failure(new Unreadable(source, where, cause));
            }

            @Override
            public Failure refused(String where, String cause, List<String> remedy) {
                return new Failure(new Refused(source, where, cause, remedy));
            }
        };
    }

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// @param where it was asked, such as a URL or a file
    /// @param cause what was seen
    record NoAnswer(String source, String where, String cause) implements SourceProblem {
        @Override
        public String id() {
            return "source-no-answer";
        }

        @Override
        public String what() {
            return "The source " + source + " cannot be asked.";
        }

        @Override
        public List<String> why() {
            return List.of(where + ": " + cause);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Nothing was changed. Hosts keep the values that they have.",
                    "Once it answers, run the same command again.");
        }
    }

    /// A program that has not done what it was run for.
    ///
    /// @param command as decant.toml has it
    /// @param said its last lines on standard error
    record Ended(String source, String command, int exit, List<String> said)
            implements SourceProblem {
        public Ended {
            said = List.copyOf(said);
        }

        @Override
        public String id() {
            return "source-command-failed";
        }

        @Override
        public String what() {
            return "A program of the source " + source + " has ended with status " + exit + ".";
        }

        @Override
        public List<String> why() {
            return Stream.concat(Stream.of(command), said.stream()).toList();
        }

        @Override
        public List<String> next() {
            return List.of("Run it yourself, in the folder of decant.toml. Nothing was changed.");
        }
    }

    /// @param timeout that decant.toml gives it
    record TooSlow(String source, Duration timeout) implements SourceProblem {
        @Override
        public String id() {
            return "source-too-slow";
        }

        @Override
        public String what() {
            return "The source " + source + " has not answered in time.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Waited for " + timeout.toString().substring(2).toLowerCase(Locale.ROOT) + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Run the same command again, or give it longer:",
                    "[sources." + source + "]  timeout = \"1m\"");
        }
    }

    /// @param where it was asked
    /// @param cause what it said
    /// @param remedy what gives one the right to ask, a line each
    record Refused(String source, String where, String cause, List<String> remedy)
            implements SourceProblem {
        public Refused {
            remedy = List.copyOf(remedy);
        }

        @Override
        public String id() {
            return "source-refused";
        }

        @Override
        public String what() {
            return "The source " + source + " does not give its values to you.";
        }

        @Override
        public List<String> why() {
            return List.of(where + ": " + cause);
        }

        @Override
        public List<String> next() {
            return remedy;
        }
    }

    /// @param where it was looked for
    /// @param cause what was seen there
    record Nothing(String source, String where, String cause) implements SourceProblem {
        @Override
        public String id() {
            return "source-empty";
        }

        @Override
        public String what() {
            return "The source " + source + " has nothing for this app.";
        }

        @Override
        public List<String> why() {
            return List.of(where + ": " + cause);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Look at [sources."
                            + source
                            + "] in decant.toml, and at -e, which chooses among"
                            + " environments.");
        }
    }

    /// @param where it was asked
    /// @param cause what is wrong with the answer, and where in it; without anything of its values
    record Unreadable(String source, String where, String cause) implements SourceProblem {
        @Override
        public String id() {
            return "source-unreadable";
        }

        @Override
        public String what() {
            return "What the source " + source + " has cannot be read.";
        }

        @Override
        public List<String> why() {
            return List.of(where + ": " + cause);
        }

        @Override
        public List<String> next() {
            return List.of("Mend it there. Nothing was changed.");
        }
    }

    record NoName(String source, String key) implements SourceProblem {
        @Override
        public String id() {
            return "source-key-no-name";
        }

        @Override
        public String what() {
            return "The source " + source + " has '" + key + "', which no variable can be called.";
        }

        @Override
        public List<String> why() {
            return List.of("A variable's name is of letters, digits and _, a letter first.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Rename it there, or say which ones are wanted:",
                    "[sources." + source + "]  only = [\"DATABASE_URL\"]");
        }
    }

    record SameName(String source, String first, String second, String name)
            implements SourceProblem {
        @Override
        public String id() {
            return "source-same-name";
        }

        @Override
        public String what() {
            return "The source " + source + " has two values for " + name + ".";
        }

        @Override
        public List<String> why() {
            return List.of("'" + first + "' and '" + second + "' would both be called so.");
        }

        @Override
        public List<String> next() {
            return List.of("Rename one of them there, or take it away.");
        }
    }

    record NoValue(String source, String key) implements SourceProblem {
        @Override
        public String id() {
            return "source-value-refused";
        }

        @Override
        public String what() {
            return "The value of '"
                    + key
                    + "' in the source "
                    + source
                    + " cannot be a variable's.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "It has a NUL, or what Unicode says is no character; systemd would take none of"
                            + " the app's variables.");
        }

        @Override
        public List<String> next() {
            return List.of("Put it there in base64, and have config/runtime.exs decode it.");
        }
    }

    record Lacks(String source, String name) implements SourceProblem {
        @Override
        public String id() {
            return "source-lacks";
        }

        @Override
        public String what() {
            return "The source " + source + " does not have " + name + ".";
        }

        @Override
        public List<String> why() {
            return List.of("decant.toml lists it:  [sources." + source + "]  only = […]");
        }

        @Override
        public List<String> next() {
            return List.of("Add it there, or take it out of the list.");
        }
    }

    record InEnv(String source, String name) implements SourceProblem {
        @Override
        public String id() {
            return "source-in-env";
        }

        @Override
        public String what() {
            return "The source " + source + " has " + name + ", which also stands in [env].";
        }

        @Override
        public List<String> why() {
            return List.of("What is in [env] is written where others can read it.");
        }

        @Override
        public List<String> next() {
            return List.of("Take it out of [env] in decant.toml, or out of the source.");
        }
    }
}
