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

    record LockConflict(int line) implements ProjectProblem {
        @Override
        public String id() {
            return "lock-conflict";
        }

        @Override
        public String what() {
            return "mix.lock:" + line + ": a merge was left unfinished here.";
        }

        @Override
        public List<String> why() {
            return List.of("The line is one of git's conflict markers.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git checkout --theirs mix.lock && mix deps.get",
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
