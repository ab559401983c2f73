package dev.decant.deploy;

import java.time.Duration;

/// What a rollout tells while it runs. Hosts may speak at the same time.
public interface RolloutLog {

    /// A step begins.
    ///
    /// @param host empty for what concerns all
    /// @param what for example `send 5.5 MB`
    void step(String host, String what);

    /// Bytes of the step's payload that have gone out.
    void sent(String host, long bytes, long all);

    /// How the step stands, for steps that take long.
    void doing(String host, String what);

    /// The step has ended well.
    void done(String host, String what, Duration took);

    /// The step has ended badly; the problem is reported later.
    void failed(String host, String what, Duration took);

    /// Something the operator should know, which stops nothing.
    void note(String host, String text);

    static RolloutLog nop() {
        return new RolloutLog() {
            @Override
            public void step(String host, String what) {}

            @Override
            public void sent(String host, long bytes, long all) {}

            @Override
            public void doing(String host, String what) {}

            @Override
            public void done(String host, String what, Duration took) {}

            @Override
            public void failed(String host, String what, Duration took) {}

            @Override
            public void note(String host, String text) {}
        };
    }
}
