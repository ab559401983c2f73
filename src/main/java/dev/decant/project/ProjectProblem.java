package dev.decant.project;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;

/// What can be missing from a project.
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
            return List.of(
                    "Go to the folder that has it, or name it:  decant … -C DIR",
                    "Another program is deployed with  kind = \"generic\"  in decant.toml:"
                            + " docs/how-to/generic.md");
        }
    }

    /// @param file that defines them
    /// @param given what was asked for; empty where nothing was
    record WhichRelease(String file, String given, List<String> known) implements ProjectProblem {
        public WhichRelease {
            known = List.copyOf(known);
        }

        @Override
        public String id() {
            return "which-release";
        }

        @Override
        public String what() {
            return given.isEmpty()
                    ? file + " has several releases, and none was chosen."
                    : file + " has no release " + given + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    known.isEmpty()
                            ? "It defines none."
                            : "It has: " + String.join(", ", known) + ".");
        }

        @Override
        public List<String> next() {
            return known.isEmpty()
                    ? List.of("Leave out --release: the one that Mix makes has the app's name.")
                    : known.stream().map(name -> "decant init --release " + name).toList();
        }
    }

    record NoRebarConfig(Path folder) implements ProjectProblem {
        @Override
        public String id() {
            return "no-rebar-config";
        }

        @Override
        public String what() {
            return "This is not a project of rebar3: there is no rebar.config.";
        }

        @Override
        public List<String> why() {
            return List.of("Looked in " + folder + ", since decant.toml says kind = \"rebar3\".");
        }

        @Override
        public List<String> next() {
            return List.of("Go to the folder that has it, or name it:  decant … -C DIR");
        }
    }

    record NoRelx(Path folder) implements ProjectProblem {
        @Override
        public String id() {
            return "no-relx";
        }

        @Override
        public String what() {
            return "This project of rebar3 makes no release: rebar.config has no relx.";
        }

        @Override
        public List<String> why() {
            return List.of("Looked in " + folder + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "In rebar.config:  {relx, [{release, {my_app, \"0.1.0\"}, [my_app]}, {mode,"
                            + " prod}]}.",
                    "If the release is in another folder:  decant … -C DIR");
        }
    }

    /// @param deps that would be fetched in whatever version there is
    record NoRebarLock(Path folder, List<String> deps) implements ProjectProblem {
        @Override
        public String id() {
            return "no-rebar-lock";
        }

        @Override
        public String what() {
            return "There is no rebar.lock, so nobody can say which versions of its dependencies"
                    + " would be built.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "rebar.config wants " + String.join(", ", deps) + ".",
                    "Looked in " + folder + ".");
        }

        @Override
        public List<String> next() {
            return List.of("rebar3 get-deps", "git add rebar.lock && git commit");
        }
    }

    /// @param line from 1
    /// @param column from 1
    record RebarLockUnclear(int line, int column, String reason) implements ProjectProblem {
        @Override
        public String id() {
            return "rebar-lock-unclear";
        }

        @Override
        public String what() {
            return "rebar.lock:" + line + ":" + column + ": this is not what rebar3 writes.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git log -p rebar.lock               shows what was changed",
                    "git checkout COMMIT rebar.lock      takes the one from before that");
        }
    }

    record ProfileDeps(String profile, List<String> deps) implements ProjectProblem {
        @Override
        public String id() {
            return "profile-deps";
        }

        @Override
        public String what() {
            return "The profile "
                    + profile
                    + " has dependencies of its own, which rebar3 never locks.";
        }

        @Override
        public List<String> why() {
            return List.of("rebar.config has in it: " + String.join(", ", deps) + ".");
        }

        @Override
        public List<String> next() {
            return List.of("Name them in  {deps, …}  outside of profiles, then:  rebar3 get-deps");
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
    record NoName(Path file, String reason) implements ProjectProblem {
        @Override
        public String id() {
            return "mix-exs-unclear";
        }

        @Override
        public String what() {
            return file.getFileName() + " does not say plainly what the app is called.";
        }

        @Override
        public List<String> why() {
            return List.of(reason, "Decant reads " + file + " and never runs it.");
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
