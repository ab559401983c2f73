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

    /// @param hits that nobody has acknowledged
    record Unacknowledged(List<Audit.Hit> hits) implements AdvisoryProblem {
        @Override
        public String id() {
            return "unacknowledged-advisory";
        }

        @Override
        public String what() {
            return "What would be built has known weaknesses that nobody has acknowledged, and"
                    + " deps.gate is true.";
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>();
            for (Audit.Hit hit : hits) {
                lines.add(hit.said());
                hit.expired().ifPresent(day -> lines.add("  Its exception ended on " + day + "."));
                if (!hit.advisory().link().isEmpty()) {
                    lines.add("  " + hit.advisory().link());
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
                    "  [deps.acknowledged." + first.advisory().id() + "]",
                    "  reason = \"…\"",
                    "  until = YEAR-MONTH-DAY");
        }
    }
}
