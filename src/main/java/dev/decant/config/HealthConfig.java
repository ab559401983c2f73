package dev.decant.config;

import java.time.Duration;

/// `[health]`: how a new release is judged.
///
/// @param path begins with `/`
/// @param timeout how long it may take to answer there
/// @param confirmTimeout how long it waits, once healthy, for Decant's word over a new connection;
///   0 for none
public record HealthConfig(String path, Duration timeout, Duration confirmTimeout) {}
