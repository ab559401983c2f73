package dev.decant.lint;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What hosts have for the app, which its project is to fit.
///
/// @param release its name in mix.exs
/// @param mixEnv it is built for
/// @param variables names of those that it finds in its environment
/// @param machinesAsked whether the machines' own variables are among them
/// @param healthPath that is asked for; empty where none is
/// @param drainTimeout how long it may go on with what it has begun
/// @param files open at a time
/// @param tasks threads and processes; empty for as many as systemd allows
/// @param hidesProc there is no `/proc/meminfo` for it
/// @param nodesConnect other Erlang nodes may connect to it
public record HostSettings(
        String release,
        String mixEnv,
        Set<String> variables,
        boolean machinesAsked,
        Optional<String> healthPath,
        Duration drainTimeout,
        int files,
        OptionalInt tasks,
        boolean hidesProc,
        boolean nodesConnect) {

    public HostSettings {
        variables = Set.copyOf(variables);
    }
}
