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
}
