package dev.decant.build;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.project.NodePin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can keep a release from being built. No host has been touched when one of these is
/// reported.
public sealed interface BuildProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// @param server empty for this machine
    private static String place(Optional<String> server) {
        return server.map(name -> "the build server " + name).orElse("this machine");
    }

    record NotInGit(Path folder, List<String> said) implements BuildProblem {
        @Override
        public String id() {
            return "not-in-git";
        }

        @Override
        public String what() {
            return "This project is not in a git repository with a commit, and a release is built"
                    + " from a commit.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of("git init && git add -A && git commit -m 'Begin'");
        }
    }

    /// @param changes as `git status --short` prints them
    record DirtyTree(List<String> changes) implements BuildProblem {
        @Override
        public String id() {
            return "dirty-tree";
        }

        @Override
        public String what() {
            return "There are changes that no commit has, so what was deployed could not be told"
                    + " later.";
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>(changes.subList(0, Math.min(10, changes.size())));
            if (changes.size() > lines.size()) {
                lines.add("… and " + (changes.size() - lines.size()) + " more");
            }
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git commit                commits them (or git stash puts them away)",
                    "decant … --dirty          builds what is there, and says so in the release's"
                            + " name");
        }
    }

    /// @param lock the name of the file
    /// @param reason such as that git does not track it
    record LockNotCommitted(String lock, String reason) implements BuildProblem {
        @Override
        public String id() {
            return "lock-not-committed";
        }

        @Override
        public String what() {
            return lock
                    + " is not in git, so every build may choose other versions of the"
                    + " dependencies.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of("git add -f " + lock + " && git commit");
        }
    }

    /// @param tool such as `erlang`
    /// @param found what is said of it; empty where nothing is
    record VersionsUnknown(String tool, String found) implements BuildProblem {
        @Override
        public String id() {
            return "versions-unknown";
        }

        @Override
        public String what() {
            return "Which " + tool + " a machine of CI is to build with is not known.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    found.isEmpty()
                            ? "Neither .tool-versions nor mise.toml names one."
                            : "It is '" + found + "', which is something else on each machine.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "echo '" + tool + " VERSION' >> .tool-versions        and commit it",
                    "docs/how-to/toolchains.md has what may stand there.");
        }
    }

    /// @param lock the name of the file
    /// @param command that brings it up to date
    record LockChanged(String lock, String command, List<String> difference)
            implements BuildProblem {

        static LockChanged of(String lock, String command, List<String> locked, List<String> now) {
            List<String> difference = new ArrayList<>();
            locked.stream()
                    .filter(line -> !now.contains(line))
                    .forEach(line -> difference.add("- " + line.strip()));
            now.stream()
                    .filter(line -> !locked.contains(line))
                    .forEach(line -> difference.add("+ " + line.strip()));
            return new LockChanged(lock, command, difference);
        }

        @Override
        public String id() {
            return "lock-changed";
        }

        @Override
        public String what() {
            return "The build changed "
                    + lock
                    + ": it does not fit what the project wants, and other versions than the"
                    + " locked ones would be deployed.";
        }

        @Override
        public List<String> why() {
            return difference;
        }

        @Override
        public List<String> next() {
            return List.of(command, "git commit " + lock);
        }
    }

    /// @param differences between the folder and its entry in mix.lock
    record NotAsLocked(String app, List<String> differences) implements BuildProblem {
        @Override
        public String id() {
            return "not-as-locked";
        }

        @Override
        public String what() {
            return "deps/" + app + " is not what mix.lock names.";
        }

        @Override
        public List<String> why() {
            return differences;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git ls-files deps         shows what somebody has committed there; it should"
                            + " be nothing",
                    "git log -p mix.lock       shows whether the lock was changed by hand",
                    "rm -r ~/.hex/packages     has Hex download its packages again");
        }
    }

    /// @param tool `git`
    record NoTool(String tool, String install) implements BuildProblem {
        @Override
        public String id() {
            return "no-build-tool";
        }

        @Override
        public String what() {
            return "There is no " + tool + " on this machine, and the build needs it.";
        }

        @Override
        public List<String> why() {
            return List.of("Looked on PATH.");
        }

        @Override
        public List<String> next() {
            return List.of(install, "Only the machine that builds needs it; the hosts do not.");
        }
    }

    /// @param service of CI
    record NoPipeline(String service) implements BuildProblem {
        @Override
        public String id() {
            return "no-pipeline";
        }

        @Override
        public String what() {
            return "Decant has no pipeline for a generic app.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "What a machine of "
                            + service
                            + " needs for build.command is not to be seen from decant.toml.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Have the pipeline install that, and then:",
                    "decant build",
                    "decant release export COMMIT release.tar.gz",
                    "decant deploy --artifact release.tar.gz");
        }
    }

    /// @param output as decant.toml has it
    /// @param command that should have made it; empty where there is none
    /// @param there what the project's folder has
    record NoOutput(String output, List<String> command, List<String> there)
            implements BuildProblem {

        private static final int MOST = 12;

        public NoOutput {
            command = List.copyOf(command);
            there = List.copyOf(there);
        }

        @Override
        public String id() {
            return "no-output";
        }

        @Override
        public String what() {
            return "There is no release: the folder " + output + " is not there, or empty.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    command.isEmpty()
                            ? "There is no build.command that would make it, and the commit does"
                                    + " not have it."
                            : "build.command has ended well: " + String.join(" ", command),
                    "In the project's folder there is now: "
                            + String.join(", ", there.subList(0, Math.min(MOST, there.size())))
                            + (there.size() > MOST ? ", …" : "")
                            + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Say in decant.toml which folder has the release:  build.output = \"out\"",
                    "What git ignores is in no checkout: build.command has to make it.");
        }
    }

    /// @param file as decant.toml has it
    record NoVersion(String file, String reason) implements BuildProblem {
        @Override
        public String id() {
            return "no-version";
        }

        @Override
        public String what() {
            return file + " does not say which version this is.";
        }

        @Override
        public List<String> why() {
            return List.of(reason, "decant.toml names it as build.version_file.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Have its first line be a version, such as 1.2.0, and commit it.",
                    "Or leave out build.version_file: then git's tags say it.");
        }
    }

    /// @param said what ssh said
    /// @param command the same connection by hand
    record ServerUnreachable(String server, List<String> said, String command)
            implements BuildProblem {
        @Override
        public String id() {
            return "build-server-unreachable";
        }

        @Override
        public String what() {
            return "The build server " + server + " cannot be reached, or does not let us in.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    command + "        shows the same by hand, and asks whether to trust a new key",
                    "ssh-add                    if the key is encrypted: Decant never asks for a"
                            + " passphrase",
                    "decant … --server here     builds on this machine");
        }
    }

    /// @param said what came of asking for it
    record ServerLacks(String server, String tool, List<String> said) implements BuildProblem {
        @Override
        public String id() {
            return "build-server-lacks";
        }

        @Override
        public String what() {
            return "The build server " + server + " has no " + tool + ", and builds need it.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "apt-get install git tar util-linux        there; builds need these, besides"
                            + " Erlang and Elixir",
                    "decant … --server here     builds on this machine");
        }
    }

    /// @param files such as `assets/package.json`
    record NpmNotLocked(List<Path> files) implements BuildProblem {
        @Override
        public String id() {
            return "npm-not-locked";
        }

        @Override
        public String what() {
            return files.getFirst()
                    + " names packages, and no package-lock.json pins them: every build may"
                    + " install others.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Looked in the commit, for one beside each of: "
                            + String.join(", ", files.stream().map(Path::toString).toList()));
        }

        @Override
        public List<String> next() {
            Path folder = files.getFirst().getParent();
            String prefix = folder == null ? "" : " --prefix " + folder;
            String lock = (folder == null ? "" : folder + "/") + "package-lock.json";
            return List.of(
                    "npm install --package-lock-only" + prefix,
                    "git add -f " + lock + " && git commit");
        }
    }

    /// @param program `node` or `npm`
    /// @param server empty for this machine
    /// @param said what came of asking for it
    record NoNode(String program, Optional<String> server, List<String> said)
            implements BuildProblem {
        @Override
        public String id() {
            return "no-node";
        }

        @Override
        public String what() {
            return "The assets need npm's packages, and there is no "
                    + program
                    + " on "
                    + place(server)
                    + ".";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "apt-get install npm        or what .tool-versions names, by asdf or mise",
                    "Only the machine that builds needs it; the hosts do not.");
        }
    }

    /// @param found as it calls itself
    /// @param server empty for this machine
    record OtherNode(NodePin pin, String found, Optional<String> server) implements BuildProblem {
        @Override
        public String id() {
            return "other-node";
        }

        @Override
        public String what() {
            return pin.at()
                    + " wants Node "
                    + pin.version()
                    + ", and "
                    + place(server)
                    + " has "
                    + found
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Asked `node --version` in the project's checkout; Decant installs no Node.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "asdf install nodejs "
                            + pin.version()
                            + ", or  mise install node@"
                            + pin.version(),
                    "Their shims have to come first in PATH; they follow that file.");
        }
    }

    /// @param server empty for this machine
    /// @param what was run
    /// @param said its last words
    record WorkspaceFailed(Optional<String> server, String what, List<String> said)
            implements BuildProblem {
        @Override
        public String id() {
            return "workspace-failed";
        }

        @Override
        public String what() {
            return "The folder in which "
                    + server.orElse("this machine")
                    + " builds cannot be made ready: "
                    + what
                    + " failed.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "df -h ~/.cache            there: it may be full",
                    "decant … --clean          begins with an empty folder");
        }
    }

    /// @param step for example `compile`
    /// @param log where all lines are
    record StepFailed(String step, int exit, List<String> lastLines, Path log)
            implements BuildProblem {
        @Override
        public String id() {
            return "build-failed";
        }

        @Override
        public String what() {
            return "The build failed in its step '" + step + "' (exit status " + exit + ").";
        }

        @Override
        public List<String> why() {
            return lastLines;
        }

        @Override
        public List<String> next() {
            List<String> next = new ArrayList<>(List.of("less " + log + "        has all of it"));
            if (step.equals("tests")) {
                next.add("decant … --no-tests        builds without them, for once");
            }
            return next;
        }
    }

    /// @param found what there is instead
    record NoTarball(String release, List<String> found) implements BuildProblem {
        @Override
        public String id() {
            return "no-tarball";
        }

        @Override
        public String what() {
            return "mix release made no tarball of " + release + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "The release in mix.exs has no :tar among its steps.",
                    "Found: " + String.join(", ", found));
        }

        @Override
        public List<String> next() {
            return List.of(
                    "In mix.exs:  releases: [" + release + ": [steps: [:assemble, :tar]]]",
                    "Then commit and build again.");
        }
    }
}
