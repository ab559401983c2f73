package dev.decant.toolchain;

import java.time.Duration;

/// What choosing and installing a toolchain tells.
public interface ToolchainLog {

    /// Something the operator should know, which stops nothing.
    void note(String text);

    /// How far a download is.
    ///
    /// @param all in bytes; 0 where the server does not say
    void downloading(String what, long bytes, long all);

    void installed(String what, Duration took);

    static ToolchainLog nop() {
        return new ToolchainLog() {
            @Override
            public void note(String text) {}

            @Override
            public void downloading(String what, long bytes, long all) {}

            @Override
            public void installed(String what, Duration took) {}
        };
    }
}
