package dev.decant.problem;

import java.util.List;

/// What went wrong, put for the person who has to act on it: what happened, why, and what to do
/// next.
///
/// Each room keeps its own problems in one sealed interface of records that extends this one; the
/// record carries what was seen, and the words are made from it. Values of arbitrary size (a log, a
/// list of files) belong in [#why()], never in [#what()].
public interface Problem {

    /// A stable name for the kind of problem, such as `host-unreachable`; kebab case, unique over
    /// all rooms.
    String id();

    /// One sentence that names the thing and ends with a full stop.
    String what();

    /// What was seen, a line each; empty where [#what()] says it all.
    List<String> why();

    /// What to do, a line each, commands to paste first; never empty.
    List<String> next();

    /// How the command ends because of it.
    ExitStatus status();
}
