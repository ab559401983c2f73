package dev.decant.deploy;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.List;

/// Why a release cannot run on a host, seen before anything is sent: which file of it needs what,
/// and what the host has.
public sealed interface Misfit extends Problem {

    /// @param osRelease such as `Debian GNU/Linux 12`; empty where that is not known
    record Host(String name, String osRelease) {
        @Override
        public String toString() {
            return name + (osRelease.isEmpty() ? "" : " (" + osRelease + ")");
        }
    }

    Host host();

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// The two ways that there are, if the host is to stay as it is.
    private static List<String> buildElsewhere(Host host) {
        return List.of(
                "Build on a machine like " + host + ": build.server in decant.toml names one.",
                "What an older distribution has built mostly runs on a newer one too, where that"
                        + " has the libraries.");
    }

    /// @param file the Erlang VM
    record WrongMachine(Host host, String file, String built, String found) implements Misfit {
        @Override
        public String id() {
            return "wrong-architecture";
        }

        @Override
        public String what() {
            return "The release cannot run on " + host.name() + ": it was built for " + built + ".";
        }

        @Override
        public List<String> why() {
            return List.of(file + " is for " + built + "; " + host + " is " + found + ".");
        }

        @Override
        public List<String> next() {
            return buildElsewhere(host).subList(0, 1);
        }
    }

    /// @param file the first that needs it
    /// @param needed such as `glibc 2.38`
    /// @param found likewise, or `another C library`
    record OldLibc(Host host, String file, String needed, String found) implements Misfit {
        @Override
        public String id() {
            return "libc-too-old";
        }

        @Override
        public String what() {
            return "The release cannot run on "
                    + host.name()
                    + (found.startsWith("glibc")
                            ? ": its C library is too old."
                            : ": its C library is not glibc.");
        }

        @Override
        public List<String> why() {
            return List.of(file + " needs " + needed + "; " + host + " has " + found + ".");
        }

        @Override
        public List<String> next() {
            return buildElsewhere(host);
        }
    }

    /// One that the host lacks.
    ///
    /// @param file the first that needs it
    /// @param instead other versions of it that the host has
    record Library(String file, String soname, List<String> instead) {}

    /// @param libraries at least one
    record LacksLibraries(Host host, List<Library> libraries) implements Misfit {
        public LacksLibraries {
            libraries = List.copyOf(libraries);
        }

        @Override
        public String id() {
            return "libraries-missing";
        }

        @Override
        public String what() {
            return "The release cannot run on "
                    + host.name()
                    + ": shared libraries that it needs are not there.";
        }

        @Override
        public List<String> why() {
            return libraries.stream()
                    .map(
                            library ->
                                    library.file()
                                            + " needs "
                                            + library.soname()
                                            + "; "
                                            + host
                                            + " has "
                                            + (library.instead().isEmpty()
                                                    ? "none"
                                                    : String.join(", ", library.instead()))
                                            + ".")
                    .toList();
        }

        @Override
        public List<String> next() {
            return List.of(
                    buildElsewhere(host).getFirst(),
                    buildElsewhere(host).getLast(),
                    "Or install them on "
                            + host.name()
                            + ":  apt-file search "
                            + libraries.getFirst().soname()
                            + "  names the package.");
        }
    }
}
