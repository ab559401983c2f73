package dev.decant.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// `[service]` and `[public]`: where the running app is reached, and how it is replaced.
///
/// @param port where it listens, 1 to 65535
/// @param slotOffset how much higher the second slot's ports are, 1 to 10000
/// @param keepWarm how long what was replaced stays ready to be gone back to; 0 for not at all
/// @param drainTimeout how long it may go on with what it has begun before it is killed
/// @param publicPorts in the order of the file; none where the world connects to the app's port
/// @param distribution the port, on the loopback interface, on which the app takes connections of
///   other Erlang nodes; empty where it takes none
/// @param maintenancePort where visitors are led during maintenance
/// @param besideFirewall redirects also where another program manages the host's firewall
/// @param watchdog how long systemd waits for a word of the app before it replaces it; 0 for ever
/// @param restartFlag the app stops when a file is touched, to be started again
public record ServiceConfig(
        int port,
        Strategy strategy,
        int slotOffset,
        Duration keepWarm,
        Duration drainTimeout,
        List<PublicPort> publicPorts,
        OptionalInt distribution,
        int maintenancePort,
        boolean besideFirewall,
        Duration watchdog,
        boolean restartFlag) {

    public ServiceConfig {
        publicPorts = List.copyOf(publicPorts);
    }

    /// Whether the host's firewall leads the public ports to the app.
    public boolean redirects() {
        return !publicPorts.isEmpty()
                && (strategy == Strategy.SLOTS || strategy == Strategy.RESTART);
    }

    /// Whether two releases run at once while one takes the other's place.
    public boolean beside() {
        return strategy.beside();
    }
}
