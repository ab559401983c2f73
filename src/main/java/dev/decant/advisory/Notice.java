package dev.decant.advisory;

/// What has been published against a version of a package.
public sealed interface Notice permits Advisory, Retirement {

    /// By which it is acknowledged.
    String id();

    /// One line, without the link.
    String said();

    /// Where it is told in full; may be empty.
    String link();
}
