package dev.decant.host;

import dev.decant.exec.Program;

import java.util.List;

/// A way to a host: how to start the host program there, and what its ending before it has spoken
/// means.
///
/// This is not for copying files or for running anything else: all that goes to a host goes through
/// the session that is opened here.
public interface Transport {

    /// A program of this machine whose standard input and output are those of the session.
    ///
    /// @throws dev.decant.problem.Failure if this machine cannot do it
    Program session(Entry entry);

    /// A program of this machine for a terminal, on which there is a console of the app's VM.
    ///
    /// @throws dev.decant.problem.Failure if this machine cannot do it
    Program console();

    /// @param exit how the program ended
    /// @param said its last words
    HostProblem explain(Entry entry, int exit, List<String> said);

    /// Which settings a failed connection was really made with, in a line or two for its problem.
    default List<String> effective() {
        return List.of();
    }

    /// How a session begins.
    enum Entry {
        /// The installed program, as the deploy user.
        INSTALLED,
        /// The same over a connection of its own: those that ssh shares between its users may be
        /// lost, or stay where a new one is refused.
        INSTALLED_ANEW,
        /// The program is sent along and run as root: for setup.
        BROUGHT
    }
}
