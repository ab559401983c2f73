package dev.decant.deploy;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What can go wrong where a rollout was left half done.
public sealed interface ResumeProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    private static List<String> each(Map<String, ReleaseId> releases) {
        return releases.entrySet().stream()
                .map(host -> host.getKey() + " serves " + host.getValue() + ".")
                .toList();
    }

    /// @param serving the release of each host that serves one
    record NotKnown(Map<String, ReleaseId> serving) implements ResumeProblem {
        public NotKnown {
            serving = new TreeMap<>(serving);
        }

        @Override
        public String id() {
            return "nothing-to-resume";
        }

        @Override
        public String what() {
            return "The hosts do not serve the same release, and this machine does not know of a"
                    + " rollout that would be unfinished.";
        }

        @Override
        public List<String> why() {
            return each(serving);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant resume RELEASE      has all of them serve that one",
                    "decant history             who has done what there");
        }
    }

    /// @param serving what some hosts serve, which the rollout knows nothing of
    record ChangedSince(String what, ReleaseId release, Map<String, ReleaseId> serving)
            implements ResumeProblem {
        public ChangedSince {
            serving = new TreeMap<>(serving);
        }

        @Override
        public String id() {
            return "changed-since";
        }

        @Override
        public String what() {
            return "Since the " + what + " of " + release + " was cut off, somebody has been here.";
        }

        @Override
        public List<String> why() {
            return each(serving);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant history             who it was",
                    "decant resume RELEASE      has all hosts serve that one");
        }
    }

    /// @param file where this machine keeps what is unfinished
    record Unreadable(String file, String reason) implements ResumeProblem {
        @Override
        public String id() {
            return "unfinished-unreadable";
        }

        @Override
        public String what() {
            return "What this machine has kept of an unfinished rollout cannot be read.";
        }

        @Override
        public List<String> why() {
            return List.of(file + ": " + reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "rm " + file,
                    "decant status              what each host serves",
                    "decant resume RELEASE      has all of them serve that one");
        }
    }

    /// @param before what each host served when it began
    record NoWayBack(String what, ReleaseId release, Map<String, ReleaseId> before)
            implements ResumeProblem {
        public NoWayBack {
            before = new TreeMap<>(before);
        }

        @Override
        public String id() {
            return "no-way-back";
        }

        @Override
        public String what() {
            return "There is no release to take all hosts back to.";
        }

        @Override
        public List<String> why() {
            return before.isEmpty()
                    ? List.of("None served anything before the " + what + " of " + release + ".")
                    : before.entrySet().stream()
                            .map(host -> host.getKey() + " served " + host.getValue() + ".")
                            .toList();
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant resume              goes on, to " + release,
                    "decant resume RELEASE      has all hosts serve that one");
        }
    }

    record MigrationLost(String host, List<String> said) implements ResumeProblem {
        public MigrationLost {
            said = List.copyOf(said);
        }

        @Override
        public String id() {
            return "migration-lost";
        }

        @Override
        public String what() {
            return host
                    + " was lost from sight while it migrated. Nobody knows how far it got; no host"
                    + " has switched.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant logs --hosts " + host + "        what it did, once it can be reached",
                    "decant resume              migrates again, and goes on");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }

    /// @param because whose failure it was to be taken back for
    record NotTakenBack(String host, String because, Collection<String> said)
            implements ResumeProblem {
        public NotTakenBack {
            said = List.copyOf(said);
        }

        @Override
        public String id() {
            return "not-taken-back";
        }

        @Override
        public String what() {
            return host
                    + " serves the new release, was to be taken back because "
                    + because
                    + " failed, and cannot be reached.";
        }

        @Override
        public List<String> why() {
            return List.copyOf(said);
        }

        @Override
        public List<String> next() {
            return List.of("decant resume              takes it back, once it can be reached");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }
}
