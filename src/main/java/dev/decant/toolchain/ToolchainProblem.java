package dev.decant.toolchain;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can keep a build from the Erlang and Elixir that it wants. Nothing was built, and no
/// toolchain was changed.
public sealed interface ToolchainProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// @param server which is to build; empty where this machine is
    /// @param found what its `PATH` has instead; empty where there is nothing
    /// @param looked in which folders
    record Missing(
            ToolVersion wanted,
            Optional<String> server,
            Optional<String> found,
            List<String> looked)
            implements ToolchainProblem {
        @Override
        public String id() {
            return "no-such-toolchain";
        }

        @Override
        public String what() {
            return wanted.at()
                    + " wants "
                    + wanted.tool().word()
                    + " "
                    + wanted.text()
                    + ", which is not on "
                    + server.orElse("this machine")
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Looked in " + String.join(", ", looked) + ".",
                    found.map(version -> "PATH has " + version + ".")
                            .orElse("PATH has none that runs."),
                    "The commit decides which versions a release is built with, not the machine.");
        }

        @Override
        public List<String> next() {
            return switch (wanted.kind()) {
                case EXACT ->
                        server.isPresent()
                                ? List.of(
                                        "Install it there, by asdf or mise or the system's"
                                                + " packages: Decant installs nothing on a build"
                                                + " server.",
                                        "Or write the version that you mean, and commit it.")
                                : List.of(
                                        "decant toolchain install      installs it, beside all"
                                                + " others",
                                        "decant build --install        does so when something is"
                                                + " missing",
                                        "Or write the version that you mean, and commit it.");
                case REF ->
                        List.of(
                                "asdf install, or mise install: Decant itself builds nothing from"
                                        + " sources");
                default -> List.of("ls " + wanted.text().replaceFirst("path:", ""));
            };
        }
    }

    /// Neither a file names it nor is there one.
    record NoTool(Tool tool, Optional<String> server, List<String> said)
            implements ToolchainProblem {
        @Override
        public String id() {
            return "no-elixir";
        }

        @Override
        public String what() {
            return "There is no "
                    + tool.word()
                    + " on "
                    + server.orElse("this machine")
                    + " that runs, and the build needs it.";
        }

        @Override
        public List<String> why() {
            return said.isEmpty() ? List.of("Looked on PATH.") : said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    server.isPresent()
                            ? "Install it there, or take another build.server."
                            : "Write the versions that you mean into .tool-versions, commit it,"
                                    + " and:  decant toolchain install",
                    "Only the machine that builds needs it; the hosts do not.");
        }
    }

    /// It is where it should be and says that it is another.
    record OtherVersion(ToolVersion wanted, String found, Path folder) implements ToolchainProblem {
        @Override
        public String id() {
            return "other-version";
        }

        @Override
        public String what() {
            return wanted.at()
                    + " wants "
                    + wanted.tool().word()
                    + " "
                    + wanted.version()
                    + ", and what runs is "
                    + found
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of("It was started from " + folder + ".");
        }

        @Override
        public List<String> next() {
            return List.of("Remove that folder, and:  decant toolchain install");
        }
    }

    /// @param takes what the table has for that Elixir; empty where it is older than the table
    /// @param elixirs what the table has for that OTP
    record OutsideTable(String elixir, String otp, Optional<String> takes, Optional<String> elixirs)
            implements ToolchainProblem {
        @Override
        public String id() {
            return "elixir-and-otp";
        }

        @Override
        public String what() {
            return "Elixir " + elixir + " is not made for Erlang/OTP " + otp + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    takes.map(range -> "Elixir " + elixir + " runs on " + range + ".")
                            .orElse("An Elixir older than 1.9 has no mix release."),
                    "https://hexdocs.pm/elixir/compatibility-and-deprecations.html has the table.");
        }

        @Override
        public List<String> next() {
            List<String> next = new ArrayList<>();
            takes.ifPresent(range -> next.add("Name another Erlang: one of " + range + "."));
            elixirs.ifPresent(
                    range ->
                            next.add(
                                    (next.isEmpty() ? "Name" : "Or")
                                            + " another Elixir: on OTP "
                                            + Compatibility.major(otp)
                                            + " run "
                                            + range
                                            + "."));
            if (next.isEmpty()) {
                next.add("Name newer versions of both.");
            }
            return next;
        }
    }

    /// Its beam files would not load.
    record BuiltForNewerOtp(ToolVersion elixir, String otp) implements ToolchainProblem {
        @Override
        public String id() {
            return "elixir-for-newer-otp";
        }

        @Override
        public String what() {
            return elixir.at()
                    + ": elixir "
                    + elixir.text()
                    + " was built for a newer Erlang/OTP than the "
                    + otp
                    + " that is used.";
        }

        @Override
        public List<String> why() {
            return List.of("An older Erlang does not load what a newer one has compiled.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Take the build for it:  elixir "
                            + elixir.version()
                            + "-otp-"
                            + Compatibility.major(otp),
                    "Or a newer Erlang:  OTP " + elixir.builtFor().orElse(0));
        }
    }

    /// @param choose another platform can be named
    record NoBuilds(String machine, boolean choose) implements ToolchainProblem {
        @Override
        public String id() {
            return "no-builds-for-platform";
        }

        @Override
        public String what() {
            return "There are no official builds of Erlang for " + machine + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "They are made for Ubuntu on amd64 and arm64, with its glibc and its OpenSSL.");
        }

        @Override
        public List<String> next() {
            String other =
                    "asdf install, or mise install, builds it from sources; Decant uses what they"
                            + " have.";
            return choose
                    ? List.of(
                            "Where glibc is 2.35 or newer and OpenSSL is 3, as on Debian 12:",
                            "  [toolchain] platform = \"ubuntu-22.04\"  in decant.toml (glibc 2.39,"
                                    + " as on Debian 13: \"ubuntu-24.04\")",
                            "It is not official there; whether it runs is tried before it is"
                                    + " installed.",
                            other)
                    : List.of(other);
        }
    }

    /// @param where on the mirror
    /// @param near that there are
    record Unknown(Tool tool, String version, URI where, List<String> near)
            implements ToolchainProblem {
        @Override
        public String id() {
            return "unknown-version";
        }

        @Override
        public String what() {
            return "There is no build of " + tool.word() + " " + version + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Looked in " + where,
                    near.isEmpty()
                            ? "It has none that is near."
                            : "It has " + String.join(", ", near) + ".");
        }

        @Override
        public List<String> next() {
            return near.isEmpty()
                    ? List.of("decant toolchain list --available " + tool.word())
                    : near.stream().map(each -> tool.word() + " " + each).toList();
        }
    }

    record NoChecksum(Tool tool, String version, URI where) implements ToolchainProblem {
        @Override
        public String id() {
            return "build-without-checksum";
        }

        @Override
        public String what() {
            return "The build of " + tool.word() + " " + version + " has no checksum.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    where + " has no SHA-256 for it, as for some old ones.",
                    "What cannot be verified is not installed.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant toolchain list --available "
                            + tool.word()
                            + "      has those that can be",
                    "asdf install, or mise install, builds it from sources; Decant uses what they"
                            + " have.");
        }
    }

    record WrongChecksum(URI from, String wanted, String found) implements ToolchainProblem {
        @Override
        public String id() {
            return "wrong-checksum";
        }

        @Override
        public String what() {
            return "What was downloaded is not what it should be, and was thrown away.";
        }

        @Override
        public List<String> why() {
            return List.of(from.toString(), "SHA-256 should be " + wanted, "and is " + found);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Try again; if it stays so, ask whoever runs that mirror, or name another:",
                    "  [toolchain] mirror = \"https://…\"  in decant.toml");
        }
    }

    /// @param given in `DECANT_TOOLCHAIN_MIRROR`
    record NoMirror(String given) implements ToolchainProblem {
        @Override
        public String id() {
            return "mirror-is-no-url";
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.USAGE;
        }

        @Override
        public String what() {
            return "DECANT_TOOLCHAIN_MIRROR is no URL of a mirror.";
        }

        @Override
        public List<String> why() {
            return List.of("It is " + given);
        }

        @Override
        public List<String> next() {
            return List.of("DECANT_TOOLCHAIN_MIRROR=https://builds.hex.pm");
        }
    }

    record MirrorFailed(URI url, String reason) implements ToolchainProblem {
        @Override
        public String id() {
            return "mirror-failed";
        }

        @Override
        public String what() {
            return url + " cannot be fetched.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Try again: what has come already is kept, and goes on where it was.",
                    "Another mirror:  DECANT_TOOLCHAIN_MIRROR=https://… decant toolchain install");
        }
    }

    record NotInstallable(Tool tool, String version, String reason, List<String> said)
            implements ToolchainProblem {
        @Override
        public String id() {
            return "install-failed";
        }

        @Override
        public String what() {
            return tool.word() + " " + version + " cannot be installed here: " + reason + ".";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return tool == Tool.ERLANG
                    ? List.of(
                            "Is it for another platform?  [toolchain] platform = \"ubuntu-22.04\""
                                    + "  in decant.toml",
                            "asdf install, or mise install, builds it from sources; Decant uses"
                                    + " what they have.")
                    : List.of("Try again, or see who runs that mirror.");
        }
    }
}
