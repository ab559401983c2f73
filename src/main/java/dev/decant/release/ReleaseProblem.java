package dev.decant.release;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;

/// What can be wrong with a release. Nothing on any host has been changed when one of these is
/// reported.
public sealed interface ReleaseProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// @param program as decant.toml has it
    /// @param isThere it is, and cannot be run
    /// @param others that could be
    record NothingToStart(String program, boolean isThere, List<String> others)
            implements ReleaseProblem {
        public NothingToStart {
            others = List.copyOf(others);
        }

        @Override
        public String id() {
            return "nothing-to-start";
        }

        @Override
        public String what() {
            return "What decant.toml starts is not in the release: " + program + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    isThere ? "It is there, and not executable." : "There is no such file in it.",
                    others.isEmpty()
                            ? "Nothing in it is executable."
                            : "Executable are: " + String.join(", ", others) + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    isThere
                            ? "Have the build make it executable (chmod +x), or git (git"
                                    + " update-index --chmod=+x)."
                            : "service.start in decant.toml begins with a path in the release,"
                                    + " which is the folder that build.output names.");
        }
    }

    record NoRuntime(String release) implements ReleaseProblem {
        @Override
        public String id() {
            return "no-runtime";
        }

        @Override
        public String what() {
            return "The release " + release + " has no Erlang in it.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "It has no erts-VERSION folder: mix.exs says include_erts: false, relx has"
                            + " {include_erts, false} or {mode, minimal}, or the release was"
                            + " altered.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Take include_erts: false out of the release in mix.exs, where true is the"
                            + " default; in rebar.config, have {mode, prod} in the profile.",
                    "A host of Decant's has no Erlang of its own, so that every release brings the"
                            + " exact one it was built with.");
        }
    }

    /// @param reason what is odd about it
    record OddFile(String path, String reason) implements ReleaseProblem {
        @Override
        public String id() {
            return "odd-file";
        }

        @Override
        public String what() {
            return "The release has a file that cannot be deployed: "
                    + path.replaceAll("\\p{Cntrl}", "?")
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Leave it out of priv/ or rel/overlays/, or make it a plain file with a plain"
                            + " name.");
        }
    }

    /// @param file that was given as a release
    record BadArtifact(Path file, String reason) implements ReleaseProblem {
        @Override
        public String id() {
            return "bad-artifact";
        }

        @Override
        public String what() {
            return file + " is not a release that can be taken in.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "mix release                        with steps: [:assemble, :tar] makes one, in"
                            + " _build/prod",
                    "decant release export ID FILE      makes one of a release that Decant has"
                            + " built");
        }
    }

    record CommitUnknown(Path file, String reason) implements ReleaseProblem {
        @Override
        public String id() {
            return "commit-unknown";
        }

        @Override
        public String what() {
            return "Nothing says of which commit " + file + " was made.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    reason, "What is on hosts has to be known later, so it is not guessed here.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "--commit SHA                       says it, for example:  --commit"
                            + " $(git rev-parse HEAD)");
        }
    }

    record NoSuchRelease(String given, String app, List<String> known) implements ReleaseProblem {
        @Override
        public String id() {
            return "no-such-release";
        }

        @Override
        public String what() {
            return "There is no release '" + given + "' of " + app + " on this machine.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    known.isEmpty()
                            ? "None has been built here."
                            : "Built here: " + String.join(", ", known));
        }

        @Override
        public List<String> next() {
            return List.of("decant build            makes one from the current commit");
        }
    }

    /// @param meant at least two
    record Ambiguous(String given, String app, List<String> meant) implements ReleaseProblem {
        @Override
        public String id() {
            return "release-ambiguous";
        }

        @Override
        public String what() {
            return "'" + given + "' could be any of several releases of " + app + ".";
        }

        @Override
        public List<String> why() {
            return List.of("It stands in: " + String.join(", ", meant));
        }

        @Override
        public List<String> next() {
            return List.of("Give more of the name, such as the time or the commit.");
        }
    }

    /// @param said by ssh-keygen
    record CannotSign(Path key, List<String> said) implements ReleaseProblem {
        public CannotSign {
            said = List.copyOf(said);
        }

        @Override
        public String id() {
            return "cannot-sign";
        }

        @Override
        public String what() {
            return "The release could not be signed with " + key + ".";
        }

        @Override
        public List<String> why() {
            return said.isEmpty() ? List.of("ssh-keygen said nothing.") : said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "ssh-add -L        lists the keys that your agent has",
                    "signing_key in decant.toml, or DECANT_SIGNING_KEY, names the key file; for a"
                            + " key of an agent or a token, its .pub.");
        }
    }

    /// @param reason which format it has
    record Newer(Path place, String reason) implements ReleaseProblem {
        @Override
        public String id() {
            return "release-is-newer";
        }

        @Override
        public String what() {
            return "The release in " + place + " was made by a newer Decant.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Install that version here; decant --version says which one runs.",
                    "decant build               makes one of the same commit that this one reads");
        }
    }

    record Damaged(Path place, String reason) implements ReleaseProblem {
        @Override
        public String id() {
            return "release-damaged";
        }

        @Override
        public String what() {
            return "The release in " + place + " cannot be used.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of("rm -r " + place, "decant build");
        }
    }
}
