package dev.decant.advisory;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What advisories can keep from being done. Nothing has been changed when one of these is
/// reported.
public sealed interface AdvisoryProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    record NoDatabase(Path folder) implements AdvisoryProblem {
        @Override
        public String id() {
            return "no-advisory-database";
        }

        @Override
        public String what() {
            return "There is no advisory database in " + folder + ".";
        }

        @Override
        public List<String> why() {
            return List.of("Looked for packages/NAME/ID.yml in there.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "git clone https://github.com/mirego/elixir-security-advisories " + folder,
                    "Or change deps.advisories in decant.toml.");
        }
    }

    record NoKey(Path file, String reason) implements AdvisoryProblem {
        @Override
        public String id() {
            return "no-registry-key";
        }

        @Override
        public String what() {
            return file + " is no public key of a registry.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "deps.registry_key in decant.toml names an RSA key as PEM, which begins with"
                            + " -----BEGIN PUBLIC KEY-----.");
        }
    }

    /// @param hits that nobody has acknowledged
    record Unacknowledged(List<Audit.Hit> hits) implements AdvisoryProblem {
        @Override
        public String id() {
            return "unacknowledged-advisory";
        }

        @Override
        public String what() {
            return "What would be built has known weaknesses, or is retired, which nobody has"
                    + " acknowledged, and deps.gate is true.";
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>();
            for (Audit.Hit hit : hits) {
                lines.add(hit.said());
                hit.expired().ifPresent(day -> lines.add("  Its exception ended on " + day + "."));
                if (!hit.notice().link().isEmpty()) {
                    lines.add("  " + hit.notice().link());
                }
            }
            return lines;
        }

        @Override
        public List<String> next() {
            Audit.Hit first = hits.getFirst();
            return List.of(
                    "mix deps.update " + first.app() + "        and commit mix.lock",
                    "Or say in decant.toml why it does not matter, and for how long:",
                    "  [deps.acknowledged." + key(first.notice().id()) + "]",
                    "  reason = \"…\"",
                    "  until = YEAR-MONTH-DAY");
        }

        private static String key(String id) {
            return id.matches("[A-Za-z0-9_-]+") ? id : '"' + id + '"';
        }
    }
}
