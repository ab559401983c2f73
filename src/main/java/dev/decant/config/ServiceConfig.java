package dev.decant.config;

import java.time.Duration;

/// `[service]` and `[health]`: how the running app is reached, judged and stopped.
///
/// @param port where it listens, 1 to 65535
/// @param stopTimeout how long it may drain before it is killed
/// @param healthPath begins with `/`
/// @param healthTimeout how long a new release may take to answer there
/// @param confirmTimeout how long it waits, once healthy, for Decant's word over a new connection;
///   0 for none
public record ServiceConfig(
        int port,
        Duration stopTimeout,
        String healthPath,
        Duration healthTimeout,
        Duration confirmTimeout) {}
