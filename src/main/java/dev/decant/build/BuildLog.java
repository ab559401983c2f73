package dev.decant.build;

import dev.decant.toolchain.ToolchainLog;

import java.time.Duration;

/// What a build tells while it runs.
public interface BuildLog extends ToolchainLog {

    /// A step begins.
    ///
    /// @param what for example `compile`
    void step(String what);

    /// A line that the step's program printed.
    void line(String text);

    /// The step has ended well.
    void done(String what, Duration took);
}
