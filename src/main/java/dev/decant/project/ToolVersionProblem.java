package dev.decant.project;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.ArrayList;
import java.util.List;

/// What can be wrong with the versions that a project names.
public sealed interface ToolVersionProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// @param at where it was written
    record NotExact(Tool tool, String text, String at) implements ToolVersionProblem {
        @Override
        public String id() {
            return "version-not-exact";
        }

        @Override
        public String what() {
            return at + ": " + tool.word() + " " + text + " is not one exact version.";
        }

        @Override
        public List<String> why() {
            if (text.startsWith("path:")) {
                return List.of(
                        "A path begins with a /, as asdf has it; what mise takes it relative"
                                + " to is a checkout that goes away.");
            }
            return isPrefixed()
                    ? List.of("A version has nothing before its first number.")
                    : List.of(
                            "Which version that is changes with time and from machine to machine,"
                                    + " and a release could not be built again.");
        }

        @Override
        public List<String> next() {
            List<String> next = new ArrayList<>();
            next.add(
                    "Write one, for example:  "
                            + tool.word()
                            + " "
                            + (isPrefixed() ? bare() : tool.example()));
            next.add(
                    "decant toolchain list --available "
                            + tool.word()
                            + (text.matches("[0-9][0-9.]*") ? " " + text : "")
                            + "      has those that there are");
            next.add("Or, where you know why:  path:/DIR, ref:COMMIT or system");
            return next;
        }

        private String bare() {
            return text.replaceFirst("^(v|OTP-|otp-)", "");
        }

        private boolean isPrefixed() {
            return !bare().equals(text) && tool.isExact(bare());
        }
    }

    /// asdf passes over such a line and mise reads it.
    record Tab(Tool tool, String at) implements ToolVersionProblem {
        @Override
        public String id() {
            return "version-behind-tab";
        }

        @Override
        public String what() {
            return at + ": there is a tab behind " + tool.word() + ".";
        }

        @Override
        public List<String> why() {
            return List.of("asdf passes over the whole line, and mise reads it.");
        }

        @Override
        public List<String> next() {
            return List.of("Put a space there.");
        }
    }

    record Contradiction(ToolVersion one, ToolVersion other) implements ToolVersionProblem {
        @Override
        public String id() {
            return "versions-contradict";
        }

        @Override
        public String what() {
            return "Two files want different versions of " + one.tool().word() + ".";
        }

        @Override
        public List<String> why() {
            return List.of(said(one), said(other));
        }

        private static String said(ToolVersion version) {
            return version.at() + ": " + version.text();
        }

        @Override
        public List<String> next() {
            return List.of("Take one of the two out, or have both say the same, and commit it.");
        }
    }
}
