package dev.decant.source;

import dev.decant.problem.Failure;

/// One place that has values. Nobody keeps it: it is made, asked and let go.
interface Source {

    /// Asks for all that it has, in one go, however many pages that is. There is no need to look at
    /// the clock: the asking thread is interrupted when the time is up.
    ///
    /// @throws Failure with a [SourceProblem] that names the key, where it is about one, and never
    ///   a value
    Contents fetch() throws InterruptedException;
}
