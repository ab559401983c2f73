package dev.decant.web;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.List;

/// Why the dashboard does not do what it was asked for.
public sealed interface WebProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// Between the question and the answer somebody else was there.
    ///
    /// @param shown what the page said that it serves, or would serve
    /// @param now what that is by now
    record Moved(String host, String shown, String now) implements WebProblem {
        @Override
        public String id() {
            return "moved-meanwhile";
        }

        @Override
        public String what() {
            return host + " is no longer as the page had it. Nothing was changed.";
        }

        @Override
        public List<String> why() {
            return List.of("You were shown:  " + shown, "By now it is:    " + now);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Look at the hosts once more, and ask for it again if it is still wanted.");
        }
    }

    /// @param what a word such as `rollback`
    record AtWork(String what) implements WebProblem {
        @Override
        public String id() {
            return "dashboard-at-work";
        }

        @Override
        public String what() {
            return "A " + what + " is under way from here.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            return List.of("Wait until it has ended.");
        }
    }

    /// @param host empty where none was chosen
    record NotKnown(String host) implements WebProblem {
        @Override
        public String id() {
            return "host-not-known";
        }

        @Override
        public String what() {
            return host.isEmpty()
                    ? "No host is chosen."
                    : "It is not known what " + host + " serves.";
        }

        @Override
        public List<String> why() {
            return host.isEmpty()
                    ? List.of()
                    : List.of("It could not be asked when the page was made.");
        }

        @Override
        public List<String> next() {
            return List.of("Choose those that can be reached.");
        }
    }

    /// @param port that was asked for
    record PortTaken(int port, String seen) implements WebProblem {
        @Override
        public String id() {
            return "port-taken";
        }

        @Override
        public String what() {
            return "The dashboard cannot listen on port " + port + ".";
        }

        @Override
        public List<String> why() {
            return List.of(seen);
        }

        @Override
        public List<String> next() {
            return List.of("decant dashboard    takes a port that is free");
        }
    }
}
