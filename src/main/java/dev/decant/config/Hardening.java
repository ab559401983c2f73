package dev.decant.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How much of the machine systemd keeps from the app.
///
/// What is left out of `standard` is what apps have been seen to trip over: native code that makes
/// memory executable, unusual system calls and sockets, programs that are written and then run.
public enum Hardening {
    STRICT,
    STANDARD,
    OFF;

    private static final List<Directive> KEPT_FROM_IT =
            List.of(
                    new Directive("NoNewPrivileges", "yes"),
                    new Directive("CapabilityBoundingSet", ""),
                    new Directive("AmbientCapabilities", ""),
                    new Directive("ProtectSystem", "strict"),
                    new Directive("ProtectHome", "yes"),
                    new Directive("PrivateTmp", "yes"),
                    new Directive("PrivateDevices", "yes"),
                    new Directive("DevicePolicy", "closed"),
                    new Directive("PrivateMounts", "yes"),
                    new Directive("PrivateIPC", "yes"),
                    new Directive("ProtectProc", "invisible"),
                    new Directive("ProtectControlGroups", "yes"),
                    new Directive("ProtectKernelModules", "yes"),
                    new Directive("ProtectKernelTunables", "yes"),
                    new Directive("ProtectKernelLogs", "yes"),
                    new Directive("ProtectHostname", "yes"),
                    new Directive("ProtectClock", "yes"),
                    new Directive("LockPersonality", "yes"),
                    new Directive("RemoveIPC", "yes"),
                    new Directive("RestrictRealtime", "yes"),
                    new Directive("RestrictSUIDSGID", "yes"),
                    new Directive("KeyringMode", "private"),
                    new Directive("SystemCallArchitectures", "native"),
                    new Directive("InaccessiblePaths", "-/etc/APP"));

    /// A VM with its JIT was seen to boot and serve under these as well.
    private static final List<Directive> NEEDED_BY_FEW =
            List.of(
                    new Directive("PrivateUsers", "yes"),
                    new Directive("ProcSubset", "pid"),
                    new Directive("MemoryDenyWriteExecute", "yes"),
                    new Directive("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"),
                    new Directive("RestrictNamespaces", "yes"),
                    new Directive("SystemCallFilter", "@system-service"),
                    new Directive("SystemCallFilter", "~@privileged @resources"),
                    new Directive("SystemCallErrorNumber", "EPERM"),
                    new Directive(
                            "NoExecPaths",
                            "/tmp /var/tmp /dev/shm /run/APP -/var/lib/APP -/var/cache/APP"
                                    + " -/var/log/APP"));

    /// A line of a unit.
    ///
    /// @param value with `APP` for the app's name on a host
    public record Directive(String name, String value) {}

    /// In the order in which they stand in a unit.
    public List<Directive> directives() {
        return switch (this) {
            case STRICT -> Stream.concat(KEPT_FROM_IT.stream(), NEEDED_BY_FEW.stream()).toList();
            case STANDARD -> KEPT_FROM_IT;
            case OFF -> List.of();
        };
    }

    /// As decant.toml has it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
