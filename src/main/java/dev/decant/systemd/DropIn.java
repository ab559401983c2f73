package dev.decant.systemd;

import dev.decant.config.ConfigReader;
import dev.decant.config.UnitConfig;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/// What an app adds to its units of its own: lines, and files of such lines (systemd.unit(5)).
///
/// @param text empty where there is nothing
public record DropIn(String text) {

    public static final DropIn NONE = new DropIn("");

    /// What concerns how the app is started, watched and ended. An expression beside it starts,
    /// says that it has ended and where its output goes in its own way.
    private static final Set<String> OF_THE_SERVICE =
            Set.of(
                    "BusName",
                    "ExecCondition",
                    "ExecReload",
                    "ExecStart",
                    "ExecStartPost",
                    "ExecStartPre",
                    "ExecStop",
                    "ExecStopPost",
                    "FileDescriptorStoreMax",
                    "FinalKillSignal",
                    "GuessMainPID",
                    "KillMode",
                    "KillSignal",
                    "LogNamespace",
                    "NonBlocking",
                    "NotifyAccess",
                    "PIDFile",
                    "RemainAfterExit",
                    "Restart",
                    "RestartForceExitStatus",
                    "RestartMaxDelaySec",
                    "RestartMode",
                    "RestartPreventExitStatus",
                    "RestartSec",
                    "RestartSteps",
                    "RuntimeDirectory",
                    "RuntimeDirectoryMode",
                    "RuntimeDirectoryPreserve",
                    "RuntimeMaxSec",
                    "Sockets",
                    "StandardError",
                    "StandardInput",
                    "StandardOutput",
                    "SuccessExitStatus",
                    "SyslogIdentifier",
                    "TimeoutAbortSec",
                    "TimeoutSec",
                    "TimeoutStartSec",
                    "TimeoutStopSec",
                    "Type",
                    "WatchdogSec",
                    "WatchdogSignal",
                    "WorkingDirectory");

    /// @throws dev.decant.problem.Failure if a file cannot be read
    public static DropIn of(UnitConfig unit) {
        if (unit.extra().isEmpty() && unit.dropIns().isEmpty()) {
            return NONE;
        }
        StringBuilder text =
                new StringBuilder(
                        "# Written by `decant setup`, from [unit.extra] and unit.drop_ins.\n");
        unit.extra()
                .forEach(
                        (section, added) ->
                                text.append(
                                        "[%s]\n%s\n".formatted(section, String.join("\n", added))));
        for (Path file : unit.dropIns()) {
            text.append(ConfigReader.text("unit.drop_ins", file));
        }
        return new DropIn(text.toString());
    }

    /// What of it holds for an expression that runs beside the app.
    String forExpressions() {
        StringBuilder kept = new StringBuilder();
        boolean service = false;
        boolean more = false;
        boolean drop = false;
        for (String line : text.lines().toList()) {
            String trimmed = line.strip();
            boolean comment =
                    trimmed.isEmpty() || trimmed.startsWith("#") || trimmed.startsWith(";");
            if (!more && !comment) {
                if (trimmed.startsWith("[")) {
                    service = trimmed.equals("[Service]");
                }
                drop = !service || OF_THE_SERVICE.contains(trimmed.split("=", 2)[0].strip());
            }
            // Lines within a line that goes on may be comments, which do not end it.
            more = comment ? more : line.endsWith("\\");
            if (!drop && !comment) {
                kept.append(line).append('\n');
            }
        }
        String directives =
                kept.toString()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .collect(Collectors.joining("\n"));
        return directives.replace("[Service]", "").isBlank()
                ? ""
                : text.lines().findFirst().orElseThrow() + "\n" + kept;
    }
}
