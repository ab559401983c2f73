package dev.decant.bundle;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.nio.file.Path;
import java.util.List;

/// What keeps a bundle from being written.
public sealed interface BundleProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// There is a folder which Decant has not made.
    record InTheWay(Path folder, String lacks) implements BundleProblem {
        @Override
        public String id() {
            return "bundle-in-the-way";
        }

        @Override
        public String what() {
            return "There is something else in " + folder + ", which would be replaced.";
        }

        @Override
        public List<String> why() {
            return List.of("It has files, and no " + lacks + " of Decant's.");
        }

        @Override
        public List<String> next() {
            return List.of("Name another folder, or remove that one:  --to FOLDER");
        }
    }

    /// Nodes that know each other's addresses, which one bundle for all hosts cannot have.
    record Clustered() implements BundleProblem {
        @Override
        public String id() {
            return "bundle-clustered";
        }

        @Override
        public String what() {
            return "A bundle cannot be made for nodes that find each other by Decant's settings.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "decant.toml says  service.distribution = \"cluster\" , which gives each host"
                            + " an address of its own, and a bundle is the same for all.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Deploy by decant deploy, or leave distribution out and have the app find its"
                            + " nodes.");
        }
    }
}
