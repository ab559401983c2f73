package dev.decant.project;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;

/// What can be missing from a Mix project.
public sealed interface ProjectProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    record NoMixExs(Path folder) implements ProjectProblem {
        @Override
        public String id() {
            return "no-mix-exs";
        }

        @Override
        public String what() {
            return "This is not a Mix project: there is no mix.exs.";
        }

        @Override
        public List<String> why() {
            return List.of("Looked in " + folder + ".");
        }

        @Override
        public List<String> next() {
            return List.of("Go to the folder that has it, or name it:  decant … -C DIR");
        }
    }

    /// @param relx it makes a release
    record Rebar3Project(Path folder, boolean relx) implements ProjectProblem {
        @Override
        public String id() {
            return "rebar3-project";
        }

        @Override
        public String what() {
            return "This is a project of rebar3, and Decant builds Mix projects only.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "There is a rebar.config in " + folder + ", and no mix.exs.",
                    relx
                            ? "Its relx makes a release, which Decant neither builds nor reads."
                            : "It has no relx, and so makes no release.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "A mix.exs beside it builds the same app: Mix compiles Erlang in src, takes"
                            + " packages of Hex, and has releases of its own.",
                    "If the app is in another folder:  decant … -C DIR");
        }
    }

    record NoMixLock(Path folder) implements ProjectProblem {
        @Override
        public String id() {
            return "no-mix-lock";
        }

        @Override
        public String what() {
            return "There is no mix.lock, so nobody can say which versions of its dependencies"
                    + " would be built.";
        }

        @Override
        public List<String> why() {
            return List.of("Looked in " + folder + ".");
        }

        @Override
        public List<String> next() {
            return List.of("mix deps.get", "git add mix.lock && git commit");
        }
    }

    record OtherLockFile(int line) implements ProjectProblem {
        @Override
        public String id() {
            return "other-lock-file";
        }

        @Override
        public String what() {
            return "mix.exs:" + line + ": Mix is told of another lock than mix.lock.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Mix runs what stands in its lock, and only mix.lock beside mix.exs is checked"
                            + " before.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "In an app of an umbrella, build from the umbrella's own folder.",
                    "Otherwise take  lockfile:  out of mix.exs, and name the file mix.lock.");
        }
    }

    record LockConflict(Place place) implements ProjectProblem {
        @Override
        public String id() {
            return "lock-conflict";
        }

        @Override
        public String what() {
            return place + ": a merge was left unfinished here.";
        }

        @Override
        public List<String> why() {
            return List.of("This is one of git's conflict markers.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git checkout --theirs mix.lock && mix deps.get",
                    "git add mix.lock && git commit");
        }
    }

    /// @param found the first word or sign of it
    record LockNotData(Place place, String found) implements ProjectProblem {
        @Override
        public String id() {
            return "lock-not-data";
        }

        @Override
        public String what() {
            return place + ": this is code, and a lock has only data.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "It begins with " + found,
                    "Mix writes nothing but literals here, and runs all else whenever it is"
                            + " called.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git log -p mix.lock       shows who put it there",
                    "Do not run mix in this folder before you know why it is there.");
        }
    }

    record LockUnreadable(Place place, String reason) implements ProjectProblem {
        @Override
        public String id() {
            return "lock-unreadable";
        }

        @Override
        public String what() {
            return place + ": this cannot be read.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    reason,
                    "Mix takes a lock that it cannot read for an empty one, and would build other"
                            + " versions.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git log -p mix.lock               shows what was changed",
                    "git checkout COMMIT mix.lock      takes the one from before that",
                    "mix deps.get                      adds what is missing");
        }
    }

    /// It is data, but not as Mix and Hex write it.
    record LockUnclear(Place place, String reason) implements ProjectProblem {
        @Override
        public String id() {
            return "lock-unclear";
        }

        @Override
        public String what() {
            return place + ": this is not what Mix writes.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git log -p mix.lock       shows what was changed",
                    "Delete the entry, and let  mix deps.get  write it anew.");
        }
    }

    /// @param second where Mix reads it from
    record LockedTwice(String app, Place first, Place second) implements ProjectProblem {
        @Override
        public String id() {
            return "locked-twice";
        }

        @Override
        public String what() {
            return second + ": " + app + " is locked a second time.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "The first time is in line " + first.line() + ".",
                    "Mix takes the last one without a word; a merge may have left both.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Delete the line that is not meant.",
                    "mix deps.get",
                    "git add mix.lock && git commit");
        }
    }

    /// @param reason what was looked for
    record NoName(Path mixExs, String reason) implements ProjectProblem {
        @Override
        public String id() {
            return "mix-exs-unclear";
        }

        @Override
        public String what() {
            return "mix.exs does not say plainly what the app is called.";
        }

        @Override
        public List<String> why() {
            return List.of(reason, "Decant reads " + mixExs + " and never runs it.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Write decant.toml by hand; two settings are enough:",
                    "  app = \"my_app\"",
                    "  [hosts.web1]");
        }
    }
}
