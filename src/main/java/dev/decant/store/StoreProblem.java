package dev.decant.store;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.List;

/// What can go wrong with the release store, beyond that it cannot be asked.
public sealed interface StoreProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// decant.toml names none.
    record None() implements StoreProblem {
        @Override
        public String id() {
            return "store-none";
        }

        @Override
        public String what() {
            return "There is no release store.";
        }

        @Override
        public List<String> why() {
            return List.of("decant.toml has no [store].");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "For example:  store.url = \"s3://acme-releases/decant/\"",
                    "See docs/how-to/store.md.");
        }
    }

    /// What says what is current is not of its shape. Nothing was changed.
    record Unreadable(String where, String cause) implements StoreProblem {
        @Override
        public String id() {
            return "store-unreadable";
        }

        @Override
        public String what() {
            return "The release store says what is current in a way that this Decant cannot read.";
        }

        @Override
        public List<String> why() {
            return List.of(where + ": " + cause);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Was it written by a newer Decant? Use that one.",
                    "If it is damaged, delete that object, and then:  decant store publish");
        }
    }

    /// Somebody else was faster.
    ///
    /// @param release what is current now
    record Meanwhile(String environment, String release, String by) implements StoreProblem {
        @Override
        public String id() {
            return "store-meanwhile";
        }

        @Override
        public String what() {
            return "Somebody else has published for " + environment + " in the meantime.";
        }

        @Override
        public List<String> why() {
            return List.of("Current there is " + release + ", by " + by + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant store ls            what is there",
                    "decant store publish       if yours is to be current nevertheless");
        }
    }

    /// Hosts serve what machines that start by themselves do not get.
    record NotPublished(String release, List<String> cause) implements StoreProblem {

        public NotPublished {
            cause = List.copyOf(cause);
        }

        @Override
        public String id() {
            return "store-not-published";
        }

        @Override
        public String what() {
            return "The hosts serve "
                    + release
                    + ", and machines that start by themselves still get what was current before.";
        }

        @Override
        public List<String> why() {
            return cause;
        }

        @Override
        public List<String> next() {
            return List.of("decant store publish --release " + release);
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }
}
