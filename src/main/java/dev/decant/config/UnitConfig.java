package dev.decant.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/// `[unit]`, `[hardening]` and `[limits]`: what the app's unit says beyond what starts and stops
/// it.
///
/// @param except directives of the level that are left out, and why
/// @param after units that are to have been started before the app is
/// @param startPre programs with their arguments, run before it each time; with a `+` in front as
///   root, outside of the sandbox
/// @param restart `on-failure` or `always`
/// @param restartDelay how long systemd waits before it starts an app again that has ended
/// @param umask four octal digits
/// @param directories of the app's own
/// @param writable paths that it may write to as well
/// @param readOnly paths that it may only read
/// @param inaccessible paths that are not there for it
/// @param extra lines by the section that they are added to, `Unit`, `Service` or `Install`
/// @param dropIns files that are put behind those lines
public record UnitConfig(
        Hardening hardening,
        SortedMap<String, String> except,
        LimitsConfig limits,
        List<String> after,
        List<String> startPre,
        String restart,
        Duration restartDelay,
        String umask,
        SortedSet<Directory> directories,
        List<String> writable,
        List<String> readOnly,
        List<String> inaccessible,
        Map<String, List<String>> extra,
        List<Path> dropIns) {

    /// A place that systemd makes for the app, and tells it in a variable.
    public enum Directory {
        /// `/etc/APP/config`, which it may read.
        CONFIGURATION,
        /// `/var/lib/APP`.
        STATE,
        /// `/var/cache/APP`.
        CACHE,
        /// `/var/log/APP`.
        LOGS,
        /// Its own `/var/tmp`, empty at each start.
        TMP
    }
}
