package dev.decant.systemd;

import dev.decant.config.ProcessConfig;

import java.time.Duration;

/// What of an app's units is another for each kind of app: all that knows what runs in them.
sealed interface Launch permits ErlangLaunch, ProgramLaunch {

    /// What every process of the release finds.
    ///
    /// @param runtime a writable folder of the unit's own
    void environment(UnitText text, String runtime);

    /// Where other nodes find the app.
    ///
    /// @param slot it runs in one of two, which has ports of its own
    void distribution(UnitText text, boolean slot);

    /// For what no node is to find.
    ///
    /// @param node a name that it may have all the same
    void unheard(UnitText text, String node);

    /// For what runs once.
    void withoutDump(UnitText text);

    /// For an app that is to leave none.
    void withoutDumpEver(UnitText text);

    /// The app itself: the value of `ExecStart`.
    ///
    /// @param place where its release is
    String app(String place);

    /// As [#app], of another process or a timer.
    String process(ProcessConfig process, String place);

    /// As [#app], of what the host program wants run once: it comes in `DECANT_EVAL`.
    String expression(String place);

    /// How it ends.
    ///
    /// @param ready it has said so before it is told to stop
    /// @param runtime as in [#environment]; systemd makes it anew at each start
    void stop(UnitText text, boolean ready, String runtime);

    /// What it is told to end by while it has not said yet that it is ready.
    void beforeReady(UnitText text);

    void watchdog(UnitText text, Duration most);
}
