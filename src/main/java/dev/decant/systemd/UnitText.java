package dev.decant.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A unit file in the making, for a host whose systemd has a version: what that does not know is
/// left out.
///
/// Source of the versions: systemd.exec(5), systemd.service(5), systemd.unit(5) and
/// systemd.resource-control(5) of systemd 257, and NEWS for what these leave open.
final class UnitText {

    /// What systemd has not always known, and since when.
    private static final Map<String, Integer> SINCE =
            Map.ofEntries(
                    Map.entry("AmbientCapabilities", 229),
                    Map.entry("CPUWeight", 232),
                    Map.entry("CacheDirectory", 235),
                    Map.entry("CacheDirectoryMode", 235),
                    Map.entry("ConfigurationDirectory", 235),
                    Map.entry("ConfigurationDirectoryMode", 235),
                    Map.entry("KeyringMode", 235),
                    Map.entry("LockPersonality", 235),
                    Map.entry("LogRateLimitIntervalSec", 240),
                    Map.entry("LogsDirectory", 235),
                    Map.entry("LogsDirectoryMode", 235),
                    Map.entry("MemoryDenyWriteExecute", 231),
                    Map.entry("MemoryHigh", 231),
                    Map.entry("LoadCredential", 247),
                    Map.entry("NoExecPaths", 248),
                    Map.entry("OOMPolicy", 243),
                    Map.entry("PrivateIPC", 248),
                    Map.entry("PrivateMounts", 239),
                    Map.entry("PrivateUsers", 232),
                    Map.entry("ProcSubset", 247),
                    Map.entry("ProtectClock", 245),
                    Map.entry("ProtectControlGroups", 232),
                    Map.entry("ProtectHostname", 242),
                    Map.entry("ProtectKernelLogs", 244),
                    Map.entry("ProtectKernelModules", 232),
                    Map.entry("ProtectKernelTunables", 232),
                    Map.entry("ProtectProc", 247),
                    Map.entry("RemoveIPC", 232),
                    Map.entry("RestrictNamespaces", 233),
                    Map.entry("RestrictRealtime", 231),
                    Map.entry("RestrictSUIDSGID", 242),
                    Map.entry("SetCredential", 247),
                    Map.entry("StateDirectory", 235),
                    Map.entry("StateDirectoryMode", 235),
                    // With the group @system-service.
                    Map.entry("SystemCallErrorNumber", 239),
                    Map.entry("SystemCallFilter", 239),
                    Map.entry("TasksMax", 227),
                    Map.entry("TimeoutAbortSec", 243),
                    Map.entry("TriggerLimitIntervalSec", 250),
                    Map.entry("WatchdogSignal", 240));

    /// What was called otherwise before 231, and how.
    private static final Map<String, String> BEFORE =
            Map.of(
                    "InaccessiblePaths", "InaccessibleDirectories",
                    "MemoryMax", "MemoryLimit",
                    "ReadOnlyPaths", "ReadOnlyDirectories",
                    "ReadWritePaths", "ReadWriteDirectories",
                    "StartLimitIntervalSec", "StartLimitInterval");

    private final int systemd;
    private final List<String> lines = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();

    /// @param systemd such as `252`
    UnitText(int systemd) {
        this.systemd = systemd;
    }

    /// What is said of the next directive, and goes with it.
    UnitText comment(String text) {
        text.lines().map(line -> "# " + line).forEach(comments::add);
        return this;
    }

    UnitText section(String name) {
        if (!lines.isEmpty() && lines.getLast().contains("=")) {
            lines.add("");
        }
        return line("[" + name + "]");
    }

    UnitText set(String name, Object value) {
        if (!knows(name)) {
            comments.clear();
            return this;
        }
        return line((systemd < 231 ? BEFORE.getOrDefault(name, name) : name) + "=" + value);
    }

    boolean knows(String name) {
        return systemd >= SINCE.getOrDefault(name, 0);
    }

    private UnitText line(String line) {
        lines.addAll(comments);
        comments.clear();
        lines.add(line);
        return this;
    }

    UnitText blank() {
        lines.add("");
        return this;
    }

    /// The whole text; ends with a line's end.
    String text() {
        return String.join("\n", lines) + "\n";
    }
}
