package dev.decant.build;

import java.time.Duration;

/// What a build tells while it runs.
public interface BuildLog {

    /// A step begins.
    ///
    /// @param what for example `compile`
    void step(String what);

    /// A line that the step's program printed.
    void line(String text);

    /// The step has ended well.
    void done(String what, Duration took);

    /// Something the operator should know, which stops nothing.
    void note(String text);

    static BuildLog nop() {
        return new BuildLog() {
            @Override
            public void step(String what) {}

            @Override
            public void line(String text) {}

            @Override
            public void done(String what, Duration took) {}

            @Override
            public void note(String text) {}
        };
    }
}
