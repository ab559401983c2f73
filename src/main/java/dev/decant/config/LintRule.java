package dev.decant.config;

import java.util.Locale;

/// What `decant doctor` looks for in a project; docs/reference/doctor.md says why.
public enum LintRule {
    UNREADABLE,
    DISTILLERY,
    RELEASE_TARBALL,
    RELEASE_ERTS,
    BUILD_TIME_ENV,
    MISSING_ENV,
    HEAVY_RUNTIME,
    PHX_SERVER,
    SERVER_OPTIONS,
    STATIC_MANIFEST,
    HEALTH_PATH,
    DRAIN_TIMEOUT,
    FILE_LIMIT,
    TASK_LIMIT,
    PROC_ACCESS,
    RUNTIME_TOOLS;

    /// As decant.toml and what is printed have it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
