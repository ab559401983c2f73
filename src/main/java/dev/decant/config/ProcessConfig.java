package dev.decant.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// `[processes.NAME]` or `[timers.NAME]`: what else of the release runs, in a unit of its own.
///
/// @param name unique; pattern `[A-Za-z][A-Za-z0-9-]{0,30}`
/// @param schedule when it runs; empty where it runs for as long as the app does
/// @param command words for the release's script, such as `start`; of a generic app a program of
///   the release and its arguments
/// @param env variables of its own, in the order of their names
/// @param roles on whose hosts it runs; empty for all
/// @param extra lines for `[Service]`
public record ProcessConfig(
        String name,
        Optional<Schedule> schedule,
        List<String> command,
        SortedMap<String, String> env,
        List<String> roles,
        List<String> extra) {

    /// @param calendar as `OnCalendar=` takes it (systemd.time(7))
    /// @param persistent whether what was missed while the machine was down is caught up with
    /// @param delay up to how much later it runs, by chance, so that not all hosts do at once
    public record Schedule(String calendar, boolean persistent, Duration delay) {}

    /// Whether it runs on a host.
    public boolean on(HostConfig host) {
        return roles.isEmpty() || host.roles().stream().anyMatch(roles::contains);
    }
}
