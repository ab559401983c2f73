package dev.decant.ui;

import dev.decant.build.BuildLog;
import dev.decant.deploy.RolloutEvent;
import dev.decant.deploy.RolloutLog;

import java.time.Duration;

/// Who is told what a command does: its build and what happens on the hosts.
public interface CommandLog extends RolloutLog, BuildLog {

    /// Takes what changes off the screen, before something else is printed.
    default void clear() {}

    /// Says nothing.
    static CommandLog quiet() {
        return new CommandLog() {
            @Override
            public void tell(RolloutEvent event) {}

            @Override
            public void step(String what) {}

            @Override
            public void line(String text) {}

            @Override
            public void done(String what, Duration took) {}

            @Override
            public void note(String text) {}

            @Override
            public void downloading(String what, long bytes, long all) {}

            @Override
            public void installed(String what, Duration took) {}
        };
    }
}
